"""What of the situation is taken up by strategies with tasks."""

from __future__ import annotations

from dataclasses import replace

from salesplan.engine.work.situation import Coverage, situation, strategies_of
from salesplan.plan.model import (
    Framework,
    Origin,
    Plan,
    Settings,
    SituationEntry,
    Strategy,
    SwotStrategy,
    Task,
    TaskStatus,
    Uptake,
)

SO, WT = SwotStrategy.SO, SwotStrategy.WT


def entry(
    row: int,
    response: SwotStrategy | None = None,
    strategy: str | None = None,
    framework: Framework = Framework.SWOT,
    **more: object,
) -> SituationEntry:
    return SituationEntry(
        framework=framework,
        category="",
        content="…",
        response=response,
        strategy=strategy,
        origin=Origin(row=row),
        **more,
    )  # type: ignore[arg-type]


def plan(*entries: SituationEntry, **more: object) -> Plan:
    """S1 has a task, S2 only a cancelled one."""
    return Plan(
        settings=Settings(year=2026),
        situation=entries,
        strategies=tuple(Strategy(code=code, dimension="", content="") for code in ("S1", "S2")),
        tasks=(
            Task(code="T1", content="", strategy="S1"),
            Task(code="T2", content="", strategy="S2", state=TaskStatus.CANCELLED),
            Task(code="T3", content="", strategy="S9"),
        ),
        **more,  # type: ignore[arg-type]
    )


ENTRIES = (
    entry(2, SO, "S1"),
    entry(3, SO, "S2"),
    entry(4, SO),
    entry(5, WT, "S9"),
    entry(6, None, "S1", Framework.PEST),
    entry(7, framework=Framework.RESOURCES),
)


def test_taken_up_without_task_or_not() -> None:
    found = situation(plan(*ENTRIES))
    assert found.entries == {
        2: Uptake.TAKEN_UP,
        3: Uptake.WITHOUT_TASK,
        4: Uptake.NOT_TAKEN_UP,
        5: Uptake.NOT_TAKEN_UP,
        6: Uptake.TAKEN_UP,
    }


def test_a_strategy_takes_up_the_entries_that_it_names() -> None:
    """T1 names W1 and W3; W3 names the strategy without a task; of W4 nobody speaks."""
    given = plan(
        entry(2, code="W1"), entry(3, SO, code="W2"), entry(4, SO, "S2", code="W3"), entry(5)
    )
    first, *others = given.strategies
    given = replace(given, strategies=(replace(first, answers=("W1", "W3")), *others))
    assert strategies_of(given) == (("S1",), (), ("S2", "S1"), ())
    assert situation(given).entries == {
        2: Uptake.TAKEN_UP,
        3: Uptake.NOT_TAKEN_UP,
        4: Uptake.TAKEN_UP,
    }
    assert situation(given).by_response[SO] == Coverage(2, 2, 1, 1)


def test_coverage_by_response_and_framework() -> None:
    found = situation(plan(*ENTRIES))
    assert found.by_response == {
        SO: Coverage(3, 3, 2, 1),
        SwotStrategy.WO: Coverage(0, 0, 0, 0),
        SwotStrategy.ST: Coverage(0, 0, 0, 0),
        WT: Coverage(1, 1, 0, 0),
    }
    assert found.by_framework[Framework.SWOT] == Coverage(4, 4, 2, 1)
    assert found.by_framework[Framework.PEST] == Coverage(1, 1, 1, 1)
    assert found.by_framework[Framework.RESOURCES] == Coverage(1, 0, 0, 0)
    assert found.by_framework[Framework.FIVE_FORCES] == Coverage(0, 0, 0, 0)


def test_what_cannot_be_read_is_neither_yes_nor_no() -> None:
    unread = entry(2, SO, broken=frozenset({"strategy"}))
    found = situation(plan(unread, entry(3, SO, "S3"), dropped={"strategies": frozenset({"S3"})}))
    assert found.entries == {}
    assert found.by_response[SO] == Coverage(2, 2, 0, 0, unknown=2)
