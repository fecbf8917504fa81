"""How the groups of a linked source are made: by its own engine where it has one that can, else
from its records, one by one.
"""

from __future__ import annotations

from pathlib import Path

from salesplan.dataclass import replace
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.plan.model import Plan
from salesplan.plan.sources.groups import Grouping, Window, unheld
from salesplan.plan.sources.mapping import Mapped
from salesplan.plan.sources.opening import Sources, is_url, spread


def grouped(
    plan: Plan, mapped: Mapped, path: Path, outside: tuple[str, ...], window: Window
) -> tuple[Grouping, str]:
    """The groups of what the mapping at ``path`` names, and what its sources are called;
    ``outside`` is what it may read beyond its folder.

    Raises SalesplanError: exit 2 where the mapping names no source, or one that it may not read;
    as an import does where the sources cannot be read.
    """
    grouping = Grouping(plan, window)
    if not mapped.sources or not mapped.rules:
        missing = "[[rule]]" if mapped.sources else 'source = "deals.csv"'
        raise _refusal("source-map-without", path, example=missing)
    kept = []
    for rule in mapped.rules:
        hindered = unheld(rule, plan)
        if hindered is None:
            kept.append(rule)
        else:
            grouping.remark(hindered)
    held = replace(mapped, rules=tuple(kept), deals=None, spending=None)
    names = tuple(files_of(path, mapped, outside))
    sources = Sources(names, path.parent, held, plan.settings.country)
    grouping.name = sources.shown
    if kept:
        grouping = _grouped(grouping, sources)
    return grouping, sources.shown


def _grouped(grouping: Grouping, sources: Sources) -> Grouping:
    """The groups by the source's own engine; where it cannot, by its records."""
    from salesplan.plan.sources.relations import NotGroupedError

    try:
        return _by_engine(grouping, sources)
    except Exception as error:
        ours = isinstance(error, NotGroupedError)
        if not ours and type(error).__module__.partition(".")[0] not in ("ibis", "sqlglot"):
            raise
        from salesplan.plan.sources.by_record import group_records

        group_records(grouping, sources)
        return grouping


def _by_engine(grouping: Grouping, sources: Sources) -> Grouping:
    """The groups by the source's own engine, which may hold more each time that it was too little.

    One by one the records of a source of that size would take hours. Raises SalesplanError (exit 4)
    where the most is too little, and as :func:`relation`.
    """
    from salesplan.plan.sources.pushdown import group
    from salesplan.plan.sources.relations import MEMORIES, MoreMemoryError, relation

    for memory in MEMORIES:
        asked = replace(grouping, remarks=dict(grouping.remarks), refused={})
        try:
            with relation(sources, memory) as found:
                group(asked, sources, found)
        except MoreMemoryError as error:
            cause = error
            continue
        return asked
    raise _refusal("source-memory", Path(sources.shown), exit_code=4, most=MEMORIES[-1]) from cause


def files_of(mapping: Path, mapped: Mapped, outside: tuple[str, ...]) -> list[str]:
    """What the mapping names, each pattern spread out: its own folder's files, those ``outside``
    that were allowed, and databases. Raises SalesplanError (exit 2) source-outside for any other,
    (exit 4) where one is not there.
    """
    folder = mapping.parent.resolve()
    found: list[str] = []
    for name in mapped.sources:
        if is_url(name):
            found.append(name)
            continue
        files = spread(str(folder / name))
        if not files:
            raise _refusal("import-not-there", Path(name), exit_code=4)
        for file in files:
            path = Path(file).resolve()
            if not path.is_relative_to(folder) and not _is_allowed(path, outside):
                raise _refusal("source-outside", mapping, file=name, folder=str(folder))
            found.append(str(path))
    return found


def outside_of(mapping: Path, mapped: Mapped) -> list[str]:
    """What a mapping reads beyond its own folder, in full: files, and folders of patterns."""
    folder = mapping.parent.resolve()
    found: list[str] = []
    for name in mapped.sources:
        if is_url(name):
            continue
        files = [Path(file).resolve() for file in spread(str(folder / name))]
        if not files:
            files = [(folder / name).resolve()]
        beyond = [file for file in files if not file.is_relative_to(folder)]
        wild = len(files) != 1 or files[0].name != Path(name).name
        found += {str(file.parent if wild else file) for file in beyond}
    return list(dict.fromkeys(found))


def _is_allowed(path: Path, outside: tuple[str, ...]) -> bool:
    return any(path == Path(one) or path.parent == Path(one) for one in outside)


def _refusal(code: str, path: Path, exit_code: int = 2, **facts: object) -> SalesplanError:
    return SalesplanError(Finding.of(code, Place(str(path)), name=path.name, **facts), exit_code)
