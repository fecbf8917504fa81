"""Step 4 of the sample: the departments that help with tasks, and what they answered by the end of
June.
"""

from __future__ import annotations

from datetime import date

from salesplan.plan.model import HelpAnswer
from salesplan.template.story.tasks import FINANCE, MARKETING, PRODUCT
from salesplan.template.story.values import Cell, Row, Tables, b
from salesplan.wording import Both


def helpers(year: int) -> Tables:
    """Rows of 协作方 and 协作答复. Finance promised later than it is needed; marketing has not
    answered about the survey (T21), and is not asked about the autumn fair yet (T19).
    """
    return {
        "helpers": [
            _helper(MARKETING, "marketing", b("苏晴", "Su Qing"), 3),
            _helper(PRODUCT, "product", b("罗毅", "Luo Yi"), None),
            _helper(FINANCE, "finance", b("许岚", "Xu Lan"), None),
        ],
        "replies": [
            _reply("T01", MARKETING, date(year, 2, 27), b("行业数据报告", "Industry data report")),
            _reply("T02", PRODUCT, date(year, 3, 9), b("派两名讲师", "Sends two trainers")),
            _reply(
                "T07",
                FINANCE,
                date(year, 7, 3),
                b("等上半年成本结账后测算", "Once costs of the first half are closed"),
                HelpAnswer.CONDITIONS,
            ),
            _reply("T15", PRODUCT, date(year, 5, 11)),
            _reply("T23", PRODUCT, date(year, 6, 8)),
        ],
    }


def _helper(name: Both[str], mailbox: str, contact: Both[str], days: int | None) -> Row:
    return {
        "name": name,
        "email": f"{mailbox}@example.com",
        "contact": contact,
        "notice_days": days,
    }


def _reply(
    task: str,
    helper: Both[str],
    promised: date,
    remark: Cell = None,
    answer: HelpAnswer = HelpAnswer.YES,
) -> Row:
    return {
        "task": task,
        "helper": helper,
        "answer": answer,
        "promised": promised,
        "remark": remark,
    }
