"""A linked source (数据源): its groups beside the rows of 实绩, read at each run.

A mapping runs only where this account allows it (:mod:`~salesplan.plan.sources.allowed`). A
snapshot is used while it is fresh, where the mapping may not run here, and where the source cannot
be read; the last two are said.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path, PureWindowsPath

from salesplan import config
from salesplan.dataclass import dataclass, replace
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.plan.model import Month, Plan, SourceRead
from salesplan.plan.sources import snapshot
from salesplan.plan.sources.allowed import Allowed, allowing, digest_of, named_for
from salesplan.plan.sources.groups import Group, Grouping, Single, Window, as_actuals
from salesplan.wording import clock

LARGEST_MAP = 1 << 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a linked source: for which report month, and whether it is read although
    the snapshot is fresh. ``records``: with so many records by themselves as the setting says.
    """

    month: Month | None = None
    as_of: date | None = None
    today: date | None = None
    refresh: bool = False
    records: bool = False

    def report_month(self, plan: Plan) -> Month:
        """The report month, as far as it can be told before the actuals are read."""
        settings = plan.settings
        given = self.month or (Month.of(self.as_of) if self.as_of else settings.month)
        day = settings.as_of or self.today or date.today()
        wanted = given or Month.of(day)
        return min(max(wanted, settings.months[0]), settings.months[-1])


@dataclass(frozen=True, slots=True)
class Map:
    """A linked mapping where it lies; ``digest`` is that of the workbook's name and its text."""

    path: Path
    text: bytes
    digest: str
    permit: Allowed | None


def with_groups(plan: Plan, workbook: Path, asked: Asked) -> tuple[Plan, list[Finding]]:
    """The plan with the groups of its linked source, and what there is to say of them.

    Where nothing could be read ``plan.unlinked`` says why, as the only finding does.
    """
    place = plan.settings.places.get("source", Place(workbook.name))
    try:
        found = map_of(plan.settings.source, workbook, place)
    except SalesplanError as error:
        return replace(plan, unlinked=error.finding), [error.finding]
    month = asked.report_month(plan)
    kept = snapshot.stored(workbook, found.digest)
    if found.permit is None:
        said = Finding.of("source-not-allowed", place, name=found.path.name, file=workbook.name)
        return _by_snapshot(plan, kept, said, place)
    shown = int(config.load().section("sources")["detail_rows"]) if asked.records else 0
    read_now = asked.refresh or shown > 0
    if kept is not None and not read_now and kept.month == month and _is_fresh(kept):
        return _with(plan, kept.groups, kept.read), _refused(kept.read, place)
    try:
        grouping, groups, read = _read(plan, found, Window.of(plan, month, shown))
    except SalesplanError as error:
        return _by_snapshot(plan, kept, error.finding, place)
    if read.rows:
        snapshot.store(workbook, found.digest, snapshot.Snapshot(groups, read, month))
    found_out = [*grouping.remarks.values(), *_refused(read, place), *_beside(plan, groups)]
    return _with(plan, groups, read, grouping), found_out


def map_of(text: str, workbook: Path, place: Place, anywhere: bool = False) -> Map:
    """The mapping that the setting names, and whether it may run.

    It is looked for beside the workbook or below; elsewhere only where it was allowed once: a
    received workbook must not make this account open a file of its choice. ``anywhere``: a person
    is about to allow it. Raises SalesplanError (exit 2) source-map.
    """
    named = Path(text)
    inside = not named.is_absolute() and not PureWindowsPath(text).anchor
    path = workbook.parent / named
    folder = workbook.parent.resolve()
    try:
        inside = inside and path.resolve().is_relative_to(folder)
        if not inside and not anywhere and not named_for(workbook, path):
            raise _refusal("source-map-outside", place, name=text, file=workbook.name)
        if not path.is_file() or path.stat().st_size > LARGEST_MAP:
            raise _refusal("source-map", place, name=text, folder=str(workbook.parent))
        raw = path.read_bytes()
    except (OSError, ValueError) as error:
        raise _refusal("source-map", place, name=text, folder=str(workbook.parent)) from error
    digest = digest_of(workbook, raw)
    return Map(path, raw, digest, allowing(workbook, path, digest))


def _read(plan: Plan, found: Map, window: Window) -> tuple[Grouping, tuple[Group, ...], SourceRead]:
    from salesplan.plan.sources.actuals import too_many
    from salesplan.plan.sources.grouping import grouped
    from salesplan.plan.sources.map_file import mapping_of

    mapped = mapping_of(found.path, found.text)
    at = datetime.now(UTC).replace(microsecond=0)
    outside = found.permit.outside if found.permit is not None else ()
    grouping, name = grouped(plan, mapped, found.path, outside, window)
    refused = sum(one.count for one in grouping.refused.values())
    if too_many(refused, grouping.rows + refused):
        raise SalesplanError(
            Finding.of(
                "source-too-many-refused",
                Place(name),
                name=name,
                count=refused,
                records=grouping.rows + refused,
                texts=next(iter(grouping.reasons())).params["texts"],
            ),
            1,
        )
    groups = tuple(grouping.groups())
    read = SourceRead(name, grouping.rows, len(groups), refused, grouping.reasons(), at, True)
    return grouping, groups, read


def _refused(read: SourceRead, place: Place) -> list[Finding]:
    return [replace(one, place=place) for one in read.reasons]


def _by_snapshot(
    plan: Plan, kept: snapshot.Snapshot | None, cause: Finding, place: Place
) -> tuple[Plan, list[Finding]]:
    """The last snapshot in the source's place, and why; without one the plan lacks its actuals."""
    if kept is None:
        return replace(plan, unlinked=cause), [cause]
    used = Finding.of(
        "source-snapshot-used", place, name=kept.read.name, at=clock(kept.read.at), cause=cause
    )
    return _with(plan, kept.groups, kept.read), [used, *_refused(kept.read, place)]


def _with(
    plan: Plan, groups: Sequence[Group], read: SourceRead, made: Grouping | None = None
) -> Plan:
    known = [group for group in groups if group.kpi in plan.kpi_by_code]
    if made is None or not made.singles:
        actuals = as_actuals(known, plan, read.name)
    else:
        actuals = as_actuals(*_apart(made, known, plan, read))
    return replace(plan, actuals=plan.actuals + actuals, linked=replace(read, groups=len(known)))


def _apart(
    made: Grouping, groups: Sequence[Group], plan: Plan, read: SourceRead
) -> tuple[Sequence[Group], Plan, str, Sequence[int], Sequence[Single]]:
    rest, counts, singles = made.apart(groups)
    return rest, plan, read.name, counts, singles


def _beside(plan: Plan, groups: Sequence[Group]) -> list[Finding]:
    """Records of a KPI that were imported as rows and are linked, too: they would count twice."""
    actuals = plan.actuals
    linked = {
        (one.kpi, one.when if isinstance(one.when, Month) else Month.of(one.when)) for one in groups
    }
    rows = zip(actuals.kpi, actuals.month, actuals.source, strict=False)
    twice = [at for at, (kpi, month, key) in enumerate(rows) if key and (kpi, month) in linked]
    if not twice:
        return []
    first = twice[0]
    place = actuals.place(first, "source")
    return [Finding.of("source-beside-rows", place, kpi=actuals.kpi[first], count=len(twice))]


def _is_fresh(kept: snapshot.Snapshot) -> bool:
    minutes = int(config.load().section("sources")["fresh_minutes"])
    age = datetime.now(UTC) - kept.read.at
    return timedelta(0) <= age <= timedelta(minutes=minutes)


def _refusal(code: str, place: Place, **facts: object) -> SalesplanError:
    return SalesplanError(Finding.of(code, place, **facts), 2)
