"""What stands in sheets: rules of both generations, formulas of every kind, protection, outlines, filters, page set-up, properties."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

from tests.corpus.parts import BOOK, DOCUMENT, MAIN, MICROSOFT, SPREADSHEET, Parts, fill_rows, sheet

_XM = f'xmlns:xm="{MICROSOFT}/excel/2006/main"'
_X14_VALIDATION = (
    f'<x14:dataValidations {_XM} count="1"><x14:dataValidation type="list" allowBlank="1" showErrorMessage="1"><x14:formula1><xm:f>清单!$A$1:$A$3</xm:f>'
    "</x14:formula1><xm:sqref>B2:B20</xm:sqref></x14:dataValidation></x14:dataValidations>"
)
_X14_ICONS = (
    f'<x14:conditionalFormattings {_XM}><x14:conditionalFormatting><x14:cfRule type="iconSet" priority="40" id="{{0A0B0C0D-1111-4222-8333-444455556666}}">'
    '<x14:iconSet iconSet="3Stars"><x14:cfvo type="percent"><xm:f>0</xm:f></x14:cfvo><x14:cfvo type="percent"><xm:f>33</xm:f></x14:cfvo>'
    '<x14:cfvo type="percent"><xm:f>67</xm:f></x14:cfvo></x14:iconSet></x14:cfRule><xm:sqref>D2:D5</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings>'
)


def rules(path: Path) -> None:
    """Conditional formats and data validations, in the sheet and in its extension list."""
    parts = Parts.made(_rules)
    parts.extend(sheet(2), "{78C0D931-6437-407d-A8EE-F0AAD7539E65}", _X14_ICONS)
    parts.extend(sheet(1), "{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}", _X14_VALIDATION)
    parts.save(path)


def _rules(book: Any) -> None:
    main, listed = book.add_worksheet("规则"), book.add_worksheet("清单")
    fill_rows(main)
    fill_rows(listed)
    red = book.add_format({"bg_color": "#FFC7CE", "bold": True})
    main.conditional_format(
        "C2:C5",
        {
            "type": "data_bar",
            "data_bar_2010": True,
            "bar_solid": True,
            "bar_axis_position": "middle",
        },
    )
    main.conditional_format("D2:D5", {"type": "3_color_scale"})
    main.conditional_format(
        "A2:D5", {"type": "formula", "criteria": "=$C2>10", "format": red, "stop_if_true": True}
    )
    main.conditional_format("C2:C5", {"type": "icon_set", "icon_style": "5_arrows"})
    main.conditional_format(
        "A2:A5", {"type": "text", "criteria": "begins with", "value": "华", "format": red}
    )
    main.conditional_format("D2:D5", {"type": "top", "value": 10, "criteria": "%", "format": red})
    main.data_validation(
        "C2:C20",
        {
            "validate": "integer",
            "criteria": "between",
            "minimum": 0,
            "maximum": 999,
            "input_title": "数量",
            "error_type": "warning",
        },
    )
    main.data_validation("A2:A20", {"validate": "list", "source": ["华东", "华南", "华北"]})
    main.data_validation("E2:E20", {"validate": "custom", "value": "=LEN(E2)<5"})
    main.data_validation("F2:F20", {"validate": "date", "criteria": ">", "value": date(2026, 1, 1)})


def formulas(path: Path) -> None:
    """Shared, array, dynamic and what-if formulas, names, a calculation chain, a link to another workbook, a pinned-down cell watch."""
    parts = Parts.made(_formulas)
    _share(parts, sheet(1))
    parts.swap(
        sheet(1),
        "</sheetData>",
        '<row r="30"><c r="A30"><v>1</v></c><c r="B30"><f t="dataTable" ref="B30:B32" dt2D="0" dtr="0" r1="C2"/><v>2</v></c></row>'
        '<row r="31"><c r="A31"><v>2</v></c><c r="B31"><v>4</v></c></row><row r="32"><c r="A32"><v>3</v></c><c r="B32"><v>6</v></c></row></sheetData>',
    )
    parts.insert(sheet(1), "cellWatches", '<cellWatches><cellWatch r="E2"/></cellWatches>')
    chain = "".join(f'<c r="{ref}" i="1"/>' for ref in ("E2", "E3", "E4", "E5", "G2"))
    parts.add(
        "xl/calcChain.xml",
        f'<calcChain xmlns="{MAIN}">{chain}</calcChain>',
        f"{SPREADSHEET}.calcChain+xml",
        BOOK,
        "calcChain",
    )
    link = parts.add(
        "xl/externalLinks/externalLink1.xml",
        f'<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{DOCUMENT}" r:id="rId101"><sheetNames><sheetName val="去年"/></sheetNames>'
        '<sheetDataSet><sheetData sheetId="0"><row r="1"><cell r="A1"><v>88</v></cell></row></sheetData></sheetDataSet></externalBook></externalLink>',
        f"{SPREADSHEET}.externalLink+xml",
        BOOK,
        "externalLink",
    )
    parts.link(
        "xl/externalLinks/externalLink1.xml", "externalLinkPath", "last-year.xlsx", "External"
    )
    parts.insert(
        BOOK,
        "externalReferences",
        f'<externalReferences><externalReference r:id="{link}"/></externalReferences>',
    )
    parts.save(path)


def _formulas(book: Any) -> None:
    main, other = book.add_worksheet("公式"), book.add_worksheet("汇总")
    fill_rows(main)
    for row in range(2, 6):
        main.write_formula(f"E{row}", f"=C{row}*D{row}", None, row * 10)
    main.write_array_formula("G2:G5", "{=C2:C5*2}", None, 24)
    for row, value in ((3, 14), (4, 60), (5, 10)):
        main.write_number(f"G{row}", value)
    main.write_dynamic_array_formula("I2:I4", "=_xlfn.SEQUENCE(3)", None, 1)
    main.write_number("I3", 2)
    main.write_number("I4", 3)
    main.write_formula("K2", "=_xlfn.LET(_xlpm.x,C2,_xlpm.x*2)", None, 24)
    main.write_formula("K3", '=IF(C3>5,"多","少")', None, "多")
    main.write_formula("K4", "=1/0", None, "#DIV/0!")
    main.write_formula("K5", "=C5>5", None, False)
    other.write_formula("A1", "=SUM(公式:公式!C2:C5)", None, 54)
    other.write_formula("A2", "=[1]去年!$A$1", None, 88)
    other.write("B1", "手填")
    other.write("B2", 5)
    book.define_name("税率", "=0.13")
    book.define_name("汇总!本表", "=汇总!$B$2")
    book.define_name("数量", "=公式!$C$2:$C$5")


def _share(parts: Parts, part: str) -> None:
    """Turn the column E into one shared formula, as Excel stores a filled column."""
    parts.swap(part, "<f>C2*D2</f>", '<f t="shared" ref="E2:E5" si="0">C2*D2</f>')
    text, count = re.subn(r"<f>C[345]\*D[345]</f>", '<f t="shared" si="0"/>', parts.text(part))
    assert count == 3
    parts.put(part, text)


_SCENARIOS = '<scenarios current="0"><scenario name="乐观" locked="1" count="1" user="planner"><inputCells r="C2" val="40"/></scenario></scenarios>'
_PROTECTED = '<protectedRanges><protectedRange sqref="C2:C5" name="可填"/></protectedRanges>'
_VIEW = "{11111111-2222-4333-8444-555555555555}"
_SHEET_VIEW = (
    f'<customSheetViews><customSheetView guid="{_VIEW}" scale="80"><pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
    "</customSheetView></customSheetViews>"
)
_BOOK_VIEW = f'<customWorkbookViews><customWorkbookView name="打印" guid="{_VIEW}" windowWidth="900" windowHeight="600" activeSheetId="1"/></customWorkbookViews>'


def write(path: Path) -> None:
    """Protection, notes, links, rich text, outlines, panes, filters, merged cells, breaks, print settings, properties, custom views."""
    parts = Parts.made(_sheetware)
    parts.insert(sheet(1), "protectedRanges", _PROTECTED)
    parts.insert(sheet(1), "scenarios", _SCENARIOS)
    parts.insert(
        sheet(2),
        "dataConsolidate",
        '<dataConsolidate topLabels="1"><dataRefs count="1"><dataRef ref="A1:D5" sheet="明细"/></dataRefs></dataConsolidate>',
    )
    parts.insert(sheet(2), "phoneticPr", '<phoneticPr fontId="0" type="noConversion"/>')
    parts.insert(sheet(2), "customSheetViews", _SHEET_VIEW)
    parts.insert(BOOK, "customWorkbookViews", _BOOK_VIEW)
    parts.insert(BOOK, "fileSharing", '<fileSharing readOnlyRecommended="1"/>')
    parts.insert(BOOK, "workbookProtection", '<workbookProtection lockStructure="1"/>')
    ident = parts.add(
        "xl/customProperty1.bin",
        "own data of an add-in".encode("utf-16-le"),
        f"{SPREADSHEET}.customProperty",
        sheet(2),
        "customProperty",
    )
    parts.insert(
        sheet(2),
        "customProperties",
        f'<customProperties><customPr name="AddIn" r:id="{ident}"/></customProperties>',
    )
    ident = parts.add(
        "xl/printerSettings/printerSettings1.bin",
        bytes(range(256)) * 4,
        f"{SPREADSHEET}.printerSettings",
        sheet(1),
        "printerSettings",
    )
    parts.put(
        sheet(1),
        re.sub(r"<pageSetup([^>]*)/>", rf'<pageSetup\1 r:id="{ident}"/>', parts.text(sheet(1))),
    )
    parts.swap("xl/sharedStrings.xml", "</si>", '<phoneticPr fontId="0"/></si>')
    parts.save(path)


def _sheetware(book: Any) -> None:
    main, detail, hidden = (
        book.add_worksheet("首页"),
        book.add_worksheet("明细"),
        book.add_worksheet("隐藏"),
    )
    fill_rows(main)
    fill_rows(detail)
    hidden.write("A1", "藏")
    hidden.very_hidden()
    bold, red = (
        book.add_format({"bold": True}),
        book.add_format({"font_color": "red", "italic": True}),
    )
    main.protect("pw", {"format_cells": True, "autofilter": True})
    main.write_comment("C2", "谁填的？", {"author": "计划员", "visible": True, "x_scale": 2})
    main.write_url("A7", "https://example.com/?a=1&b=2", string="网页", tip="看")
    main.write_url("A8", "internal:明细!A1", string="明细")
    main.write_rich_string("A9", "普通", bold, "粗", red, "红斜", "尾 ")
    main.merge_range("A11:D12", "合并", bold)
    main.freeze_panes(1, 1)
    main.set_landscape()
    main.set_paper(9)
    main.fit_to_pages(1, 0)
    main.set_header("&C计划 &P/&N")
    main.set_footer("&R&D")
    main.repeat_rows(0)
    main.print_area("A1:D12")
    main.set_h_pagebreaks([6])
    main.set_v_pagebreaks([3])
    main.set_tab_color("#00B050")
    main.set_zoom(90)
    main.ignore_errors({"number_stored_as_text": "A1:A9"})
    detail.set_row(1, None, None, {"level": 1})
    detail.set_row(2, None, None, {"level": 1, "hidden": True})
    detail.set_row(3, 30, bold, {"collapsed": True})
    detail.set_column("C:D", 14, None, {"level": 1})
    detail.set_column("F:F", 9, None, {"hidden": True})
    detail.autofilter("A1:D5")
    detail.filter_column("A", "x == 华东")
    detail.add_table(
        "H1:J5",
        {
            "name": "明细表",
            "total_row": True,
            "style": "Table Style Medium 2",
            "columns": [
                {"header": "项", "total_string": "合计"},
                {"header": "值", "total_function": "sum"},
                {"header": "倍", "formula": "=[@值]*2"},
            ],
        },
    )
    detail.write_column("H2", ["甲", "乙", "丙"])
    detail.write_column("I2", [1, 2, 3])
    book.set_properties({"title": "计划", "author": "计划部", "comments": "年度"})
    book.set_custom_property("批准人", "王总")
    book.set_custom_property("版本", 3)
