"""Why an approved change cannot be carried out, told before it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import chain

from salesplan.dataclass import replace
from salesplan.engine.changes import transfers
from salesplan.engine.changes.timeline import Step, Timeline
from salesplan.engine.exact.figures import percent
from salesplan.engine.exact.rounding import in_units
from salesplan.engine.money.allocation import allocate
from salesplan.engine.money.caps import caps
from salesplan.engine.money.reserve import draw_reserve
from salesplan.engine.targets.goal import goal
from salesplan.engine.targets.group import MONTHS
from salesplan.findings import Finding
from salesplan.plan.model import Aim, Kpi, Lock, Plan, TargetRow
from salesplan.plan.model.amend import amended, record_of, value_of

CONFLICT, UNSAID = "change-conflict", "change-before-blank"
LOCKED = "change-target-locked"
_PEOPLE = frozenset({"owner", "manager"})
_GRANTS = frozenset({"granted", "manual_grant", "requested"})


def refusal(
    line: Timeline, step: Step, before: object, used: Mapping[str, Decimal]
) -> Finding | None:
    """What there is against the step, at its cell; None: nothing.

    ``before`` is what the plan says (see :func:`stands`), ``used`` what was committed and spent by
    budget line.
    """
    place = step.change.origin.place
    if _target_unknown(line, step.aim, before):
        return Finding.of(
            "change-target-unknown",
            place("subject"),
            change=step.change.code,
            subject=step.change.subject,
        )
    locked = next(_locked(line, step), None)
    if locked is not None:
        return locked
    if step.aim.table != "handover" and not _same(line.now, step.aim, before):
        return Finding.of(
            CONFLICT if step.change.before else UNSAID,
            place("before"),
            change=step.change.code,
            subject=step.change.subject,
            field=step.change.field,
            before=said(step.aim, step.aim.before),
            plan=said(step.aim, before),
        )
    found = chain.from_iterable(rule(line, step, used) for rule in _RULES)
    return next(found, None)


def stands(line: Timeline, aim: Aim) -> object:
    """What the plan says of the aim now: a cell's value, or the target or grant that the engine
    works out.
    """
    if aim.table == "targets" and aim.column == "base_year":
        return line.year_of(*aim.key)
    if aim.column == "granted":
        grants, _ = allocate(line.now, caps(line.now)[0])
        return grants[aim.key[0]].amount if aim.key[0] in grants else None
    return value_of(line.now, aim)


def said(aim: Aim, value: object) -> object:
    """A value as a sentence shows it."""
    if value is None:
        return "—"
    if aim.percent and isinstance(value, Decimal):
        return percent(value)
    return [percent(one) for one in value] if isinstance(value, tuple) else value


def _target_unknown(line: Timeline, aim: Aim, before: object) -> bool:
    """Whether there is no target to compare or to move: another error, said elsewhere, has kept it
    from being worked out.
    """
    if aim.table == "handover":
        return not line.shown(aim.key[0])
    return (
        aim.table == "targets"
        and aim.column == "base_year"
        and before is None
        and aim.before is not None
    )


def _same(plan: Plan, aim: Aim, value: object) -> bool:
    if aim.column in _PEOPLE and isinstance(value, str):
        value = plan.people.code(value)
    if value is None:
        return aim.before is None  # a blank is no zero
    return value == bool(aim.before) if isinstance(value, bool) else value == aim.before


def _standing(line: Timeline, step: Step, used: Mapping[str, Decimal]) -> Iterator[Finding]:
    """A coefficient where, since a transfer, the children's shares are what they stand at."""
    aim = step.aim
    if (aim.table, aim.column) not in (("units", "coefficient"), ("targets", "method")):
        return
    code = aim.key[-1]
    parent = line.parents[step.start].get(code, "")
    if any(parent in groups for kpi, groups in line.standing.items() if step.kpi in ("", kpi)):
        yield Finding.of(
            "change-coefficient-moved",
            step.change.origin.place("field"),
            change=step.change.code,
            unit=line.now.unit_by_code[code].name or code,
        )


def _budget(line: Timeline, step: Step, used: Mapping[str, Decimal]) -> Iterator[Finding]:
    aim = step.aim
    if aim.table == "budget" and aim.column in _GRANTS:
        whose, spent = aim.key[0], used.get(aim.key[0], Decimal(0))
    elif aim.table == "settings" and aim.column == "budget_total":
        whose, spent = step.change.subject, sum(used.values(), _drawn(line.now))
    else:
        return
    nothing_left = (
        aim.after is None
        and aim.column == "requested"
        and value_of(line.now, replace(aim, attribute="manual_grant")) is None
    )
    if (nothing_left and spent > 0) or (isinstance(aim.after, Decimal) and aim.after < spent):
        yield Finding.of(
            "change-cut-below-use",
            step.change.origin.place("after"),
            change=step.change.code,
            line=whose,
            after=said(aim, aim.after),
            used=spent,
        )


def _reserve(line: Timeline, step: Step, used: Mapping[str, Decimal]) -> Iterator[Finding]:
    """A reserve that would be less than what was drawn of it."""
    aim, drawn = step.aim, _drawn(line.now)
    if aim.table != "settings" or aim.column not in ("budget_total", "reserve_share") or not drawn:
        return
    left = caps(amended(line.now, step.change, aim, aim.after))[0].reserve
    if left is None or left < drawn:
        place = step.change.origin.place("after")
        yield Finding.of(
            "change-cut-below-use",
            place,
            change=step.change.code,
            line=step.change.subject,
            after=said(aim, aim.after),
            used=drawn,
        )


def _drawn(plan: Plan) -> Decimal:
    return draw_reserve(plan, caps(plan)[0].reserve, date.max)[0].drawn


def _units(line: Timeline, step: Step, used: Mapping[str, Decimal]) -> Iterator[Finding]:
    """A target or an amount that is no whole number of smallest units."""
    kpi = _kpi(line, step)
    if kpi is None or not isinstance(step.aim.after, Decimal) or not kpi.kind.adds_over_units:
        return
    level = _level(kpi, step.aim)
    if level is not None and in_units(level, kpi.smallest_unit) is None:
        place = step.change.origin.place("after")
        yield Finding.of(
            "change-not-multiple",
            place,
            change=step.change.code,
            kpi=kpi.name,
            value=step.aim.after,
            smallest=kpi.smallest_unit,
        )


def _closed(line: Timeline, step: Step, used: Mapping[str, Decimal]) -> Iterator[Finding]:
    """A month that is over, or a year below what its months that are over hold already."""
    kpi, aim, code = _kpi(line, step), step.aim, step.change.code
    place = step.change.origin.place("after")
    if kpi is None:
        return
    month = _last_month(aim)
    if month is not None and month < step.start:
        yield Finding.of(
            "change-month-closed",
            place,
            change=code,
            month=line.months[month],
            since=step.day or step.since,
        )
    if (
        kpi.code not in line.spreads
        or aim.index is not None
        or not kpi.kind.adds_over_months
        or not isinstance(aim.after, Decimal)
        or aim.table in ("handover", "products")
    ):
        return
    unit = line.first.tree.root.code if aim.table == "kpis" else aim.key[1]
    closed = line.shown(kpi.code).get(unit, [0] * MONTHS)[: step.start]
    over = (sum(closed) + line.cut.part(kpi.code, unit)) * kpi.smallest_unit
    level = _level(kpi, aim) or Decimal(0)
    if (level - over) * (-1 if level < 0 else 1) < 0:
        yield Finding.of(
            "change-below-closed",
            place,
            change=code,
            after=aim.after,
            closed=over,
            since=step.day or step.since,
        )


def _fixed(line: Timeline, step: Step, used: Mapping[str, Decimal]) -> Iterator[Finding]:
    """The company's year, or the last of its months that was open, so that months and year do not
    agree any more.
    """
    kpi, aim, root = _kpi(line, step), step.aim, line.first.tree.root.code
    of_root = (aim.table, aim.column) == ("kpis", "target") or (
        aim.table == "targets" and aim.key[1] == root
    )
    if (
        kpi is None
        or kpi.code not in line.spreads
        or not of_root
        or not kpi.kind.adds_over_months
        or aim.attribute == "method"
    ):
        return
    row = next(
        (one for one in line.now.targets if (one.kpi, one.unit) == (kpi.code, root)),
        TargetRow(kpi=kpi.code, unit=root),
    )
    changed = aim.index if aim.attribute == "manual_months" else None
    months = [aim.after if m == changed else month for m, month in enumerate(row.manual_months)][
        step.start :
    ]
    fixed = [month for month in months if isinstance(month, Decimal)]
    typed = aim.after if aim.attribute == "manual_year" else row.manual_year
    if isinstance(typed, Decimal):
        year: Decimal | None = typed
    else:
        year = _level(kpi, aim) if aim.table == "kpis" else goal(kpi, [])
    closed = line.shown(kpi.code).get(root, [0] * MONTHS)[: step.start]
    over = sum(closed) * kpi.smallest_unit
    if year is not None and len(fixed) == len(months) and over + sum(fixed) != year:
        place = step.change.origin.place("after")
        yield Finding.of(
            "change-no-month-open",
            place,
            change=step.change.code,
            kpi=kpi.name,
            months=over + sum(fixed),
            year=year,
        )


def _locked(line: Timeline, step: Step) -> Iterator[Finding]:
    """A locked target whose figures the step itself would change."""
    if step.aim.table == "products":
        yield from _locked_product(line, step)
        return
    held = [row for row in line.now.targets if row.lock is not None]
    for row in _touched(line, step, held) if held else ():
        yield _is_locked(line, step, row)


def _locked_product(line: Timeline, step: Step) -> Iterator[Finding]:
    """A locked target of a product that holds what was filled, and no manual value to change."""
    row = record_of(line.now, step.aim)
    if isinstance(row, TargetRow) and row.lock is not None and not _typed(row, step.aim):
        yield _is_locked(line, step, row)


def _is_locked(line: Timeline, step: Step, row: TargetRow) -> Finding:
    unit = line.now.unit_by_code[row.unit]
    name = unit.name or unit.code
    return Finding.of(
        LOCKED,
        step.change.origin.place("subject"),
        change=step.change.code,
        kpi=line.now.kpi_by_code[row.kpi].name,
        unit=f"{name} / {row.product}" if row.product else name,
        field=step.aim.column,
    )


def lock_in_the_way(step: Step, reason: Finding) -> Finding:
    """Why a step is refused with which locked values cannot be had any more; ``reason`` names
    them.
    """
    return Finding.of(
        LOCKED,
        step.change.origin.place("subject"),
        change=step.change.code,
        kpi=reason.params["kpi"],
        unit=reason.params["unit"],
        field=step.aim.column,
    )


def _touched(line: Timeline, step: Step, locked: Iterable[TargetRow]) -> Iterator[TargetRow]:
    """Of the ``locked`` rows those whose figures the step itself would change."""
    aim, parents = step.aim, line.parents[step.start]
    if step.moves:
        path, kpi = set(transfers.between(parents.get(aim.key[0], ""), str(aim.after), parents)), ""
        inside = set(transfers.below(aim.key[0], parents)) if _hedge_differs(line, step) else set()
    elif aim.table == "handover":
        kpi, giver, taker = aim.key
        path = {
            *transfers.between(giver, taker, parents),
            *transfers.below(giver, parents),
            *transfers.below(taker, parents),
        }
        inside = set()
    elif aim.table == "units" and aim.column == "hedge":
        kpi, path, inside = "", set(), set(transfers.below(aim.key[0], parents))
    elif aim.table == "targets" or (aim.table == "kpis" and aim.column == "target"):
        unit = aim.key[1] if aim.table == "targets" else line.first.tree.root.code
        kpi, path, inside = aim.key[0], {unit}, set()
    else:
        return
    sheet = {(row.kpi, row.unit): row for row in reversed(line.plan.targets)}
    for row in locked:
        planned = sheet.get((row.kpi, row.unit), row)
        typed = _typed(planned, aim)
        mine = kpi in ("", row.kpi) and row.kpi in line.spreads
        if mine and (
            (row.unit in path and not (typed and aim.table == "targets"))
            or (row.unit in inside and row.lock is Lock.MONTHS)
        ):
            yield row


def _typed(row: TargetRow, aim: Aim) -> bool:
    """Whether the row holds a manual value where the aim would change one."""
    if aim.index is None:
        return row.manual_year is not None
    values: tuple[Decimal | None, ...] = getattr(row, aim.attribute)
    return values[aim.index] is not None


def _last_month(aim: Aim) -> int | None:
    """The last month of which the aim speaks; None: it names none."""
    if aim.index is None:
        return None
    return aim.index * 3 + 2 if aim.attribute == "manual_quarters" else aim.index


def _hedge_differs(line: Timeline, step: Step) -> bool:
    factor = line.hedges[-1].factor
    parents = line.parents[step.start]
    return factor.get(parents.get(step.aim.key[0], "")) != factor.get(str(step.aim.after))


def _tree(line: Timeline, step: Step, used: Mapping[str, Decimal]) -> Iterator[Finding]:
    """A unit that would be below itself, or a company below somebody."""
    if not step.moves:
        return
    unit, parent = step.aim.key[0], step.aim.after
    above = transfers.above(str(parent or ""), line.parents[step.start])
    if parent is None or unit in above or unit == line.first.tree.root.code:
        yield Finding.of(
            "change-parent-impossible",
            step.change.origin.place("after"),
            change=step.change.code,
            unit=unit,
            parent=parent or "—",
        )


def _handover(line: Timeline, step: Step, used: Mapping[str, Decimal]) -> Iterator[Finding]:
    if step.aim.table != "handover":
        return
    kpi, giver, taker = step.aim.key
    record = line.now.kpi_by_code[kpi]
    shown = line.shown(kpi)
    nobody = next((code for code in (giver, taker) if code not in shown), None)
    parents = line.parents[step.start]
    inside = taker in transfers.below(giver, parents) or giver in transfers.below(taker, parents)
    if nobody is not None or inside:
        place = step.change.origin.place("subject")
        yield Finding.of(
            "change-handover-nobody",
            place,
            change=step.change.code,
            kpi=record.name,
            unit=nobody or taker,
        )
        return
    most = (
        transfers.most(line.open(kpi), parents, giver, step.start, record.kind.adds_over_months)
        * record.smallest_unit
    )
    if isinstance(step.aim.after, Decimal) and step.aim.after > most:
        yield Finding.of(
            "change-handover-too-much",
            step.change.origin.place("after"),
            change=step.change.code,
            unit=giver,
            amount=step.aim.after,
            most=most,
        )


def _kpi(line: Timeline, step: Step) -> Kpi | None:
    """The KPI whose targets the step changes; of one of its products its own."""
    if step.aim.table == "products":
        return line.now.kpi_by_code.get(step.aim.key[0])
    return line.now.kpi_by_code.get(step.kpi) if step.kpi else None


def _level(kpi: Kpi, aim: Aim) -> Decimal | None:
    """The aim's figure as a level to reach."""
    if not isinstance(aim.after, Decimal):
        return None
    return goal(replace(kpi, target=aim.after), []) if aim.table == "kpis" else aim.after


_RULES = (_tree, _standing, _budget, _reserve, _units, _closed, _fixed, _handover)
