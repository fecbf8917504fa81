"""Rules that several rooms ask for, each kept in one place: what is money, whose a task is, which
region a unit lies in, how a month is written, what a part's improvement is measured from.
"""

from __future__ import annotations

import ast
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from salesplan.engine.actuals.linked_kpis import money_scale
from salesplan.engine.actuals.tally import regions
from salesplan.engine.actuals.trajectory import part_base
from salesplan.plan.checks.customers import check_listed
from salesplan.plan.checks.kpis import check_units_of_measure
from salesplan.plan.header_checks import differs
from salesplan.plan.loader import product_of
from salesplan.plan.model import (
    MICRO,
    OTHER,
    Actuals,
    AmountUnit,
    IssueKey,
    Kpi,
    KpiKind,
    Level,
    Month,
    Plan,
    Settings,
    Task,
    Unit,
)
from salesplan.plan.model.currencies import money_unit, own_unit
from salesplan.plan.model.orders import orders_of
from salesplan.plan.parse_dates import written_month

D = Decimal
ROOT = Path(__file__).parents[2] / "salesplan"
TENS = Settings(year=2026, currency="CNY", amount_unit=AmountUnit.WAN)
DOLLARS = Settings(year=2026, currency="USD", amount_unit=AmountUnit.YUAN)


@pytest.mark.parametrize(
    ("unit", "settings", "worth", "other"),
    [
        ("万元", TENS, D(1), False),
        ("10k CNY", TENS, D(1), False),
        ("10kCNY", TENS, D(1), False),
        ("元", TENS, D("0.0001"), True),
        ("亿元", TENS, D(10_000), True),
        ("千元", TENS, D("0.1"), True),
        ("USD", TENS, None, False),
        ("USD", DOLLARS, D(1), False),
        ("美元", DOLLARS, D(1), False),
        ("k USD", DOLLARS, D(1_000), True),
        ("元", DOLLARS, None, False),
        ("个", TENS, None, False),
        ("kg", TENS, None, False),
        ("%", TENS, None, False),
        ("", TENS, None, False),
    ],
)
def test_what_a_unit_is_worth_and_whether_it_is_mixed_are_one_rule(
    unit: str, settings: Settings, worth: D | None, other: bool
) -> None:
    """``other``: the check says that the KPI is in another amount unit than the settings."""
    kpi = Kpi(code="K", name="K", kind=KpiKind.FLOW, unit=unit)
    assert money_scale(kpi, settings) == worth
    found = list(check_units_of_measure(Plan(settings=settings, kpis=(kpi,))))
    assert [one.code for one in found] == ["amount-unit-mixed"] * other
    money = money_unit(unit, settings)
    assert (worth is not None) == (
        money is not None and money.currency == own_unit(settings).currency
    )


@pytest.mark.parametrize(
    ("header", "settings", "differing"),
    [
        ("申请额(万元)", TENS, False),
        ("申请额（万）", TENS, False),
        ("申请额(元)", TENS, True),
        ("申请额(亿元)", TENS, True),
        ("Amount (10k CNY)", TENS, False),
        ("申请额(CNY)", TENS, False),
        ("申请额(人民币)", TENS, False),
        ("申请额(USD)", TENS, True),
        ("申请额(USD)", DOLLARS, False),
        ("申请额(元)", DOLLARS, True),
        ("完成(%)", TENS, False),
        ("人数(人)", TENS, False),
        ("申请额", TENS, False),
    ],
)
def test_a_header_is_held_against_the_same_rule(
    header: str, settings: Settings, differing: bool
) -> None:
    assert differs(header, settings) is differing


def test_a_task_that_stands_twice_is_the_first_rows() -> None:
    tasks = tuple(
        Task(code=code, content="…", owner=owner)
        for code, owner in (("T", "P1"), ("T", "P2"), ("U", ""))
    )
    plan = Plan(settings=TENS, tasks=tasks)
    assert [plan.owner_of(code) for code in ("T", "U", "V", "")] == ["P1", "", "", ""]


def test_a_unit_lies_in_its_own_region_else_in_the_nearest_above() -> None:
    units = (
        Unit(code="C", name="C", level=Level.COMPANY),
        Unit(code="T", name="T", level=Level.TEAM, parent="C", region="华东"),
        Unit(code="P", name="P", level=Level.PERSON, parent="T"),
        Unit(code="Q", name="Q", level=Level.PERSON, parent="T", region="上海"),
    )
    plan = Plan(settings=TENS, units=units)
    assert regions(plan) == {"C": "", "T": "华东", "P": "华东", "Q": "上海"}


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026-06", Month(2026, 6)),
        ("2026-6", Month(2026, 6)),
        ("2026/6", Month(2026, 6)),
        ("2026年6月", Month(2026, 6)),
        ("202606", Month(2026, 6)),
        ("2026-13", None),
        ("6", None),
        ("June", None),
    ],
)
def test_a_month_is_written_alike_in_cells_options_and_calls(
    text: str, month: Month | None
) -> None:
    from salesplan.api import _month
    from salesplan.cli.options import MonthType

    assert written_month(text) == month
    if month is not None:
        assert MonthType().convert(text, None, None) == _month(text) == month
    else:
        with pytest.raises(ValueError, match="2026-06"):
            _month(text)


@pytest.mark.parametrize(
    ("kind", "part", "whole", "base"),
    [
        (KpiKind.FLOW, D(60), D(120), D(50)),
        (KpiKind.FLOW, D(0), D(120), D(0)),
        (KpiKind.FLOW, D(0), D(0), None),
        (KpiKind.STOCK, D(0), D(0), D(100)),
        (KpiKind.STOCK, D(5), D(0), None),
        (KpiKind.FLOW, None, D(120), None),
        (KpiKind.FLOW, D(60), None, None),
    ],
)
def test_a_parts_base_is_to_the_companys_as_its_target(
    kind: KpiKind, part: D | None, whole: D | None, base: D | None
) -> None:
    assert part_base(Kpi(code="K", name="K", kind=kind, base=D(100)), part, whole) == base


@pytest.mark.parametrize("name", ["其他", "其它", "other", "Others", " ＯＴＨＥＲ ", "海棠食品"])
def test_what_names_nobody_is_one_rule(name: str) -> None:
    """Who is of no customer in the orders is not looked for in 客户, and a product's row of that
    name is the rest's.
    """
    kpi = Kpi(code="REV", name="营收", kind=KpiKind.FLOW, unit="元")
    columns = dict.fromkeys(("product", "region", "channel", "currency", "source"), ("",))
    blank = dict.fromkeys(("quantity", "numerator", "denominator"), (None,))
    actuals = Actuals(
        rows=(2,),
        day=(date(2026, 3, 2),),
        month=(Month(2026, 3),),
        unit=("C",),
        kpi=("REV",),
        customer=(name,),
        value=(MICRO,),
        **columns,
        **blank,
    )
    plan = Plan(settings=TENS, units=(), kpis=(kpi,), actuals=actuals)
    rest = name != "海棠食品"
    assert (orders_of(plan, kpi).lumped == 0) is rest
    assert (not list(check_listed(plan))) is rest
    assert (product_of(name) == OTHER) is rest


def test_what_kinds_have_in_common_is_asked_of_the_kind() -> None:
    """A list of kinds that stands in two places is a property of theirs (``model/choices.py``),
    which a new kind must answer.
    """
    listed: dict[frozenset[str], list[str]] = {}
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare):
                for kinds in filter(None, map(_kinds_in, node.comparators)):
                    listed.setdefault(kinds, []).append(path.relative_to(ROOT).as_posix())
    assert {kinds: paths for kinds, paths in listed.items() if len(paths) > 1} == {}
    assert len(listed) >= 3


def _kinds_in(node: ast.expr) -> frozenset[str]:
    """The kinds of which it is a list."""
    elements = node.elts if isinstance(node, ast.Tuple | ast.Set | ast.List) else []
    names = (ast.unparse(one) for one in elements)
    return frozenset(one for one in names if one.startswith("KpiKind."))


def test_every_kind_is_told_in_one_way() -> None:
    for kind in KpiKind:
        assert [kind.is_amount, kind.latest_counts, kind.is_mean].count(True) == 1
        assert kind.is_amount or not (kind.adds_over_units or kind.is_level or kind.least_counts)
        assert kind.is_snapshot == (kind.is_level or kind.latest_counts)


@pytest.mark.parametrize(
    ("text", "key", "subject"),
    [
        ("KPI:REV:P1", IssueKey("KPI", "REV", "P1"), "REV/P1"),
        ("GAP:REV:T:1", IssueKey("GAP", "REV", "T:1"), "REV/T:1"),
        ("TASK:A/1", IssueKey("TASK", code="A/1"), "A/1"),
        ("BUDGET:B:1", IssueKey("BUDGET", code="B:1"), "B:1"),
    ],
)
def test_what_an_issue_is_about_is_told_from_its_key(
    text: str, key: IssueKey, subject: str
) -> None:
    """A slash or a colon in a code is no unit: the task A/1 is at none."""
    assert IssueKey.of(text) == key and str(key) == text
    assert key.subject == subject and key.of_kpi == bool(key.kpi)
