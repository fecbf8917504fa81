"""What plans of one trade have in common: KPIs, seasons, tasks, budget categories. No people."""

from __future__ import annotations

from collections.abc import Mapping

from salesplan.template.trades.fmcg import FMCG
from salesplan.template.trades.software import SOFTWARE
from salesplan.template.trades.trade import Trade

__all__ = ["TRADES", "Trade"]

TRADES: Mapping[str, Trade] = {one.key: one for one in (SOFTWARE, FMCG)}
"""The trades by the word that the command line knows them by."""
