"""The use cases: the only thing a front door calls. Files are touched here and in the rooms it
uses.

A use case's room is read when it is first called: a click pays for its own only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from salesplan import lazily

if TYPE_CHECKING:
    from salesplan.app.addin import addin_status, build_addin, install_addin, remove_addin
    from salesplan.app.adding import add, add_trade
    from salesplan.app.adopting import Adoption, Preview, adopt, look, without
    from salesplan.app.announcing import (
        Announcements,
        Notice,
        announce_by_draft,
        announce_by_mail,
        announcements,
        settle_notices,
    )
    from salesplan.app.asking import Requested
    from salesplan.app.audiences import Distributed, UnitReport, report_each, report_unit
    from salesplan.app.closing import Closed, close, reopen
    from salesplan.app.collecting import (
        HANDOUT_NAMES,
        Collected,
        HandedOut,
        Outcome,
        apply,
        collect,
        handout,
    )
    from salesplan.app.common import Run
    from salesplan.app.diagnosis import doctor
    from salesplan.app.explaining import Explained, explain, explained
    from salesplan.app.importing import (
        draft_map,
        import_actuals,
        import_spending,
        imported_edits,
    )
    from salesplan.app.linking import (
        Offer,
        allow_source,
        allowed_sources,
        forget_source,
        offered_source,
    )
    from salesplan.app.master import Recalculated, check, history, new, recalc, undo
    from salesplan.app.meetings import (
        Convened,
        Meeting,
        Occasion,
        Prepared,
        meeting,
        meeting_each,
    )
    from salesplan.app.month_status import MonthStatus, standing
    from salesplan.app.reports import (
        DEMO_NAMES,
        Demo,
        Reported,
        Wanted,
        demo,
        master_of,
        report,
        report_names,
    )
    from salesplan.app.rolling import is_master, roll
    from salesplan.app.sending import (
        DRAFTS,
        ROBOT,
        Delivery,
        Drafted,
        Item,
        Standing,
        delivery,
        draft_each,
        drafts,
        group_summary,
        held_back,
        mail_settings,
        record_not_kept,
        send,
        settle,
        tell_group,
    )
    from salesplan.app.starting import free_for, people_of, rows_of, start
    from salesplan.app.triggering import Proposed, propose, tell_firings, triggers
    from salesplan.app.typed_cells import TypedPolicy, fill
    from salesplan.app.unclosed_months import closable, closable_beside
    from salesplan.app.watching import Turn, Watcher, watch

_ROOMS = {
    "adding": ("add", "add_trade"),
    "adopting": ("Adoption", "Preview", "adopt", "look", "without"),
    "addin": ("addin_status", "build_addin", "install_addin", "remove_addin"),
    "announcing": (
        "Announcements",
        "Notice",
        "announce_by_draft",
        "announce_by_mail",
        "announcements",
        "settle_notices",
    ),
    "asking": ("Requested",),
    "audiences": ("Distributed", "UnitReport", "report_each", "report_unit"),
    "closing": ("Closed", "close", "reopen"),
    "unclosed_months": ("closable", "closable_beside"),
    "collecting": (
        "Collected",
        "HANDOUT_NAMES",
        "HandedOut",
        "Outcome",
        "apply",
        "collect",
        "handout",
    ),
    "diagnosis": ("doctor",),
    "triggering": ("Proposed", "propose", "tell_firings", "triggers"),
    "typed_cells": ("TypedPolicy", "fill"),
    "linking": (
        "Offer",
        "allow_source",
        "allowed_sources",
        "forget_source",
        "offered_source",
    ),
    "common": ("Run",),
    "explaining": ("Explained", "explain", "explained"),
    "importing": ("draft_map", "import_actuals", "import_spending", "imported_edits"),
    "master": ("Recalculated", "check", "history", "new", "recalc", "undo"),
    "reports": (
        "DEMO_NAMES",
        "Demo",
        "Reported",
        "Wanted",
        "demo",
        "master_of",
        "report",
        "report_names",
    ),
    "rolling": ("is_master", "roll"),
    "starting": ("free_for", "people_of", "rows_of", "start"),
    "sending": (
        "DRAFTS",
        "Delivery",
        "Drafted",
        "Item",
        "ROBOT",
        "Standing",
        "delivery",
        "draft_each",
        "drafts",
        "group_summary",
        "held_back",
        "mail_settings",
        "record_not_kept",
        "send",
        "settle",
        "tell_group",
    ),
    "meetings": ("Convened", "Meeting", "Occasion", "Prepared", "meeting", "meeting_each"),
    "month_status": ("MonthStatus", "standing"),
    "watching": ("Turn", "Watcher", "watch"),
}
_HOMES: dict[str, str] = {}
for _room, _names in _ROOMS.items():
    _HOMES |= dict.fromkeys(_names, f"{__name__}.{_room}")
__getattr__ = lazily(__name__, _HOMES)


__all__ = [
    "DEMO_NAMES",
    "DRAFTS",
    "HANDOUT_NAMES",
    "ROBOT",
    "Adoption",
    "Announcements",
    "Closed",
    "Collected",
    "Convened",
    "Delivery",
    "Demo",
    "Distributed",
    "Drafted",
    "Explained",
    "HandedOut",
    "Item",
    "Meeting",
    "MonthStatus",
    "Notice",
    "Occasion",
    "Offer",
    "Outcome",
    "Prepared",
    "Preview",
    "Proposed",
    "Recalculated",
    "Reported",
    "Requested",
    "Run",
    "Standing",
    "Turn",
    "TypedPolicy",
    "UnitReport",
    "Wanted",
    "Watcher",
    "add",
    "add_trade",
    "addin_status",
    "adopt",
    "allow_source",
    "allowed_sources",
    "announce_by_draft",
    "announce_by_mail",
    "announcements",
    "apply",
    "build_addin",
    "check",
    "closable",
    "closable_beside",
    "close",
    "collect",
    "delivery",
    "demo",
    "doctor",
    "draft_each",
    "draft_map",
    "drafts",
    "explain",
    "explained",
    "fill",
    "forget_source",
    "free_for",
    "group_summary",
    "handout",
    "held_back",
    "history",
    "import_actuals",
    "import_spending",
    "imported_edits",
    "install_addin",
    "is_master",
    "look",
    "mail_settings",
    "master_of",
    "meeting",
    "meeting_each",
    "new",
    "offered_source",
    "people_of",
    "propose",
    "recalc",
    "record_not_kept",
    "remove_addin",
    "reopen",
    "report",
    "report_each",
    "report_names",
    "report_unit",
    "roll",
    "rows_of",
    "send",
    "settle",
    "settle_notices",
    "standing",
    "start",
    "tell_firings",
    "tell_group",
    "triggers",
    "undo",
    "watch",
    "without",
]
