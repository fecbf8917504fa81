"""Which linked sources this account lets run: allowed, listed, forgotten."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from salesplan.app.common import refuse_unless_master
from salesplan.dataclass import dataclass
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.wording import clock

if TYPE_CHECKING:
    from salesplan.plan.sources.allowed import Allowed
    from salesplan.plan.sources.linked import Map


class Holds(Enum):
    """Whether what was allowed can still run: it can; the mapping or the workbook's name changed;
    one of them is gone.
    """

    YES = "yes"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Offer:
    """A mapping that may be allowed: what it reads, what of it lies outside its folder, its
    query.
    """

    workbook: Path
    found: Map
    sources: tuple[str, ...]
    outside: tuple[str, ...]
    sql: str
    lang: str


def offered_source(path: Path) -> Offer:
    """The linked mapping of a master, to be looked at before it is allowed. Runs nothing.

    Raises SalesplanError (exit 2) source-none where the master names none, or as reading it does.
    """
    from salesplan.plan.loader import load
    from salesplan.plan.sources.grouping import outside_of
    from salesplan.plan.sources.linked import map_of
    from salesplan.plan.sources.map_file import mapping_of

    loaded = load(path)
    refuse_unless_master(loaded)
    settings = loaded.plan.settings
    place = settings.places.get("source", Place(path.name))
    if not settings.source:
        raise SalesplanError(Finding.of("source-none", place, file=path.name), 2)
    found = map_of(settings.source, path, place, anywhere=True)
    mapped = mapping_of(found.path, found.text)
    if not mapped.sources:
        example = 'source = "deals.csv"'
        facts = {"name": found.path.name, "example": example}
        raise SalesplanError(Finding.of("source-map-without", place, **facts), 2)
    outside = tuple(outside_of(found.path, mapped))
    return Offer(path, found, mapped.sources, outside, mapped.sql, loaded.lang)


def allow_source(offer: Offer) -> Allowed:
    """Let the mapping run from now on, on this account. Raises SalesplanError (exit 3) where that
    cannot be kept.
    """
    from salesplan.plan.sources.allowed import allow

    found, at = offer.found, clock(datetime.now())
    try:
        return allow(offer.workbook, found.path, found.digest, offer.outside, at)
    except OSError as error:
        raise _not_kept(error) from error


def allowed_sources() -> tuple[tuple[Allowed, Holds], ...]:
    """What this account allows, and whether it still holds."""
    from salesplan.plan.sources.allowed import allowed

    return tuple((one, _holds(one)) for one in allowed())


def forget_source(path: Path) -> int:
    """Let nothing run for this workbook any more, and remove its snapshot; how many mappings were
    allowed. Raises SalesplanError (exit 3) where that cannot be kept.
    """
    from salesplan.plan.sources.allowed import forget
    from salesplan.plan.sources.snapshot import remove

    try:
        remove(path)
        return forget(path)
    except OSError as error:
        raise _not_kept(error) from error


def _holds(one: Allowed) -> Holds:
    from salesplan.plan.sources.allowed import digest_of

    workbook, mapping = Path(one.workbook), Path(one.mapping)
    try:
        if not workbook.is_file():
            return Holds.GONE
        same = digest_of(workbook, mapping.read_bytes()) == one.digest
    except OSError:
        return Holds.GONE
    return Holds.YES if same else Holds.CHANGED


def _not_kept(error: OSError) -> SalesplanError:
    cause = error.strerror or str(error)
    return SalesplanError(Finding.of("source-not-kept", Place(), cause=cause), 3)
