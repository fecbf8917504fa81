"""Prompts and lists of words for cells of a sheet: data validations beside those that are there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from salesplan.workbook.changes import Prompt
from salesplan.workbook.xml.sheetxml import SheetXml
from salesplan.workbook.xml.xmlscan import Edit, attribute, element, escape, with_attribute

_LONGEST_TITLE, _LONGEST_TEXT, _LONGEST_LIST = 32, 255, 255
"""Characters that a program takes (ECMA-376 part 1, 18.3.1.32)."""

_BEHIND = re.compile(
    rb"<(?:[\w.-]+:)?(?:hyperlinks|printOptions|pageMargins|pageSetup|headerFooter|rowBreaks|"
    rb"colBreaks"
    rb"|customProperties|cellWatches|ignoredErrors|smartTags|drawing|legacyDrawing|"
    rb"legacyDrawingHF|drawingHF"
    rb"|picture|oleObjects|controls|webPublishItems|tableParts|extLst|AlternateContent)(?=[\s/>])"
)
"""What may stand behind the validations of a sheet (CT_Worksheet)."""


def prompting(sheet: SheetXml, prompts: Sequence[Prompt]) -> list[Edit]:
    """The edits that put the prompts into the sheet."""
    source, prefix = sheet.source, sheet.prefix
    rules = b"".join(_rule(prefix, one) for one in prompts)
    views = element(source, prefix, b"customSheetViews", sheet.body.end)
    start = views.end if views else sheet.body.end
    block = element(source, prefix, b"dataValidations", start)
    if block is None or block.empty:
        new = b'<%sdataValidations count="%d">%s</%sdataValidations>' % (
            prefix,
            len(prompts),
            rules,
            prefix,
        )
        if block is not None:
            return [(block.start, block.end, new)]
        behind = _BEHIND.search(source.mask, start)
        at = behind.start() if behind else source.mask.rindex(b"</")
        return [(at, at, new)]
    tag = source.mask[block.start : block.inside]
    count = int(attribute(tag, b"count") or 0) + len(prompts)
    return [
        (block.start, block.inside, with_attribute(tag, b"count", b"%d" % count)),
        (block.content_end, block.content_end, rules),
    ]


def _rule(prefix: bytes, one: Prompt) -> bytes:
    words = ",".join(one.choices)
    listed = bool(words) and len(words) <= _LONGEST_LIST and '"' not in words
    kind = formula = b""
    if listed:
        kind = b' type="list" errorStyle="warning" showErrorMessage="1"'
        formula = b'<%sformula1>"%s"</%sformula1>' % (prefix, escape(words), prefix)
    elif one.kind:
        kind = b' type="%s" errorStyle="warning" showErrorMessage="1"' % one.kind.encode()
        formula = b"".join(
            b"<%sformula%d>%d</%sformula%d>" % (prefix, at, limit, prefix, at)
            for at, limit in enumerate(one.limits, 1)
        )
    told = (
        prefix,
        kind,
        _attribute(one.title[:_LONGEST_TITLE]),
        _attribute(one.text[:_LONGEST_TEXT]),
        one.area.encode(),
        formula,
        prefix,
    )
    return (
        b'<%sdataValidation%s allowBlank="1" showInputMessage="1" promptTitle="%s" prompt="%s" '
        b'sqref="%s">%s</%sdataValidation>'
    ) % told


def _attribute(text: str) -> bytes:
    return escape(text).replace(b'"', b"&quot;").replace(b"\n", b"&#10;")
