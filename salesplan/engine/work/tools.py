"""工具: the check list of step 4. Is each tool there when it is needed?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from salesplan.dataclass import dataclass
from salesplan.findings import Finding
from salesplan.plan.model import Plan, Tool, ToolStatus
from salesplan.plan.model.skills import is_open


@dataclass(frozen=True, slots=True)
class ToolLine:
    """A tool with the day it is ``needed`` and where it stands; ``status`` is None where its task
    is over and the tool never came.
    """

    tool: Tool
    needed: date | None
    status: ToolStatus | None

    @property
    def is_late(self) -> bool:
        """Whether somebody must act on it."""
        return self.status in (ToolStatus.TOO_LATE, ToolStatus.NOT_READY)


def check_list(plan: Plan, as_of: date) -> tuple[ToolLine, ...]:
    """Every tool at ``as_of``, in sheet order.

    Not ready: the day it is needed has come, or the day it was planned for has passed. Too late:
    planned for a day after the one it is needed on.
    """
    return tuple(_line(plan, tool, as_of) for tool in plan.tools)


def _line(plan: Plan, tool: Tool, as_of: date) -> ToolLine:
    task = plan.task_by_code.get(tool.task or "")
    started = None if task is None or "needed" in tool.broken else task.start
    needed = tool.needed or started
    if tool.ready:
        return ToolLine(tool, needed, ToolStatus.READY)
    if task is not None and not is_open(task):
        return ToolLine(tool, needed, None)
    return ToolLine(tool, needed, _status(tool.ready_by, needed, as_of))


def _status(ready_by: date | None, needed: date | None, as_of: date) -> ToolStatus:
    if (needed is not None and needed <= as_of) or (ready_by is not None and ready_by < as_of):
        return ToolStatus.NOT_READY
    if needed is not None and ready_by is not None and ready_by > needed:
        return ToolStatus.TOO_LATE
    return ToolStatus.UNDATED if needed is None and ready_by is None else ToolStatus.TO_COME


_DAYS = frozenset({"needed", "ready_by", "ready"})


def findings(lines: Sequence[ToolLine]) -> Iterator[Finding]:
    """Tools that are not there in time, each at the cell to mend. Of one of which a cell cannot be
    read that alone is said.
    """
    for line in lines:
        tool = line.tool
        if tool.broken & _DAYS:
            continue
        facts = {"tool": tool.tool, "task": tool.task or ""}
        if line.status is ToolStatus.TOO_LATE:
            yield Finding.of(
                "tool-too-late",
                tool.origin.place("ready_by"),
                **facts,
                needed=line.needed,
                ready_by=tool.ready_by,
            )
        elif line.status is ToolStatus.NOT_READY:
            days = [day for day in (line.needed, tool.ready_by) if day is not None]
            yield Finding.of("tool-not-ready", tool.origin.place("ready"), **facts, day=min(days))
        elif line.status is ToolStatus.UNDATED:
            yield Finding.of("tool-undated", tool.origin.place("needed"), tool=tool.tool)
