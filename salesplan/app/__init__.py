"""The use cases: the only thing a front door calls. Files are touched here and in the rooms it uses."""

from salesplan.app.master import Explained, Recalculated, Run, check, explain, history, import_actuals, new, recalc, undo
from salesplan.app.reports import DEMO_NAMES, REPORT_NAMES, Demo, Reported, demo, report

__all__ = [
    "DEMO_NAMES",
    "REPORT_NAMES",
    "Demo",
    "Explained",
    "Recalculated",
    "Reported",
    "Run",
    "check",
    "demo",
    "explain",
    "history",
    "import_actuals",
    "new",
    "recalc",
    "report",
    "undo",
]
