"""Currencies as people name them: a code, a symbol, a word."""

from __future__ import annotations

from collections.abc import Mapping

_DOLLARS = frozenset({"USD", "HKD", "TWD", "SGD", "AUD", "CAD", "NZD"})
SYMBOLS: Mapping[str, frozenset[str]] = {
    "$": _DOLLARS,
    "¥": frozenset({"CNY", "JPY"}),
    "€": frozenset({"EUR"}),
    "£": frozenset({"GBP"}),
    "₩": frozenset({"KRW"}),
    "₹": frozenset({"INR"}),
}
"""The currencies that a symbol may mean, the settings' own one where it is among them."""

_USUAL = {"$": "USD", "¥": "CNY"}
NAMES = {
    "rmb": "CNY",
    "人民币": "CNY",
    "元": "CNY",
    "美元": "USD",
    "美金": "USD",
    "us$": "USD",
    "hk$": "HKD",
    "港币": "HKD",
    "港元": "HKD",
    "nt$": "TWD",
    "新台币": "TWD",
    "欧元": "EUR",
    "英镑": "GBP",
    "日元": "JPY",
    "韩元": "KRW",
}


def currency(text: str, home: str) -> str:
    """The code of the currency that a cell or a number format names; ``¥`` is the settings' own
    where that is one of those it may be.
    """
    wanted = text.strip().replace("￥", "¥")
    if wanted.lower() in NAMES:
        return NAMES[wanted.lower()]
    if wanted in SYMBOLS:
        meant = SYMBOLS[wanted]
        return home if home in meant else _USUAL.get(wanted) or min(meant)
    return wanted.upper()


def home_of(text: str) -> str:
    """The code of the settings' 币种; CNY where it is blank."""
    given = text.strip()
    return NAMES.get(given.lower(), given.upper()) or "CNY"
