"""Bringing a master of an older template up to date: its missing columns, settings and sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from salesplan.app.common import Say, refuse_unless_master, unheard, who
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.plan.normalize import by_word

if TYPE_CHECKING:
    from salesplan.fill.additions import Additions
    from salesplan.plan.schema import Sheet


def add(
    path: Path,
    sheets: Sequence[str] = (),
    *,
    dry_run: bool = False,
    out: Path | None = None,
    say: Say = unheard,
) -> tuple[Additions, Path | None]:
    """Append to a master what its sheets (all, if none are named) lack of the columns, settings and
    sheets of a template.

    Columns go right of their table, settings under the others, sheets behind all; every other byte
    stays. Returns what was added and where it was written (None: nowhere). Raises SalesplanError:
    exit 2 for a sheet that no master has, else as recalc does.
    """
    from salesplan.fill.additions import additions
    from salesplan.plan.loader import load
    from salesplan.workbook.save.store import save_patched

    wanted = _named(path, sheets)
    loaded = load(path)
    refuse_unless_master(loaded)
    found = additions(loaded, wanted)
    if dry_run or not found.changes:
        return found, None
    what = f"add {', '.join(sheets)}".strip()
    written = save_patched(
        path, found.changes, expect_sha256=loaded.sha256, out=out, who=who(), what=what, say=say
    )
    return found, written


def add_trade(
    path: Path,
    trade: str,
    *,
    dry_run: bool = False,
    out: Path | None = None,
    say: Say = unheard,
) -> tuple[Additions, Mapping[str, int], Path | None]:
    """Put a trade's KPIs, seasons, strategies, tasks and budget categories under what a master has
    of them; what it has already stays, and is not given again.

    Returns what was added, how many rows by the table's key, and where it was written (None:
    nowhere). Raises SalesplanError as :func:`add` does.
    """
    from salesplan.fill.additions import added_rows
    from salesplan.plan.loader import load
    from salesplan.plan.schema import SHEETS
    from salesplan.template.starting import OF_A_TRADE
    from salesplan.template.trades import TRADES
    from salesplan.template.trades.joining import joined
    from salesplan.workbook.save.store import save_patched

    loaded = load(path)
    refuse_unless_master(loaded)
    rows = joined(TRADES[trade], loaded.plan, loaded.lang)
    sheets = [one for one in SHEETS if one.key in OF_A_TRADE | {"kpis"}]
    found = added_rows(loaded, sheets, rows)
    counts = {key: len(given) for key, given in rows.items() if given}
    if dry_run or not found.changes:
        return found, counts, None
    what = f"add --trade {trade}"
    written = save_patched(
        path, found.changes, expect_sha256=loaded.sha256, out=out, who=who(), what=what, say=say
    )
    return found, counts, written


def _named(path: Path, names: Sequence[str]) -> list[Sheet]:
    """The sheets of these names, in either language or by an alias."""
    from salesplan.plan.naming import near
    from salesplan.plan.normalize import folded
    from salesplan.plan.schema import SHEETS

    if not names:
        return list(SHEETS)
    known = by_word({one: (one.zh, one.en, *one.aliases) for one in SHEETS})
    for name in names:
        if folded(name) not in known:
            place = Place(str(path))
            titles = [*(one.zh for one in SHEETS), *(one.en for one in SHEETS)]
            meant = known.get(folded(near(name, titles)), "—")
            raise SalesplanError(
                Finding.of("add-no-such-sheet", place, name=name, near=meant, sheets=SHEETS),
                2,
            )
    return [known[folded(name)] for name in names]
