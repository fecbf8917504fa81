"""Step 4 of the sample: budget of 120, its caps, spending, and draws on the reserve (万元)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from salesplan.plan.model import Approval, SpendKind
from salesplan.plan.schema.choices import CATEGORIES
from salesplan.template.story.goals import EAST, OTHER
from salesplan.template.story.values import Row, Tables, b
from salesplan.wording import Both

D = Decimal
WIN, KEEP, TEAM, RESERVE = (Both(*names) for names in CATEGORIES)


def money(year: int) -> Tables:
    """Rows of the budget, both caps' shares, spending and reserve draws."""
    return {
        "budget": [line.row() for line in LINES],
        "category_shares": [
            {"name": name, "share": D(share) / 100}
            for name, share in ((WIN, 40), (KEEP, 20), (TEAM, 30), (RESERVE, 10))
        ],
        "region_shares": [
            {"name": name, "share": D(share) / 100} for name, share in ((EAST, 60), (OTHER, 40))
        ],
        "spending": _spending(year),
        "draws": _draws(year),
    }


class Line(NamedTuple):
    """A budget line of the sample, its amounts as they are typed."""

    code: str
    category: Both[str]
    region: Both[str]
    task: str | None
    priority: int
    requested: str
    expected_return: str
    must_have: bool = False
    least: str | None = None
    manual_grant: str | None = None

    def row(self) -> Row:
        """The line as a row of 预算."""
        numbers = {
            key: None if text is None else D(text)
            for key, text in self._asdict().items()
            if key in NUMBERS
        }
        return {**self._asdict(), **numbers}


NUMBERS = ("requested", "expected_return", "least", "manual_grant")

LINES = (
    Line("B01", WIN, EAST, "T01", 1, "3", "30", must_have=True),
    Line("B02", TEAM, EAST, "T02", 1, "5", "20", must_have=True),
    Line("B03", WIN, EAST, "T03", 1, "8", "60", must_have=True),
    Line("B04", WIN, EAST, "T18", 2, "12", "70"),
    Line("B05", WIN, EAST, "T23", 3, "9", "40", least="5"),
    Line("B06", WIN, OTHER, "T14", 1, "10", "50"),
    Line("B07", WIN, OTHER, "T04", 2, "8", "36"),
    Line("B08", WIN, OTHER, "T19", 3, "6", "42"),
    Line("B09", KEEP, EAST, "T05", 1, "9", "45"),
    Line("B10", KEEP, EAST, "T07", 2, "6", "18", least="4"),
    Line("B11", KEEP, OTHER, "T06", 1, "5", "20"),
    Line("B12", KEEP, OTHER, "T10", 2, "6", "24", manual_grant="4"),
    Line("B13", TEAM, EAST, "T20", 1, "14", "80"),
    Line("B14", TEAM, OTHER, "T15", 2, "12", "30"),
    Line("B15", TEAM, OTHER, None, 3, "2", "4"),
)


def _spending(year: int) -> list[Row]:
    spent, held = SpendKind.SPENT, SpendKind.COMMITTED
    entries = (
        (2, 27, "B01", held, "2.8"),
        (3, 6, "B02", held, "4.5"),
        (3, 11, "B01", held, "-2.8"),
        (3, 11, "B01", spent, "2.8"),
        (3, 16, "B03", held, "5"),
        (3, 19, "B02", held, "-4.5"),
        (3, 19, "B02", spent, "4.6"),
        (3, 27, "B09", spent, "2.4"),
        (4, 8, "B03", held, "-5"),
        (4, 8, "B03", spent, "5.6"),
        (4, 13, "B04", spent, "2.2"),
        (4, 15, "B03", spent, "3.1"),
        (4, 24, "B06", spent, "3.2"),
        (4, 28, "B09", spent, "2.9"),
        (5, 8, "B13", spent, "3.5"),
        (5, 13, "B04", spent, "3.6"),
        (5, 15, "B07", spent, "2.1"),
        (5, 20, "B14", spent, "2.5"),
        (5, 22, "B12", spent, "1.2"),
        (5, 27, "B11", spent, "1.9"),
        (6, 3, "B10", held, "3"),
        (6, 8, "B13", spent, "3.6"),
        (6, 10, "B04", spent, "3.9"),
        (6, 12, "B06", held, "2.4"),
        (6, 17, "B05", held, "1.5"),
        (6, 18, "B04", held, "1.1"),
        (6, 24, "B07", spent, "1.7"),
        (6, 26, "B11", spent, "1.4"),
    )
    return [
        {
            "day": date(year, month, day),
            "budget": budget,
            "kind": kind,
            "amount": D(amount),
            "voucher": f"V{year % 100}-{number:03d}",
        }
        for number, (month, day, budget, kind, amount) in enumerate(entries, 1)
    ]


def _draws(year: int) -> list[Row]:
    boss, finance = b("林岚", "Lin Lan"), b("高远", "Gao Yuan")
    return [
        {
            "day": date(year, 4, 7),
            "reason": b("上海展会追加展位", "A second stand at the Shanghai fair"),
            "amount": D("2.5"),
            "applicant": b("沈悦", "Shen Yue"),
            "approver": boss,
            "status": Approval.APPROVED,
        },
        {
            "day": date(year, 5, 20),
            "reason": b("华东客户应急驻场服务", "On-site service for a customer in the East"),
            "amount": D("1.5"),
            "applicant": b("陈立", "Chen Li"),
            "approver": finance,
            "status": Approval.APPROVED,
        },
        {
            "day": date(year, 6, 5),
            "reason": b("渠道团队团建", "Outing of the channel team"),
            "amount": D("1"),
            "applicant": b("孙倩", "Sun Qian"),
            "approver": finance,
            "status": Approval.REJECTED,
        },
        {
            "day": date(year, 6, 24),
            "reason": b("渠道紧急招募支持", "Quick help to win distributors"),
            "amount": D("3"),
            "applicant": b("赵磊", "Zhao Lei"),
            "status": Approval.PENDING,
        },
    ]
