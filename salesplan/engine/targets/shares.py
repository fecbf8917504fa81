"""The share of the parent's target that each of a group of siblings takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from salesplan.dataclass import dataclass, field
from salesplan.engine.exact.rounding import common
from salesplan.findings import Finding
from salesplan.plan.model import SplitMethod, Unit


class Source(Enum):
    """Where a share comes from."""

    COEFFICIENT = "coefficient"
    EQUAL = "equal"
    LAST_YEAR = "last_year"
    FIXED = "fixed"
    STANDING = "standing"
    """As the figures stand after a transfer or a hand-over."""
    BELOW = "below"
    """Nothing is shared out: the parent is the sum of what is below it."""


@dataclass(frozen=True, slots=True)
class Shares:
    """The siblings' shares, in their order, as numerators over ``scale``. They need not add up to
    1.
    """

    numerators: tuple[int, ...]
    scale: int
    sources: tuple[Source, ...]
    notes: tuple[Finding, ...] = ()
    _told: dict[int, str] = field(default_factory=dict, compare=False, repr=False)

    def told(self, index: int) -> str:
        """A part in hundredths for a sentence (see :func:`percent`). Groups of many KPIs share one
        record.
        """
        if index not in self._told:
            self._told[index] = percent(self.part(index))
        return self._told[index]

    @property
    def coverage(self) -> Fraction:
        """What the children take together; 1 is all of the parent's target."""
        return Fraction(sum(self.numerators), self.scale)

    def part(self, index: int) -> Fraction:
        """The share of one child, by its place."""
        return Fraction(self.numerators[index], self.scale)


def shares(
    parent: Unit,
    units: Sequence[Unit],
    methods: Sequence[SplitMethod | None],
    fixed: Sequence[bool],
    last_year: Mapping[str, Fraction] | None,
) -> tuple[Shares | None, list[Finding]]:
    """The shares of ``units`` under ``parent``; None, with an error that says why, if they
    are not known.

    * A coefficient counts as typed, zero included.
    * 平均 and blank coefficients share 1 − Σ of the others equally; all blank: equal shares.
    * 上年占比: the unit's part of what all these siblings achieved last year (``last_year`` by
      unit code, none below 0 and together above it; None: as if it had not been asked for).
    * A unit whose year is ``fixed`` keeps a typed coefficient; blank, it leaves what is left to
      the other blank ones, and takes it only if there are none.
    """
    findings: list[Finding] = []
    typed = _typed(units, methods, fixed, last_year, findings)
    if typed is None:
        return None, findings
    parts, sources = typed
    pool = [i for i, part in enumerate(parts) if part is None and not fixed[i]]
    left = 1 - sum((part for part in parts if part is not None), Fraction(0))
    if pool and left < 0 and percent(1 - left) != "100":
        over = _said("coefficient-blank-over", parent, units[pool[0]], total=percent(1 - left))
        findings.append(over)
        return None, findings
    numerators, scale = common(_with_rest(parts, pool, left))
    if percent(Fraction(sum(numerators), scale)) == "100":
        scale = sum(numerators)  # 1/3 typed three times: what is off is less than is shown
    notes = _notes(parent, units, methods, pool, left, findings)
    made = Shares(tuple(numerators), scale, tuple(sources), notes)
    if made.coverage != 1:
        covered = percent(made.coverage)
        said = _said("coefficient-coverage", parent, units[0], coverage=covered)
        findings.append(said)
    return made, findings


def _typed(
    units: Sequence[Unit],
    methods: Sequence[SplitMethod | None],
    fixed: Sequence[bool],
    last_year: Mapping[str, Fraction] | None,
    findings: list[Finding],
) -> tuple[list[Fraction | None], list[Source]] | None:
    """Each unit's own share, None if it shares what is left, and where it is from; None if one
    cannot be told.
    """
    parts: list[Fraction | None] = []
    sources: list[Source] = []
    for unit, method, held in zip(units, methods, fixed, strict=True):
        part, source = _own(unit, units, method, last_year)
        if source is None and not held:
            return None
        if part is not None and part < 0:
            place = unit.origin.place("coefficient")
            findings.append(Finding.of("coefficient-negative", place, unit=unit.name or unit.code))
            return None
        parts.append(part if source is not None else Fraction(0))
        sources.append(Source.FIXED if held and part is None else source or Source.FIXED)
    return parts, sources


def _with_rest(
    parts: Sequence[Fraction | None], pool: Sequence[int], left: Fraction
) -> list[Fraction]:
    """The shares, with what is ``left`` divided equally over those in the ``pool``; over all blank
    ones where it is empty.
    """
    takers = pool or [i for i, part in enumerate(parts) if part is None]
    each = max(left, Fraction(0)) / len(takers) if takers else Fraction(0)
    rest = [each if i in takers else Fraction(0) for i in range(len(parts))]
    return [rest[i] if part is None else part for i, part in enumerate(parts)]


def _said(code: str, parent: Unit, at: Unit, **total: str) -> Finding:
    """A finding of the parent's coefficients at one of its children's, with their ``total``."""
    place = at.origin.place("coefficient")
    return Finding.of(code, place, unit=parent.name or parent.code, **total)


def _own(
    unit: Unit,
    units: Sequence[Unit],
    method: SplitMethod | None,
    last_year: Mapping[str, Fraction] | None,
) -> tuple[Fraction | None, Source | None]:
    """The unit's own share, None if it shares what is left; source None if its cell could not be
    read.
    """
    if method is SplitMethod.EQUAL:
        return None, Source.EQUAL
    if method is SplitMethod.LAST_YEAR and last_year is not None:
        total = sum((last_year.get(u.code, Fraction(0)) for u in units), Fraction(0))
        return last_year.get(unit.code, Fraction(0)) / total, Source.LAST_YEAR
    if "coefficient" in unit.broken:
        return None, None
    if unit.coefficient is None:
        return None, Source.EQUAL
    return Fraction(unit.coefficient), Source.COEFFICIENT


def _notes(
    parent: Unit,
    units: Sequence[Unit],
    methods: Sequence[SplitMethod | None],
    pool: Sequence[int],
    left: Fraction,
    findings: list[Finding],
) -> tuple[Finding, ...]:
    """Remarks for the parent's row; what the planner should know of the sheet itself goes to
    ``findings``.
    """
    blank = [units[i] for i in pool if methods[i] is not SplitMethod.EQUAL]
    if not pool:
        return ()
    name = parent.name or parent.code
    if len(pool) == len(units):
        if blank and len(units) > 1:
            findings.append(
                Finding.of(
                    "coefficient-all-blank",
                    units[0].origin.place("coefficient"),
                    unit=name,
                    count=len(units),
                )
            )
        return (Finding.of("target-equal-shares", count=len(units)),) if len(units) > 1 else ()
    if not left:
        findings.append(
            Finding.of(
                "coefficient-nothing-left",
                units[pool[0]].origin.place("coefficient"),
                unit=name,
                units=names([units[i] for i in pool]),
            )
        )
    return (
        Finding.of(
            "target-blank-shared", units=names([units[i] for i in pool]), left=percent(left)
        ),
    )


def names(units: Sequence[Unit], most: int = 3) -> list[str]:
    """The first few names of units, with an ellipsis where there are more."""
    return some([unit.name or unit.code for unit in units], most)


def some(texts: Sequence[str], most: int = 3) -> list[str]:
    """The first few of several, with an ellipsis where there are more."""
    return [*texts[:most], "…"] if len(texts) > most else list(texts)


def percent(share: Fraction) -> str:
    """A share in hundredths for a sentence, exact where four decimals suffice."""
    value = round(Decimal(share.numerator) * 100 / Decimal(share.denominator), 4)
    return f"{value.normalize():f}"
