"""From a workbook to a plan: finds the tables, reads their rows, keeps what cannot be read as
findings.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache, partial
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from salesplan import config
from salesplan.dataclass import dataclass, field, replace
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.plan import model as m
from salesplan.plan.actuals_rows import read_actuals
from salesplan.plan.change_subjects import aimed
from salesplan.plan.duplicates import counted, with_releases
from salesplan.plan.header_checks import (
    differing_units,
    figures_lost,
    parents_lost,
    unread_columns,
)
from salesplan.plan.model.currencies import currency, home_of, money_of
from salesplan.plan.normalize import folded, is_rest
from salesplan.plan.parse import needed_support, reasons
from salesplan.plan.parse_text import EPOCH_1900, EPOCH_1904, Reading
from salesplan.plan.references import with_codes
from salesplan.plan.rows import Row, Rows, once_a_column, read_rows, record, records
from salesplan.plan.schema import (
    ESTIMATED,
    RESERVE_NAMES,
    SHEETS,
    TABLES,
    is_mapping,
    sheet,
    table,
    tables_of,
)
from salesplan.plan.schema.kinds import Sheet, Table
from salesplan.plan.settings import first_reading, read_settings, settings
from salesplan.plan.size_limits import refuse_beyond, refuse_long_sheet
from salesplan.plan.stale_results import stale_results
from salesplan.workbook import memory
from salesplan.workbook.memory import Memory
from salesplan.workbook.read.cells import Grid, read_grids
from salesplan.workbook.read.headers import resembles
from salesplan.workbook.read.listobjects import ListObject, objects_by_sheet
from salesplan.workbook.read.moneyformats import MoneyFormats
from salesplan.workbook.read.stored import Computed, formulas, with_results
from salesplan.workbook.read.tables import FoundTable, Wanted, find_tables
from salesplan.workbook.zip.package import Package, open_package

if TYPE_CHECKING:
    from salesplan.plan.adopt.mapping import Kept
    from salesplan.workbook.read.hidden import Hidden

REQUIRED_SHEETS = ("organization", "kpis")
REQUIRED_TABLES = frozenset({"units", "kpis"})
"""Without one of these nothing is written, by any door: what was opened is hardly a master."""
_NEVER_OTHERS = ("organization", "kpis", "actuals")
"""Sheets that serve no other purpose: one that has no header row is figures lost, not a sheet of
the planner's own.
"""

_STORED = {
    "targets": frozenset({"base_year", "year", *(f"month{i}" for i in range(1, 13))}),
    "issues": frozenset({"code", "first_month"}),
    "closes": frozenset(column.key for column in table("closes").columns),
    "closed": frozenset(column.key for column in table("closed").columns),
}
_KEPT = {
    "draws": frozenset({"day", "amount"}),
    "category_shares": frozenset({"share"}),
    "region_shares": frozenset({"share"}),
}
"""Required cells whose blank does not cost the row: the record can say that they are missing."""


def _is_estimate(row: Mapping[str, object]) -> bool:
    """Whether the engine wrote this row of 日历. A planner's own guess, such as 春节, may be called
    推定 too, and is theirs.
    """
    day = row.get("day")
    return (
        folded(str(row.get("source"))) in map(folded, ESTIMATED)
        and row.get("working") is False
        and isinstance(day, date)
        and m.is_fixed_holiday(day)
    )


_WRITTEN = {"calendar": _is_estimate}
_APART = frozenset({"settings", "actuals", "caps", "checks"})
_TARGET_FIELDS = (
    {"base_year": "stored_base_year", "year": "stored_year"}
    | {f"manual{i}": "manual_months" for i in range(1, 13)}
    | {f"month{i}": "stored_months" for i in range(1, 13)}
)
_TARGET_FIELDS |= {f"manual_quarter{i}": "manual_quarters" for i in range(1, 5)}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A master as read: the plan, where its tables stand, and every problem that reading met.

    ``lang`` (zh or en) is the one of the settings, else that of most headers, else that of the
    sheets' names.
    """

    plan: m.Plan
    tables: Mapping[str, FoundTable]
    findings: tuple[Finding, ...]
    sha256: str
    path: Path
    lang: str
    source: Source
    remarks: tuple[Finding, ...] = ()
    """Those of the findings that the file itself gives, and no reading of its cells would find
    again.
    """
    shown: Shown = field(default_factory=dict)
    """The currencies that number formats show, as in :func:`load_from`."""
    linking: Linking | None = field(default=None, compare=False)
    """What gives the plan the actuals of its linked source."""

    def reread(self, source: Source) -> Loaded:
        """The same master with other cells: what its file says of formats and formulas still
        holds.
        """
        return load_from(
            source, lambda tables: self.remarks, lambda tables: self.shown, self.linking
        )

    @property
    def memory(self) -> Memory:
        """What salesplan wrote into the workbook last."""
        return Memory.read(self.source.grids.get(memory.SHEET))


Locked = Callable[[str, str, Sequence[int]], frozenset[int]]
"""Of a sheet, a column's letters and its rows: the rows whose cell a protected sheet locks."""

Symbols = Callable[[str, str, Sequence[int]], Mapping[int, str]]
"""Of a sheet, a column's letters and its rows: the currencies shown, row by row."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a master is read from, a file or a workbook open in a spreadsheet program.

    ``sheets`` are the names of all sheets, ``grids`` the cells of those that matter (see
    :func:`sheets_to_read`), ``objects`` their Excel tables. ``sha256`` is the file's; for an open
    workbook "", or that of its cells. ``formulas`` are the cells (row, column) by sheet that hold a
    formula, of sheets with engine columns. ``epoch``: the day that serial numbers count from.
    ``symbols`` reads the currencies that number formats show in some rows of a column, where they
    can be read (:func:`shown_by`).
    """

    path: Path
    sheets: tuple[str, ...]
    grids: Mapping[str, Grid]
    objects: Mapping[str, Sequence[ListObject]]
    sha256: str = ""
    formulas: Mapping[str, frozenset[tuple[int, int]]] = field(default_factory=dict)
    epoch: date = EPOCH_1900
    symbols: Symbols | None = field(default=None, compare=False)
    locked: Locked | None = field(default=None, compare=False)
    """Which rows of a sheet's column are locked there, where that can be read."""
    hidden_in: Callable[[str], Hidden] | None = field(default=None, compare=False)
    """What of a sheet is hidden, where that can be read."""


Tables = Mapping[str, FoundTable]
Shown = Mapping[tuple[str, str], Mapping[int, str]]
"""By table and column, row by row: the currency symbol or code that a number format shows."""


@cache
def wanted_tables() -> tuple[Wanted, ...]:
    """What the schema asks of a workbook, for :func:`find_tables`."""
    return tuple(map(_wanted, TABLES))


def _wanted(table: Table) -> Wanted:
    whole = table.key in ("caps", "checks")
    return Wanted(
        table.key,
        _names(sheet(table.sheet)),
        {column.key: column.headers for column in table.columns},
        frozenset(column.key for column in table.columns if column.required or whole)
        or frozenset(table.identity),
    )


def load(path: Path, computed: Computed | None = None, linking: Linking | None = None) -> Loaded:
    """Reads the master at ``path``; the results of its formulas from its ``computed`` copy if there
    is one; what its linked source holds by ``linking`` (not at all without).

    Raises :class:`SalesplanError` where the file cannot be read, and as :func:`load_from`.
    """
    with open_package(path) as package:
        sheets = tuple(part.name for part in package.sheets)
        for part in package.sheets:
            if _is_called(sheet("targets"), [part.name]):
                refuse_long_sheet(package, part, config.load().limits)
        grids = read_grids(package, sheets_to_read(sheets))
        grids, kept = with_results(package, grids, computed) if computed else (grids, [])
        plain = {name for name, grid in grids.items() if grid.plain}
        money = MoneyFormats(package)
        source = Source(
            path,
            sheets,
            grids,
            objects_by_sheet(package, grids),
            package.sha256,
            _formula_cells(package, may_be_filled(grids) - plain),
            EPOCH_1904 if package.date1904 else EPOCH_1900,
            locked=partial(_locked, path),
            hidden_in=partial(_hidden_in, path),
        )
        return load_from(
            source,
            lambda tables: [
                *(kept if computed else stale_results(package, tables, plain)),
                *_linked_values(package, tables),
            ],
            lambda tables: shown_by(tables, lambda name, at, rows: money.symbols(name, at)),
            linking or nothing_linked,
        )


def _locked(path: Path, name: str, letters: str, rows: Sequence[int]) -> frozenset[int]:
    from salesplan.workbook.read.locks import locked

    with open_package(path) as package:
        return locked(package, name, letters, rows)


def _hidden_in(path: Path, name: str) -> Hidden:
    from salesplan.workbook.read.hidden import hidden_in

    with open_package(path) as package:
        return hidden_in(package, name)


def language_of(path: Path) -> str:
    """The language of the master at ``path`` as its settings have it, else its sheets' names; no
    more of it is read.

    Raises :class:`SalesplanError` where it cannot be read as one.
    """
    with open_package(path) as package:
        sheets = tuple(part.name for part in package.sheets)
        grids = read_grids(package, [one for one in sheets if _is_called(sheet("settings"), [one])])
        source = Source(path, sheets, grids, objects_by_sheet(package, grids))
    return load_from(source).lang


def _linked_values(package: Package, tables: Tables) -> Iterable[Finding]:
    """What :mod:`salesplan.plan.links` says; it is read where the workbook names another."""
    if b"externalReference" not in package.read_utf8(package.workbook_part):
        return ()
    from salesplan.plan.links import linked_values

    return linked_values(package, tables)


def load_from(
    source: Source,
    remarks: Callable[[Tables], Iterable[Finding]] = lambda tables: (),
    currencies: Callable[[Tables], Shown] | None = None,
    linking: Linking | None = None,
) -> Loaded:
    """The master that the source holds; ``remarks`` may add what is to be said of the tables found,
    ``linking`` what a linked source holds.

    ``currencies`` says which currencies the number formats of amounts show (:data:`SHOWING`); by
    default they are asked of the source.

    Raises :class:`SalesplanError` only where there is none of a master's sheets (``not-a-master``),
    and (exit 2) for a report or a handout of ours (``is-a-report``, ``is-a-handout``), and (exit 4)
    for a plan beyond the user's limits (:mod:`salesplan.plan.size_limits`); everything else is a
    finding, and stops only what depends on it.
    """
    name = source.path.name
    kept = _mapping_of(source)
    apart = {memory.SHEET} if kept is None else {memory.SHEET, kept.sheet, *kept.sheets}
    theirs = {name: grid for name, grid in source.grids.items() if name not in apart}
    tables, findings = find_tables(theirs, source.objects, wanted_tables())
    findings = [_headless(one) for one in findings]
    remarked = tuple(remarks(tables))
    findings += [*unread_columns(tables), *remarked]
    if not whole(tables) and tables.keys() != {"settings"}:
        from salesplan.plan.own_output import made_from_a_master

        if (ours := made_from_a_master(source.grids, name)) is not None:
            raise SalesplanError(ours, 2)
    if not tables and not any(_is_called(one, source.sheets) for one in SHEETS):
        raise SalesplanError(
            Finding.of(
                "not-a-master",
                Place(name),
                file=name,
                sheets=tuple(sheet(key) for key in REQUIRED_SHEETS),
            )
        )
    findings = [replace(f, place=replace(f.place, workbook=name)) for f in findings]
    shown = currencies(tables) if currencies else shown_by(tables, source.symbols)
    laid = nothing_laid if kept is None else _laid_by(kept, source, tables)
    linking = linking or nothing_linked
    plan, found = build_plan(tables, name, shown, source.epoch, laid, linking)
    refuse_beyond(plan, config.load().limits, name)
    missing = _missing_sheets(tables, source.sheets, name)
    return Loaded(
        plan,
        tables,
        (*findings, *missing, *_empty_tables(tables, plan, name), *found),
        source.sha256,
        source.path,
        plan.settings.lang if tables else language_of_heads(source.sheets),
        source,
        remarked,
        shown,
        linking,
    )


Laying = Callable[[m.Settings, Mapping[str, Rows]], tuple[Tables, Sequence[Finding]]]
"""Gives tables laid together from a planner's own, by the settings and the rows of our sheets."""


def nothing_laid(settings: m.Settings, rows: Mapping[str, Rows]) -> tuple[Tables, list[Finding]]:
    """An ordinary master: every table stands on a sheet of ours."""
    return {}, []


Linking = Callable[[m.Plan], tuple[m.Plan, Sequence[Finding]]]
"""Gives a plan the actuals of its linked source."""


def nothing_linked(plan: m.Plan) -> tuple[m.Plan, Sequence[Finding]]:
    """The plan without what a linked source holds."""
    return plan, ()


def _mapping_of(source: Source) -> Kept | None:
    """What the sheet 对照 says of a planner's own tables; None in an ordinary master."""
    if not any(map(is_mapping, source.sheets)):
        return None
    from salesplan.plan.adopt.laying import kept_in

    return kept_in(source.grids, source.path)


def not_ours(source: Source, tables: Tables) -> dict[str, Grid]:
    """The sheets on which none of our tables stands: a planner's own."""
    ours = {memory.SHEET, *(one.sheet for one in tables.values())}
    return {name: grid for name, grid in source.grids.items() if name not in ours}


def _laid_by(kept: Kept, source: Source, tables: Tables) -> Laying:
    from salesplan.plan.adopt.laying import Known, lay
    from salesplan.plan.model.people import Index, People

    def laid(settings: m.Settings, rows: Mapping[str, Rows]) -> tuple[Tables, Sequence[Finding]]:
        units = records(m.Unit, rows["units"].rows) if "units" in rows else ()
        kpis = records(m.Kpi, rows["kpis"].rows) if "kpis" in rows else ()
        known = Known(People(units), Index(kpis), settings.months)
        theirs = not_ours(source, tables)
        done = lay(kept, theirs, known, source.path.name, source.hidden_in)
        return done.tables, done.findings

    return laid


def _headless(finding: Finding) -> Finding:
    """An error where the sheet without a header row (header-not-found) is one that counts."""
    own = any(_is_called(sheet(key), [finding.place.sheet]) for key in _NEVER_OTHERS)
    if finding.code == "header-not-found" and own:
        return replace(finding, code="header-row-gone")
    return finding


def whole(tables: Tables) -> bool:
    """Whether the tables are there without which no plan is one: organisation and KPIs."""
    return tables.keys() >= REQUIRED_TABLES


SHOWING = (
    ("actuals", "value"),
    ("spending", "amount"),
    ("budget", "requested"),
    ("budget", "least"),
    ("budget", "expected_return"),
    ("budget", "manual_grant"),
)
"""The columns, by table, whose number formats are looked at."""


def shown_by(tables: Tables, read: Symbols | None) -> Shown:
    """What the number formats of these columns show; nothing where they cannot be ``read``."""
    found: dict[tuple[str, str], Mapping[int, str]] = {}
    if read is None:
        return found
    for key, column in SHOWING:
        table_found = tables.get(key)
        if table_found is not None and table_found.row_numbers and column in table_found.columns:
            letters = table_found.columns[column]
            rows = read(table_found.sheet, letters, table_found.row_numbers)
            if rows:
                found[key, column] = rows
    return found


_HEADS_WITHIN = 100
"""Rows of a sheet that are looked through for a head of a column for reading."""


def may_be_filled(grids: Mapping[str, Grid]) -> set[str]:
    """The sheets, of all a workbook's, that may have an engine column: all but those of tables that
    have none. One of a table that has nothing but columns for reading does where such a head
    stands; a mapping may ask for one anywhere.
    """
    if any(map(is_mapping, grids)):
        return {name for name in grids if name != memory.SHEET}
    return {name for name, grid in grids.items() if _may_be_filled(name, grid)}


def _may_be_filled(name: str, grid: Grid) -> bool:
    called_so = [one for one in SHEETS if _is_called(one, [name])]
    return name != memory.SHEET and all(
        _has_engine_columns(one) or _shows_names(one, grid) for one in called_so
    )


def _has_engine_columns(one: Sheet) -> bool:
    return any(table.engine_columns for table in tables_of(one.key))


def _shows_names(one: Sheet, grid: Grid) -> bool:
    columns = chain.from_iterable(table.shown_columns for table in tables_of(one.key))
    heads = set(chain.from_iterable(column.headers for column in columns))
    return any(not heads.isdisjoint(map(str, row)) for row in grid.rows[:_HEADS_WITHIN])


def _formula_cells(
    package: Package, sheets: Collection[str]
) -> dict[str, frozenset[tuple[int, int]]]:
    """The cells of these sheets with a formula."""
    found = {}
    for part in package.sheets:
        if part.name in sheets:
            areas = (one.area for one in formulas(package, part))
            found[part.name] = frozenset(chain.from_iterable(area.cells() for area in areas))
    return found


def build_plan(
    tables: Tables,
    workbook: str,
    shown: Shown = MappingProxyType({}),
    epoch: date = EPOCH_1900,
    laying: Laying = nothing_laid,
    linking: Linking = nothing_linked,
) -> tuple[m.Plan, list[Finding]]:
    """The plan that the tables hold, and what was wrong in their cells; ``shown`` as in
    :class:`Loaded`, ``epoch`` as in :class:`Source`. ``laying`` adds what stands in a planner's own
    tables, ``linking`` what a linked source holds.
    """
    given = read_settings(tables.get("settings"), workbook, epoch)
    findings, reading = list(given.findings), first_reading(given, epoch)
    read: dict[str, Rows] = {}
    for one in TABLES:
        if one.key in tables and one.key not in _APART:
            stored, kept = _STORED.get(one.key, frozenset()), _KEPT.get(one.key, frozenset())
            read[one.key] = read_rows(
                tables[one.key],
                one,
                workbook,
                reading=reading,
                stored=stored,
                kept=kept,
                written=_WRITTEN.get(one.key),
            )
            findings += read[one.key].findings
    actuals, wrong = (
        read_actuals(tables["actuals"], workbook, reading)
        if "actuals" in tables
        else (m.Actuals(), [])
    )
    findings += wrong
    made, wrong_settings = settings(
        given, _fallback_day(given.values.get("as_of"), actuals), _header_language(tables)
    )
    findings += [*wrong_settings, *differing_units(tables, made, workbook)]
    laid, wrong_laid = laying(made, read)
    findings += wrong_laid
    if laid:
        actuals = _with_laid(laid, read, actuals, findings, workbook, reading)
    rows = {t.key: read[t.key].rows if t.key in read else () for t in TABLES}
    estimates = records(m.CalendarDay, read["calendar"].written) if "calendar" in read else ()
    plan, twice = with_codes(
        replace(
            _plan(made, rows, findings),
            actuals=actuals,
            estimates=estimates,
            asks_for_help="helpers" in tables,
            dropped={key: r.dropped for key, r in read.items() if r.dropped},
        )
    )
    if any(row.product for row in plan.targets):
        plan = replace(
            plan,
            targets=tuple(row for row in plan.targets if not row.product),
            product_targets=tuple(row for row in plan.targets if row.product),
        )
    if any(record.product for record in plan.closed):
        plan = replace(
            plan,
            closed=tuple(one for one in plan.closed if not one.product),
            product_closed=tuple(one for one in plan.closed if one.product),
        )
    plan, linked = linking(plan)
    plan, foreign = _converted(plan, shown)
    plan = replace(plan, spending=with_releases(plan.spending))
    plan, shares = _with_credit(plan)
    plan, not_counted = counted(plan)
    if (
        plan.products
        or plan.prospects
        or plan.market
        or plan.competitors
        or plan.triggers
        or plan.helpers
        or any(task.person_days is not None for task in plan.tasks)
        or plan.typed_in_percent
    ):
        from salesplan.plan.checks import without_refused

        plan, refused = without_refused(plan)
        not_counted = [*not_counted, *refused]
    if plan.market:
        from salesplan.plan.market_sizes import sized

        plan, differing = sized(plan)
        not_counted = [*not_counted, *differing]
    plan, left_out = _with_worked_out(plan)
    lost = [*figures_lost(tables, plan, workbook), *parents_lost(tables, plan, workbook)]
    return aimed(plan), once_a_column(
        [*findings, *twice, *linked, *foreign, *shares, *not_counted, *left_out, *lost]
    )


def _with_laid(
    laid: Tables,
    read: dict[str, Rows],
    actuals: m.Actuals,
    findings: list[Finding],
    workbook: str,
    reading: Reading,
) -> m.Actuals:
    """The actuals with those of laid tables behind; laid targets go to those ``read``."""
    from salesplan.plan.adopt.laying import merged

    if "targets" in laid:
        theirs = read_rows(laid["targets"], table("targets"), workbook, reading=reading)
        own = read.get("targets")
        read["targets"] = merged(own, theirs)
        said = list(own.findings) if own is not None else []
        findings += [one for one in read["targets"].findings if one not in said]
    if "actuals" not in laid:
        return actuals
    more, wrong = read_actuals(laid["actuals"], workbook, reading)
    findings += wrong
    return actuals + more


def _converted(plan: m.Plan, shown: Shown) -> tuple[m.Plan, list[Finding]]:
    """The plan with amounts in its own currency; one that has no other pays nothing for it."""
    texts = {*plan.actuals.currency, *(row.currency for row in plan.spending)}
    texts.update(deal.currency for deal in plan.deals)
    for rows in shown.values():
        texts.update(rows.values())
    if not texts - {""} or not _names_another(plan, texts - {""}):
        return plan, []
    from salesplan.plan.currency_conversion import converted

    return converted(plan, shown)


def _names_another(plan: m.Plan, texts: Iterable[str]) -> bool:
    """Whether any of these is another currency than that which a figure is counted in."""
    home = home_of(plan.settings.currency)
    units = (money_of(kpi, plan.settings) for kpi in plan.kpis)
    own = any(unit is not None and unit.currency != home for unit in units)
    return own or any(currency(text, home) != home for text in texts)


def _with_credit(plan: m.Plan) -> tuple[m.Plan, list[Finding]]:
    """The plan with its overlay units beside their parents, and shared figures divided; a plan
    that has neither pays nothing for it."""
    actuals, found = plan.actuals, list[Finding]()
    if any(unit.overlay for unit in plan.units):
        plan = replace(plan, units=tuple(_beside(plan, unit) for unit in plan.units))
    if actuals.share or any(":" in text or "：" in text for text in set(actuals.unit)):
        from salesplan.plan.credits import credited

        if plan.at_budget is not None:
            other, _ = credited(replace(plan, actuals=plan.at_budget))
            plan = replace(plan, at_budget=other.actuals)
        plan, found = credited(plan)
    return plan, found


def _with_worked_out(plan: m.Plan) -> tuple[m.Plan, list[Finding]]:
    """The plan with rows of KPIs that are worked out from other rows; a plan that has none of them
    pays nothing for it.
    """
    findings: list[Finding] = []
    if any(kpi.of_products for kpi in plan.kpis):
        from salesplan.plan.worked_out import with_worked_out

        plan, findings = with_worked_out(plan)
    if any(kpi.of_customers for kpi in plan.kpis):
        from salesplan.plan.customer_counts import with_customer_counts

        plan, wrong = with_customer_counts(plan)
        findings = [*findings, *wrong]
    return plan, findings


def _beside(plan: m.Plan, unit: m.Unit) -> m.Unit:
    """An overlay unit as the top of a tree of its own, in the region of the nearest above it."""
    if not unit.overlay:
        return unit
    above, seen = unit, {unit.code}
    while not above.region and above.parent not in seen:
        higher = plan.unit_by_code.get(above.parent or "")
        if higher is None:
            break
        above = higher
        seen.add(above.code)
    return replace(unit, parent=None, beside=unit.parent or "", region=above.region)


def _change(row: Row) -> m.Change:
    since = row.values.get("effective")
    if not isinstance(since, date):
        return record(m.Change, row)
    return record(m.Change, row, {"effective": m.Month.of(since), "day": since})


def _plan(made: m.Settings, rows: Mapping[str, tuple[Row, ...]], findings: list[Finding]) -> m.Plan:
    return m.Plan(
        settings=made,
        units=records(m.Unit, rows["units"]),
        skills=records(m.Skill, rows["skills"]),
        kpis=records(m.Kpi, rows["kpis"]),
        seasonality=_seasonality(rows["seasonality"], findings),
        targets=_targets(rows["targets"], made.months),
        market=records(m.MarketSize, rows["market"]),
        competitors=records(m.Competitor, rows["competitors"]),
        situation=records(m.SituationEntry, rows["situation"]),
        strategies=records(m.Strategy, rows["strategies"]),
        tasks=records(m.Task, rows["tasks"]),
        helpers=records(m.Helper, rows["helpers"]),
        replies=records(m.HelpReply, rows["replies"]),
        tools=records(m.Tool, rows["tools"]),
        budget=records(m.BudgetLine, rows["budget"]),
        category_shares=tuple(_share(row) for row in rows["category_shares"]),
        region_shares=records(m.Share, rows["region_shares"]),
        deals=records(m.Deal, rows["deals"]),
        products=records(m.Product, rows["products"]),
        prospects=records(m.Prospect, rows["prospects"]),
        customers=records(m.Customer, rows["customers"]),
        spending=records(m.Spending, rows["spending"]),
        rates=records(m.ExchangeRate, rows["rates"]),
        draws=records(m.ReserveDraw, rows["draws"]),
        daily=tuple(
            record(m.DailyEntry, row, {"support": needed_support(row.values.get("support"))})
            for row in rows["daily"]
        ),
        weekly=tuple(
            record(m.WeeklyEntry, row, {"reasons": reasons(row.values.get("cause"))})
            for row in rows["weekly"]
        ),
        changes=tuple(_change(row) for row in rows["changes"]),
        issues=records(m.IssueRow, rows["issues"]),
        closes=records(m.CloseEntry, rows["closes"]),
        closed=tuple(_closed(row, made.months) for row in rows["closed"]),
        lessons=records(m.Lesson, rows["lessons"]),
        triggers=records(m.Trigger, rows["triggers"]),
        calendar=tuple(
            record(
                m.CalendarDay,
                row,
                {"official": folded(str(row.values.get("source"))) in ("官方", "official")},
            )
            for row in rows["calendar"]
        ),
    )


def _seasonality(rows: Iterable[Row], findings: list[Finding]) -> tuple[m.SeasonMonth, ...]:
    made = []
    for row in rows:
        month = row.values["month"]
        if not isinstance(month, int) or not 1 <= month <= 12:
            findings.append(
                Finding.of("month-number-outside", row.origin.place("month"), text=str(month))
            )
            continue
        history = tuple(row.values.get(f"history{i}") for i in (1, 2, 3))
        made.append(
            record(
                m.SeasonMonth,
                row,
                {"history": history},
                renamed={f"history{i}": "history" for i in (1, 2, 3)},
            )
        )
    return tuple(made)


def _closed(row: Row, months: Sequence[m.Month]) -> m.ClosedRow:
    """A row of recorded figures, its months in fiscal order; a month of which nothing is recorded
    is None.
    """
    product = product_of(row.values.get("product"))
    return record(
        m.ClosedRow,
        row,
        {"product": product, "figures": tuple(_closed_month(row, one.month) for one in months)},
    )


def _closed_month(row: Row, number: int) -> m.ClosedFigures | None:
    parent, *figures = (
        row.values.get(f"{key}{number}") for key in ("parent", "base", "issued", "actual")
    )
    if not any(isinstance(figure, Decimal) for figure in figures):
        return None
    base, issued, actual = (one if isinstance(one, Decimal) else None for one in figures)
    return m.ClosedFigures(str(parent or ""), base, issued, actual)


_MANUAL_QUARTERS = tuple(f"manual_quarter{quarter}" for quarter in range(1, 5))


def _targets(rows: Iterable[Row], months: Iterable[m.Month]) -> tuple[m.TargetRow, ...]:
    """Twelve months in fiscal order from columns named by calendar month."""
    order = [month.month for month in months]
    manual = [f"manual{number}" for number in order]
    stored = [f"month{number}" for number in order]
    return tuple(_target(row, manual, stored) for row in rows)


def _target(row: Row, manual: Sequence[str], stored: Sequence[str]) -> m.TargetRow:
    values = row.values.get
    extra = {
        "manual_quarters": tuple([values(key) for key in _MANUAL_QUARTERS]),
        "manual_months": tuple([values(key) for key in manual]),
        "stored_months": tuple([values(key) for key in stored]),
        "stored_base_year": values("base_year"),
        "stored_year": values("year"),
        "product": product_of(values("product")),
    }
    return record(m.TargetRow, row, extra, renamed=_TARGET_FIELDS)


def product_of(value: object) -> str:
    """The product that a cell names: "" for a blank, :data:`~salesplan.plan.model.OTHER` for the
    rest under any of its names."""
    name = " ".join(str(value or "").split())
    return m.OTHER if is_rest(name) else name


def _share(row: Row) -> m.Share:
    reserves = {folded(name) for name in RESERVE_NAMES}
    return record(m.Share, row, {"reserve": folded(str(row.values.get("name"))) in reserves})


def _fallback_day(as_of: object, actuals: m.Actuals) -> date:
    """A day of the year that the plan is for, where the settings do not say: of the last month with
    actuals, but for months to come, which are more likely a date typed wrong.
    """
    if isinstance(as_of, date):
        return as_of
    today = date.today()
    last = max((one for one in set(actuals.month) if one <= m.Month.of(today)), default=None)
    return today if last is None else last.first


def _header_language(tables: Tables) -> str:
    return language_of_heads(
        chain.from_iterable(found.headers.values() for found in tables.values())
    )


def language_of_heads(heads: Iterable[str]) -> str:
    """The language (zh or en) of most heads or names; Chinese where there are none."""
    chinese = [any(map(_is_chinese, head)) for head in heads]
    return "zh" if 2 * sum(chinese) >= len(chinese) else "en"


def _is_chinese(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff"


def _names(one: Sheet) -> tuple[str, ...]:
    return (one.zh, one.en, *one.aliases)


def _is_called(one: Sheet, sheets: Iterable[str]) -> bool:
    return not _as_compared(one.key).isdisjoint(map(folded, sheets))


@cache
def _as_compared(key: str) -> frozenset[str]:
    """A sheet's names as :func:`folded` writes them."""
    return frozenset(map(folded, _names(sheet(key))))


def telling_sheets(sheets: Sequence[str]) -> list[str]:
    """The sheets by which a workbook without a master's own says that we made it (a report, a
    handout): enough to be read before the rest.
    """
    if any(_is_called(sheet(key), sheets) for key in REQUIRED_SHEETS):
        return []
    from salesplan.plan.own_output import TELLING

    return [name for name in sheets if name in TELLING]


def sheets_to_read(sheets: Sequence[str]) -> list[str] | None:
    """Of a workbook's sheets those of a master's names, or nearly; None (all of them) where one is
    missing, since it may stand under another name.
    """
    if any(map(is_mapping, sheets)) or not all(_is_called(one, sheets) for one in SHEETS):
        return None
    return [name for name in sheets if name == memory.SHEET or _is_a_masters(name)]


def _is_a_masters(name: str) -> bool:
    return any(_is_called(one, [name]) or resembles(name, _names(one)) for one in SHEETS)


def _empty_tables(tables: Tables, plan: m.Plan, workbook: str) -> list[Finding]:
    """A new master: the tables that every figure comes from are there, and nobody has filled them
    in.
    """
    empty = [
        tables[key]
        for key, rows in (("units", plan.units), ("kpis", plan.kpis))
        if key in tables and not rows and not tables[key].row_numbers
    ]
    return [
        Finding.of(
            "table-empty",
            Place(workbook, found.sheet, f"{found.span[0]}{found.first_row}"),
            sheet=found.sheet,
        )
        for found in empty
    ]


def _missing_sheets(tables: Tables, sheets: Iterable[str], workbook: str) -> list[Finding]:
    """Sheets no plan can do without that are neither there by name nor found by their headers."""
    found = {one.sheet for one in TABLES if one.key in tables}
    missing = [
        sheet(key)
        for key in REQUIRED_SHEETS
        if key not in found and not _is_called(sheet(key), sheets)
    ]
    return [Finding.of("sheet-missing", Place(workbook), sheet=one) for one in missing]
