"""``explain``: where a target comes from."""

from __future__ import annotations

from pathlib import Path

import click

from salesplan import app
from salesplan.cli import options
from salesplan.cli.progress import AtWork
from salesplan.engine.actuals.progress import Span
from salesplan.findings import Finding
from salesplan.messages import show, text
from salesplan.plan.model import Month
from salesplan.plan.schema import product_name
from salesplan.wording import either

_SPANS = {
    Span.MONTH: ("本月的灯", "Status of the month"),
    Span.YTD: ("年初至今的灯", "Status YTD"),
    Span.YEAR: ("全年的灯", "Status of the year"),
}


@click.command()
@options.master
@click.argument("unit")
@click.argument("kpi")
@click.argument("month", type=options.MonthType(), required=False)
@options.lang
def explain(file: Path, unit: str, kpi: str, month: Month | None, lang: str | None) -> None:
    """Where the target of UNIT for KPI (or KPI/PRODUCT) comes from, for the year or for MONTH.
    说明一个目标是怎样算出来的。
    """
    with AtWork("计算", "Calculating"):
        done = app.explain(file, unit, kpi, month)
    lang = lang or done.run.loaded.lang
    product = f"{product_name(done.product, lang)} · " if done.product else ""
    click.secho(
        f"{done.kpi.name} ({done.kpi.unit or done.kpi.code}) · "
        f"{product}{done.unit.name} · "
        f"{month or done.run.loaded.plan.settings.year}",
        bold=True,
    )
    for depth, step in enumerate(done.steps):
        value = "—" if step.value is None else show(done.written(step.value), lang)
        click.echo(
            f"{'  ' * depth}{step.unit.name} ({step.unit.code}): {click.style(value, bold=True)}"
        )
        for reason in step.reasons:
            said = Finding.of(
                reason.code,
                reason.place,
                **{name: done.written(fact) for name, fact in reason.params.items()},
            )
            click.echo(f"{'  ' * depth}  = {text(said, lang)}")
    day = done.run.results.as_of
    for span, finding in done.statuses:
        click.echo(f"{either(lang, *_SPANS[span])} ({day}): {text(finding, lang)}")
    for more in (*done.parts, done.rates, *done.goal, done.theirs):
        if more is not None:
            click.echo(text(more, lang))
