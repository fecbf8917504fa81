"""Splitting a flow where some children hold values of their own (rules in :mod:`salesplan.engine.targets.split`)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from salesplan.engine.exact.flow import Table
from salesplan.engine.exact.rounding import apportion, common, fit
from salesplan.engine.targets.division import Complaint, Division, Presences, ordered
from salesplan.engine.targets.locks import Held
from salesplan.engine.targets.shares import Shares

_ZERO = Fraction(0)
_ONE = Fraction(1)


class _Frame:
    """The real table of a group with held values, while it is put together. The parent's year is not negative."""

    def __init__(
        self, months: list[int], shares: Shares, presences: Presences, held: Sequence[Held | None]
    ) -> None:
        self.months, self.held = months, held
        self.width = len(months)
        self.parts = [shares.part(c) for c in range(len(held))]
        self.gap = 1 - shares.coverage
        self.there = [(_ONE,) * self.width if p is None else p for p in presences]
        self.years = [None if h is None else h.whole_year for h in held]
        self.fixed: list[tuple[int | None, ...]] = [
            (None,) * self.width if h is None else h.months for h in held
        ]
        self.free = [c for c, year in enumerate(self.years) if year is None]
        self.regular = min(months) >= 0
        self.real: list[list[Fraction]] = [[_ZERO] * self.width for _ in held]
        self.amount = sum(y for y in self.years if y is not None) + sum(
            f for c in self.free for f in self.fixed[c] if f is not None
        )
        self.rest = sum(months) - self.amount
        takers = any(
            self.parts[c] > 0
            and any(f is None and p > 0 for f, p in zip(self.fixed[c], self.there[c], strict=True))
            for c in self.free
        )
        self.complaints: list[Complaint] = []
        if self.rest < 0:
            self._complain("target-locked-above-parent")
        elif self.rest and not takers:
            self._complain("target-no-one-left")

    def _complain(
        self,
        code: str,
        month: int | None = None,
        amount: int | None = None,
        slack: int | None = None,
    ) -> None:
        def size(c: int) -> int:
            own = self.fixed[c][month] if month is not None else self.years[c]
            return abs(own if own is not None else sum(f or 0 for f in self.fixed[c]))

        holders = [c for c, h in enumerate(self.held) if h is not None]
        child = max(holders, key=lambda c: (size(c), -c))
        self.complaints.append(
            Complaint(
                code,
                child,
                month,
                self.amount if amount is None else amount,
                self.rest if slack is None else slack,
            )
        )

    def fill(self) -> None:
        """The real values: held years first, then the rest of each month over the free children."""
        for c, year in enumerate(self.years):
            if year is not None:
                self._spread_year(c, year)
        for m, month in enumerate(self.months):
            taking = []
            used = _ZERO
            for c, fixed in enumerate(self.fixed):
                value = fixed[m]
                if value is not None:
                    self.real[c][m] = Fraction(value)
                if value is not None or self.years[c] is not None:
                    used += self.real[c][m]
                else:
                    taking.append(c)
            unit = (
                _ZERO
                if self.rest < 0
                else self._rate(month, month - used, sum((self.parts[c] for c in taking), _ZERO))
            )
            for c in taking:
                self.real[c][m] = unit * self.parts[c] * self.there[c][m]

    def _rate(self, month: int, rest: Fraction, open_parts: Fraction) -> Fraction:
        """What one whole share is worth in a month of which ``rest`` is left."""
        if self.gap >= 0:
            rate = rest / (open_parts + self.gap) if open_parts + self.gap else _ZERO
        else:
            rate = (rest - self.gap * month) / open_parts if open_parts else _ZERO
        return max(rate, _ZERO) if self.regular else rate

    def _spread_year(self, c: int, year: int) -> None:
        """A held year over its open months: as the parent's months lie, else by presence, else evenly."""
        open_months = [m for m in range(self.width) if self.fixed[c][m] is None]
        left = year - sum(f for f in self.fixed[c] if f is not None)
        weights = {m: max(self.months[m], 0) * self.there[c][m] for m in open_months}
        if not any(weights.values()):
            weights = {m: self.there[c][m] for m in open_months}
        if not any(weights.values()):
            weights = dict.fromkeys(open_months, _ONE)
        whole = sum(weights.values(), _ZERO)
        for m in open_months:
            self.real[c][m] = left * weights[m] / whole

    @property
    def leftover(self) -> bool:
        """Whether there is a part of the parent that belongs to no child."""
        absent = any(
            self.there[c][m] < 1 and self.parts[c] > 0
            for c in self.free
            for m in range(self.width)
            if self.fixed[c][m] is None
        )
        return bool(self.gap) or absent or bool(self.complaints)

    def extra(self) -> list[Fraction]:
        return [
            month - sum(column, _ZERO)
            for month, column in zip(self.months, zip(*self.real, strict=True), strict=True)
        ]

    def totals(self, extra: list[Fraction] | None) -> list[int]:
        """The rows' whole totals: held years as they are, the rest by largest remainder."""
        open_sums = [
            sum((r for r, f in zip(self.real[c], self.fixed[c], strict=True) if f is None), _ZERO)
            for c in self.free
        ]
        reals = [*open_sums, *([sum(extra, _ZERO)] if extra is not None else [])]
        if extra is not None and self.rest < 0:
            parts = [0] * len(self.free) + [self.rest]
        else:
            whole = sum(reals, _ZERO)
            if whole and whole != self.rest:
                reals = [real * self.rest / whole for real in reals]
            numerators, scale = common(reals)
            parts = apportion(self.rest, numerators, scale) if reals else []
        rows = [
            year if year is not None else sum(f for f in fixed if f is not None)
            for year, fixed in zip(self.years, self.fixed, strict=True)
        ]
        for c, part in zip(self.free, parts, strict=False):
            rows[c] += part
        return [*rows, parts[-1]] if extra is not None else rows

    def bounds(self, order: list[int], extra: bool, loose: bool) -> tuple[Table, Table]:
        """How far cells may move: held, absent and zero-share cells not at all, others not below zero."""
        far = (
            8
            * (
                sum(map(abs, self.months))
                + sum(abs(y or 0) for y in self.years)
                + sum(abs(f or 0) for row in self.fixed for f in row)
            )
            + 8
        )
        low, high = [], []
        for c in order:
            stays = self.years[c] is None and not self.parts[c]
            stuck = [
                f is not None or stays or (not p and not self.real[c][m])
                for m, (f, p) in enumerate(zip(self.fixed[c], self.there[c], strict=True))
            ]
            still = [int(self.real[c][m]) for m in range(self.width)]
            low.append(
                [
                    s if k else (0 if self.regular and s >= 0 else -far)
                    for s, k in zip(still, stuck, strict=True)
                ]
            )
            high.append([s if k else far for s, k in zip(still, stuck, strict=True)])
        if extra:
            least = 0 if self.regular and self.gap >= 0 and not loose else -far
            low.append([least] * self.width)
            high.append([far] * self.width)
        return low, high


def with_held(
    months: list[int], shares: Shares, presences: Presences, held: Sequence[Held | None]
) -> Division:
    """Split ``months`` (a year not below zero) where at least one child holds something."""
    frame = _Frame(months, shares, presences, held)
    frame.fill()
    order = sorted(
        range(len(held)), key=lambda c: (-frame.parts[c], [-r for r in frame.real[c]], c)
    )
    with_extra = frame.leftover
    fitted = _fitted(frame, order, with_extra, loose=bool(frame.complaints))
    if fitted is None:
        _blame_month(frame)
        with_extra = True
        fitted = _fitted(frame, order, True, loose=True)
    assert fitted is not None
    division = ordered(fitted, order, not with_extra)
    return Division(division.rows, division.unassigned, frame.complaints, True)


def _fitted(frame: _Frame, order: list[int], with_extra: bool, loose: bool) -> Table | None:
    extra = frame.extra() if with_extra else None
    totals = frame.totals(extra)
    rows = [totals[c] for c in order] + totals[len(order) :]
    flat, scale = common(
        [
            cell
            for row in [*(frame.real[c] for c in order), *([extra] if extra is not None else [])]
            for cell in row
        ]
    )
    table = [flat[i : i + frame.width] for i in range(0, len(flat), frame.width)]
    free = [frame.years[c] is None for c in order] + [True] * with_extra
    return fit(
        table, scale, rows, frame.months, free, lambda: frame.bounds(order, with_extra, loose)
    )


def _blame_month(frame: _Frame) -> None:
    """Name the first month whose held values alone cannot stand; else the year's."""
    for m, month in enumerate(frame.months):
        held = [f[m] for f in frame.fixed]
        amount = sum(f for f in held if f is not None)
        if amount > month and frame.regular:
            return frame._complain("target-locked-above-month", m, amount, month - amount)
        if None not in held and amount != month:
            return frame._complain("target-no-one-left-month", m, amount, month - amount)
    return frame._complain("target-months-unfit")
