"""Telling those whom an approved change concerns: one message a change and unit, and each of them
once.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from salesplan.app.common import Run, refuse_unless_master
from salesplan.app.master import check
from salesplan.app.sending import DRAFT, Standing, post, settle_where, standing
from salesplan.config import state_folder
from salesplan.dataclass import dataclass
from salesplan.findings import Finding
from salesplan.workbook.save.destination import Stamp

if TYPE_CHECKING:
    from salesplan.audience.recipients import LeftOut, Recipient
    from salesplan.delivery.message import Letter
    from salesplan.delivery.outbox import Entry, Key
    from salesplan.delivery.settings import MailSettings
    from salesplan.engine.changes.records import Adjustment
    from salesplan.plan.model import Change, Plan, Unit


NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Notice:
    """One approved change, to be told to one unit: what was there ``before``, and the day or the
    month that it ``begins``.
    """

    change: Change
    before: str
    begins: str
    unit: Unit
    address: str
    key: Key
    standing: Standing
    letter: Letter


@dataclass(frozen=True, slots=True)
class Announcements:
    """What a master's approved changes have to tell, and to whom that cannot be told."""

    run: Run
    lang: str
    notices: tuple[Notice, ...]
    findings: tuple[Finding, ...]

    def to_tell(self, *, again: bool = False) -> tuple[Notice, ...]:
        """The notices that a run tells: of which nobody was told yet; ``again`` also those of which
        a draft was made, for whether it went only its writer knows.
        """
        wanted = {Standing.OPEN, Standing.DRAFTED} if again else {Standing.OPEN}
        return tuple(one for one in self.notices if one.standing in wanted)


def announcements(
    path: Path, *, lang: str | None = None, today: date | None = None
) -> Announcements:
    """The notices of every approved change of a master (变更记录), for each unit of its 同步对象.

    A notice whose facts were changed since it was told is a new one. Whoever mail cannot go to is a
    finding for each change. Raises SalesplanError as check does.
    """
    from salesplan.audience.recipients import Desk, LeftOut
    from salesplan.delivery.outbox import FILE, journal
    from salesplan.plan.naming import with_names

    run = check(path, today=today)
    refuse_unless_master(run.loaded)
    plan, day = run.loaded.plan, today or date.today()
    words = lang or run.loaded.lang
    desk, known = Desk(plan, day), journal(state_folder() / FILE)
    notices, findings = list[Notice](), list[Finding]()
    approved = {one.change: one for one in run.results.adjustments if one.state.approved_in}
    for change in plan.changes:
        for unit in _told(plan, change, findings) if change.code in approved else ():
            subject = with_names(plan, change.subject)
            for one in desk.judged(unit):
                if isinstance(one, LeftOut):
                    findings.append(_unreachable(change, one, plan.settings.mail_domains))
                else:
                    shown = {**_shown(approved[change.code], run), "subject": subject}
                    notices.append(_notice(change, one, words, known, shown))
    return Announcements(run, words, tuple(notices), tuple(findings))


def announce_by_draft(
    found: Announcements, folder: Path, *, again: bool = False
) -> tuple[Path, ...]:
    """Write an unsent message for every notice that is due, and record it as told; ``again`` also
    where there was a draft.
    """
    from salesplan.delivery.drafts import write_draft
    from salesplan.delivery.outbox import State, opened

    written = []
    times = Counter((one.change.code, one.unit.code) for one in found.notices)
    with opened(state_folder()) as outbox:
        for one in found.to_tell(again=again):
            name = f"{one.change.code}_{one.unit.code}"
            if times[one.change.code, one.unit.code] > 1:
                name += f"_{one.address}"
            stamp = Stamp.of(NOTICE, found.run.loaded.path, folder, part=name)
            written.append(write_draft(one.letter, folder, name, stamp, found.run.loaded.path))
            outbox.note(one.key, State.SENT, DRAFT)
    return tuple(written)


def announce_by_mail(
    found: Announcements,
    settings: MailSettings,
    done: Callable[[Entry], None] = lambda entry: None,
    *,
    again: bool = False,
) -> tuple[Entry, ...]:
    """Send every notice that is due, ``again`` also where there was a draft. Raises SalesplanError
    as :func:`salesplan.app.send`.
    """
    return post(
        found.to_tell(again=again),
        lambda one: one.letter,
        settings,
        lambda one, entry: done(entry),
        drafted=again,
    )


def settle_notices(code: str, *, arrived: bool) -> tuple[Entry, ...]:
    """Say what became of the unknown notices to a unit. Raises SalesplanError (exit 2)
    ``settle-nothing`` if none is unknown.
    """
    return settle_where(
        code, lambda key: (key.channel, key.audience) == ("announce", code), arrived=arrived
    )


def _told(plan: Plan, change: Change, findings: list[Finding]) -> tuple[Unit, ...]:
    """The units of 同步对象, each once, whether they are named by code, by name or by address; who
    cannot be told apart is a finding.

    Of a name or code that no unit has a check speaks, at its cell.
    """
    found: dict[str, Unit] = {}
    for name in change.notify:
        named = plan.people.addressed(name)
        place = change.origin.place("notify")
        if len(named) > 1:
            findings.append(
                Finding.of(
                    "name-ambiguous", place, name=name, codes=tuple(unit.code for unit in named)
                )
            )
        elif named:
            found.setdefault(named[0].code, named[0])
        elif "@" in name:
            findings.append(Finding.of("announce-nobody", place, name=name, change=change.code))
    return tuple(found.values())


def _notice(
    change: Change, to: Recipient, lang: str, known: tuple[Entry, ...], shown: Mapping[str, str]
) -> Notice:
    """The notice of a change; ``shown`` are facts as the plan has them, where it has them."""
    from salesplan.delivery.letters import change_letter
    from salesplan.delivery.outbox import Key

    facts = {
        "code": change.code,
        "subject": change.subject,
        "field": change.field,
        "before": change.before,
        "after": change.after,
        "effective": str(change.day or change.effective or ""),
        "trigger": change.trigger,
        "approver": change.approver,
        "approved": change.approved.isoformat() if change.approved else "",
    }
    content = hashlib.sha256(
        json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()
    ).hexdigest()
    key = Key("announce", str(change.effective or ""), to.unit.code, to.address, content)
    stands = standing(key, known)
    told = {**facts, **shown}
    letter = change_letter(told, to.address, to.person, lang)
    return Notice(
        change,
        told["before"],
        told["effective"],
        to.unit,
        to.address,
        key,
        Standing.OPEN if stands is Standing.CHANGED else stands,
        letter,
    )


def _shown(one: Adjustment, run: Run) -> dict[str, str]:
    """From when the change holds, and the target before where nothing was typed as 调整前."""
    from salesplan.engine.changes.records import stood

    before = stood(one, run.results.planned, run.results.standing)
    found = {} if one.begins is None else {"effective": str(one.begins)}
    return {**found, "before": before} if before else found


def _unreachable(change: Change, one: LeftOut, domains: tuple[str, ...]) -> Finding:
    place, code = one.unit.origin.place("email"), one.unit.code
    if one.reason in ("mail-gone", "mail-left"):
        place = one.unit.origin.place("left" if one.unit.left == one.left else "manager")
        return Finding.of("announce-left", place, unit=code, change=change.code, left=one.left)
    if one.reason == "mail-missing":
        return Finding.of("announce-no-address", place, unit=code, change=change.code)
    return Finding.of(
        "announce-address",
        place,
        unit=code,
        change=change.code,
        text=one.address,
        domains=domains or ("—",),
    )
