"""The unit of money that a title, a head or a number format names: 单位: 万元, Figures in USD k."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from salesplan.dataclass import dataclass
from salesplan.plan.model.currencies import CODES, NAMES, SYMBOLS
from salesplan.plan.normalize import folded

_SIZES: Mapping[str, int] = {
    "千万": 10_000_000,
    "百万": 1_000_000,
    "十万": 100_000,
    "亿": 100_000_000,
    "万": 10_000,
    "千": 1_000,
    "백만": 1_000_000,
    "천": 1_000,
    "억": 100_000_000,
    "만": 10_000,
    "thousands": 1_000,
    "thousand": 1_000,
    "millions": 1_000_000,
    "million": 1_000_000,
    "mio": 1_000_000,
    "mln": 1_000_000,
    "tausend": 1_000,
    "tsd": 1_000,
    "milliers": 1_000,
    "miles": 1_000,
    "'000": 1_000,
    "000s": 1_000,
    "k": 1_000,
    "m": 1_000_000,
    "tys": 1_000,
    "тыс": 1_000,
    "млн": 1_000_000,
}
_TAUSEND = 1_000
"""What a T beside a currency says (T€, TEUR); by itself it is a ton."""
_WORDS: Mapping[str, str] = {
    "rmb": "CNY",
    "人民币": "CNY",
    "元": "CNY",
    "圆": "CNY",
    "yuan": "CNY",
    "euro": "EUR",
    "euros": "EUR",
    "dollar": "USD",
    "dollars": "USD",
    "pounds": "GBP",
    "円": "JPY",
    "원": "KRW",
    "руб": "RUB",
    "zł": "PLN",
    **NAMES,
}
_LONGEST_SIZES = sorted(_SIZES.items(), key=lambda one: -len(one[0]))
_LONGEST_WORDS = sorted(_WORDS.items(), key=lambda one: -len(one[0]))
_COUNTS = frozenset(
    [
        "个",
        "家",
        "人",
        "名",
        "件",
        "台",
        "套",
        "单",
        "次",
        "户",
        "箱",
        "吨",
        "kg",
        "公斤",
        "pcs",
        "units",
        "ea",
        "stück",
        "本",
        "条",
    ]
)
_LABEL = re.compile(
    r"(?:单位|単位|단위|金额单位|計量單位|单价单位|unit|units|figures|amounts|values|all\s+(?:figures|amounts|values)|"
    r"angaben|beträge|montants|en|importes|valores)\s*(?:in|:|en|em|of)\s*(?P<unit>[^,;。，；|]{1,30})"
)
_BRACKET = re.compile(r"[(\[【](?P<unit>[^()\[\]【】]{1,24})[)\]】]")
_BEHIND = re.compile(r"(?<![a-z])in\s+(?P<unit>[^,;。，；|]{1,24})$")
_WHOLE = re.compile(r"^\s*(?P<unit>[^\s].{0,20})$")


@dataclass(frozen=True, slots=True)
class Measure:
    """What figures are counted in: a ``currency`` ("" for none named) in pieces of ``size``; or the
    ``word`` of a count (个, 家) or % where it is no money.
    """

    currency: str = ""
    size: int = 1
    word: str = ""

    @property
    def text(self) -> str:
        """As the mapping shows it: CNY ×10000, USD, 个."""
        if self.word:
            return self.word
        return f"{self.currency} ×{self.size}".strip() if self.size != 1 else self.currency

    @property
    def money(self) -> bool:
        """Whether it is an amount."""
        return not self.word


@lru_cache(maxsize=20_000)
def measure_in(text: str) -> Measure | None:
    """The unit that a text names behind 单位: or in brackets; None where it names none."""
    for pattern in (_LABEL, _BRACKET, _BEHIND, _WHOLE):
        for found in pattern.finditer(folded(text)):
            unit = found["unit"].strip(" :()[]")
            for prefix in ("单位:", "单位", "単位:", "단위:", "unit:", "in "):
                unit = unit.removeprefix(prefix).strip()
            measured = measure(unit)
            if measured is not None:
                return measured
    return None


@lru_cache(maxsize=20_000)
def measure(unit: str) -> Measure | None:
    """The unit that is written: 万元, k€, USD '000, thousands of EUR, 个, %."""
    text = folded(unit).rstrip(".")
    if text in _COUNTS:
        return Measure(word=text)
    if text in ("%", "百分比", "percent", "pct"):
        return Measure(word="%")
    size, currency = 1, ""
    rest = text
    for word, code in _LONGEST_WORDS:
        if word in rest and (not word.isascii() or re.search(rf"(?<![a-z]){word}(?![a-z])", rest)):
            currency, rest = code, rest.replace(word, " ", 1)
            break
    for sign, codes in SYMBOLS.items():
        if not currency and sign in rest:
            usual = {"$": "USD", "¥": "CNY"}
            currency, rest = usual.get(sign) or min(codes), rest.replace(sign, " ", 1)
    if not currency:
        found = re.search(r"(?<![a-z])(?:[tkm](eur|usd|chf|gbp)|([a-z]{3}))(?![a-z])", rest)
        code = (found[1] or found[2]) if found is not None else ""
        if code.upper() in CODES:
            currency, rest = code.upper(), rest.replace(code, " ", 1)
    if currency and rest.strip() == "t":
        return Measure(currency, _TAUSEND)
    for word, factor in _LONGEST_SIZES:
        if word in rest:
            size, rest = factor, rest.replace(word, " ", 1)
            break
    left = rest.replace("of", " ").replace("in", " ").replace("de", " ").strip(" /-.'")
    if left or (not currency and size == 1):
        return None
    return Measure(currency, size)


def first_measure(texts: Iterable[str]) -> Measure | None:
    """The first unit that one of the texts names."""
    for text in texts:
        found = measure_in(text)
        if found is not None:
            return found
    return None
