"""Which linked mappings this account lets run (``salesplan sources allow``).

A workbook that came by mail may name a mapping, and the mapping holds queries: they would run with
the rights of whoever opens the workbook. So a mapping runs only where this account has stored the
digest of the workbook's name and of the mapping's text; after any change of either it asks again.
What lies outside the mapping's folder is read only where it was there when it was allowed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from salesplan.config import state_folder
from salesplan.dataclass import dataclass

FILE = "sources.json"


@dataclass(frozen=True, slots=True)
class Allowed:
    """A mapping that may run for a workbook; ``outside`` are the files beyond its folder that it
    may read.
    """

    workbook: str
    mapping: str
    digest: str
    outside: tuple[str, ...] = ()
    at: str = ""


def digest_of(workbook: Path, text: bytes) -> str:
    """The digest of a workbook's name and a mapping's text."""
    return hashlib.sha256(workbook.name.encode() + b"\0" + text).hexdigest()


def allowed() -> tuple[Allowed, ...]:
    """What this account allows; nothing where its file cannot be read."""
    try:
        document = json.loads(_file().read_text("utf-8"))
        return tuple(_entry(one) for one in document["allowed"])
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def allowing(workbook: Path, mapping: Path, digest: str) -> Allowed | None:
    """What allows this mapping for this workbook, where both lie; None where nothing does."""
    here = (_full(workbook), _full(mapping), digest)
    return next((one for one in allowed() if (one.workbook, one.mapping, one.digest) == here), None)


def named_for(workbook: Path, mapping: Path) -> bool:
    """Whether a mapping of that place was ever allowed for this workbook: it may be looked at."""
    here = (_full(workbook), _full(mapping))
    return any((one.workbook, one.mapping) == here for one in allowed())


def allow(workbook: Path, mapping: Path, digest: str, outside: Sequence[str], at: str) -> Allowed:
    """Let a mapping run for a workbook from now on. Raises OSError where that cannot be kept."""
    made = Allowed(_full(workbook), _full(mapping), digest, tuple(outside), at)
    kept = [one for one in allowed() if one.workbook != made.workbook]
    _write([*kept, made])
    return made


def forget(workbook: Path) -> int:
    """Let nothing run for a workbook any more; how many mappings that were. Raises OSError."""
    known = allowed()
    kept = [one for one in known if one.workbook != _full(workbook)]
    if len(kept) < len(known):
        _write(kept)
    return len(known) - len(kept)


def _full(path: Path) -> str:
    return str(path.resolve())


def _file() -> Path:
    return state_folder() / FILE


def _entry(given: Mapping[str, object]) -> Allowed:
    outside = given.get("outside", [])
    names = tuple(map(str, outside)) if isinstance(outside, list) else ()
    workbook, mapping, digest = (str(given[key]) for key in ("workbook", "mapping", "digest"))
    return Allowed(workbook, mapping, digest, names, str(given.get("at", "")))


def _write(entries: Sequence[Allowed]) -> None:
    """Replace the file in one step, readable by this account only."""
    from salesplan.workbook.save.destination import beside_of

    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {"allowed": [_as_document(one) for one in entries]}
    with beside_of(path, mode=0o600) as temp:
        temp.write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")
        temp.replace(path)


def _as_document(one: Allowed) -> dict[str, object]:
    return {
        "workbook": one.workbook,
        "mapping": one.mapping,
        "digest": one.digest,
        "outside": list(one.outside),
        "at": one.at,
    }
