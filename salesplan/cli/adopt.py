"""``adopt``: a planner's own workbook as a master. It says what each table is taken for, asks where
it is not sure, and adds the sheets of ours; none of theirs is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesplan import app
from salesplan.cli import options
from salesplan.cli.progress import AtWork
from salesplan.cli.prompts import confirmed, somebody_there
from salesplan.cli.show import counted, next_step, print_json, say, show_findings, show_warning
from salesplan.findings import Severity
from salesplan.wording import Both, either, listed

if TYPE_CHECKING:
    from salesplan.app.adopting import Adoption, Preview
    from salesplan.plan.adopt.mapping import Entry, Takes

_KINDS = {"targets": Both("目标", "targets"), "actuals": Both("实绩", "actuals")}
_FEW = 8
"""Units that are named before the rest is counted."""
Answers = dict[tuple[str, str], "Takes | None"]


@click.command()
@options.master
@click.option(
    "--yes",
    is_flag=True,
    help="Take every table that is certain, without asking. 把握大的不再询问。",
)
@click.option(
    "--map",
    "map_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Keep the mapping in this TOML file beside FILE, not in its sheet. 对照另存为 TOML 文件。",
)
@options.dry_run
@options.out
@options.force
@options.as_json
@options.lang
@click.pass_context
def adopt(
    ctx: click.Context,
    file: Path,
    yes: bool,
    map_file: Path | None,
    dry_run: bool,
    out: Path | None,
    force: bool,
    as_json: bool,
    lang: str | None,
) -> None:
    """Read a workbook of your own as it stands, whatever its tables look like.
    按您自己的工作簿原样读取目标和实绩。
    """
    with AtWork("识别", "Looking"):
        seen = app.look(file, lang=lang)
    answers: Answers = {}
    spoken = lang or seen.proposal.lang
    asking = not yes and not dry_run and not as_json and somebody_there()
    rejected: set[int] = set()
    unsure: list[Preview] = []
    for at in range(len(seen.previews)):
        if not as_json:
            _show_table(seen.previews[at], at + 1, spoken)
        if asking:
            seen, kept = _asked(file, seen, at, answers, spoken, lang)
            rejected |= set() if kept else {at}
        elif not seen.previews[at].sure:
            rejected.add(at)
            unsure.append(seen.previews[at])
    nothing = len(rejected) >= len(seen.previews)
    if rejected and not nothing:
        answers |= app.without(seen, rejected)
        seen = app.look(file, answers, lang=lang)
    allowed = (yes or asking) and not dry_run and not nothing
    if not as_json:
        _show_plan(seen, spoken)
    if asking and allowed:
        allowed = confirmed(spoken, "写入工作簿吗", "Write this into the workbook")
    written = None
    if allowed:
        written = app.adopt(seen, map_file=map_file, out=out, force=force, say=show_warning)
    if as_json:
        findings = list(seen.proposal.findings)
        for preview in seen.previews:
            findings += preview.findings
        taken = [] if nothing else [_table_json(one) for one in seen.previews]
        asked = [_table_json(one) for one in unsure]
        print_json(findings, tables=taken, asked=asked, written=str(written) if written else None)
    else:
        _show_end(seen, written, out or file, spoken, left=len(rejected), asked=asking or yes)
    ctx.exit(int(written is None and not dry_run))


def _asked(
    file: Path, seen: Adoption, at: int, answers: Answers, lang: str, given: str | None
) -> tuple[Adoption, bool]:
    """The workbook as it is seen after the questions about one table, and whether it is read."""
    for entries in _alike(seen.previews[at].table.asked):
        takes = _which(entries, lang)
        answers |= {(one.sheet, one.cell): takes for one in entries}
    seen = app.look(file, answers, lang=given)
    while at < len(seen.previews):
        text = either(
            lang, "这样读取吗? y 是, n 不读, c 改一列", "Read it so? y yes, n no, c change a column"
        )
        said = click.prompt(text, type=click.Choice(["y", "n", "c"]), default="y", err=True)
        if said != "c":
            return seen, said == "y"
        cell = click.prompt(either(lang, "表头单元格", "Header cell"), err=True).strip().upper()
        own = [one for one in seen.previews[at].table.entries if one.cell == cell]
        if own:
            answers[own[0].sheet, cell] = _which(own, lang)
            seen = app.look(file, answers, lang=given)
            if at < len(seen.previews):
                _show_table(seen.previews[at], at + 1, lang)
    return seen, False


def _alike(entries: Sequence[Entry]) -> list[list[Entry]]:
    """The columns that one question is about: taken for the same, for the same reason."""
    return [list(group) for _, group in groupby(entries, key=lambda one: (one.takes, one.why))]


def _which(entries: Sequence[Entry], lang: str) -> Takes | None:
    """What a person says that the columns are; None: nothing of the plan's."""
    from salesplan.plan.adopt.mapping import FIELDS

    names = {both.of(lang): takes for takes, both in FIELDS.items()}
    nothing = either(lang, "不读", "none")
    first, last = entries[0], entries[-1]
    cells = first.cell if first is last else f"{first.cell}–{last.cell}"
    heads = first.head if first is last else f"{first.head} … {last.head}"
    click.echo(f"  {cells}  {heads}: {first.why}", err=True)
    default = FIELDS[first.takes].of(lang) if first.takes is not None else nothing
    said = click.prompt(
        either(lang, "  这是", "  It is"),
        type=click.Choice([*names, nothing]),
        default=default,
        err=True,
    )
    return names.get(said)


# -- what is shown


def _show_table(preview: Preview, number: int, lang: str) -> None:
    table = preview.table
    sure = either(lang, "把握", "confidence")
    rows = either(lang, f"{len(table.block.rows)} 行", counted(len(table.block.rows), "row"))
    where = f"{table.block.sheet}!{table.entries[0].cell}"
    title = f"{number}. {where}  {rows}, {sure} {preview.confidence}%"
    click.secho(title, bold=True, fg=None if preview.sure else "yellow")
    for line in _column_lines(table.entries, lang):
        click.echo(f"   {line}")
    for unit, kpi, when, kind, value in preview.rows:
        shown = _figure(value)
        click.echo(f"   · {unit} · {kpi} · {_when(when, lang)} · {_KINDS[kind].of(lang)} {shown}")
    for (kind, kpi), total in preview.sums.items():
        name = _KINDS[kind].of(lang)
        say(lang, f"   {name}合计 {kpi}: {total:,f}", f"   {name} of {kpi}, sum: {total:,f}")
    show_findings(preview.findings, lang, Severity.NOTE, counts=False)


def _column_lines(entries: Sequence[Entry], lang: str) -> Iterator[str]:
    """A line for each column, one for a run that is read alike."""
    from salesplan.plan.adopt.mapping import FIELDS

    for (takes, why), group in groupby(entries, key=lambda one: (one.takes, one.why)):
        run = list(group)
        first, last = run[0], run[-1]
        cells = first.cell if first is last else f"{first.cell}–{last.cell}"
        heads = first.head if first is last else f"{first.head} … {last.head}"
        field = either(lang, "不读", "not read") if takes is None else FIELDS[takes].of(lang)
        fixed = first.fixed.text(lang)
        ends = " …" if len(run) > 1 else ""
        more = f" ({fixed}{ends})" if fixed and takes is not None else ""
        sure = min(one.confidence for one in run)
        yield f"{cells:<9} {heads} → {field}{more}  {sure}%: {why}"


def _when(text: str, lang: str) -> str:
    if text.startswith("manual_quarter"):
        return f"Q{text[-1]}"
    if text == "manual_year":
        return either(lang, "全年", "year")
    return text.removeprefix("manual")


def _figure(value: object) -> str:
    return f"{Decimal(repr(value)).normalize():,f}" if isinstance(value, float) else str(value)


def _show_plan(seen: Adoption, lang: str) -> None:
    proposal = seen.proposal
    names = [one.name for one in proposal.units]
    more = ["…"] if len(names) > _FEW else []
    units = listed(names[:_FEW] + more, lang)
    kpis = listed([f"{one.name} ({one.unit})" for one in proposal.kpis], lang)
    say(
        lang,
        f"计划年度 {proposal.year}, 财年从 {proposal.fiscal_start} 月起; "
        f"新增组织 {len(names)} 个: {units}; 新增指标: {kpis or '无'}",
        f"Plan year {proposal.year}, fiscal year from month {proposal.fiscal_start}; "
        f"{counted(len(names), 'new unit')}: {units}; new KPIs: {kpis or 'none'}",
    )
    show_findings(proposal.findings, lang, counts=False)
    if proposal.unread:
        sheets = listed(proposal.unread, lang)
        say(lang, f"不读的工作表: {sheets}", f"Sheets not read: {sheets}")


def _show_end(
    seen: Adoption, written: Path | None, target: Path, lang: str, *, left: int, asked: bool
) -> None:
    if left:
        say(
            lang,
            f"{left} 张表没有读取: 有的列或重名的行需要您确认 (在终端里不加 --yes 运行)。",
            f"{counted(left, 'table')} left out: confirm its columns, or rows of one name, in a "
            "terminal, without --yes.",
        )
    if written is None:
        say(lang, "未写入。", "Nothing was written.")
        if not asked:
            next_step(lang, "采用把握大的:", "take what is certain:", "adopt", target, "--yes")
        return
    say(
        lang,
        f"已写入: {written}。您的工作表没有改动; 怎样读取写在“对照”里, 可以修改。",
        f"Written: {written}. Your sheets are unchanged; the sheet Mapping says how they are read.",
    )
    next_step(lang, "计算目标:", "work out the targets:", "recalc", written)
    _say_actuals(seen, written, lang)


def _say_actuals(seen: Adoption, written: Path, lang: str) -> None:
    """Where the actuals go: on in the table that has some, or on our sheet."""
    own = next((one.table for one in seen.previews if one.actuals), None)
    if own is not None:
        place = f"{own.block.sheet}!{own.entries[0].cell}"
        say(
            lang,
            f"实绩: 继续填在您自己的表里 ({place}), recalc 会读取。",
            f"Actuals: go on in your own table ({place}); recalc reads them.",
        )
    elif "actuals" in seen.ours:
        sheet = seen.ours["actuals"].sheet
        say(lang, f"实绩: 填在“{sheet}”表。", f"Actuals: enter them on the sheet {sheet}.")
    else:
        next_step(
            lang,
            "要填实绩, 加上“实绩”表:",
            "for the actuals add the sheet Actuals:",
            "add",
            written,
            either(lang, "实绩", "Actuals"),
        )


def _table_json(preview: Preview) -> dict[str, object]:
    table = preview.table
    columns = [
        {
            "cell": one.cell,
            "head": one.head,
            "field": one.takes.value if one.takes is not None else None,
            "conversion": one.fixed.text("en"),
            "confidence": one.confidence,
            "why": one.why,
        }
        for one in table.entries
    ]
    sums = {f"{kind} {kpi}": float(total) for (kind, kpi), total in preview.sums.items()}
    return {
        "sheet": table.block.sheet,
        "cell": table.entries[0].cell,
        "confidence": preview.confidence,
        "columns": columns,
        "targets": preview.targets,
        "actuals": preview.actuals,
        "sums": sums,
    }
