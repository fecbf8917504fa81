"""The option that says of how long a span a report is."""

from __future__ import annotations

import click

from salesplan.app.reports import SPANS

span = click.option(
    "--span",
    type=click.Choice(SPANS),
    default=SPANS[0],
    show_default=True,
    help="Report the month, or the fiscal quarter, half or year that holds it. 报告期间。",
)
