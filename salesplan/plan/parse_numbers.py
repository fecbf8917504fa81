"""Cells that hold numbers: figures, amounts, shares and whole numbers."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.pattern import pattern
from salesplan.plan.model.currencies import currency
from salesplan.plan.model.goals import HIGHEST_SHARE
from salesplan.plan.normalize import half_width
from salesplan.plan.parse_text import NOTHING, Bad, Field, Reading, accept, as_text, exact, refuse

_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.\d+)?|\.\d+"
_PLAIN = pattern(rf"([+-]?)({_DIGITS})", re.ASCII)
_BRACKETED = pattern(rf"\(({_DIGITS})\)", re.ASCII)
"""An accountant's loss: (1900)."""
_MONEY = pattern(
    rf"(?P<open>\()?(?P<sign>[+-]?)(?P<before>[¥$€£₩₹]|[A-Za-z]{{3}})?\s*(?P<inner>[+-]?)(?"
    rf"P<digits>{_DIGITS})\s*"
    r"(?P<after>[A-Za-z]{3}|元|人民币|美元|欧元|英镑|日元|港元|港币|韩元)?(?P<close>\))?",
    re.ASCII,
)
_SCALED = pattern(
    r"[¥$]?\s*([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*(千万|百万|亿|万|千|百|bn|[kwm])?\s*(?"
    r":元|rmb|cny)?",
    re.IGNORECASE | re.ASCII,
)
_SCALES = {
    "百": 100,
    "千": 1_000,
    "k": 1_000,
    "万": 10_000,
    "w": 10_000,
    "百万": 1_000_000,
    "m": 1_000_000,
    "千万": 10_000_000,
    "亿": 100_000_000,
    "bn": 1_000_000_000,
}
_MONTH_WORD = pattern(r"(\d{1,2})\s*月份?", re.ASCII)
_SEPARATORS = pattern(r"[/;,、\s~至–—-]+")

LARGEST = Decimal(10) ** 18
"""From here on a number is a slip: no amount of any currency has so many digits, and a quotient of
it may have more than can be written.
"""

_NOISE = Decimal("1e-9")
"""Below this a number is what binary fractions leave of nothing: =0.1+0.2-0.3 is 5.55E-17."""

_HIGHEST = dict.fromkeys(
    ("green", "amber", "execution_met", "kpi_met", "score_cap", "explain_range"), Decimal(5)
)
"""Shares that may well exceed 100 %: nobody means 120 % by 120 in any other."""
_PARTS = frozenset({"margin", "rate", "planned", "actual", "progress", "probability"})
"""Shares of a whole: 150 is no 150 % in these, either."""


def plain_number(text: str) -> Decimal | None:
    """Digits with a sign, or in brackets for less than nothing, with commas or blanks between
    thousands or without; None for anything else.
    """
    bracketed = _BRACKETED.fullmatch(text)
    if bracketed:
        return -_digits(bracketed[1])
    plain = _PLAIN.fullmatch(text)
    return _signed(plain[1], plain[2]) if plain else None


def money(text: str, home: str) -> Decimal | None:
    """An amount with the sign or code of the currency ``home`` before it or behind it: ¥1,900,
    -¥1900, (¥1900), 1900元; None for anything else.
    """
    found = _MONEY.fullmatch(text)
    if not home or found is None or bool(found["open"]) != bool(found["close"]):
        return None
    named = [word for word in (found["before"], found["after"]) if word]
    if not named or any(currency(word, home) != home for word in named):
        return None
    signs = found["sign"] + found["inner"]
    if len(signs) > 1 or (signs and found["open"]):
        return None
    return _signed("-" if found["open"] else signs, found["digits"])


@dataclass(frozen=True, slots=True)
class Signs:
    """What stands before decimals and between thousands where somebody else wrote the numbers; a
    blank may always part thousands.
    """

    decimal: str = "."
    thousands: str = ","

    def respelled(self, text: str) -> str:
        """The text with its numbers as :func:`plain_number` reads them; a point or a comma that
        is neither of the two signs makes it unreadable.
        """
        if self == _OURS:
            return text
        swapped = {".": "\0", ",": "\0", self.thousands: ",", self.decimal: "."}
        return text.translate({ord(old): new for old, new in swapped.items() if old})


_OURS = Signs()
_ORDINARY = pattern(r"-?[0-9]+(?:\.[0-9]+)?")
"""How most numbers of an export are written."""
_SCIENTIFIC = pattern(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


def figure(text: str, home: str, signs: Signs = _OURS) -> Decimal | None:
    """A figure of an export, also with the sign or code of the currency ``home``: 1,234.50,
    (1,234.50), ¥1234.5, 1.5E+05; None for anything else. Raises InvalidOperation for an exponent
    beyond all numbers.

    A comma only ever parts thousands, where ``signs`` do not say otherwise: 1,5 and 1.025,50 would
    be read as ten times too much or too little.
    """
    if signs.decimal == "." and _ORDINARY.fullmatch(text):
        return Decimal(text)
    written = signs.respelled(half_width(text))
    found = plain_number(written)
    if found is None:
        found = money(written, home)
    if found is None and _SCIENTIFIC.fullmatch(written):
        found = Decimal(written)
    return found if found is not None and found.is_finite() else None


def scaled(text: str, signs: Signs = _OURS) -> tuple[str, Decimal] | None:
    """What a number with a word of scale says, and that word: 12.5万 is 125,000, 45% is 0.45; None
    for anything else. Either could mean something else, so whoever takes it says so.
    """
    written = signs.respelled(half_width(text))
    if written.endswith("%"):
        inner = plain_number(written.removesuffix("%").rstrip())
        return None if inner is None else ("%", inner / 100)
    found = _SCALED.fullmatch(written)
    if found is None or not found[2]:
        return None
    word = found[2].lower()
    return word, _digits(found[1]) * _SCALES[word]


def share(text: str, signs: Signs = _OURS) -> Decimal | None:
    """A part of a whole: 60%, 0.6 or 60; None for anything else."""
    written = signs.respelled(half_width(text))
    found = plain_number(written.removesuffix("%").strip())
    if found is None or not 0 <= found <= 100:
        return None
    return found / 100 if written.endswith("%") or found > 1 else found


def _signed(sign: str, digits: str) -> Decimal:
    return -_digits(digits) if sign == "-" else _digits(digits)


def _digits(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace(" ", ""))


def number(value: object, field: Field, reading: Reading = NOTHING) -> Decimal | Bad:
    """NUMBER and AMOUNT: 1234.5 as it is; "1,234.5", "1 234", "(5)", "１２３" and "60%" with a
    warning; "12万" and 1E+18 refused.

    "¥1900" and "1900元" are 1,900 where the plan counts in that currency, one by one.

    The unit of "12万" cannot be guessed: in a workbook in 万元 it may mean 12 or 120,000.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        whole = exact(value)
        if abs(whole) < _NOISE:
            return Decimal(0)
        if abs(whole) < LARGEST:
            return whole
        return refuse("number-too-large", text=f"{whole:.3E}")
    if isinstance(value, (date, time, timedelta)):
        return refuse("date-instead-of-number", text=as_text(value))
    if not isinstance(value, str):
        return _no_number(value, field)
    text = half_width(value)
    share = text.endswith("%")
    read = plain_number(text.removesuffix("%").rstrip()) if share else plain_number(text)
    if read is None:
        read = money(text, reading.home)
    if read is not None and abs(read) >= LARGEST:
        return refuse("number-too-large", text=text)
    if read is not None:
        return accept(
            "number-as-text", read / 100 if share else read, text=value, number=_written(text, read)
        )
    scaled = _SCALED.fullmatch(text)
    if scaled and (scaled[2] or scaled[0] != scaled[1]):
        amount = Decimal(scaled[1].replace(",", "")) * _SCALES.get((scaled[2] or "").lower(), 1)
        return refuse("number-with-unit", text=value, number=amount, wan=amount / 10_000)
    return _no_number(value, field)


def _no_number(value: object, field: Field) -> Bad:
    """What is no number; it may be left out where the column does not need it."""
    optional = int(not getattr(field, "required", False))
    return refuse("text-not-number", text=as_text(value), optional=optional)


def _written(text: str, number: Decimal) -> str:
    """The number as a message shows it: as it was typed where that is plain, without blanks."""
    plain = _PLAIN.fullmatch(text) and " " not in text
    return text if text.endswith("%") or plain else f"{number:f}"


def integer(value: object, field: Field, reading: Reading = NOTHING) -> int | Bad:
    """INTEGER: a whole number, 3.0 included; 2.5 is refused. The month of a year may be written 3月
    or 3月份.
    """
    named = (
        _MONTH_WORD.fullmatch(half_width(value))
        if field.key == "month" and isinstance(value, str)
        else None
    )
    if named is not None:
        return int(named[1])
    read = number(value, field, reading)
    salvaged = read.value if isinstance(read, Bad) else read
    if not isinstance(salvaged, Decimal):
        refused = read if isinstance(read, Bad) else _no_number(value, field)
        ranked = field.key == "priority" and refused.code == "text-not-number"
        return refuse("priority-as-word", text=as_text(value)) if ranked else refused
    if salvaged != int(salvaged):
        return refuse("not-whole", number=salvaged)
    return (
        accept(read.code, int(salvaged), **read.params) if isinstance(read, Bad) else int(salvaged)
    )


def percent(value: object, field: Field, _reading: Reading = NOTHING) -> Decimal | Bad:
    """PERCENT: 0.6, "60%" and "60％" are 60 %; a bare 33 is refused, since it reads as 3,300 %."""
    if isinstance(value, str):
        text = half_width(value)
        inner = plain_number(text.removesuffix("%").rstrip()) if text.endswith("%") else None
        if inner is not None:
            return _within(inner / 100, field, value)
    read = number(value, field)
    if isinstance(read, Bad):
        checked = _within(read.value, field, value) if isinstance(read.value, Decimal) else read
        return checked if isinstance(checked, Bad) else read
    return _within(read, field, value)


def _within(share: Decimal, field: Field, typed: object) -> Decimal | Bad:
    highest = _HIGHEST.get(field.key, HIGHEST_SHARE)
    if -highest <= share <= highest:
        return share
    bare = not (isinstance(typed, str) and half_width(typed).endswith("%"))
    if field.key in _PARTS and abs(share) > (100 if bare else 1):
        return refuse("percent-beyond-whole", text=as_text(typed))
    if bare and abs(share) <= highest * 100:
        return refuse("percent-as-number", number=share, text=f"{share:f}%")
    return refuse("percent-out-of-range", text=as_text(typed), highest=f"{highest * 100:f}%")


def percents(value: object, field: Field, _reading: Reading = NOTHING) -> tuple[Decimal, ...] | Bad:
    """PERCENTS: "30%/60%/90%" (also ; , 、 blanks, or a range 90%-110%), or one number."""
    if not isinstance(value, str):
        one = percent(value, field)
        return one if isinstance(one, Bad) else (one,)
    shares: list[Decimal] = []
    for part in filter(None, _SEPARATORS.split(half_width(value))):
        bare = plain_number(part)
        share = percent(part, field) if bare is None else _within(bare, field, part)
        if isinstance(share, Bad) and share.code == "percent-as-number":
            return refuse(
                "percent-as-number",
                number=value,
                text=re.sub(r"(\d+(?:\.\d+)?)%?", r"\1%", half_width(value)),
            )
        if isinstance(share, Bad):
            return refuse("percents-unreadable", text=value)
        shares.append(share)
    return tuple(shares)
