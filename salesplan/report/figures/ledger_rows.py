"""The rows of the data sheets as XML: one loop over the values, formulas that rows have in common
written once.

A formula that stands in every row of a KPI is a shared one (ECMA-376 part 1, 18.3.1.40), as
spreadsheet programs write what was filled down: on a plan of 2,000 people the sheet is a third
as large for it, and opens sooner. Formulas that name another sheet are written out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import count, repeat
from operator import call, itemgetter
from typing import Any

from salesplan.dataclass import dataclass, field
from salesplan.plan.model import Kpi
from salesplan.report.figures.columns import ACTUALS, COLUMN, KEYS
from salesplan.report.figures.ledger import Ledger, LedgerRow
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.places import letter
from salesplan.report.xlsx.stream import Pen, formula, result, shortest

_LETTERS = tuple(letter(index) for index in range(len(KEYS)))
_RANK = COLUMN["rank"]


Written = tuple[Scalar, str | None]
"""A value and its formula, if it has one."""
_Column = tuple[int, str, str, str, str | None]
"""Index and key, the cell before and behind the row's number, and the formula that the rows have in
common.
"""


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


@dataclass(frozen=True, slots=True)
class _Form:
    """Rows that differ in their number and values only: what they have in common, with ``#`` for
    the one and ``%s`` for the others.

    ``pick`` takes the values out of a row's cells, ``writers`` write one each; ``own`` are those,
    by place and column, whose formula is the row's own.
    """

    text: str
    pick: Callable[[Sequence[Scalar]], tuple[Any, ...]]
    writers: Sequence[Callable[[Any], str]]
    own: Sequence[tuple[int, int]]


def ledger_rows(ledger: Ledger, looks: Mapping[str, int], pen: Pen) -> Iterator[str]:
    """The ledger's rows; ``looks`` gives the model row of each KPI code.

    The first row of each form is written cell by cell, which also numbers the shared formulas;
    those after it are filled in.
    """
    shared = _Shared()
    ends = {row.kpi.code: row.row for row in ledger.rows}
    columns: Sequence[_Column] = ()
    own: frozenset[int] = frozenset()
    forms: dict[object, _Form] = {}
    current = ""
    for row in ledger.rows:
        code = row.kpi.code
        if code != current:
            current, own = code, _may_have_own(ledger, row.kpi)
            columns = _columns(ledger, code, pen.styles[looks[code]])
            shared.here.clear()
            forms.clear()
        name = (row.group, row.plain, *map(type, row.values.cells))
        form = forms.get(name)
        if form is None:
            yield _cell_by_cell(ledger, row, columns, own, shared, ends[code], pen)
            forms[name] = _form(row, columns, own, shared, pen)
        else:
            yield _filled(ledger, row, form, shared, ends[code], pen)


def _cell_by_cell(
    ledger: Ledger,
    row: LedgerRow,
    columns: Sequence[_Column],
    own: frozenset[int],
    shared: _Shared,
    last: int,
    pen: Pen,
) -> str:
    n, out = row.row, [f'<row r="{row.row}"{pen.row}>']
    for (i, key, opened, style, template), value in zip(columns, row.values.cells, strict=True):
        f = ""
        if i in own:
            f = _own(ledger, row, key, shared, last)
        elif i == _RANK:
            f = shared.of(row.group, ledger.formula(row, key) or "", _LETTERS[i], n, row.group[1])
        elif template is not None and key not in row.plain:
            f = shared.of(i, template.replace("#", str(n)), _LETTERS[i], n, last)
        content = _figure(value, f) if type(value) is Decimal else _content(value, f, pen)
        out.append(f"{opened}{n}{style}{content}")
    out.append("</row>")
    return "".join(out)


def _form(
    row: LedgerRow, columns: Sequence[_Column], own: frozenset[int], shared: _Shared, pen: Pen
) -> _Form:
    """The form of a row that was written, so that all its shared formulas have their numbers."""
    out, writers = [f'<row r="#"{pen.row}>'], dict[int, Callable[[Any], str]]()
    for (i, key, opened, style, template), value in zip(columns, row.values.cells, strict=True):
        if i == _RANK:
            f = shared.here[row.group]
        else:
            calculated = template is not None and key not in row.plain and i not in own
            f = shared.here[i] if calculated else ""
        writer, rest = _rest(value, f, pen) if i not in own else (str, "%s")
        out.append(f"{opened}#{style}{rest}")
        if writer is not None:
            writers[i] = writer
    out.append("</row>")
    return _Form(
        "".join(out),
        itemgetter(*writers),
        tuple(writers.values()),
        [(place, i) for place, i in enumerate(writers) if i in own],
    )


def _rest(value: Scalar, f: str, pen: Pen) -> tuple[Callable[[Any], str] | None, str]:
    """What writes a value like this one, and what is around it behind the cell's style."""
    kind = type(value)
    if kind is Decimal:
        return shortest, f">{f}<v>%s</v></c>"
    if kind is str:
        return (_result, f' t="str">{f}<v>%s</v></c>') if f else (pen.texts.cell, "%s")
    if value is None:
        return None, f' t="str">{f}<v></v></c>' if f else "/>"
    return str, f">{f}<v>%s</v></c>"


def _filled(
    ledger: Ledger, row: LedgerRow, form: _Form, shared: _Shared, last: int, pen: Pen
) -> str:
    cells = row.values.cells
    values = list(map(call, form.writers, form.pick(cells)))
    for place, i in form.own:
        value, f = cells[i], _own(ledger, row, KEYS[i], shared, last)
        values[place] = _figure(value, f) if type(value) is Decimal else _content(value, f, pen)
    return form.text.replace("#", str(row.row)) % tuple(values)


def _columns(ledger: Ledger, kpi: str, styles: Sequence[str]) -> Sequence[_Column]:
    """Of each column its index and key, the cell before and behind the row's number, and the
    formula its rows have in common.
    """
    return [
        (i, key, f'<c r="{_LETTERS[i]}', f'"{styles[i]}', ledger.shared(kpi, key))
        for i, key in enumerate(KEYS)
    ]


def _may_have_own(ledger: Ledger, kpi: Kpi) -> frozenset[int]:
    """The columns in which a row of the KPI may have a formula of its own."""
    if not kpi.kind.is_amount:
        return frozenset(COLUMN[key] for key in (*ACTUALS, *ledger.summed))
    if ledger.details is None:
        return frozenset()
    months = ledger.context.plan.settings.months
    return frozenset(COLUMN[ACTUALS[months.index(month)]] for month in ledger.details.months)


def _own(ledger: Ledger, row: LedgerRow, key: str, shared: _Shared, last: int) -> str:
    text = ledger.formula(row, key)
    if text is None:
        return ""
    if "!" in text:
        return f"<f>{formula(text)}</f>"
    return shared.of(key, text, letter(COLUMN[key]), row.row, last)


def parts_rows(ledger: Ledger) -> Iterator[Sequence[Written]]:
    """The rows of the rates' numerators and denominators."""
    context = ledger.context
    for row in ledger.parts.values():
        names = (
            row.kpi.code,
            context.kpi_name(row.kpi.code),
            row.unit.code,
            context.unit_name(row.unit.code),
        )
        above = [
            (value, ledger.part_formula(row, index, True))
            for index, value in enumerate(row.numerators)
        ]
        below = [
            (value, ledger.part_formula(row, index, False))
            for index, value in enumerate(row.denominators)
        ]
        yield [*((name, None) for name in names), *above, *below]


def table_rows(
    rows: Iterable[Sequence[Written]], first_row: int, pen: Pen, looks: Iterable[int] | None = None
) -> Iterator[str]:
    """Rows of values and their formulas as XML, in the looks of the model rows named in ``looks``
    (None: all of the first); ``first_row`` counts from 1.
    """
    for n, row, look in zip(
        count(first_row), rows, repeat(0) if looks is None else looks, strict=False
    ):
        styles = pen.styles[look]
        out = [f'<row r="{n}"{pen.row}>']
        for i, (value, text) in enumerate(row):
            content = _content(value, f"<f>{formula(text)}</f>" if text else "", pen)
            out.append(f'<c r="{letter(i)}{n}"{styles[i]}{content}')
        out.append("</row>")
        yield "".join(out)


def _figure(value: Decimal, f: str) -> str:
    return f">{f}<v>{shortest(value)}</v></c>"


def _content(value: Scalar, f: str, pen: Pen) -> str:
    """What stands behind a cell's style: formula, value, and the end of the cell."""
    kind = type(value)
    if kind is Decimal:
        return f">{f}<v>{shortest(value).removesuffix('.0')}</v></c>"  # type: ignore[arg-type]
    if kind is str:
        return f' t="str">{f}<v>{_result(value)}</v></c>' if f else pen.texts.cell(value)  # type: ignore[arg-type]
    if value is None:
        return f' t="str">{f}<v></v></c>' if f else "/>"
    return f">{f}<v>{value}</v></c>"


@lru_cache(maxsize=1024)
def _result(text: str) -> str:
    return result(text)
