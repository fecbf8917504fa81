"""Credit (业绩分成): one figure of 实绩 that several units share.

``P1:60%; P3:40%`` in the cell of the unit, or a row for each with 分成%, which repeats the whole
figure. Either way each unit gets a row of its own with its part, so that everything that follows
adds up as ever. The parts of one figure are exact: by largest remainder in the KPI's smallest
unit where the figure is a multiple of it, else (and for quantity, numerator and denominator, so
that prices and rates stay) in millionths.

Shares add up to 100 %. Those of overlay units (叠加) stand beside: each is at most 100 % by itself,
and is no part of the sum. Anything else is an error at the cell, and the row does not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from math import lcm
from typing import Any

from salesplan.dataclass import dataclass, field, replace
from salesplan.findings import Finding
from salesplan.pattern import pattern
from salesplan.plan.actuals_rows import listed
from salesplan.plan.model import MICRO, Actuals, Kpi, KpiKind, Plan
from salesplan.plan.naming import near
from salesplan.plan.normalize import half_width
from salesplan.plan.references import ambiguous
from salesplan.plan.schema import sheet

ONE = Fraction(1)
_PARTS = pattern(r"[;,、\n\r]+")
_SHARE = pattern(r"(.*\S)\s*:\s*(\d+(?:\.\d+)?)\s*(%?)")
_FIGURES = ("quantity", "value", "numerator", "denominator")
_SAME = (
    "day",
    "month",
    "kpi",
    "product",
    "region",
    "customer",
    "channel",
    *_FIGURES,
    "currency",
)
"""What the rows of one shared figure have in common, where each unit has a row."""

Parts = tuple[tuple[str, Fraction], ...]
"""Who gets which part, in the order of the cell."""


def read_parts(text: str) -> Parts | None:
    """``P1:60%; P3:40%`` as names and parts; None where it is no such list.

    Without a percent sign at any of them, numbers that make 100 are percentages, those that make 1
    are parts of one.
    """
    pieces = [piece for piece in map(str.strip, _PARTS.split(half_width(text))) if piece]
    found = [_SHARE.fullmatch(piece) for piece in pieces]
    if not pieces or None in found:
        return None
    read = [(one[1].strip(), Fraction(one[2]), bool(one[3])) for one in found if one is not None]
    bare = not any(signed for _, _, signed in read)
    whole = bare and sum((part for _, part, _ in read), Fraction(0)) == 1
    return tuple((name, part if whole else part / 100) for name, part, _ in read)


def written(parts: Parts) -> str:
    """The parts as they are written in the cell of 实绩."""
    return "; ".join(f"{code}:{percent(part)}" for code, part in parts)


def percent(part: Fraction) -> str:
    """A part of one in percent, with as many decimals as it has, six at most."""
    shown = Decimal(part.numerator * 100) / Decimal(part.denominator)
    return f"{round(shown, 6).normalize():f}%"


def credited(plan: Plan) -> tuple[Plan, list[Finding]]:
    """The plan with a row of 实绩 for each unit's part of a shared figure, and what is wrong with
    shares. Rows that are wrong do not count.
    """
    crediting = _Crediting(plan)
    made = crediting.made()
    said = list[Finding]()
    for key, found in (("unit", crediting.at_units), ("share", crediting.at_shares)):
        for code in dict.fromkeys(one.code for one in found):
            said.extend(listed(key, code, (one for one in found if one.code == code)))
    return replace(plan, actuals=made), said


@dataclass(slots=True)
class _Record:
    """One figure of which each unit has a row: whose rows, and how much of it is taken."""

    rows: list[int] = field(default_factory=list)
    units: set[str] = field(default_factory=set)
    taken: Fraction = Fraction(0)

    def takes(self, unit: str, part: Fraction, overlay: bool) -> bool:
        return unit not in self.units and (overlay or self.taken + part <= 1)


class _Crediting:
    """The rows of 实绩 while shared figures are divided."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.actuals = plan, plan.actuals
        self.figure_names = (*_FIGURES, "given") if plan.actuals.given else _FIGURES
        self.overlays = {unit.code for unit in plan.units if unit.overlay}
        self.at_units: list[Finding] = []
        self.at_shares: list[Finding] = []
        self.wrong: set[int] = set()
        self.steps: dict[str, int] = {}
        self.parts: dict[int, Parts] = {}
        """By row with a list of units: who gets which part."""
        self.figures: dict[int, dict[str, int | None]] = {}
        """By row with a share of its own: its part of each figure."""

    def made(self) -> Actuals:
        self._read_cells()
        self._read_rows()
        rows: list[int] = []
        units: list[str] = []
        shares: list[Fraction | None] = []
        parted: dict[int, dict[str, int | None]] = {}
        for index in range(len(self.actuals)):
            if index in self.wrong:
                continue
            for unit, part, figures in self._of(index):
                if figures is not None:
                    parted[len(rows)] = figures
                rows.append(index)
                units.append(unit)
                shares.append(part)
        made: dict[str, list[Any]] = {}
        for name in _columns(self.actuals):
            made[name] = list(map(getattr(self.actuals, name).__getitem__, rows))
        for name in self.figure_names:
            for place, figures in parted.items():
                made[name][place] = figures[name]
        gone = frozenset(self.actuals.rows[index] for index in self.wrong)
        changed: dict[str, Any] = made | {"unit": units, "share": shares}
        return replace(self.actuals, broken_rows=self.actuals.broken_rows | gone, **changed)

    def _of(
        self, index: int
    ) -> Iterator[tuple[str, Fraction | None, dict[str, int | None] | None]]:
        """The rows that one row becomes: unit, its part, and its figures (None: as they are)."""
        if index in self.parts:
            parts = self.parts[index]
            split = {}
            for name in self.figure_names:
                split[name] = self._split(index, name, [p for _, p in parts])
            for place, (unit, part) in enumerate(parts):
                yield unit, part, {name: values[place] for name, values in split.items()}
        elif index in self.figures:
            yield self.actuals.unit[index], self._share(index), self.figures[index]
        else:
            yield self.actuals.unit[index], None, None

    # --- a list in the unit's cell ----------------------------------------------------------------

    def _read_cells(self) -> None:
        read: dict[str, Parts | None] = {}
        for index, text in enumerate(self.actuals.unit):
            if text in self.plan.unit_by_code or (":" not in text and "：" not in text):
                continue
            if text not in read:
                read[text] = read_parts(text)
            parts = read[text]
            finding = self._wrong_cell(index, text, parts)
            if finding is None and parts is not None:
                codes = [(self.plan.people.code(name), part) for name, part in parts]
                finding = self._wrong_parts(index, codes, text)
                self.parts[index] = tuple(codes)
            if finding is not None:
                self.wrong.add(index)
                self.at_units.append(finding)

    def _wrong_cell(self, index: int, text: str, parts: Parts | None) -> Finding | None:
        place = self.actuals.place(index, "unit")
        if parts is None:
            return Finding.of("credit-unreadable", place, text=text)
        if self._share(index) is not None:
            return Finding.of("credit-twice-said", place, text=text)
        for name, _ in parts:
            named = self.plan.people.meant(name)
            if len(named) > 1:
                return ambiguous(place, name, named)
            if not named:
                return Finding.of(
                    "unknown-code",
                    place,
                    name=name,
                    sheet=sheet("organization"),
                    near=near(name, self.plan.unit_by_code, self.plan.units),
                )
        return None

    def _wrong_parts(
        self, index: int, parts: Sequence[tuple[str, Fraction]], text: str
    ) -> Finding | None:
        place = self.actuals.place(index, "unit")
        codes = [code for code, _ in parts]
        twice = next((code for code in codes if codes.count(code) > 1), None)
        if twice is not None:
            return Finding.of("credit-unit-twice", place, unit=twice, text=text)
        own = [part for code, part in parts if code not in self.overlays]
        beside = [part for code, part in parts if code in self.overlays]
        if (own and sum(own) != 1) or any(part > 1 for part in beside):
            total = sum(own, Fraction(0)) if own and sum(own) != 1 else max(beside)
            return Finding.of("credit-not-whole", place, text=text, total=percent(total))
        return self._not_divisible(index)

    def _not_divisible(self, index: int) -> Finding | None:
        """A milestone, or a rate without numerator and denominator: there is nothing to divide."""
        kpi = self._kpi(index)
        if kpi is None or kpi.kind.adds_over_units:
            return None
        parts = (self.actuals.numerator[index], self.actuals.denominator[index])
        by_quantity = kpi.kind is KpiKind.AVERAGE and self.actuals.quantity[index] is not None
        if kpi.kind is not KpiKind.MILESTONE and (None not in parts or by_quantity):
            return None
        return Finding.of("credit-not-divisible", self.actuals.place(index, "unit"), kpi=kpi.name)

    # --- a row for each, with its share -----------------------------------------------------------

    def _share(self, index: int) -> Fraction | None:
        share = self.actuals.share[index] if self.actuals.share else None
        return None if share is None else Fraction(share)

    def _read_rows(self) -> None:
        shared = [
            index
            for index in range(len(self.actuals) if self.actuals.share else 0)
            if self.actuals.share[index] is not None and index not in self.wrong
        ]
        records: dict[tuple[object, ...], list[_Record]] = {}
        columns = [column for name in _SAME if (column := getattr(self.actuals, name))]
        for index in shared:
            key = tuple(column[index] for column in columns)
            self._join(records.setdefault(key, []), index)
        for record in chain.from_iterable(records.values()):
            self._settle(record)

    def _join(self, group: list[_Record], index: int) -> None:
        """Put a row to the first figure alike that it can be a part of, else to a new one."""
        unit, part = self.actuals.unit[index], self._share(index) or Fraction(0)
        overlay = unit in self.overlays
        record = next((one for one in group if one.takes(unit, part, overlay)), None)
        if record is None:
            record = _Record()
            group.append(record)
        record.rows.append(index)
        record.units.add(unit)
        record.taken += 0 if overlay else part

    def _settle(self, record: _Record) -> None:
        parts = [self._share(index) or Fraction(0) for index in record.rows]
        own = [i for i in record.rows if self.actuals.unit[i] not in self.overlays]
        over = any(part > 1 for part in parts)
        first = record.rows[0]
        finding = self._not_divisible(first)
        if finding is None and (over or (own and record.taken != 1)):
            finding = Finding.of(
                "credit-rows-not-whole",
                self.actuals.place(first, "share"),
                total=percent(max(parts) if over else record.taken),
                rows=[str(self.actuals.rows[index]) for index in record.rows],
            )
        if finding is not None:
            self.at_shares.append(finding)
            self.wrong.update(record.rows)
            return
        split = {name: self._split(first, name, parts, record.rows) for name in self.figure_names}
        for place, index in enumerate(record.rows):
            self.figures[index] = {name: values[place] for name, values in split.items()}

    # --- the parts of a figure --------------------------------------------------------------------

    def _kpi(self, index: int) -> Kpi | None:
        return self.plan.kpi_by_code.get(self.actuals.kpi[index])

    def _split(
        self,
        index: int,
        name: str,
        parts: Sequence[Fraction],
        rows: Sequence[int] | None = None,
    ) -> list[int | None]:
        """The figure's parts, exact where they make the whole; those of overlay units by
        themselves.
        """
        figure: int | None = getattr(self.actuals, name)[index]
        if figure is None:
            return [None] * len(parts)
        if rows is None:
            units: Sequence[str] = [unit for unit, _ in self.parts[index]]
        else:
            units = [self.actuals.unit[row] for row in rows]
        step = self._step(index, name, figure)
        if self.overlays.isdisjoint(units):
            return list(divided(figure, parts, step))
        own = [place for place, unit in enumerate(units) if unit not in self.overlays]
        shared = divided(figure, [parts[place] for place in own], step) if own else []
        found: list[int | None] = [None] * len(parts)
        for place, value in zip(own, shared, strict=True):
            found[place] = value
        return [
            divided(figure, [part, 1 - part], step)[0] if value is None else value
            for part, value in zip(parts, found, strict=True)
        ]

    def _step(self, index: int, name: str, figure: int) -> int:
        kpi = self._kpi(index)
        if name != "value" or kpi is None or not kpi.kind.adds_over_units:
            return 1
        step = self.steps.get(kpi.code)
        if step is None:
            step = self.steps[kpi.code] = int(kpi.smallest_unit * MICRO)
        return step if step > 0 and figure % step == 0 else 1


def divided(figure: int, parts: Sequence[Fraction], step: int) -> list[int]:
    """The figure by parts that make 1, in multiples of ``step``, by largest remainder; ties to the
    larger part, then the first.
    """
    numerators, scale = _over_one_scale(tuple(parts))
    units, sign = abs(figure) // step, -1 if figure < 0 else 1
    real = [units * part for part in numerators]
    whole = [one // scale for one in real]
    left = units - sum(whole)
    if left:
        order = sorted(range(len(parts)), key=lambda i: (-(real[i] % scale), -numerators[i], i))
        for place in order[:left]:
            whole[place] += 1
    return [sign * one * step for one in whole]


@lru_cache(4096)
def _over_one_scale(parts: tuple[Fraction, ...]) -> tuple[Sequence[int], int]:
    """The parts as numerators over one denominator: the same few stand in very many rows."""
    scale = lcm(*(part.denominator for part in parts))
    return [part.numerator * (scale // part.denominator) for part in parts], scale


def _columns(actuals: Actuals) -> list[str]:
    """The columns that are there: in a part of a plan some are empty."""
    from salesplan.plan.model.actuals import FIELDS

    return [name for name in FIELDS if len(getattr(actuals, name)) == len(actuals)]
