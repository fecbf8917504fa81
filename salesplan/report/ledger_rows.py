"""The rows of the data sheets as XML: one loop over the values, formulas that rows have in common written once.

A formula that stands in every row of a KPI is a shared one (ECMA-376 part 1, 18.3.1.40), as
spreadsheet programs write what was filled down: on a plan of 2,000 people the sheet is a third
as large for it, and opens sooner. Formulas that name another sheet are written out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from salesplan.report.columns import ACTUALS, COLUMN, KEYS, MONTHS, PARTS_FIRST
from salesplan.report.ledger import Ledger, LedgerRow
from salesplan.report.measure import Scalar
from salesplan.report.stream import Pen, formula, number, result
from salesplan.report.writer import letter

_LETTERS = tuple(letter(index) for index in range(len(KEYS)))
_RANK, _YTD = COLUMN["rank"], COLUMN["ytd_actual"]
_OWN = frozenset((*(COLUMN[key] for key in ACTUALS), _YTD))
"""Columns in which a row may have a formula of its own."""


@dataclass(slots=True)
class _Shared:
    """The shared formulas of a sheet, numbered as they come."""

    count: int = 0
    here: dict[object, str] = field(default_factory=dict)

    def of(self, key: object, text: str, column: str, first: int, last: int) -> str:
        """The ``f`` element: the whole formula the first time, then only its number."""
        found = self.here.get(key)
        if found is not None:
            return found
        self.here[key] = f'<f t="shared" si="{self.count}"/>'
        opened = f'<f t="shared" ref="{column}{first}:{column}{last}" si="{self.count}">'
        self.count += 1
        return f"{opened}{formula(text)}</f>"


def ledger_rows(ledger: Ledger, looks: dict[str, int], pen: Pen) -> Iterator[str]:
    """The ledger's rows; ``looks`` gives the model row of each KPI code."""
    shared = _Shared()
    ends = {row.kpi.code: row.row for row in ledger.rows}
    columns: Sequence[tuple[int, str, str, str, str | None]] = ()
    current = ""
    for row in ledger.rows:
        code, n = row.kpi.code, row.row
        if code != current:
            current = code
            styles = pen.styles[looks[code]]
            columns = [(i, KEYS[i], f'<c r="{_LETTERS[i]}', f'"{styles[i]}', ledger.shared(code, KEYS[i])) for i in range(len(KEYS))]
            shared.here.clear()
        out = [f'<row r="{n}"{pen.row}>']
        plain = row.plain
        for (i, key, opened, style, template), value in zip(columns, row.values.cells, strict=True):
            f = ""
            if template is not None or i in _OWN or i == _RANK:
                if key in plain:
                    pass
                elif i == _RANK:
                    f = shared.of(row.group, ledger.formula(row, key) or "", _LETTERS[i], n, row.group[1])
                elif i in _OWN:
                    f = _own(ledger, row, key, shared, ends[code])
                elif template is not None:
                    f = shared.of(i, template.replace("#", str(n)), _LETTERS[i], n, ends[code])
            out.append(f"{opened}{n}{style}{_content(value, f, pen)}")
        out.append("</row>")
        yield "".join(out)


def _own(ledger: Ledger, row: LedgerRow, key: str, shared: _Shared, last: int) -> str:
    text = ledger.formula(row, key)
    if text is None:
        return ""
    if "!" in text:
        return f"<f>{formula(text)}</f>"
    return shared.of(key, text, letter(COLUMN[key]), row.row, last)


def parts_rows(ledger: Ledger, pen: Pen) -> Iterator[str]:
    """The rows of the rates' numerators and denominators."""
    context, styles = ledger.context, pen.styles[0]
    for row in ledger.parts.values():
        n = row.row
        out = [f'<row r="{n}"{pen.row}>']
        names: tuple[Scalar, ...] = (row.kpi.code, context.kpi_name(row.kpi.code), row.unit.code, context.unit_name(row.unit.code))
        for i, value in enumerate((*names, *row.numerators, *row.denominators)):
            f = ""
            if i >= PARTS_FIRST and value is not None:
                text = ledger.part_formula(row, (i - PARTS_FIRST) % MONTHS, i < PARTS_FIRST + MONTHS)
                f = f"<f>{formula(text)}</f>" if text else ""
            out.append(f'<c r="{_LETTERS[i]}{n}"{styles[i]}{_content(value, f, pen)}')
        out.append("</row>")
        yield "".join(out)


def _content(value: Scalar, f: str, pen: Pen) -> str:
    """What stands behind a cell's style: formula, value, and the end of the cell."""
    kind = type(value)
    if kind is Decimal:
        return f">{f}<v>{number(float(value))}</v></c>"  # type: ignore[arg-type]
    if kind is str:
        return f' t="str">{f}<v>{_result(value)}</v></c>' if f else pen.texts.cell(value)  # type: ignore[arg-type]
    if value is None:
        return f' t="str">{f}<v></v></c>' if f else "/>"
    return f">{f}<v>{value}</v></c>"


@lru_cache(maxsize=1024)
def _result(text: str) -> str:
    return result(text)
