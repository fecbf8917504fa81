"""The buttons a planner sees, in the ribbon of Excel and in the menu of Calc: one table, from which
all of it is made and tested.
"""

from __future__ import annotations

from collections.abc import Mapping

from salesplan.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Button:
    """``name`` is what the command is called by; ``says`` (zh, en) what it does in one sentence;
    ``icon`` Excel's own picture, ``key`` its keytip. ``main`` buttons are large in the ribbon and
    stand in Calc's toolbar. ``room`` is the module of its function."""

    name: str
    group: str
    zh: str
    en: str
    says: tuple[str, str]
    icon: str
    key: str
    main: bool = False
    room: str = "ribbon"

    @property
    def label(self) -> Mapping[str, str]:
        """What stands on it, by language."""
        return {"zh": self.zh, "en": self.en}


GROUPS: Mapping[str, Mapping[str, str]] = {
    "plan": {"zh": "主计划", "en": "Plan"},
    "input": {"zh": "填报", "en": "Input"},
    "report": {"zh": "月报", "en": "Report"},
    "more": {"zh": "更多", "en": "More"},
}

BUTTONS: tuple[Button, ...] = (
    Button(
        "check",
        "plan",
        "检查",
        "Check",
        (
            "列出当前工作簿中的全部问题和改法, 不改动任何单元格。",
            "Lists everything that is wrong in the open workbook, with the fix. Changes nothing.",
        ),
        "ErrorChecking",
        "C",
        True,
    ),
    Button(
        "preview",
        "plan",
        "预览变更",
        "Preview",
        (
            "先看重新计算会改哪些单元格, 不写入。",
            "Shows which cells a recalculation would change. Writes nothing.",
        ),
        "FindDialog",
        "V",
        True,
    ),
    Button(
        "recalc",
        "plan",
        "重新计算",
        "Recalculate",
        (
            "按当前内容 (包括尚未保存的) 填写计算列 (灰底斜体标题), 不保存文件。"
            "您填报的列不会改动。",
            "Fills the engine's columns (grey, italic headers) from what the workbook says now, "
            "unsaved edits included; does not save it. Your own columns are left alone.",
        ),
        "CalculateNow",
        "R",
        True,
    ),
    Button(
        "undo",
        "plan",
        "撤销",
        "Undo",
        (
            "取回上一次填写之前的内容, 可连续使用。",
            "Gives back what stood there before the last filling; can be used again.",
        ),
        "Undo",
        "U",
        True,
    ),
    Button(
        "explain",
        "plan",
        "说明单元格",
        "Explain cell",
        (
            "说明所选单元格的数字从哪里来, 或这一列该怎样填。",
            "Says where the number in the selected cell comes from, or what belongs into it.",
        ),
        "TraceDependents",
        "E",
        True,
        room="selected_cell",
    ),
    Button(
        "next",
        "plan",
        "下一个问题",
        "Next finding",
        (
            "跳到下一个有问题的单元格, 最严重的在前。",
            "Goes to the next cell with a finding, the worst first.",
        ),
        "GoToNextSection",
        "N",
        True,
        room="selected_cell",
    ),
    Button(
        "handout",
        "input",
        "发放填报表",
        "Handouts",
        (
            "给每位负责人生成一份只含其应填内容的填报表, 放在工作簿旁边的文件夹。",
            "Writes each manager a small workbook with only what they are to fill in, into a "
            "folder beside this one.",
        ),
        "TableInsert",
        "A",
        room="exchange",
    ),
    Button(
        "collect",
        "input",
        "收回填报表",
        "Collect",
        (
            "读取收回的填报表, 先看差异, 确认后填入打开的工作簿。",
            "Reads handouts that came back, shows the differences, and fills them into the open "
            "workbook when you agree.",
        ),
        "ImportTextFile",
        "L",
        room="exchange",
    ),
    Button(
        "day",
        "input",
        "晨会",
        "Stand-up",
        (
            "在工作簿旁边生成今天的晨会一页纸: 打印、填写, 另有手机网页; "
            "填好后用“收回填报表”收回。",
            "Writes today's stand-up on one page beside this workbook, to print and to fill in, "
            "and for the phone; Collect takes it back.",
        ),
        "FunctionsDateTimeInsertGallery",
        "G",
        room="meetings",
    ),
    Button(
        "week",
        "input",
        "周会",
        "Weekly meeting",
        (
            "在工作簿旁边生成本周的周会一页纸: 任务、原因、措施、请决定的事; "
            "会议记录用“收回填报表”收回。",
            "Writes this week's meeting on one page beside this workbook: tasks, reasons, actions, "
            "decisions asked for; Collect takes the minutes back.",
        ),
        "ReviewShowAllComments",
        "W",
        room="meetings",
    ),
    Button(
        "import",
        "input",
        "导入实绩",
        "Import actuals",
        (
            "按对照文件 (map.toml) 从 CSV 导入实绩, 先看结果, 确认后填入打开的工作簿。",
            "Takes actuals from a CSV export by a mapping (map.toml), shown first, into the open "
            "workbook when you agree.",
        ),
        "GetExternalDataFromText",
        "I",
        room="exchange",
    ),
    Button(
        "report",
        "report",
        "生成月报",
        "Report",
        (
            "在工作簿旁边生成《月度执行分析报告》。",
            "Writes the monthly execution analysis workbook beside this one.",
        ),
        "ChartInsert",
        "M",
        True,
    ),
    Button(
        "quarter",
        "report",
        "季度报告",
        "Quarter report",
        (
            "在工作簿旁边生成报告月份所在财季的《季度执行分析报告》。",
            "Writes the report of the fiscal quarter that holds the report month beside this "
            "workbook.",
        ),
        "ChartTypeAllInsertDialog",
        "Q",
    ),
    Button(
        "page",
        "report",
        "一页总览",
        "One page",
        (
            "生成月报, 另存一页总览网页, 手机和浏览器都能看。",
            "Writes the report, and its first page as one file for a phone or a browser.",
        ),
        "FileSaveAsWebPage",
        "P",
    ),
    Button(
        "last",
        "report",
        "打开月报",
        "Open report",
        (
            "打开这个工作簿最近一次生成的月报。",
            "Opens the report that was last made of this workbook.",
        ),
        "FileOpen",
        "O",
        room="outputs",
    ),
    Button(
        "drafts",
        "report",
        "邮件草稿",
        "Drafts",
        (
            "为每个收件人生成报告和带报告的邮件草稿, 不发送。",
            "Makes every recipient's report and a mail draft with it; sends nothing.",
        ),
        "FileSendAsAttachment",
        "D",
        True,
    ),
    Button(
        "folder",
        "report",
        "草稿文件夹",
        "Draft folder",
        ("打开邮件草稿所在的文件夹。", "Opens the folder with the mail drafts."),
        "OpenFolder",
        "F",
        room="outputs",
    ),
    Button(
        "send",
        "report",
        "发送",
        "Send",
        (
            "先看谁会收到什么, 键入封数后才发送。",
            "Shows who gets what, and sends when you type how many messages.",
        ),
        "SendStatusReport",
        "S",
        room="sending",
    ),
    Button(
        "close",
        "report",
        "关账",
        "Close month",
        (
            "关闭报告月份及其之前各月: 记下目标与实绩, 此后不再改变; 先确认。",
            "Closes the report month and those before it: targets and actuals are recorded and "
            "stay. You confirm first.",
        ),
        "SheetProtect",
        "K",
        room="month_end",
    ),
    Button(
        "reopen",
        "report",
        "重开月份",
        "Reopen month",
        (
            "重开一个已关账的月份及其之后各月; 要写原因。",
            "Opens a closed month and those after it again; it asks why.",
        ),
        "FileCheckOut",
        "B",
        room="month_end",
    ),
    Button(
        "history",
        "more",
        "历史",
        "History",
        ("谁在什么时候改了什么。", "Who changed what in this workbook, and when."),
        "RecentFiles",
        "Y",
        room="info",
    ),
    Button(
        "settings",
        "more",
        "设置",
        "Settings",
        (
            "打开“设置”表, 并说明程序自己的设置在哪里。",
            "Goes to the sheet Settings, and says where the program's own settings are.",
        ),
        "PropertySheet",
        "T",
        room="info",
    ),
    Button(
        "selftest",
        "more",
        "自检",
        "Self-test",
        (
            "在示例上走一遍所有按钮, 写出一份结果文件; 您的工作簿不受影响。",
            "Goes through every button on a sample and writes a result file; your workbooks are "
            "left alone.",
        ),
        "ReviewAcceptChange",
        "X",
        room="selftest",
    ),
    Button(
        "help",
        "more",
        "帮助",
        "Help",
        (
            "说明当前工作表怎样填, 和每个按钮的作用。",
            "What the sheet in front is for, and what the buttons do.",
        ),
        "Help",
        "H",
        True,
    ),
)

NAMES: tuple[str, ...] = tuple(button.name for button in BUTTONS)
ROOMS: Mapping[str, str] = {button.name: button.room for button in BUTTONS}


def sub_name(name: str) -> str:
    """What the macro behind a button is called."""
    return f"Salesplan{name.capitalize()}"
