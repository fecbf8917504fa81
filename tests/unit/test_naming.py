"""Names for codes, and codes to choose from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from salesplan.findings import Finding, Place
from salesplan.messages import fix
from salesplan.plan.model import Kpi, KpiKind, Level, Plan, Settings, Unit
from salesplan.plan.naming import in_names, near, offered, with_names

UNITS = (
    Unit(code="HQ", name="公司", level=Level.COMPANY),
    Unit(code="N1", name="华北 一部", level=Level.DEPARTMENT, parent="HQ"),
    Unit(code="P1", name="张三", level=Level.PERSON, parent="N1"),
    Unit(code="P2", name="", level=Level.PERSON, parent="N1"),
    Unit(code="p9", name="李四", level=Level.PERSON, parent="N1"),
    Unit(code="P9", name="李四", level=Level.PERSON, parent="N1"),
)
PLAN = Plan(
    settings=Settings(year=2026),
    units=UNITS,
    kpis=(Kpi(code="REV", name="营收", kind=KpiKind.FLOW),),
)


def test_the_code_most_like_it_is_offered_first_and_no_endless_list() -> None:
    many = tuple(Unit(code=f"P{number:02}", name="", level=Level.PERSON) for number in range(1, 31))
    assert offered("P11", UNITS[:3]) == ["P1", "HQ", "N1"]
    assert (offered("P25x", many)[0], offered("P25x", many)[-1], len(offered("P25x", many))) == (
        "P25",
        "…",
        21,
    )


@pytest.mark.parametrize(
    ("subject", "named", "both"),
    [
        ("REV/N1", "营收 · 华北 一部", "REV/N1 (营收 · 华北 一部)"),
        ("REV/P1→N1", "营收 · 张三→华北 一部", "REV/P1→N1 (营收 · 张三→华北 一部)"),
        ("REV/P1 -> P2", "营收 · 张三→P2", "REV/P1 -> P2 (营收 · 张三→P2)"),
        ("P1", "张三", "P1 (张三)"),
        ("K7", "K7", "K7"),
        ("P2", "P2", "P2"),
    ],
)
def test_the_subject_of_a_change_in_names(subject: str, named: str, both: str) -> None:
    assert (in_names(PLAN, subject), with_names(PLAN, subject)) == (named, both)


def test_the_company_is_called_as_the_settings_say_else_as_its_topmost_unit() -> None:
    named = replace(PLAN, settings=Settings(year=2026, company="远帆科技"))
    two = replace(PLAN, units=(*UNITS, Unit(code="HK", name="香港公司", level=Level.COMPANY)))
    assert (named.company_name, PLAN.company_name, two.company_name) == ("远帆科技", "公司", "")


def test_what_is_as_near_as_another_is_not_offered() -> None:
    """P07 may be P01 or P02; the sentence says so only where there is one."""
    assert near("P07", ["P01", "P02", "T1"]) == "—"
    assert near("REVV", ["REV", "NEW"]) == "REV"
    place = Place("m.xlsx", "实绩", "B2")
    for found, said in (("—", False), ("REV", True)):
        one = Finding.of("unknown-code", place, name="REVV", sheet="指标", near=found)
        assert [("最接近" in fix(one, "zh")), ("nearest" in fix(one, "en"))] == [said, said]
        assert "—" not in fix(one, "zh") and "()" not in fix(one, "en")
