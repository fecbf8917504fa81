"""Which fields of the plan's records go into a part: each is decided on, and what is not named
stays behind, wherever the part is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from salesplan.audience import taken
from salesplan.audience.audit import audit
from salesplan.audience.confidential import Secrets, foreign_records
from salesplan.audience.plan_slice import sliced_plan, subtree
from salesplan.audience.results_slice import part_of
from salesplan.audience.whole import Whole
from salesplan.findings import Place
from salesplan.plan.model import (
    Actuals,
    Aim,
    CalendarDay,
    Competitor,
    Helper,
    Lesson,
    MarketSize,
    Month,
    MonthRhythm,
    Origin,
    Plan,
    Product,
    Record,
    ReserveDraw,
    SeasonMonth,
    Settings,
    Share,
    SituationEntry,
    SourceRead,
    Strategy,
    Transfer,
    Trigger,
    Unit,
)
from salesplan.plan.model.records import ClosedFigures, ClosedRow, CloseEntry
from tests.canaries import OWN, WORD, Canaries, canary_plan
from tests.report_fixture import computed

STAYS: Mapping[type, Mapping[str, str]] = {
    Plan: {
        "seasonality": "the company's earlier years",
        "market": "the company's situation",
        "competitors": "the company's situation",
        "situation": "the company's situation",
        "asks_for_help": "a part asks nobody",
        "category_shares": "caps of the whole budget",
        "region_shares": "caps of the whole budget",
        "linked": "how many rows all have",
        "unlinked": "how many rows all have",
        "draws": "the company's reserve",
        "estimates": "rows of the master, not days",
        "closes": "what is closed is in the results",
        "closed": "what is closed is in the results",
        "product_closed": "what is closed is in the results",
        "dropped": "for references only, which were followed before",
    },
    Settings: {
        "broken": "cells of the master",
        "budget_total": "the company's",
        "reserve_share": "the company's",
        "high_margin_from": "margins stay, too",
        "key_account_skill": "the findings on it are of the whole",
        "approvers": "who decides is no part's",
        "mail_domains": "for sending only",
        "report_link": "for sending only",
        "company_totals": "was asked before: the totals are in the part, or not",
        "spring_festival": "for earlier years only",
        "time_zone": "the day is in the results",
        "detail_limit": "as by default",
        "source": "a path of the planner's",
        "template_version": "of the master's file",
        "places": "cells of the master",
    },
    Unit: {
        "email": "an address",
        "cc": "addresses",
        "overlay": "a part is one tree",
        "beside": "whom it stands beside is outside the part",
    },
    Strategy: {
        "broken": "cells of the master",
        "target_share": "the company's",
        "budget_share": "the company's",
        "answers": "the company's situation",
    },
    Helper: {
        "origin": "the row is the planner's",
        "broken": "cells of the master",
        "email": "an address",
        "contact": "who it is there",
        "notice_days": "what it asks for",
    },
    Product: {
        "margin": "what is earned by it",
        "high_margin": "what is earned by it",
        "capacity_month": "how many can be made",
        "capacity_quarter": "how many can be made",
    },
    Lesson: {"broken": "cells of the master", "shared": "whom else it is shared with"},
    Trigger: {
        "broken": "cells of the master",
        "subject": "whom it watches",
        "threshold": "its limit",
        "days": "its limit",
        "owner": "who sees to it",
        "active": "it fired",
        "remark": "the planner's words",
    },
    Actuals: {
        "source": "where lines came from",
        "share": "that others have the rest",
        "cells": "cells of the planner's own tables",
        "broken_rows": "rows of all units",
    },
}
"""Fields that stay behind, and why."""

STAY_WHOLE = {
    *(SeasonMonth, MarketSize, Competitor, SituationEntry, Share, ReserveDraw),
    *(CloseEntry, ClosedRow, ClosedFigures, SourceRead),
}
"""Records that are in no part: the fields of the plan that hold them stay behind."""

VALUES = {Origin, Place, Month, Aim, MonthRhythm}
"""Values of a field, which go with it."""


@cache
def record_types() -> tuple[type, ...]:
    """The plan's class and that of every record in it."""
    found: dict[type, None] = {}
    stack: list[type] = [Plan]
    while stack:
        kind = stack.pop()
        if kind not in found:
            found[kind] = None
            for hint in get_type_hints(kind).values():
                stack += [one for one in named(hint) if is_dataclass(one) and one not in VALUES]
    return tuple(one for one in found if one.__module__.startswith("salesplan.plan."))


def named(hint: Any) -> Iterator[Any]:
    yield hint
    for one in get_args(hint):
        yield from named(one)


def required(one: Field[Any]) -> bool:
    return one.default is MISSING and one.default_factory is MISSING


@pytest.mark.parametrize("kind", record_types(), ids=lambda kind: kind.__name__)
def test_every_field_of_every_record_is_decided_on(kind: type) -> None:
    """A new field fails here until it is named in ``taken`` or, with the reason, in STAYS."""
    names = [one.name for one in fields(kind)]  # type: ignore[arg-type]
    goes, stays = taken.TAKEN.get(kind, ()), STAYS.get(kind, {})
    if kind in STAY_WHOLE:
        assert not goes and not stays
    else:
        assert sorted((*goes, *stays)) == sorted(names)


def test_nothing_is_decided_on_that_is_not_there() -> None:
    assert set(taken.TAKEN) | STAY_WHOLE == set(record_types())
    assert set(STAYS) <= set(taken.TAKEN)


def test_a_field_that_is_not_named_stays_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were nothing named but what a record cannot be without, a part had nothing but that: so every
    record goes through the list, and a new field is withheld in each.
    """
    plan = everything()
    whole = Whole(plan, computed(plan))
    own = subtree(whole, OWN)
    full = sliced_plan(whole, own)
    least = {
        kind: tuple(one.name for one in fields(kind) if required(one))  # type: ignore[arg-type]
        for kind in taken.TAKEN
        if kind not in (Plan, Actuals)
    }
    needed = {kind: ("origin", *names) for kind, names in least.items() if issubclass(kind, Record)}
    monkeypatch.setattr(taken, "TAKEN", taken.TAKEN | least | needed)
    part = sliced_plan(whole, own)
    made_here = ("product_targets", "helpers", "actuals", "at_budget")
    for table in taken.TAKEN[Plan]:
        records = getattr(part, table)
        assert bool(records) == bool(getattr(full, table)), "the plan has some of each"
        assert records or table == "product_targets", table
        for one in records if isinstance(records, tuple) else (records,):
            assert table in made_here or not list(taken.left_over(one)), table


def everything() -> Plan:
    """The plan of canaries with records of the team in every table."""
    plan = canary_plan(Canaries())
    return replace(
        plan,
        calendar=(CalendarDay(day=plan.rates[0].since, working=False, official=True),),
        transfers=(
            Transfer(since=Month(2026, 2), unit="P1", before=plan.units[3].code, after=OWN),
        ),
    )


@pytest.mark.parametrize(
    ("record", "names"),
    [
        (Product(code="A", name="A"), []),
        (
            Product(code="A", name="A", margin=Decimal("0.4"), high_margin=False),
            ["margin", "high_margin"],
        ),
        (
            Unit(code="A", name="A", level=canary_plan(Canaries()).units[0].level, cc="a@b.c"),
            ["cc"],
        ),
        (Settings(year=2026, places={"year": Place()}), ["places"]),
    ],
)
def test_what_should_have_stayed_behind_is_told(record: Record, names: list[str]) -> None:
    assert list(taken.left_over(record)) == names
    assert list(taken.left_over(taken.taken(record))) == []


def test_the_audit_sees_a_field_that_a_part_should_not_hold(tmp_path: Path) -> None:
    """A part that was made of a whole record: what it says is no less a leak for standing there."""
    plan = canary_plan(Canaries())
    results = computed(plan)
    part = part_of(Whole(plan, results), OWN, ())
    rule = next(one for one in plan.triggers if one.code == "W1")
    careless = replace(part, plan=replace(part.plan, triggers=(rule,)))
    assert {one.params["table"] for one in foreign_records(careless, frozenset({OWN, "P1"}))} == {
        *("Trigger.subject", "Trigger.threshold", "Trigger.owner", "Trigger.remark")
    }
    page = tmp_path / "page.html"
    page.write_text(f"<p>{rule.remark}</p>", encoding="utf-8")
    assert WORD in rule.remark
    secrets = Secrets(plan, results)
    assert [one.code for one in audit(page, secrets, careless)] == ["leak-text"]
