"""``triggers``: which rules of 预警 fire, and the change that one proposes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesplan import app
from salesplan.cli import options
from salesplan.cli.progress import AtWork
from salesplan.cli.show import next_step, print_json, say, show_warning
from salesplan.messages import fix, text
from salesplan.plan.model import Month, Plan, TriggerState
from salesplan.plan.naming import with_names
from salesplan.plan.schema import label
from salesplan.wording import listed

if TYPE_CHECKING:
    from salesplan.engine.results import Results
    from salesplan.engine.work.triggers import Firing, Proposal

_COLOURS = {TriggerState.FIRED: "red", TriggerState.QUIET: "green", TriggerState.UNKNOWN: "yellow"}


@click.command()
@options.master
@options.period
@click.option(
    "--propose",
    metavar="CODE",
    help="Add the change that this rule proposes to Changes, as pending. "
    "把这条规则提出的变更添到变更记录, 待批。",
)
@click.option(
    "--of",
    metavar="SUBJECT",
    default="",
    help="With --propose: for this of what fires (default: the worst). 触发对象, 默认最严重的。",
)
@options.dry_run
@options.as_json
@options.lang
def triggers(
    file: Path,
    month: Month | None,
    as_of: date | None,
    propose: str | None,
    of: str,
    dry_run: bool,
    as_json: bool,
    lang: str | None,
) -> None:
    """Show which triggers fire and for what; draft the change that one proposes.
    查看触发的预警, 并起草它提出的变更。
    """
    if propose:
        _propose(file, month, as_of, propose, of, dry_run, lang)
        return
    with AtWork("计算", "Calculating"):
        run = app.triggers(file, month=month, as_of=as_of)
    plan, results = run.loaded.plan, run.results
    if as_json:
        print_json((), triggers=[_json(plan, results, rule.code) for rule in plan.triggers])
        return
    lang = lang or run.loaded.lang
    if not plan.triggers:
        say(lang, "没有预警规则。", "There are no triggers.")
        sheet = label_of_sheet(lang)
        if "triggers" in run.loaded.tables:
            say(lang, f"→ 在“{sheet}”表填写规则。", f"→ Enter rules in the sheet “{sheet}”.")
        else:
            next_step(lang, "加上预警表:", "add the sheet Triggers:", "add", file, sheet)
        return
    for rule in plan.triggers:
        _show(plan, results, rule.code, lang)


def label_of_sheet(lang: str) -> str:
    """What the sheet of the rules is called."""
    from salesplan.plan.schema import sheet

    return sheet("triggers").title(lang)


def _show(plan: Plan, results: Results, code: str, lang: str) -> None:
    rule = next(one for one in plan.triggers if one.code == code)
    result = results.triggers[code]
    state = click.style(label(result.state, lang), fg=_COLOURS.get(result.state))
    why = "" if result.why is None else f": {text(result.why, lang)}"
    click.echo(f"{state}  {code}  {label(rule.kind, lang)}  {with_names(plan, rule.subject)}{why}")
    for one in result.firings:
        click.echo(f"    {text(one.said, lang)}")
        click.echo(f"    → {fix(one.said, lang)}")


def _json(plan: Plan, results: Results, code: str) -> dict[str, object]:
    result = results.triggers[code]
    return {
        "code": code,
        "state": result.state.value,
        "since": None if result.since is None else result.since.isoformat(),
        "firings": [_firing(one) for one in result.firings],
    }


def _firing(one: Firing) -> dict[str, object]:
    return {
        "subject": one.subject,
        "unit": one.unit,
        "since": one.since.isoformat(),
        "value": str(one.value),
        "said": {"zh": text(one.said, "zh"), "en": text(one.said, "en")},
        "change": None if one.proposal is None else _change(one.proposal),
    }


def _change(one: Proposal) -> dict[str, object]:
    return {
        "subject": one.subject,
        "field": one.column,
        "before": None if one.before is None else str(one.before),
        "raised": one.raised,
    }


def _propose(
    file: Path,
    month: Month | None,
    as_of: date | None,
    rule: str,
    of: str,
    dry_run: bool,
    lang: str | None,
) -> None:
    with AtWork("起草变更", "Drafting the change"):
        done = app.propose(
            file, rule, of, month=month, as_of=as_of, dry_run=dry_run, say=show_warning
        )
    lang = lang or done.run.loaded.lang
    proposal = done.firing.proposal
    assert proposal is not None
    subject = with_names(done.run.loaded.plan, proposal.subject)
    cells = listed((f"{edit.sheet}!{edit.cell}" for edit in list(done.edits)[:1]), lang)
    if dry_run:
        say(
            lang,
            f"预览: 将添上变更 {done.code} ({subject}), 未写入。",
            f"Preview: change {done.code} ({subject}) would be added; nothing was written.",
        )
        return
    say(
        lang,
        f"已添上变更 {done.code} ({subject}), 待批: {cells}。请填写调整后和审批。",
        f"Change {done.code} ({subject}) added, pending: {cells}. Enter After, have it approved.",
    )
    next_step(lang, "批准后重新计算:", "once approved, recalculate:", "recalc", file)
