"""The bytes of a deck: fixed dates, the report's fonts and colours as the theme, room for a stamp.

python-pptx and the charts' own workbooks carry the hour of their making; the same report is to give
the same bytes.
"""

from __future__ import annotations

import re
import zipfile
from datetime import date
from io import BytesIO

from salesplan.report.xlsx.styles import (
    ACTUAL_COLOR,
    AMBER_COLOR,
    BETTER_COLOR,
    FONTS,
    GREEN_COLOR,
    INK,
    NAVY,
    RED_COLOR,
    TARGET_COLOR,
)
from salesplan.workbook.save.destination import BLANK, PROPERTIES, PROPERTY

EPOCH = (1980, 1, 1, 0, 0, 0)
THUMBNAIL = "docProps/thumbnail.jpeg"
_ACCENTS = (ACTUAL_COLOR, TARGET_COLOR, GREEN_COLOR, AMBER_COLOR, RED_COLOR, BETTER_COLOR)
_HELD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
    '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" '
    f'name="{PROPERTY}"><vt:lpwstr>{BLANK}</vt:lpwstr></property></Properties>'
)
_KIND = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"


def settled(data: bytes, lang: str, day: date) -> bytes:
    """The deck with ``day`` as its only date; its charts' workbooks, too."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            if name != THUMBNAIL:
                _write(new, name, _part(name, old.read(name), lang, day))
        _write(new, PROPERTIES, _HELD.encode())
    return made.getvalue()


def _write(package: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    package.writestr(info, data)


def _part(name: str, data: bytes, lang: str, day: date) -> bytes:
    if name.endswith(".xlsx"):
        return _workbook(data, day)
    if name.startswith("ppt/theme/"):
        return _theme(data.decode(), lang).encode()
    if name == "[Content_Types].xml":
        more = f'<Override PartName="/{PROPERTIES}" ContentType="{_KIND}"/></Types>'
        return data.decode().replace("</Types>", more).encode()
    if name == "_rels/.rels":
        return _links(data.decode()).encode()
    return data


def _links(text: str) -> str:
    """Without the built-in template's picture, with the properties that hold the stamp."""
    text = re.sub(rf'<Relationship [^>]*Target="{THUMBNAIL}"[^>]*/>', "", text)
    more = f'<Relationship Id="rIdSalesplan" Type="{_LINK}" Target="{PROPERTIES}"/>'
    return text.replace("</Relationships>", f"{more}</Relationships>")


def _workbook(data: bytes, day: date) -> bytes:
    """A chart's workbook, made on ``day``."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", f"{day}T00:00:00Z".encode(), part)
            _write(new, name, part)
    return made.getvalue()


def _theme(text: str, lang: str) -> str:
    """The report's font for Latin and Chinese letters, and its colours."""
    font = FONTS.of(lang)
    text = re.sub(r'<a:latin typeface="[^"]*"/>', f'<a:latin typeface="{font}"/>', text)
    text = re.sub(r'<a:ea typeface="[^"]*"/>', f'<a:ea typeface="{font}"/>', text)
    colors = {"dk2": NAVY, **{f"accent{at}": one for at, one in enumerate(_ACCENTS, 1)}}
    for name, color in colors.items():
        given = f'<a:{name}><a:srgbClr val="{color.lstrip("#")}"/></a:{name}>'
        text = re.sub(rf"<a:{name}>.*?</a:{name}>", given, text, flags=re.S)
    return text.replace('lastClr="000000"', f'lastClr="{INK.lstrip("#")}"')
