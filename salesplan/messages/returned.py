"""Messages about what was filled in outside the master and comes back: handouts and reports."""

from __future__ import annotations

from salesplan.findings import Severity
from salesplan.messages import Message

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE
_AGAIN_ZH, _AGAIN_EN = (
    "用 salesplan handout (会议页用 day 或 week) 重新生成, 请对方在新文件中填写。",
    "Make it anew with salesplan handout (a meeting page with day or week) and have it filled in there.",
)

MESSAGES: dict[str, Message] = {
    "returned-unknown-file": Message(
        _E,
        "“{file}”既不是发放的填报表, 也不是带问题清单的报告, 没有收回任何内容。",
        "“{file}” is neither a handout nor a report with an issue list; nothing was taken from it.",
        "核对文件; 只收回 salesplan 生成的文件。",
        "Check the file: only files made by salesplan can be collected.",
    ),
    "returned-version": Message(
        _E,
        "“{file}”的填报表版本是 {version}, 这里只认识版本 {known}, 没有收回。",
        "“{file}” is a handout of version {version}; this salesplan reads version {known}, so it was not taken.",
        _AGAIN_ZH,
        "Make it anew with salesplan handout (a meeting page with day or week) and have it filled in there.",
    ),
    "returned-other-master": Message(
        _W,
        "“{file}”是从“{master}”发出的, 现在要收回到“{into}”。",
        "“{file}” was handed out from “{master}” but is being collected into “{into}”.",
        "如果主计划只是改了名, 可以继续; 否则换成正确的主计划再收。",
        "If the master was only renamed, go on; otherwise collect it into the right master.",
    ),
    "returned-other-company": Message(
        _E,
        "“{file}”是从另一家公司的主计划“{master}”发出的, 不是“{company}”的, 没有收回任何内容。",
        "“{file}” was made from “{master}”, the master of another company than “{company}”; nothing was taken from it.",
        "收回到它自己的主计划。如果只是改了公司名称, 先改回原名再收回。",
        "Collect it into its own master. If only the company's name was changed, change it back, then collect.",
    ),
    "returned-other-month": Message(
        _E,
        "“{file}”是 {month} 的填报表, 不在这份主计划工作簿的计划年度内, 没有收回。",
        "“{file}” is the handout of {month}, outside this master's plan year; it was not taken.",
        "核对文件和主计划工作簿是否对应。",
        "Check that the file and the master belong together.",
    ),
    "returned-foreign": Message(
        _E,
        "行“{key}”不属于 {unit} 及其下级, 没有收回。",
        "Row “{key}” does not belong to {unit} or below; it was not taken.",
        "行里的标识被改动过, 或任务已换了负责人; 请核对后重新发放。",
        "Its hidden ID was changed, or the task has a new owner; check it and hand it out again.",
    ),
    "returned-column-gone": Message(
        _E,
        "填报表缺少“{column}”列, 该列没有收回。",
        "The column “{column}” is missing; nothing of it was taken.",
        _AGAIN_ZH,
        "Make it anew with salesplan handout (a meeting page with day or week) and have it filled in there.",
    ),
    "returned-row-added": Message(
        _E,
        "这一行是后来加上的, 没有标识, 没有收回。",
        "This row was added without a hidden ID; it was not taken.",
        "请直接在主计划工作簿中填写这一行。",
        "Enter it in the master itself.",
    ),
    "returned-id-changed": Message(
        _E,
        "这一行的隐藏标识被改动过, 不知道属于哪一行{key:? (只少了“#”这一行)}, 没有收回。",
        "The hidden ID of this row was changed, so it is unclear which row is meant{key:? (the one missing is “#”)}; it was not taken.",
        _AGAIN_ZH,
        "Make it anew with salesplan handout (a meeting page with day or week) and have it filled in there.",
    ),
    "returned-id-twice": Message(
        _E,
        "有两行带着同一个标识 (可能是复制粘贴), 都没有收回。",
        "Two rows have the same ID (copied, perhaps); neither was taken.",
        "删除复制出来的行后再收回。",
        "Delete the copied row and collect again.",
    ),
    "returned-rows-gone": Message(
        _W,
        "“{file}”的“{sheet}”少了 {count} 行 ({keys}); 主计划工作簿中的对应内容没有改动。",
        "{count:# row|# rows} ({keys}) of “{sheet}” did not come back in “{file}”; the master keeps its values.",
        "如果是误删, 请对方从原文件补填。",
        "If deleted by mistake, have them filled in again.",
    ),
    "returned-conflict": Message(
        _E,
        "“{column}”两边都改过: 这里是“{ours}”, {file} 的 {cell} 是“{theirs}”; 没有覆盖。",
        "“{column}” was changed on both sides: “{ours}” here, “{theirs}” in {cell} of {file}; it was not overwritten.",
        "在主计划工作簿中填写应保留的内容; 对方要更正已收回的内容, 重新发放后在新文件里改。两边一致后就不再提示。",
        "Enter the right value in the master; to correct what was collected before, hand it out anew and have it changed there. Once both agree, this finding disappears.",
    ),
    "returned-twice": Message(
        _E,
        "两个文件给“{key}”的“{column}”填了不同的内容, 只采用先读到的。",
        "Two files disagree on “{column}” of “{key}”; the first one read was taken.",
        "核对两个文件, 删去不用的一个后再收回。",
        "Compare the two files, remove the wrong one, and collect again.",
    ),
    "returned-adds": Message(
        _W,
        "{month} {unit} 的“{kpi}”已有{column} {there}; 填报的 {typed} 是加上去的, 合计 {total}。",
        "{unit} has a {column} of {there} for “{kpi}” in {month} already; the {typed} of the handout is added to it: {total} in all.",
        "如果 {typed} 是本月合计, 应填 {rest}: 写入前在填报表里改, 写入后在实绩里改。",
        "If {typed} is the month's total, it should be {rest}: change it in the handout before it is written, or in Actuals afterwards.",
    ),
    "returned-row-unknown": Message(
        _E,
        "主计划工作簿中已没有“{key}”这一行, 没有收回。",
        "The master no longer has the row “{key}”; it was not taken.",
        "核对它是否被删除或改了编号。",
        "Check whether it was deleted or its code changed.",
    ),
    "returned-owner-unknown": Message(
        _E,
        "责任人“{owner}”不在组织表中, 或有几个同名的人, 没有收回。",
        "“{owner}” is nobody in Organization, or several of one name; it was not taken.",
        "填写组织表中的姓名或编码。",
        "Enter a name or a code of Organization.",
    ),
    "returned-no-sheet": Message(
        _E,
        "主计划工作簿没有“{sheet}”表, 没有收回。",
        "The master has no sheet “{sheet}”; nothing was taken into it.",
        '运行 salesplan add "{master}" "{sheet}", 再收回。',
        'Run salesplan add "{master}" "{sheet}", then collect again.',
    ),
    "returned-no-table": Message(
        _E,
        "主计划工作簿的“{sheet}”没有可写入的列 (实绩需要“来源”列), 没有收回。",
        "The sheet “{sheet}” of the master lacks a required column (“Source” for actuals); nothing was taken into it.",
        "补上该工作表或该列后再收回。",
        "Add that sheet or column and collect again.",
    ),
    "returned-column-missing": Message(
        _E,
        "主计划工作簿缺少“{column}”列, 没有写入。",
        "The master lacks the column “{column}”; it was not written.",
        "补上该列后再收回。",
        "Add the column and collect again.",
    ),
    "returned-other-format": Message(
        _W,
        "“{file}”是 {format} 格式, 没有收回其中的内容。",
        "“{file}” is in the format {format}; nothing was taken from it.",
        "用 Excel 或 WPS 打开它, 另存为 .xlsx, 再收一次; 只改扩展名不行。",
        "Open it in Excel or WPS, save it as .xlsx and collect again; renaming it is not enough.",
    ),
    "returned-other-file": Message(
        _N,
        "“{file}”不是表格文件, 没有读取。",
        "“{file}” is not a workbook; it was not read.",
        "如果里面有要填报的内容, 请对方填在发放的填报表里。",
        "If it holds the answers, have them filled into the handout.",
    ),
    "returned-missing": Message(
        _W,
        "未交名单: {count} 人未交回 ({names})。",
        "Not returned: {count} ({names}).",
        "请提醒他们交回填报表。",
        "Remind them to return their handouts.",
    ),
    "returned-nothing": Message(
        _W,
        "“{folder}”里没有可收回的文件。",
        "“{folder}” has nothing to collect.",
        "把交回的 .xlsx 文件放进这个文件夹。",
        "Put the returned .xlsx files into that folder.",
    ),
    "meeting-holds-text": Message(
        _E,
        "已有的会议页“{file}”里有 {count} 处填写的内容 ({cells}) 还没有收回主计划工作簿, 没有重新生成。",
        "The existing meeting page “{file}” has {count:# entry|# entries} typed into it ({cells}) that the master lacks; it was not replaced.",
        '先运行 salesplan collect "{file}" --into "{master}"; 收不回的自行填入主计划工作簿, 再删除该文件, 重新生成。',
        'Run salesplan collect "{file}" --into "{master}" first; enter what it cannot take in the master yourself, delete the file and make it again.',
    ),
    "report-holds-text": Message(
        _E,
        "已有的报告“{file}”里有 {count} 处填写的内容 ({cells}) 还没有收回主计划工作簿, 没有重新生成。",
        "The existing report “{file}” has {count:# entry|# entries} typed into it ({cells}) that the master lacks; it was not replaced.",
        '先运行 salesplan collect "{file}" --into "{master}", 它说收不回的在报告里改正, 再生成报告; 不需要这些内容时删除该报告。',
        'Run salesplan collect "{file}" --into "{master}" first, correct in the report what it cannot take, then make it again; delete the report if they are not needed.',
    ),
    "handout-nothing": Message(
        _W,
        "没有需要填报的内容。",
        "There is nothing to hand out.",
        "核对组织、指标和行动计划。",
        "Check the organization, the KPIs and the action plan.",
    ),
}
