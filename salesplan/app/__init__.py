"""The use cases: the only thing a front door calls. Files are touched here and in the rooms it uses."""

from salesplan.app.audiences import Distributed, UnitReport, report_each, report_unit
from salesplan.app.collecting import HANDOUT_NAMES, Collected, HandedOut, apply, collect, handout
from salesplan.app.master import Explained, Recalculated, Run, check, explain, fill, history, import_actuals, new, recalc, undo
from salesplan.app.reports import DEMO_NAMES, REPORT_NAMES, Demo, Reported, demo, report
from salesplan.app.sending import ROBOT, Delivery, Item, Standing, delivery, drafts, group_summary, mail_settings, send, settle, tell_group

__all__ = [
    "DEMO_NAMES",
    "HANDOUT_NAMES",
    "REPORT_NAMES",
    "ROBOT",
    "Collected",
    "Delivery",
    "Demo",
    "Distributed",
    "Explained",
    "HandedOut",
    "Item",
    "Recalculated",
    "Reported",
    "Run",
    "Standing",
    "UnitReport",
    "apply",
    "check",
    "collect",
    "delivery",
    "demo",
    "drafts",
    "explain",
    "fill",
    "group_summary",
    "handout",
    "history",
    "import_actuals",
    "mail_settings",
    "new",
    "recalc",
    "report",
    "report_each",
    "report_unit",
    "send",
    "settle",
    "tell_group",
    "undo",
]
