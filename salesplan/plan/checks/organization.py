"""Checks of the organisation: one tree, sound shares, addresses that mail can reach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from salesplan.addresses import addresses, domains_of
from salesplan.findings import Finding, Place
from salesplan.plan.checks.common import ONE, TOLERANCE, active_in_year, near, percent
from salesplan.plan.model import Approval, Level, Month, Plan, Unit
from salesplan.plan.references import ambiguous

_FEW, _NAMED = 3, 10
"""Units without an address that are each said, and that are named where they are said together."""

_DEPTH = {Level.COMPANY: 0, Level.TEAM: 1, Level.DEPARTMENT: 2, Level.PERSON: 3}


def check_orphans(plan: Plan) -> Iterator[Finding]:
    """Unit U2 names the parent T9, which is not on the sheet."""
    known, dropped = plan.unit_by_code, plan.dropped.get("units", frozenset())
    for unit in plan.units:
        above = unit.parent or unit.beside
        if not above or above in known or above in dropped:
            continue
        named = plan.people.meant(above)
        if len(named) > 1:
            yield ambiguous(unit.origin.place("parent"), above, named)
        else:
            yield Finding.of(
                "unit-orphan",
                unit.origin.place("parent"),
                unit=unit.code,
                parent=above,
                near=near(above, known, plan.units),
            )


def check_cycles(plan: Plan) -> Iterator[Finding]:
    """U1's parent is U2, and U2's parent is U1."""
    done: set[str] = set()
    for unit in plan.units:
        path: list[str] = []
        here: Unit | None = unit
        while here is not None and here.code not in done:
            done.add(here.code)
            path.append(here.code)
            here = plan.unit_by_code.get(here.parent) if here.parent is not None else None
        if here is not None and here.code in path:
            members = path[path.index(here.code) :]
            yield Finding.of(
                "unit-cycle", here.origin.place("parent"), members=" → ".join([*members, here.code])
            )


def check_company(plan: Plan) -> Iterator[Finding]:
    """No unit of level 公司, or a second one; a team whose parent is blank."""
    companies = [unit for unit in plan.units if unit.level is Level.COMPANY]
    if plan.units and not companies:
        yield Finding.of(
            "no-company", Place(plan.units[0].origin.workbook, plan.units[0].origin.sheet)
        )
    for unit in companies[1:]:
        yield Finding.of(
            "several-companies", unit.origin.place("level"), unit=unit.code, first=companies[0].code
        )
    for unit in plan.units:
        alone = unit.parent is None and not unit.overlay and "parent" not in unit.broken
        if alone and unit.level is not Level.COMPANY:
            yield Finding.of(
                "unit-without-parent", unit.origin.place("parent"), unit=unit.code, level=unit.level
            )


def check_levels(plan: Plan) -> Iterator[Finding]:
    """A team below a person. A department below a department is fine: trees may be of any depth."""
    for unit in plan.units:
        parent = plan.unit_by_code.get(unit.parent or "")
        if parent is None or _DEPTH[unit.level] > _DEPTH[parent.level]:
            continue
        if unit.level is not parent.level or unit.level in (Level.COMPANY, Level.PERSON):
            yield Finding.of(
                "level-order",
                unit.origin.place("level"),
                unit=unit.code,
                level=unit.level,
                parent=parent.code,
                parent_level=parent.level,
            )


def check_coefficients(plan: Plan) -> Iterator[Finding]:
    """Two siblings with 60 %, and one that is blank: it gets what is left. Sums are the cascade's
    to judge.
    """
    reached = {unit.code for _, unit in plan.walk()}
    for parent, units in plan.children.items():
        if parent not in reached:
            continue
        children = [unit for unit in units if active_in_year(plan, unit)]
        given = [unit.coefficient for unit in children if unit.coefficient is not None]
        if any("coefficient" in unit.broken for unit in children) or not children:
            continue
        total = sum(given, Decimal(0))
        blank = [unit for unit in children if unit.coefficient is None]
        if given and blank and total < ONE - TOLERANCE:
            place = blank[0].origin.place("coefficient")
            yield Finding.of(
                "coefficient-missing",
                place,
                parent=parent,
                units=tuple(u.code for u in blank),
                rest=percent(ONE - total),
            )


def check_hedges(plan: Plan) -> Iterator[Finding]:
    """加成 of −100 %: nothing would be left of the target."""
    for unit in plan.units:
        if unit.hedge is not None and unit.hedge <= -1:
            yield Finding.of(
                "hedge-too-low",
                unit.origin.place("hedge"),
                unit=unit.code,
                share=percent(unit.hedge),
            )


def check_presence(plan: Plan) -> Iterator[Finding]:
    """离职日 2026-03-01 before 入职日 2026-04-01; a ramp-up of 120 %."""
    for unit in plan.units:
        outside = [share for share in unit.ramp_up if not 0 <= share <= 1]
        if outside:
            yield Finding.of(
                "ramp-up-outside",
                unit.origin.place("ramp_up"),
                unit=unit.code,
                share=percent(outside[0]),
            )
        if unit.joined and unit.left and unit.left < unit.joined:
            yield Finding.of(
                "left-before-joined",
                unit.origin.place("left"),
                unit=unit.code,
                left=unit.left,
                joined=unit.joined,
            )


def check_endings(plan: Plan) -> Iterator[Finding]:
    """A team ends in June, and two people are below it in July, too."""
    ends = [(unit, unit.left, unit.origin.place("left")) for unit in plan.units if unit.left]
    for change in plan.changes:
        aim = change.aim
        if aim is None or change.status is Approval.REJECTED or aim.table != "units":
            continue
        if aim.column == "left" and isinstance(aim.after, date) and aim.key[0] in plan.unit_by_code:
            unit = plan.unit_by_code[aim.key[0]]
            ends.append((unit, aim.after, change.origin.place("after")))
    for unit, left, place in ends:
        staying = plan.staying(unit.code, left)
        if left <= plan.settings.months[-1].last and staying:
            yield Finding.of(
                "unit-ends-with-people",
                place,
                unit=unit.name or unit.code,
                left=left,
                units=[one.name or one.code for one in staying[:_FEW]]
                + ["…"] * (len(staying) > _FEW),
                since=Month.of(left).plus(1),
            )


def check_mail(plan: Plan) -> Iterator[Finding]:
    """ "a@x.cn b@x.cn" in one cell, which is no address; one outside the allowed domains; some have
    one, this one has none.
    """
    domains = domains_of(plan.settings.mail_domains)
    missing = [
        unit
        for unit in plan.units
        if unit.left is None and "email" not in unit.broken and not unit.email
    ]
    if any(unit.email for unit in plan.units):
        yield from _without_mail(missing)
    for unit in plan.units:
        for key, cell in (("email", unit.email), ("cc", unit.cc)):
            place = unit.origin.place(key)
            for one in addresses(cell, domains):
                if one.wrong == "mail-domain":
                    allowed = tuple(sorted(domains))
                    yield Finding.of(one.wrong, place, text=one.text, domains=allowed)
                elif one.wrong == "mail-not-one-address":
                    yield Finding.of(one.wrong, place, text=one.text)


def _without_mail(units: Sequence[Unit]) -> Iterator[Finding]:
    """A note for each of a few; of more than that, who may well be meant to have none, one for
    all.
    """
    if len(units) <= _FEW:
        yield from (
            Finding.of("mail-missing", unit.origin.place("email"), unit=unit.code) for unit in units
        )
    else:
        named = [unit.code for unit in units[:_NAMED]] + ["…"] * (len(units) > _NAMED)
        yield Finding.of(
            "mails-missing", units[0].origin.place("email"), count=len(units), units=named
        )


CHECKS = (
    check_orphans,
    check_cycles,
    check_company,
    check_levels,
    check_coefficients,
    check_hedges,
    check_presence,
    check_endings,
    check_mail,
)
