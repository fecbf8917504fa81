"""Whether what is named can be read at all: it is there, a file, and none of pictures or pages."""

from __future__ import annotations

from pathlib import Path

from salesplan.findings import Finding, Place, SalesplanError

LOOKS: dict[bytes, str] = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"%PDF-": "PDF",
}
"""How files begin that hold no records, whatever they are called."""


def at_hand(path: Path) -> None:
    """Raise SalesplanError (exit 4) where a file of records is not there, is a folder, or is
    something to look at.
    """
    if path.is_dir():
        raise _refusal("import-is-folder", path, pattern=str(path / "*.csv"))
    if not path.exists():
        raise _refusal("import-not-there", path)
    if path.is_file():
        kind = _looked_at(path)
        if kind:
            raise _refusal("import-not-records", path, kind=kind)


def _looked_at(path: Path) -> str:
    """What it is to look at; "" where it is nothing of the kind, or cannot be opened."""
    try:
        with path.open("rb") as stream:
            first = stream.read(max(map(len, LOOKS)))
    except OSError:
        return ""
    return next((kind for begin, kind in LOOKS.items() if first.startswith(begin)), "")


def _refusal(code: str, path: Path, **params: object) -> SalesplanError:
    return SalesplanError(
        Finding.of(code, Place(str(path)), name=path.name or str(path), **params), 4
    )
