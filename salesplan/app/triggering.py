"""Rules of 预警: what fires, the change that each proposes, and the group that hears of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from salesplan.app.common import Run, Say, refuse_unless_master, unheard
from salesplan.app.master import check, save_master
from salesplan.dataclass import dataclass, replace
from salesplan.findings import Finding, Place, SalesplanError

if TYPE_CHECKING:
    from salesplan.delivery.outbox import Entry, Key
    from salesplan.engine.results import Results
    from salesplan.engine.work.triggers import Firing
    from salesplan.fill import Edits
    from salesplan.plan.loader import Loaded
    from salesplan.plan.model import Change, Month

CHANNEL = "trigger"
"""What the outbox calls messages of firings."""
_NUMBERED = re.compile(r"(.*?)(\d+)")


@dataclass(frozen=True, slots=True)
class Proposed:
    """A change that was drafted for a firing: its code, the cells, and where they were written
    (None: nowhere).
    """

    run: Run
    firing: Firing
    code: str
    edits: Edits
    written: Path | None = None


def triggers(path: Path, *, month: Month | None = None, as_of: date | None = None) -> Run:
    """The master computed: its rules are in the results. Raises SalesplanError as check does."""
    run = check(path, month=month, as_of=as_of)
    refuse_unless_master(run.loaded)
    return run


def propose(
    path: Path,
    rule: str,
    of: str = "",
    *,
    month: Month | None = None,
    as_of: date | None = None,
    today: date | None = None,
    dry_run: bool = False,
    say: Say = unheard,
) -> Proposed:
    """Add the change that a rule proposes to 变更记录, as pending: for the worst of what it fires
    for, or for ``of``. 调整后 and the approval are left to the planner.

    Raises SalesplanError (exit 2): ``trigger-unknown``, ``trigger-not-fired``,
    ``trigger-without-change``, ``trigger-already-raised``, ``trigger-no-changes``; else as recalc
    does.
    """
    from salesplan.fill import reaches

    run = triggers(path, month=month, as_of=as_of)
    firing = _firing(run, rule, of)
    found = run.loaded.tables.get("changes")
    if found is None:
        raise SalesplanError(Finding.of("trigger-no-changes", Place(path.name), file=path.name), 2)
    change = _change(run, firing, today or date.today())
    edits = _edits(run.loaded, run.results, change, firing)
    done = Proposed(run, firing, change.code, edits)
    if dry_run:
        return done
    changes = [*reaches([found]), *edits.changes()]
    what = f"propose {change.code} for {firing.rule}"
    return replace(
        done, written=save_master(path, changes, run.loaded.sha256, None, what, say, False)
    )


def _firing(run: Run, rule: str, of: str) -> Firing:
    """The firing that is meant; the worst one without a word."""
    from salesplan.plan.naming import in_names
    from salesplan.plan.normalize import bare

    plan, results = run.loaded.plan, run.results
    code = next((one.code for one in plan.triggers if bare(one.code) == bare(rule)), "")
    if not code:
        raise SalesplanError(
            Finding.of(
                "trigger-unknown",
                Place(run.loaded.path.name),
                rule=rule,
                rules=tuple(one.code for one in plan.triggers),
            ),
            2,
        )
    place = next(one.origin.place("code") for one in plan.triggers if one.code == code)
    firings = results.triggers[code].firings if code in results.triggers else ()
    named = {bare(one.subject): one for one in reversed(firings)}
    named |= {bare(in_names(plan, one.subject)): one for one in reversed(firings)}
    firing = named.get(bare(of)) if of else next(iter(firings), None)
    if firing is None:
        subjects = tuple(one.subject for one in firings)
        raise SalesplanError(
            Finding.of("trigger-not-fired", place, rule=code, subject=of, subjects=subjects), 2
        )
    if firing.proposal is None:
        raise SalesplanError(
            Finding.of("trigger-without-change", place, rule=code, subject=firing.subject), 2
        )
    if firing.proposal.raised:
        raise SalesplanError(
            Finding.of(
                "trigger-already-raised",
                place,
                change=firing.proposal.raised,
                subject=firing.proposal.subject,
            ),
            2,
        )
    return firing


def _change(run: Run, firing: Firing, today: date) -> Change:
    """The change as a record: what it is about, and what the plan says now."""
    from salesplan.messages import text
    from salesplan.plan.model import Approval, Change
    from salesplan.plan.schema import table

    assert firing.proposal is not None
    lang, plan = run.loaded.lang, run.loaded.plan
    proposal = firing.proposal
    column = table(proposal.table).column(proposal.column)
    rule = next(one for one in plan.triggers if one.code == firing.rule)
    owner = plan.unit_by_code.get(rule.owner)
    following = run.results.month.plus(1)
    return Change(
        code=next_code([one.code for one in plan.changes]),
        raised=today,
        trigger=text(firing.said, lang),
        subject=proposal.subject,
        field=column.header(lang),
        effective=following if following in plan.settings.months else None,
        applicant="" if owner is None else owner.name or owner.code,
        status=Approval.PENDING,
        notify=(firing.unit,) if firing.unit in plan.unit_by_code else (),
    )


def next_code(codes: Sequence[str]) -> str:
    """The code after the last one that ends in a number, in its own way of writing: C08 after C07;
    C01 where there is none.
    """
    numbered = [found for code in codes if (found := _NUMBERED.fullmatch(code)) is not None]
    if not numbered:
        return "C01"
    prefix = numbered[-1][1]
    own = [found[2] for found in numbered if found[1] == prefix]
    return f"{prefix}{max(map(int, own)) + 1:0{max(map(len, own))}}"


_BEYOND = 10**7
"""A row of no sheet, for a change that has none yet."""


def _edits(loaded: Loaded, results: Results, change: Change, firing: Firing) -> Edits:
    """The new row of 变更记录, with what the plan says now as 调整前."""
    from salesplan.fill import columns
    from salesplan.fill.edits import Edits
    from salesplan.fill.rows import append_rows
    from salesplan.plan.change_subjects import aimed
    from salesplan.plan.model import Origin
    from salesplan.plan.schema import label, table

    drafted = replace(change, origin=Origin(row=_BEYOND))
    plan = aimed(replace(loaded.plan, changes=(drafted,)))
    before = columns.drafts(plan, results, loaded.lang).get(_BEYOND)
    row = {
        "code": change.code,
        "raised": change.raised,
        "trigger": change.trigger,
        "subject": change.subject,
        "field": change.field,
        "before": before,
        "effective": str(change.effective) if change.effective else None,
        "applicant": change.applicant or None,
        "status": label(change.status, loaded.lang) if change.status else None,
        "notify": ",".join(change.notify) or None,
    }
    added, problems = append_rows(loaded.tables["changes"], table("changes"), [row])
    if problems:
        raise SalesplanError(problems[0], 3)
    return Edits(tuple(added))


# The group


def tell_firings(run: Run) -> tuple[Entry, ...]:
    """Say to the group's robot what fires and was not said yet; one message for all of it. What
    fires no longer may be said again when it fires anew.

    Raises SalesplanError (exit 2) ``wecom-no-webhook``, and as the robot does.
    """
    from salesplan.config import state_folder
    from salesplan.delivery import secrets
    from salesplan.delivery.outbox import State, opened
    from salesplan.delivery.smtp import STATES
    from salesplan.delivery.wecom import Robot

    webhook = secrets.find(secrets.Name.WECOM_WEBHOOK)[0]
    if webhook is None:
        raise SalesplanError(
            Finding.of("wecom-no-webhook", Place(), variable=secrets.Name.WECOM_WEBHOOK.variable), 2
        )
    robot = Robot(webhook)
    firing = {_key(run, one, robot.group): one for one in _fired(run.results)}
    with opened(state_folder()) as outbox:
        for key in _over(run, [entry.key for entry in outbox.entries], robot.group):
            entry = outbox.entry(key)
            if key not in firing and entry is not None and entry.state is State.SENT:
                outbox.note(key, State.QUEUED, "over")
        again = (State.QUEUED, State.REFUSED)
        due = [
            key for key in firing if (entry := outbox.entry(key)) is None or entry.state in again
        ]
        if not due:
            return ()
        for key in due:
            outbox.note(key, State.SENDING)
        answer = robot.say(_message(run, [firing[key] for key in due]))
        return tuple(outbox.note(key, STATES[answer.outcome], answer.detail) for key in due)


def _fired(results: Results) -> Iterable[Firing]:
    return chain.from_iterable(one.firings for one in results.triggers.values())


def _key(run: Run, one: Firing, group: str) -> Key:
    """What makes a firing that firing: the master, the rule and its object; of what happened on one
    day (an order, a payment, a change) also the day. A pace is the same firing while it is low.
    """
    from salesplan.delivery.outbox import Key
    from salesplan.plan.model import TriggerKind

    day = "" if one.kind is TriggerKind.PACE_LOW else one.since.isoformat()
    content = sha256(f"{one.subject}\0{day}".encode()).hexdigest()
    return Key(CHANNEL, str(run.results.month.year), one.rule, _recipient(run, group), content)


def _recipient(run: Run, group: str) -> str:
    """The group, and the master: two masters may have rules of one code."""
    master = sha256(str(run.loaded.path.resolve()).encode()).hexdigest()[:8]
    return f"wecom-{group}-{master}"


def _over(run: Run, keys: Iterable[Key], group: str) -> Iterator[Key]:
    """The keys of this master's firings that the outbox knows."""
    recipient = _recipient(run, group)
    return (key for key in keys if (key.channel, key.recipient) == (CHANNEL, recipient))


def _message(run: Run, firings: Sequence[Firing]) -> str:
    """The group's message: a line for each firing, with the change that it proposes."""
    from salesplan.messages import text
    from salesplan.wording import either

    lang, name = run.loaded.lang, run.loaded.plan.company_name or run.loaded.path.stem
    day = run.results.as_of.isoformat()
    title = either(lang, f"**{name} 预警 ({day})**", f"**{name}: triggers ({day})**")
    lines = [title]
    for one in firings:
        lines.append(f"> {text(one.said, lang)}")
        if one.proposal is not None and not one.proposal.raised:
            change = one.proposal.subject
            lines.append(
                either(
                    lang,
                    f"> 可登记变更: {change} (salesplan triggers --propose {one.rule})",
                    f"> Change to begin: {change} (salesplan triggers --propose {one.rule})",
                )
            )
    return "\n".join(lines)
