"""A change that could not be carried out stays refused once its month is closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from salesplan.engine.changes.closing import Standing, close
from salesplan.engine.changes.records import ChangeState
from salesplan.engine.results import Results
from salesplan.plan.model import Month, Plan
from tests.unit.changes import change, with_aim
from tests.unit.test_adjustments import TWO_TEAMS, flat, months, one, run

NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)


def closed(given: Plan) -> Plan:
    """The plan closed up to November, as it stands."""
    found: Results = run(given, NOVEMBER)
    standing = Standing(targets=found.targets, adjustments=found.adjustments)
    return close(given, standing, NOVEMBER, day=date(2026, 12, 1), by="W")


def two_raises(before: str) -> Plan:
    """C1 raises the goal from December, C2 from November on, from ``before``."""
    given = flat(TWO_TEAMS)
    first = change("C1", "K", "公司年度目标", "1200", "1300", 12)
    second = change("C2", "K", "公司年度目标", before, "1400", 11, at=3)
    return replace(given, changes=(with_aim(given, first), with_aim(given, second)))


def test_closing_does_not_let_in_what_was_refused() -> None:
    """In November the goal is still 1200, so C2, which says 1300, is a conflict. Taken from
    December on, after C1, it would raise an open month by the close alone.
    """
    given = two_raises("1300")
    before, after = run(given, DECEMBER), run(closed(given), DECEMBER)
    for unit in "CABPQR":
        assert months(after, unit) == months(before, unit)
    assert one(after, "C2").state is one(before, "C2").state is ChangeState.CONFLICT
    assert "change-into-closed" not in [finding.code for finding in after.findings]


def test_what_is_approved_after_the_close_acts_from_the_first_open_month() -> None:
    given = two_raises("1200")
    late = replace(closed(replace(given, changes=())), changes=given.changes[1:])
    results = run(late, DECEMBER)
    assert one(results, "C2").since == DECEMBER
    assert months(results, "C") == [100] * 11 + [300]
    (warning,) = [found for found in results.findings if found.code == "change-into-closed"]
    assert (warning.params["month"], warning.params["since"]) == (NOVEMBER, DECEMBER)
