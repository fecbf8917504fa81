"""What a file really is, from its first bytes: so that a planner is told the true cause, not "bad
zip".
"""

from __future__ import annotations

import codecs

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_BIFF = (
    b"\x09\x08\x08\x00",
    b"\x09\x08\x10\x00",
    b"\x09\x04\x06\x00",
    b"\x09\x02\x06\x00",
    b"\x09\x00\x04\x00",
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_HEAD = 4096


def is_zip(head: bytes) -> bool:
    """Whether a file of these first four bytes starts as a zip does, or is too short to tell."""
    return head.startswith(_ZIP) or head in (b"PK", b"PK\x03")


def cause_of_refusal(data: bytes, name: str) -> str:
    """The code of the message that says why ``data`` cannot be a workbook; empty if it starts as a
    zip does.

    ``name`` is the file's own name, which tells Excel's ``~$`` owner files from damaged ones.
    """
    if name.startswith("~$"):
        return "file-owner"
    if not data:
        return "file-empty"
    if is_zip(data):
        return ""
    if not data.strip(b"\0"):
        return "file-zeros"
    if data.startswith(_OLE):
        return _ole_cause(data)
    if data.startswith(_BIFF):
        return "file-old-xls"
    return _text_cause(data[:_HEAD])


def _ole_cause(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "file-encrypted"
    if (
        "WordDocument".encode("utf-16-le") in data
        or "PowerPoint Document".encode("utf-16-le") in data
    ):
        return "file-not-workbook"
    return "file-old-xls"


def _text_cause(head: bytes) -> str:
    text = decoded(head)
    if text is None:
        return "file-not-workbook"
    start = text.lstrip("\ufeff \t\r\n").casefold()
    if start.startswith("version https://git-lfs"):
        return "file-lfs-pointer"
    if start.startswith("<"):
        return (
            "file-xml"
            if "urn:schemas-microsoft-com:office:spreadsheet" in start and "<html" not in start
            else "file-html"
        )
    if start.startswith(("%pdf", "{\\rtf", "mime-version:")):
        return "file-html" if start.startswith("mime") else "file-not-workbook"
    return "file-text"


def decoded(head: bytes) -> str | None:
    """``head`` as text, in the encodings a CSV export comes in; None if it is no text."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    if b"\0" in head:
        return None
    for encoding in ("utf-8", "gb18030"):
        try:
            # A head cut in the middle of a character is still text: final=False forgives it.
            text = codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        control = sum(1 for ch in text if ch < " " and ch not in "\t\r\n\f")
        return text if control * 50 <= len(text) else None
    return None
