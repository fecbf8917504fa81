"""Checks of who helps: names of 协作部门 that mean somebody, addresses, answers to what was
asked.
"""

from __future__ import annotations

from collections.abc import Iterator

from salesplan.addresses import addresses, domains_of
from salesplan.findings import Finding
from salesplan.plan.checks.common import near
from salesplan.plan.model import Plan
from salesplan.plan.model.helping import Helping, partners
from salesplan.plan.normalize import bare
from salesplan.plan.schema import sheet


def check_partners(plan: Plan) -> Iterator[Finding]:
    """协作部门 市场布, where the helper is called 市场部; a name that two people have."""
    helping = Helping(plan)
    for task in plan.tasks:
        for name in partners(task):
            found, place = helping.meant(name), task.origin.place("partners")
            if len(found) > 1:
                codes = tuple(one.key for one in found)
                yield Finding.of("name-ambiguous", place, name=name, codes=codes)
            elif not found:
                yield Finding.of(
                    "helper-unknown",
                    place,
                    task=task.code,
                    name=name,
                    sheet=sheet("helpers"),
                    near=_near(plan, name),
                )


def _near(plan: Plan, name: str) -> tuple[str, ...]:
    """The names most like it: of 协作方 and of units; none where there is none."""
    helper = near(name, [one.name for one in plan.helpers])
    unit = near(name, plan.unit_by_code, plan.units)
    known = plan.unit_by_code.get(unit)
    return tuple(
        one
        for one in (helper, unit if known is None else f"{known.name or unit} ({unit})")
        if one != "—"
    )


def check_helper_mail(plan: Plan) -> Iterator[Finding]:
    """A helper's address that is none, or outside the allowed domains; a helper that is asked and
    has none.
    """
    domains = domains_of(plan.settings.mail_domains)
    for row in plan.helpers:
        place = row.origin.place("email")
        for one in addresses(row.email, domains):
            if one.wrong == "mail-domain":
                allowed = tuple(sorted(domains))
                yield Finding.of(one.wrong, place, text=one.text, domains=allowed)
            elif one.wrong == "mail-not-one-address":
                yield Finding.of(one.wrong, place, text=one.text)
    for partner in Helping(plan).all:
        if partner.row is not None and not partner.email and "email" not in partner.row.broken:
            yield Finding.of(
                "helper-mail-missing", partner.row.origin.place("email"), helper=partner.name
            )


def check_helper_twice(plan: Plan) -> Iterator[Finding]:
    """The helpers 市场部 and 市 场部: nobody can tell which of them is asked."""
    first: dict[str, str] = {}
    for row in plan.helpers:
        other = first.setdefault(bare(row.name), row.name)
        if other != row.name:
            yield Finding.of("code-alike", row.origin.place("name"), name=row.name, other=other)


def check_replies(plan: Plan) -> Iterator[Finding]:
    """An answer of 产品部 to a task that asks 市场部 only."""
    helping = Helping(plan)
    for reply in plan.replies:
        task = plan.task_by_code.get(reply.task)
        if task is None:
            continue
        asked, one = helping.of(task), helping.one(reply.helper)
        if one is None or one.key not in {other.key for other in asked}:
            yield Finding.of(
                "reply-unasked",
                reply.origin.place("helper"),
                task=reply.task,
                helper=reply.helper,
                asked=tuple(other.name for other in asked),
            )


def check_notice(plan: Plan) -> Iterator[Finding]:
    """A helper that wants to be asked −2 days ahead."""
    for row in plan.helpers:
        if row.notice_days is not None and row.notice_days < 0:
            place = row.origin.place("notice_days")
            yield Finding.of("helper-notice-negative", place, helper=row.name, days=row.notice_days)


FIGURES = (check_notice,)
"""What each of these finds counts as blank (:func:`~salesplan.plan.checks.without_refused`)."""
CHECKS = (check_partners, check_helper_mail, check_helper_twice, check_replies)
