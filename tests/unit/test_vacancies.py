"""What nobody has of a target since somebody is not there all year is a note at that day's cell."""

from __future__ import annotations

from datetime import date

from salesplan.findings import Finding
from salesplan.plan.model import Plan
from tests.unit.changes import change
from tests.unit.goal_plans import change as altered
from tests.unit.test_adjustments import TWO_TEAMS, flat, run

GONE = altered(TWO_TEAMS, "P", left=date(2026, 6, 30), coefficient=None)
BLANK = altered(GONE, "Q", coefficient=None)


def vacant(given: Plan) -> list[Finding]:
    return [one for one in run(given).findings if one.code == "target-vacant"]


def test_what_a_leaver_leaves_is_a_note_until_somebody_takes_it() -> None:
    """P has half of A's 720 and leaves with June: 180. From July on Q has all of it."""
    [note] = vacant(flat(BLANK))
    assert (note.params["unit"], note.params["who"]) == ("A", ["P"])
    assert note.params["amounts"] == ["营收 180"]
    assert note.place.sheet == "units" and note.place.cell.startswith("J")
    taken = flat(BLANK, change("C1", "P", "贡献系数", "", "0", 7))
    assert not vacant(taken)


def test_who_is_there_all_year_leaves_nothing() -> None:
    assert not vacant(flat(TWO_TEAMS))
    assert not vacant(flat(altered(TWO_TEAMS, "Q", coefficient=0)))
