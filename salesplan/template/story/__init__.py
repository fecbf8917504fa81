"""The sample's story: rows for every table, in both languages, for any year."""

from __future__ import annotations

from salesplan.template.story.abilities import with_abilities
from salesplan.template.story.actuals import actuals
from salesplan.template.story.customers import customers
from salesplan.template.story.goals import goals
from salesplan.template.story.helpers import helpers
from salesplan.template.story.market import market
from salesplan.template.story.money import money
from salesplan.template.story.pipeline import pipeline
from salesplan.template.story.products import products
from salesplan.template.story.prospects import prospects
from salesplan.template.story.rates import rates
from salesplan.template.story.rhythm import rhythm
from salesplan.template.story.strategy import strategy
from salesplan.template.story.tasks import tasks
from salesplan.template.story.triggers import triggers
from salesplan.template.story.values import Cell, Row, Tables
from salesplan.wording import Both

__all__ = ["Both", "Cell", "Row", "Tables", "story"]


def story(year: int) -> Tables:
    """The sample's rows by table key. ``settings`` has one row, by the settings' keys."""
    told = {
        **goals(year),
        **market(year),
        **strategy(),
        **tasks(year),
        **helpers(year),
        **money(year),
        **products(),
        **prospects(year),
        **customers(year),
        **actuals(year),
        **rates(year),
        **pipeline(year),
        **rhythm(year),
        **triggers(),
    }
    return with_abilities(told, year)
