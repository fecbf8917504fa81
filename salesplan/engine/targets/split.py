"""One parent's months over its children: both margins exact.

The real share of a child in a month is the parent's month × its share × its presence. Rounded,
the children's months (with what is 未分配, where the shares do not add up to 1 or somebody is
absent) add up to the parent's months, and each child's months to its year, which is the largest
remainder of the parent's year. Everything is in whole smallest units; a year below zero is
split as the mirror image of the year above zero.

With values that are held (manual or locked):

* a child whose year is held spreads it over its open months as the parent's months lie;
* what the held values leave of each month goes to the other children in proportion to their
  shares. Under-assigned siblings (Σ < 1) leave their part of that rest unassigned; over-assigned
  ones (Σ > 1) are promised Σ × the month, and share what the held values leave of that;
* locks that hold exactly what the cascade gives anyway change nothing for the others;
* held values that the parent cannot bear, or that leave a rest nobody may take, are a
  :class:`Complaint`, and the rest is shown as unassigned.

A child with typed quarters is several rows while the values are held, one for each quarter with a
total of its own and one for the rest of its year: a row moves in its own months only. In the end
they are added up.

A level (存量) is split each month by itself, by largest remainder. A held year is the last month's
level; in the other open months it follows the parent's level.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from itertools import chain

from salesplan.dataclass import dataclass
from salesplan.engine.exact.rounding import Table, apportion, common, fit
from salesplan.engine.targets.group import Complaint, Division, Presences, ordered
from salesplan.engine.targets.locks import Held
from salesplan.engine.targets.quarters import QUARTERS, months_of
from salesplan.engine.targets.shares import Shares

_ZERO = Fraction(0)
_ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class _Row:
    """A child's months, or those of one typed quarter of it, while the real table is put
    together.
    """

    child: int
    part: Fraction
    there: Sequence[Fraction]
    total: int | None
    """What the row comes to, where that is held."""
    fixed: tuple[int | None, ...]
    real: list[Fraction]

    @property
    def free(self) -> bool:
        return self.total is None

    @property
    def takes(self) -> bool:
        """Whether it can take a part of what the held values leave."""
        if not self.free or not self.part:
            return False
        return any(f is None and p > 0 for f, p in zip(self.fixed, self.there, strict=True))

    @property
    def absent(self) -> bool:
        """Whether a part of what is shared out falls away, because nobody is there for it."""
        if not self.free or not self.part:
            return False
        return any(f is None and p < 1 for f, p in zip(self.fixed, self.there, strict=True))

    @property
    def amount(self) -> int:
        """What is held of it."""
        if self.total is not None:
            return self.total
        return sum(month for month in self.fixed if month is not None)


class _Frame:
    """The real table of a group with held values, while it is put together. The parent's year is
    not negative.
    """

    def __init__(
        self, months: list[int], shares: Shares, presences: Presences, held: Sequence[Held | None]
    ) -> None:
        self.months, self.width = months, len(months)
        self.gap = 1 - shares.coverage
        self.rows: list[_Row] = []
        for child, there in enumerate(presences):
            present = (_ONE,) * self.width if there is None else there
            for at, (total, fixed) in enumerate(_parts(held[child], self.width)):
                part = shares.part(child) if at == 0 else _ZERO
                self.rows.append(_Row(child, part, present, total, fixed, [_ZERO] * self.width))
        self.holders = [child for child, one in enumerate(held) if one is not None]
        self.regular = min(months) >= 0
        self.amount = sum(row.amount for row in self.rows)
        self.rest = sum(months) - self.amount
        self.complaints: list[Complaint] = []
        if self.rest < 0:
            self.complain("target-locked-above-parent")
        elif self.rest and not any(row.takes for row in self.rows):
            self.complain("target-no-one-left")

    def complain(
        self,
        code: str,
        month: int | None = None,
        quarter: int | None = None,
        amount: int | None = None,
        slack: int | None = None,
    ) -> None:
        """Name the child that holds most of the year, or of the month or quarter."""

        def size(child: int) -> int:
            rows = [row for row in self.rows if row.child == child]
            if month is not None:
                return abs(sum(row.fixed[month] or 0 for row in rows))
            if quarter is not None:
                return abs(sum(self.quarter_of(row, quarter) or 0 for row in rows))
            return abs(sum(row.amount for row in rows))

        child = max(self.holders, key=lambda c: (size(c), -c))
        self.complaints.append(
            Complaint(
                code,
                child,
                month,
                self.amount if amount is None else amount,
                self.rest if slack is None else slack,
                quarter,
            )
        )

    def quarter_of(self, row: _Row, quarter: int) -> int | None:
        """What of a quarter the row holds; None where it may still move there."""
        inside = months_of(quarter, self.width)
        if row.total is not None and all(
            row.fixed[m] == 0 for m in range(self.width) if m not in inside
        ):
            return row.total
        fixed = [row.fixed[m] for m in inside]
        return None if None in fixed else sum(month or 0 for month in fixed)

    def fill(self) -> None:
        """The real values: held totals first, then the rest of each month over the free rows."""
        for row in self.rows:
            if row.total is not None:
                self._spread_total(row, row.total)
        for m, month in enumerate(self.months):
            self._fill_month(m, month)

    def _fill_month(self, m: int, month: int) -> None:
        taking = []
        used = _ZERO
        for row in self.rows:
            value = row.fixed[m]
            if value is not None:
                row.real[m] = Fraction(value)
            if value is not None or not row.free:
                used += row.real[m]
            else:
                taking.append(row)
        unit = _ZERO
        if self.rest >= 0:
            unit = self._rate(month, month - used, sum((row.part for row in taking), _ZERO))
        for row in taking:
            row.real[m] = unit * row.part * row.there[m]

    def _rate(self, month: int, rest: Fraction, open_parts: Fraction) -> Fraction:
        """What one whole share is worth in a month of which ``rest`` is left."""
        if self.gap >= 0:
            rate = rest / (open_parts + self.gap) if open_parts + self.gap else _ZERO
        else:
            rate = (rest - self.gap * month) / open_parts if open_parts else _ZERO
        return max(rate, _ZERO) if self.regular else rate

    def _spread_total(self, row: _Row, total: int) -> None:
        """A held total over its open months: as the parent's months lie, else by presence, else
        evenly.
        """
        open_months = [m for m in range(self.width) if row.fixed[m] is None]
        left = total - sum(f for f in row.fixed if f is not None)
        weights = {m: max(self.months[m], 0) * row.there[m] for m in open_months}
        if not any(weights.values()):
            weights = {m: row.there[m] for m in open_months}
        if not any(weights.values()):
            weights = dict.fromkeys(open_months, _ONE)
        whole = sum(weights.values(), _ZERO)
        for m in open_months:
            row.real[m] = left * weights[m] / whole

    @property
    def leftover(self) -> bool:
        """Whether there is a part of the parent that belongs to no child."""
        return bool(self.gap) or any(row.absent for row in self.rows) or bool(self.complaints)

    def extra(self) -> list[Fraction]:
        """What of each month belongs to no child."""
        columns = zip(*(row.real for row in self.rows), strict=True)
        return [
            month - sum(column, _ZERO) for month, column in zip(self.months, columns, strict=True)
        ]

    def totals(self, extra: list[Fraction] | None) -> list[int]:
        """The rows' whole totals: held ones as they are, the rest by largest remainder."""
        reals = [_open_sum(row) for row in self.rows if row.free]
        if extra is not None:
            reals.append(sum(extra, _ZERO))
        if extra is not None and self.rest < 0:
            parts = [0] * (len(reals) - 1) + [self.rest]
        else:
            whole = sum(reals, _ZERO)
            if whole and whole != self.rest:
                reals = [real * self.rest / whole for real in reals]
            numerators, scale = common(reals)
            parts = apportion(self.rest, numerators, scale) if reals else []
        given = iter(parts)
        totals = [row.amount + (next(given) if row.free else 0) for row in self.rows]
        return [*totals, parts[-1]] if extra is not None else totals

    def bounds(self, order: list[int], extra: bool, loose: bool) -> tuple[Table, Table]:
        """How far cells may move: held, absent and zero-share cells not at all, others not below
        zero.
        """
        totals = (row.total for row in self.rows)
        fixed = chain.from_iterable(row.fixed for row in self.rows)
        held = sum(abs(value or 0) for value in chain(totals, fixed))
        far = 8 * (sum(map(abs, self.months)) + held) + 8
        low, high = [], []
        for row in (self.rows[at] for at in order):
            stuck = [self._stuck(row, m) for m in range(self.width)]
            still = [int(real) for real in row.real]
            least = [0 if self.regular and s >= 0 else -far for s in still]
            low.append([s if k else none for s, k, none in zip(still, stuck, least, strict=True)])
            high.append([s if k else far for s, k in zip(still, stuck, strict=True)])
        if extra:
            lowest = 0 if self.regular and self.gap >= 0 and not loose else -far
            low.append([lowest] * self.width)
            high.append([far] * self.width)
        return low, high

    def _stuck(self, row: _Row, m: int) -> bool:
        stays = row.free and not row.part
        return row.fixed[m] is not None or stays or (not row.there[m] and not row.real[m])


def _parts(held: Held | None, width: int) -> list[tuple[int | None, tuple[int | None, ...]]]:
    return [(None, (None,) * width)] if held is None else held.parts()


def _open_sum(row: _Row) -> Fraction:
    return sum((r for r, f in zip(row.real, row.fixed, strict=True) if f is None), _ZERO)


def with_held(
    months: list[int], shares: Shares, presences: Presences, held: Sequence[Held | None]
) -> Division:
    """Split ``months`` (a year not below zero) where at least one child holds something."""
    frame = _Frame(months, shares, presences, held)
    frame.fill()
    rows = frame.rows
    order = sorted(
        range(len(rows)), key=lambda at: (-rows[at].part, [-r for r in rows[at].real], at)
    )
    with_extra = frame.leftover
    fitted = _fitted(frame, order, with_extra, loose=bool(frame.complaints))
    if fitted is None:
        _blame(frame)
        with_extra = True
        fitted = _fitted(frame, order, True, loose=True)
    assert fitted is not None
    division = ordered(fitted, order, not with_extra)
    return Division(
        _by_child(frame, division.rows, len(held)), division.unassigned, frame.complaints, True
    )


def _by_child(frame: _Frame, table: Table, children: int) -> Table:
    found: Table = [[0] * frame.width for _ in range(children)]
    for row, values in zip(frame.rows, table, strict=True):
        found[row.child] = [a + b for a, b in zip(found[row.child], values, strict=True)]
    return found


def _fitted(frame: _Frame, order: list[int], with_extra: bool, loose: bool) -> Table | None:
    extra = frame.extra() if with_extra else None
    totals = frame.totals(extra)
    cells = [frame.rows[at].real for at in order]
    rows = [totals[at] for at in order]
    free = [frame.rows[at].free for at in order]
    if extra is not None:
        cells = [*cells, extra]
        rows.append(totals[-1])
        free.append(True)
    flat, scale = common(list(chain.from_iterable(cells)))
    table = [flat[i * frame.width : (i + 1) * frame.width] for i in range(len(cells))]
    return fit(
        table, scale, rows, frame.months, free, lambda: frame.bounds(order, with_extra, loose)
    )


def _blame(frame: _Frame) -> None:
    """Name the first month, else the first quarter, whose held values alone cannot stand; else the
    year.
    """
    for m, month in enumerate(frame.months):
        code, amount = _against(frame, month, [row.fixed[m] for row in frame.rows])
        if code:
            return frame.complain(f"{code}-month", month=m, amount=amount, slack=month - amount)
    for quarter in range(QUARTERS):
        inside = months_of(quarter, frame.width)
        whole = sum(frame.months[m] for m in inside)
        code, amount = _against(
            frame, whole, [frame.quarter_of(row, quarter) for row in frame.rows]
        )
        if code:
            return frame.complain(
                f"{code}-month", quarter=quarter, amount=amount, slack=whole - amount
            )
    return frame.complain("target-months-unfit")


def _against(frame: _Frame, whole: int, held: Sequence[int | None]) -> tuple[str, int]:
    """What is against the held values of one span ("": nothing), and what they come to."""
    amount = sum(value for value in held if value is not None)
    if amount > whole and frame.regular:
        return "target-locked-above", amount
    if None not in held and amount != whole:
        return "target-no-one-left", amount
    return "", amount


def solve_levels(
    levels: list[int], shares: Shares, presences: Presences, held: Sequence[Held | None]
) -> Division:
    """Each month's children, with what is unassigned, add up to the parent's level of that
    month.
    """
    if not any(held):
        return _plain_levels(levels, shares, presences)
    rows: Table = [[0] * len(levels) for _ in held]
    unassigned = [0] * len(levels)
    complaints: dict[str, Complaint] = {}
    for m, level in enumerate(levels):
        sign = -1 if level < 0 else 1
        parts = [shares.part(c) * (_ONE if p is None else p[m]) for c, p in enumerate(presences)]
        fixed = [None if h is None else _held_level(h, m, levels) for h in held]
        values, rest, complaint = _one_level(
            sign * level, shares, parts, [None if f is None else sign * f for f in fixed]
        )
        for c, value in enumerate(values):
            rows[c][m] = sign * value
        unassigned[m] = sign * rest
        if complaint is not None:
            complaints.setdefault(
                complaint.code,
                Complaint(
                    complaint.code,
                    complaint.child,
                    m,
                    sign * complaint.amount,
                    sign * complaint.slack,
                ),
            )
    return Division(rows, unassigned, list(complaints.values()), any(held))


def _plain_levels(levels: list[int], shares: Shares, presences: Presences) -> Division:
    """Nothing held: integers over one denominator, and each order of the children and each level
    once.
    """
    flat, scale = common(list(chain.from_iterable(p for p in presences if p is not None)))
    scaled = iter([flat[i : i + len(levels)] for i in range(0, len(flat), len(levels))])
    there = [None if p is None else next(scaled) for p in presences]
    rows: Table = [[] for _ in presences]
    unassigned = []
    known: dict[tuple[int, ...], list[int]] = {}
    for m, level in enumerate(levels):
        parts = [
            n * (scale if p is None else p[m])
            for n, p in zip(shares.numerators, there, strict=True)
        ]
        key = (level, *parts)
        if key not in known:
            known[key] = _plain_level(level, parts, scale * shares.scale)
        *values, rest = known[key]
        for row, value in zip(rows, values, strict=True):
            row.append(value)
        unassigned.append(rest)
    return Division(rows, unassigned)


def _plain_level(level: int, parts: list[int], scale: int) -> list[int]:
    """The children's values of one month, and what is unassigned; ``parts`` are shares × presence,
    as numerators.
    """
    sign, size = (-1, -level) if level < 0 else (1, level)
    order = sorted(range(len(parts)), key=lambda c: (-parts[c], c))
    reals = [size * parts[c] for c in order]
    taken = apportion(
        size, [*reals, size * scale - sum(reals)], scale, [*range(len(parts), 0, -1), -1]
    )
    values = [0] * len(parts)
    for c, value in zip(order, taken, strict=False):
        values[c] = sign * value
    return [*values, sign * taken[-1]]


def _held_level(held: Held, m: int, levels: list[int]) -> Fraction | None:
    month, last = held.months[m], len(levels) - 1
    if month is not None or held.year is None:
        return None if month is None else Fraction(month)
    return (
        Fraction(held.year)
        if m == last or not levels[last]
        else Fraction(held.year * levels[m], levels[last])
    )


def _one_level(
    level: int, shares: Shares, parts: list[Fraction], held: list[Fraction | None]
) -> tuple[list[int], int, Complaint | None]:
    """Children's values and the unassigned rest of one month; ``parts`` are shares × presence."""
    free = [c for c, h in enumerate(held) if h is None]
    amount = sum((h for h in held if h is not None), _ZERO)
    rest, gap = level - amount, 1 - shares.coverage
    open_shares = sum((shares.part(c) for c in free), _ZERO)
    complaint = None
    if len(free) < len(held) and (rest < 0 or (rest and not open_shares)):
        child = max(
            (c for c, h in enumerate(held) if h is not None),
            key=lambda c: (abs(held[c] or _ZERO), -c),
        )
        code = "target-locked-above-month" if rest < 0 else "target-no-one-left-month"
        complaint = Complaint(code, child, None, int(amount), int(rest))
    rate = _ZERO
    if rest > 0 and gap >= 0 and open_shares + gap:
        rate = rest / (open_shares + gap)
    elif rest > 0 and gap < 0 and open_shares:
        rate = max((rest - gap * level) / open_shares, _ZERO)
    reals = [rate * part if h is None else h for part, h in zip(parts, held, strict=True)]
    order = sorted(range(len(held)), key=lambda c: (-reals[c], -parts[c], c))
    numerators, scale = common([*(reals[c] for c in order), level - sum(reals, _ZERO)])
    taken = apportion(level, numerators, scale, [*range(len(held), 0, -1), -1])
    values = [0] * len(held)
    for c, value in zip(order, taken, strict=False):
        values[c] = value
    return values, taken[-1], complaint


_Solver = Callable[[list[int], Shares, Presences, Sequence[Held | None]], Division]


def divide(
    months: Sequence[int],
    shares: Shares,
    presences: Presences,
    held: Sequence[Held | None],
    behind: Sequence[int] | None = None,
) -> Division:
    """Split a flow's ``months`` among children. Presence None: there all the time.

    ``behind`` is how much earlier months have left each child below its share, by rounding, in any
    one measure: of children that are alike, those that are further behind come first.
    """
    return _stands(list(months), shares, presences, held, partial(_solve, behind=behind))


def divide_level(
    levels: Sequence[int], shares: Shares, presences: Presences, held: Sequence[Held | None]
) -> Division:
    """Split a level (存量) of twelve months among children, each month by itself."""
    return _stands(list(levels), shares, presences, held, solve_levels)


def _stands(
    months: list[int],
    shares: Shares,
    presences: Presences,
    held: Sequence[Held | None],
    solve: _Solver,
) -> Division:
    """With locks only where they bind: first with none of them, then with those that were not
    met.
    """
    waiting = {c: h for c, h in enumerate(held) if h is not None and h.row.lock is not None}
    taking = [h.unlocked() if h is not None and c in waiting else h for c, h in enumerate(held)]
    while waiting:
        made = solve(months, shares, presences, taking)
        unmet = [c for c, h in waiting.items() if not h.met_by(made.rows[c])]
        if not unmet:
            return made
        for c in unmet:
            taking[c] = waiting.pop(c)
    return solve(months, shares, presences, held)


def _solve(
    months: list[int],
    shares: Shares,
    presences: Presences,
    held: Sequence[Held | None],
    behind: Sequence[int] | None,
) -> Division:
    """A year below zero as the mirror image of the year above zero."""
    sign = -1 if sum(months) < 0 else 1
    mirrored = [sign * month for month in months]
    if any(held):
        division = with_held(
            mirrored, shares, presences, [h.mirrored(sign) if h else None for h in held]
        )
    else:
        division = _plain(
            mirrored, shares, presences, None if behind is None else [sign * one for one in behind]
        )
    if sign > 0:
        return division
    complaints = [
        Complaint(c.code, c.child, c.month, -c.amount, -c.slack, c.quarter)
        for c in division.complaints
    ]
    rows = []
    for row in division.rows:
        rows.append([-v for v in row])
    return Division(
        rows,
        [-v for v in division.unassigned],
        complaints,
        division.binding,
    )


def _plain(
    months: list[int], shares: Shares, presences: Presences, behind: Sequence[int] | None
) -> Division:
    """Nothing held: scaled integers throughout, for this is where the time goes."""
    numerators, scale = shares.numerators, shares.scale
    width = len(months)
    if all(p is None for p in presences):
        reals = []
        for n in numerators:
            reals.append([m * n for m in months])
        keys: list[tuple[int, ...]] = [(-n,) for n in numerators]
        whole = sum(numerators) == scale
    else:
        flat, part = common(list(chain.from_iterable(p for p in presences if p is not None)))
        scaled = iter([flat[i : i + width] for i in range(0, len(flat), width)])
        there = [[part] * width if p is None else next(scaled) for p in presences]
        reals = []
        for n, row in zip(numerators, there, strict=True):
            reals.append([m * n * p for m, p in zip(months, row, strict=True)])
        scale *= part
        keys = []
        for n, row in zip(numerators, there, strict=True):
            keys.append((-n, *(-p for p in row)))
        whole = False
    if behind is not None:
        keys = [(*key, -late) for key, late in zip(keys, behind, strict=True)]
    order = sorted(range(len(reals)), key=lambda c: keys[c])
    table = [reals[c] for c in order]
    if not whole:
        table.append(
            [
                m * scale - sum(column)
                for m, column in zip(months, zip(*reals, strict=True), strict=True)
            ]
        )
    rows = apportion(
        sum(months), [sum(row) for row in table], scale, [*(numerators[c] for c in order), -1]
    )
    fitted = fit(table, scale, rows, months, [True] * len(table))
    assert fitted is not None
    return ordered(fitted, order, whole)
