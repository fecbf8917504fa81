"""Imported deals in the 商机 table: new ones are added, known ones are brought up to date, and only
in what the export says of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from salesplan.dataclass import replace
from salesplan.fill.edits import Added, Edit, Value, as_told, rounded
from salesplan.fill.rows import append_rows, style_of
from salesplan.findings import Finding, Place
from salesplan.plan.loader import Loaded
from salesplan.plan.model import Deal, DealStage
from salesplan.plan.parse import parse
from salesplan.plan.schema import sheet, table
from salesplan.plan.schema.choices import label
from salesplan.plan.sources.actuals import Imported
from salesplan.plan.sources.deals import DealRow, Said
from salesplan.workbook.read.tables import FoundTable

DEALS = table("deals")
MOST_GONE = 5
"""Deals that the file no longer has which are named; the others are counted."""


def with_deals(loaded: Loaded, imported: Imported) -> tuple[Sequence[Edit | Added], Imported]:
    """The cells and rows that change in 商机, and the import with its counts of deals.

    A deal that is won or lost and that the master does not have is none of the pipeline: it is
    counted as decided and not added. What is open in the master and no longer in the file is named,
    and stays.
    """
    rows = imported.deals
    if rows is None:
        return (), imported
    refusal = _refusal(loaded, rows)
    found = loaded.tables.get("deals")
    if refusal is not None or found is None:
        findings = imported.findings if refusal is None else (*imported.findings, refusal)
        return (), replace(imported, findings=findings, deal_counts={"unwritten": len(rows)})
    ledger = _Ledger(loaded, found, imported.key_again)
    known = [row for row in rows if row.code in ledger.at]
    fresh = [row for row in rows if row.code not in ledger.at]
    opened = [row for row in fresh if row.is_open]
    edits = list(chain.from_iterable(map(ledger.edits, known)))
    added, problems = append_rows(found, DEALS, [ledger.values(row) for row in opened])
    gone = ledger.gone(imported.deal_keys)
    counts = {
        "added": 0 if problems else len(opened),
        "known": len(known),
        "changed": len({edit.row for edit in edits}),
        "decided": len(fresh) - len(opened),
        "gone": len(gone),
        "unwritten": len(opened) if problems else 0,
    }
    said = [*(_changed(loaded, edit) for edit in edits), *_said_gone(loaded, found, gone, ledger)]
    return [*edits, *added], replace(
        imported, findings=(*imported.findings, *said, *problems), deal_counts=counts
    )


def _refusal(loaded: Loaded, rows: Sequence[DealRow]) -> Finding | None:
    """Why nothing can be written: there is no sheet, or it lacks a column of what is said."""
    name = sheet(DEALS.sheet).title(loaded.lang)
    found = loaded.tables.get("deals")
    if found is None:
        return Finding.of("import-no-pipeline-sheet", Place(str(loaded.path), "", ""), sheet=name)
    said = set(chain.from_iterable(row.said for row in rows))
    lacking = [one for one in DEALS.columns if one.key in said - set(found.columns)]
    if not lacking:
        return None
    place = Place(str(loaded.path), found.sheet, "")
    heads = tuple(column.header(loaded.lang) for column in lacking)
    return Finding.of("import-no-deal-column", place, sheet=found.sheet, columns=heads)


class _Ledger:
    """The deals that the master has, by their code as the import ``again`` makes it."""

    def __init__(self, loaded: Loaded, found: FoundTable, again: Callable[[str], str]) -> None:
        self.loaded, self.found = loaded, found
        self.deals: dict[str, Deal] = {again(deal.code): deal for deal in loaded.plan.deals}
        self.at: dict[str, int] = {}
        code = DEALS.column("code")
        for index, cell in enumerate(found.column("code")):
            read = parse(cell, code)
            if isinstance(read, str):
                self.at.setdefault(again(read), index)

    def values(self, row: DealRow) -> dict[str, Value]:
        """The row as its cells say it."""
        said = {key: self._cell(key, value) for key, value in row.said.items()}
        return {"code": row.code, **said}

    def edits(self, row: DealRow) -> Iterator[Edit]:
        """The cells of a known deal that say something else than the export."""
        number, deal = self.found.row_numbers[self.at[row.code]], self.deals.get(row.code)
        for key, value in row.said.items():
            column = DEALS.column(key)
            wanted = rounded(value, column) if not isinstance(value, DealStage) else value
            if deal is not None and _typed(deal, key) == wanted:
                continue
            yield Edit(
                self.found.sheet,
                f"{self.found.columns[key]}{number}",
                self.found.headers[key],
                row.code,
                self.found.value(key, number),
                rounded(self._cell(key, value), column),
                None,
                style_of(column),
            )

    def gone(self, keys: frozenset[str]) -> list[str]:
        """Open deals of the master that no record of the file is."""
        missing = (deal for key, deal in self.deals.items() if key not in keys)
        return [deal.code for deal in missing if deal.is_open]

    def _cell(self, key: str, value: Said) -> Value:
        return label(value, self.loaded.lang) if isinstance(value, DealStage) else value


def _typed(deal: Deal, key: str) -> object:
    """What the deal's cell says; of another currency the amount before it was converted."""
    converted = key == "amount" and deal.given is not None
    return deal.given if converted else getattr(deal, key)


def _changed(loaded: Loaded, edit: Edit) -> Finding:
    place = Place(str(loaded.path), edit.sheet, edit.cell)
    return Finding.of(
        "import-deal-changed",
        place,
        deal=edit.row,
        column=edit.column,
        old=as_told(edit.old),
        new=as_told(edit.new),
    )


def _said_gone(
    loaded: Loaded, found: FoundTable, gone: Sequence[str], ledger: _Ledger
) -> Iterator[Finding]:
    if gone:
        row = found.row_numbers[ledger.at[gone[0]]]
        place = Place(str(loaded.path), found.sheet, f"{found.columns['code']}{row}")
        shown = [*gone[:MOST_GONE], "…"] if len(gone) > MOST_GONE else gone
        yield Finding.of("import-deals-gone", place, count=len(gone), deals=tuple(shown))
