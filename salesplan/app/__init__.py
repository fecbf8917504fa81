"""The use cases: the only thing a front door calls. Files are touched here and in the rooms it uses."""

from salesplan.app.addin import addin_status, build_addin, install_addin, remove_addin
from salesplan.app.announcing import Announcements, Notice, announce_by_draft, announce_by_mail, announcements, settle_notices
from salesplan.app.audiences import Distributed, UnitReport, report_each, report_unit
from salesplan.app.collecting import HANDOUT_NAMES, Collected, HandedOut, apply, collect, handout
from salesplan.app.doctor import doctor
from salesplan.app.master import Explained, Recalculated, Run, check, explain, fill, history, import_actuals, new, recalc, undo
from salesplan.app.reports import DEMO_NAMES, REPORT_NAMES, Demo, Reported, demo, report
from salesplan.app.sending import ROBOT, Delivery, Item, Standing, delivery, drafts, group_summary, mail_settings, send, settle, tell_group
from salesplan.app.watch import Turn, Watcher, watch

__all__ = [
    "DEMO_NAMES",
    "HANDOUT_NAMES",
    "REPORT_NAMES",
    "ROBOT",
    "Announcements",
    "Collected",
    "Delivery",
    "Demo",
    "Distributed",
    "Explained",
    "HandedOut",
    "Item",
    "Notice",
    "Recalculated",
    "Reported",
    "Run",
    "Standing",
    "Turn",
    "UnitReport",
    "Watcher",
    "addin_status",
    "announce_by_draft",
    "announce_by_mail",
    "announcements",
    "apply",
    "build_addin",
    "check",
    "collect",
    "delivery",
    "demo",
    "doctor",
    "drafts",
    "explain",
    "fill",
    "group_summary",
    "handout",
    "history",
    "import_actuals",
    "install_addin",
    "mail_settings",
    "new",
    "recalc",
    "remove_addin",
    "report",
    "report_each",
    "report_unit",
    "send",
    "settle",
    "settle_notices",
    "tell_group",
    "undo",
    "watch",
]
