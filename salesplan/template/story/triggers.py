"""Step 5 of the sample: the rules by which the year is watched. At the end of June two fire: the
channel team's revenue has been slow for days, and one of its customers orders no more.
"""

from __future__ import annotations

from decimal import Decimal

from salesplan.plan.model import TriggerKind
from salesplan.template.story.values import Row, Tables, b

D = Decimal


def triggers() -> Tables:
    """Rows of 预警."""
    rows: list[Row] = [
        {
            "code": "W1",
            "kind": TriggerKind.PACE_LOW,
            "subject": "REV/T2",
            "threshold": D("0.95"),
            "days": 5,
            "owner": "P08",
            "remark": b("渠道团队少一人, 每天看", "The channel team is one short: watched daily"),
        },
        {
            "code": "W2",
            "kind": TriggerKind.CUSTOMER_LOST,
            "subject": "REV",
            "threshold": D(3),
            "days": 45,
            "owner": "T1",
            "remark": b("超过平时间隔的三倍", "Three times the usual gap"),
        },
        {
            "code": "W3",
            "kind": TriggerKind.TASK_LATE,
            "days": 22,
            "owner": "T1",
            "remark": b("逾期一个月的要改期或取消", "A month late: move it or cancel it"),
        },
        {
            "code": "W4",
            "kind": TriggerKind.BUDGET_OVER,
            "threshold": D("0.1"),
            "owner": "T1",
            "remark": b("超出批准额 10% 要停下说明", "More than 10 % over: stop and explain"),
        },
        {
            "code": "W5",
            "kind": TriggerKind.PRICE_LOW,
            "subject": "REV",
            "threshold": D("0.15"),
            "owner": "T1",
            "remark": b("低于目录价 15% 要有审批", "15 % below list needs an approval"),
        },
        {
            "code": "W6",
            "kind": TriggerKind.COMPETITOR_CHANGED,
            "days": 14,
            "owner": "T1",
            "remark": b("对手两周内的新动作", "What competitors did within two weeks"),
        },
    ]
    return {"triggers": rows}
