"""Messages of taking in a CSV export, of new files, and of rows that find no room."""

from __future__ import annotations

from salesplan.findings import Severity
from salesplan.messages import Message

E, W = Severity.ERROR, Severity.WARNING

MESSAGES: dict[str, Message] = {
    "import-mapping": Message(
        E,
        "对应表 {name} 读不懂: {what}",
        "The mapping {name} cannot be understood: {what}",
        "对应表须有 key、[columns] 的 day 与 unit, 以及至少一个 [[rule]], 写法见 README。",
        "It needs key, day and unit under [columns], and at least one [[rule]]; the README shows how.",
    ),
    "import-mapping-unknown": Message(
        E,
        "对应表 {name} 中有不认识的项目: {keys}。",
        "The mapping {name} has entries that are not known: {keys}.",
        "改正或删除。[columns] 可写 {columns}; [[rule]] 可写 {rule}, 也可写 [columns] 的各项。",
        "Correct or remove it. [columns] may hold {columns}; a [[rule]] may hold {rule}, and what [columns] may.",
    ),
    "import-unreadable": Message(
        E,
        "{name} 读不了: {cause}",
        "{name} cannot be read: {cause}",
        "请重新导出为 UTF-8 编码的 CSV。",
        "Export it again as CSV in UTF-8.",
    ),
    "import-encoding": Message(
        E,
        "{name} 不是 CSV, 或编码既不是 UTF-8 也不是 GBK。",
        "{name} is no CSV, or its encoding is neither UTF-8 nor GBK.",
        "在 Excel 中另存为“CSV UTF-8 (逗号分隔)”再导入。",
        "In Excel, save it as “CSV UTF-8 (Comma delimited)” and import that.",
    ),
    "import-columns-missing": Message(
        E,
        "{name} 没有这些列: {columns}; 现有的列: {header}",
        "{name} lacks these columns: {columns}; it has: {header}",
        "请改对应表里的列名, 或重新导出。",
        "Correct the columns' names in the mapping, or export again.",
    ),
    "import-line-broken": Message(
        E,
        "第 {line} 行的字段数与表头不符, 未导入。",
        "Line {line} has another number of fields than the header; not imported.",
        "请检查该行的逗号与引号。",
        "Look at that line's commas and quotes.",
    ),
    "import-key-missing": Message(
        E,
        "第 {line} 行的 {column} 为空, 未导入。",
        "Line {line} has no {column}; not imported.",
        "请补上记录编号, 否则无法防止重复导入。",
        "Give the record its key; without it nothing keeps it from being taken twice.",
    ),
    "import-key-twice": Message(
        E,
        "第 {line} 行的编号 {key} 与第 {first} 行相同, 未导入。",
        "Line {line} has the same key {key} as line {first}; not imported.",
        "请删除其中一行, 或更正编号。",
        "Remove one of the two, or correct its key.",
    ),
    "import-kpi-unknown": Message(
        E,
        "对应表中的指标 {kpi} 不在指标表中, 其记录未导入。",
        "The mapping's KPI {kpi} is not on the KPIs sheet; its records were not imported.",
        "请在指标表中加上 {kpi}, 或改对应表。",
        "Add {kpi} to the KPIs sheet, or correct the mapping.",
    ),
    "import-unit-unknown": Message(
        E,
        "第 {line} 行的组织单元 {unit} 不在组织表中, 未导入。",
        "Line {line} names the unit {unit}, which the organization sheet does not have; not imported.",
        "请在组织表中加上, 或在对应表的 [aliases.unit] 中写明它是谁。",
        "Add it there, or say under [aliases.unit] in the mapping who it is.",
    ),
    "import-unit-ambiguous": Message(
        E,
        "第 {line} 行的组织单元“{unit}”不止一个: {codes}, 无法判断是哪一个, 未导入。",
        "Line {line}: more than one unit is called “{unit}”: {codes}; which is meant cannot be told, so it was not imported.",
        "在数据里改用编码, 或在对应表的 [aliases.unit] 中写明是哪一个。",
        "Use the code in the data, or say under [aliases.unit] in the mapping which it is.",
    ),
    "import-date": Message(
        E,
        "第 {line} 行的 {column} 不是日期: {text}, 未导入。",
        "Line {line}: {column} is no date: {text}; not imported.",
        "日期写作 2026-06-30 或 2026/6/30, 年在前。",
        "Write dates as 2026-06-30 or 2026/6/30, the year first.",
    ),
    "import-number": Message(
        E,
        "第 {line} 行的 {column} 不是数字: {text}, 未导入。",
        "Line {line}: {column} is no number: {text}; not imported.",
        "只写数字, 不带单位; 逗号只能用作千位分隔。",
        "Write digits only, without a unit; a comma may only part thousands.",
    ),
    "import-first-of-blank": Message(
        E,
        "第 {line} 行的 {column} 为空, 无法判断是否首次 ({kpi}), 未导入。",
        "Line {line} has no {column}, so it cannot be told whether it is a first ({kpi}); not imported.",
        "请补上 {column}。",
        "Fill in {column}.",
    ),
    "import-differs": Message(
        W,
        "{source} 已导入过, 但导出文件第 {line} 行的值变了: {old} → {new}; 主计划未改。",
        "{source} was imported before, but line {line} of the export now says {new} instead of {old}; the master is as it was.",
        "确认后请手工改这一格, 或删除该行再导入。",
        "If it is right, change this cell, or delete the row and import again.",
    ),
    "import-no-source-column": Message(
        E,
        "{sheet} 表不存在, 或没有“来源”列, 不能导入。",
        "The sheet {sheet} is missing or has no column Source; nothing can be imported.",
        "请在表中加一列“来源”, 它防止重复导入。",
        "Add a column Source: it keeps records from being taken twice.",
    ),
    "no-room-for-rows": Message(
        E,
        "{sheet} 表要新增 {needed} 行, 但下方只有 {room} 行空位, 未新增。",
        "{needed} rows must be added to {sheet}, but there is room for {room} below the table; none was added.",
        "请把表下方的内容移开, 或在表中插入空行, 再重新计算。",
        "Move what stands below the table away, or insert blank rows, and recalculate.",
    ),
    "month-after-data": Message(
        W,
        "报告月份 {month} 在数据截止日 {day} 之后, 该月还没有实绩。",
        "The report month {month} is after the data cut-off {day}: there are no actuals of it yet.",
        "请把报告月份改为 {last}; 实绩已经填到 {month} 时, 把设置中的数据截止日改晚, 或用 --asof 指定。",
        "Make {last} the report month; where the actuals go on to {month}, set a later data cut-off in the settings, or give --asof.",
    ),
    "month-outside-plan": Message(
        E,
        "报告月份 {month} 不在计划年度 {year} 内, 改用 {used}。",
        "The report month {month} is outside the plan year {year}; {used} was used.",
        "请改设置中的报告月份或数据截止日, 或换一个 --month。",
        "Correct the report month or the cut-off in the settings, or ask for another --month.",
    ),
    "month-not-of-the-plan": Message(
        E,
        "{month} 不在计划年度({first} 至 {last})内, 没有计算。",
        "{month} is not in the plan year ({first} to {last}); nothing was computed.",
        "请给出 {first} 至 {last} 之间的月份; 计划年度不对时, 请改设置中的计划年度或财年起始月。",
        "Give a month from {first} to {last}; where the plan year is wrong, correct the plan year or the fiscal year's first month in the settings.",
    ),
    "file-exists": Message(
        E,
        "{name} 已存在, 没有覆盖。",
        "{name} is there already; it was not overwritten.",
        "请换一个文件名。",
        "Choose another name.",
    ),
    "folder-not-usable": Message(
        E,
        "文件夹 {name} 不可用: {cause}",
        "The folder {name} cannot be used: {cause}",
        "请检查路径与权限。",
        "Check the path and your rights to it.",
    ),
    "report-not-written": Message(
        E,
        "月报 {name} 写不了: {cause}",
        "The report {name} cannot be written: {cause}",
        "如已打开请先关闭, 或用 -o 另选文件夹。",
        "Close it if it is open, or choose another folder with -o.",
    ),
}
