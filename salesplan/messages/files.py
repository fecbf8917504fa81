"""What is said about the file itself and about the tables looked for in it."""

from __future__ import annotations

from salesplan.messages import E, Message, N, W

_NEWER_ZH = "请用 Excel 或 WPS 打开它, 另存为“Excel 工作簿 (*.xlsx)”, 再用新文件。"
_NEWER_EN = "Open it in Excel or WPS, save it as “Excel Workbook (*.xlsx)”, and use the new file."
_AGAIN_ZH = "请重新下载、重新复制或从备份中取回这个文件。"
_AGAIN_EN = "Download or copy the file again, or take it from a backup."
_REPAIR_ZH = "请用 Excel 打开并修复后另存, 或从备份中取回。"
_REPAIR_EN = (
    "Open it in Excel, let it repair the file and save it under a new name, or take a backup."
)
_TRUST_ZH = "不要使用来历不明的文件; 如果确信可靠, 请用 Excel 打开后另存为新的 .xlsx。"
_TRUST_EN = "Do not use files of unknown origin; if you trust it, open it in Excel and save it as a new .xlsx."
_LIMIT_ZH = "不要使用来历不明的文件; 如果确信可靠, 在配置文件中调高 {setting}。"
_LIMIT_EN = (
    "Do not use files of unknown origin; if you trust it, raise {setting} in the settings file."
)

_UNREADABLE: dict[str, Message] = {
    "file-not-found": Message(
        E,
        "找不到文件“{path}”。",
        "File not found: “{path}”.",
        "请检查文件名和所在文件夹。",
        "Check the name and the folder.",
    ),
    "file-is-directory": Message(
        E,
        "“{file}”是文件夹, 不是工作簿。",
        "“{file}” is a folder, not a workbook.",
        "请指定文件夹里的 .xlsx 文件。",
        "Name the .xlsx file inside it.",
    ),
    "file-not-regular": Message(
        E,
        "“{file}”不是普通文件。",
        "“{file}” is not an ordinary file.",
        "请指定一个 .xlsx 文件。",
        "Name an .xlsx file.",
    ),
    "file-no-permission": Message(
        E,
        "没有权限读取“{file}”。",
        "You have no permission to read “{file}”.",
        "请向文件的所有者要权限, 或复制一份到自己的文件夹。",
        "Ask its owner for access, or copy it to a folder of your own.",
    ),
    "file-held": Message(
        E,
        "“{file}”正被其他程序占用。",
        "“{file}” is in use by another program.",
        "请关闭打开它的程序, 稍候再试。",
        "Close that program and try again.",
    ),
    "file-unreadable": Message(
        E,
        "无法读取“{file}”: {reason}。",
        "“{file}” cannot be read: {reason}.",
        "请检查磁盘和网络连接, 或复制到本机再试。",
        "Check the disk and the network, or copy it to this computer.",
    ),
    "file-owner": Message(
        E,
        "“{file}”是 Excel 打开文件时的临时标记, 不是工作簿。",
        "“{file}” is Excel's lock file for an open workbook, not a workbook.",
        "请指定去掉开头“~$”的那个文件。",
        "Name the file without the leading “~$”.",
    ),
    "file-empty": Message(
        E,
        "“{file}”是空文件 (0 字节)。",
        "“{file}” is empty (0 bytes).",
        _AGAIN_ZH,
        _AGAIN_EN,
    ),
    "file-zeros": Message(
        E,
        "“{file}”里全是零字节, 内容还没有同步下来或已丢失。",
        "“{file}” contains only zero bytes: it was not synchronised, or its content is lost.",
        "请等网盘同步完成, 或从备份中取回。",
        "Wait until the cloud drive has synchronised it, or use a backup.",
    ),
    "file-encrypted": Message(
        E,
        "“{file}”有打开密码, 无法读取。",
        "“{file}” is password-protected and cannot be read.",
        "请在 Excel 中取消打开密码 (文件 → 信息 → 保护工作簿), 再试。",
        "Remove the password in Excel (File → Info → Protect Workbook) and try again.",
    ),
    "file-old-xls": Message(
        E,
        "“{file}”是旧版 Excel 格式 (.xls)。",
        "“{file}” is in the old Excel format (.xls).",
        _NEWER_ZH,
        _NEWER_EN,
    ),
    "file-xlsb": Message(
        E,
        "“{file}”是二进制工作簿 (.xlsb)。",
        "“{file}” is a binary workbook (.xlsb).",
        _NEWER_ZH,
        _NEWER_EN,
    ),
    "file-ods": Message(
        E,
        "“{file}”是 OpenDocument 表格 (.ods)。",
        "“{file}” is an OpenDocument spreadsheet (.ods).",
        _NEWER_ZH,
        _NEWER_EN,
    ),
    "file-html": Message(
        E,
        "“{file}”其实是网页 (HTML), 只是改了扩展名。",
        "“{file}” is actually a web page (HTML).",
        _NEWER_ZH,
        "Open it in Excel or WPS, save it as “Excel Workbook (*.xlsx)”, and use the new file.",
    ),
    "file-xml": Message(
        E,
        "“{file}”是 XML 表格 2003 格式, 不是 .xlsx。",
        "“{file}” is an XML Spreadsheet 2003, not an .xlsx.",
        _NEWER_ZH,
        _NEWER_EN,
    ),
    "file-text": Message(
        E,
        "“{file}”是纯文本 (如 CSV), 不是工作簿。",
        "“{file}” is plain text (such as CSV), not a workbook.",
        _NEWER_ZH,
        _NEWER_EN,
    ),
    "file-lfs-pointer": Message(
        E,
        "“{file}”只是 Git LFS 的指针, 真正的文件没有下载。",
        "“{file}” is only a Git LFS pointer; the file itself was not downloaded.",
        "请运行 git lfs pull, 再试。",
        "Run git lfs pull and try again.",
    ),
    "file-truncated": Message(
        E,
        "“{file}”不完整, 后半部分缺失。",
        "“{file}” is incomplete: its end is missing.",
        _AGAIN_ZH,
        _AGAIN_EN,
    ),
    "file-damaged": Message(
        E,
        "“{file}”已损坏, 无法打开。",
        "“{file}” is damaged and cannot be opened.",
        _REPAIR_ZH,
        _REPAIR_EN,
    ),
    "file-damaged-part": Message(
        E,
        "“{file}”已损坏: “{part}”无法读取。",
        "“{file}” is damaged: “{part}” cannot be read.",
        _REPAIR_ZH,
        _REPAIR_EN,
    ),
    "file-not-workbook": Message(
        E,
        "“{file}”不是 Excel 工作簿。",
        "“{file}” is not an Excel workbook.",
        "请指定 .xlsx 或 .xlsm 文件。",
        "Name an .xlsx or .xlsm file.",
    ),
}

_UNSAFE: dict[str, Message] = {
    "file-unsafe-size": Message(
        E,
        "“{file}”有 {size} MB, 超过上限 {limit} MB。",
        "“{file}” unpacks to {size} MB, over the limit of {limit} MB.",
        "请把不需要的工作表和数据移到别的文件; 确实需要时, 在配置文件中调高 {setting}。",
        "Move sheets and data you do not need to another file; if all are needed, raise {setting} in the settings file.",
    ),
    "organization-too-deep": Message(
        E,
        "组织有 {depth} 层(最深的是“{unit}”), 超过上限 {limit} 层, 没有计算。",
        "The organization has {depth} levels (deepest unit: “{unit}”), over the limit of {limit}; nothing was calculated.",
        "核对 上级编码 是否误连成一串; 确实需要时, 在配置文件中调高 {setting}。",
        "Check whether parent codes were filled down by mistake; if all levels are needed, raise {setting} in the settings file.",
    ),
    "targets-too-many": Message(
        E,
        "{kpis} 个指标 × {units} 个组织单元共 {rows} 行目标, 超过上限 {limit} 行, 没有计算。",
        "{kpis} KPIs × {units} units make {rows} targets, over the limit of {limit}; nothing was calculated.",
        "给指标填写 适用层级, 只分到需要的层级; 确实需要时, 在配置文件中调高 {setting}。",
        "Limit each KPI to the levels that need targets; if all are needed, raise {setting} in the settings file.",
    ),
    "targets-sheet-too-long": Message(
        E,
        "工作表“{sheet}”约有 {rows} 行, 超过上限 {limit} 行, 没有读取。",
        "Sheet “{sheet}” has about {rows} rows, over the limit of {limit}; it was not read.",
        "删去多余的行; 确实需要时, 在配置文件中调高 {setting}。",
        "Delete rows that are not needed; if all are, raise {setting} in the settings file.",
    ),
    "file-unsafe-ratio": Message(
        E,
        "“{file}”中的“{part}”解压后异常庞大, 已拒绝打开。",
        "“{part}” in “{file}” would unpack to an abnormal size; it was not opened.",
        _LIMIT_ZH,
        _LIMIT_EN,
    ),
    "file-unsafe-entries": Message(
        E,
        "“{file}”由 {count} 个部件组成, 超过上限 {limit}。",
        "“{file}” has {count} parts, over the limit of {limit}.",
        _LIMIT_ZH,
        "Do not use files of unknown origin; if you trust it, raise {setting} in the settings file.",
    ),
    "file-unsafe-overlap": Message(
        E,
        "“{file}”的内部部件互相重叠, 已拒绝打开。",
        "Parts inside “{file}” overlap; it was not opened.",
        _TRUST_ZH,
        _TRUST_EN,
    ),
    "file-unsafe-path": Message(
        E,
        "“{file}”含有指向文件之外的路径“{part}”, 已拒绝打开。",
        "“{file}” holds the path “{part}”, which leads outside it; it was not opened.",
        _TRUST_ZH,
        _TRUST_EN,
    ),
    "file-unsafe-duplicate": Message(
        E,
        "“{file}”中“{part}”出现两次, 已拒绝打开。",
        "“{file}” contains “{part}” twice; it was not opened.",
        _TRUST_ZH,
        "Do not use files of unknown origin; if you trust it, open it in Excel and save it as a new .xlsx.",
    ),
    "file-unsafe-compression": Message(
        E,
        "“{file}”中的“{part}”使用了不支持的压缩方式。",
        "“{part}” in “{file}” is compressed in an unsupported way.",
        _NEWER_ZH,
        _NEWER_EN,
    ),
    "file-unsafe-inflation": Message(
        E,
        "“{file}”中的“{part}”谎报大小, 已拒绝打开。",
        "“{part}” in “{file}” is larger than declared; it was not opened.",
        _TRUST_ZH,
        "Do not use files of unknown origin; if you trust it, open it in Excel and save it as a new .xlsx.",
    ),
    "file-unsafe-doctype": Message(
        E,
        "“{file}”中的“{part}”带有 DOCTYPE 声明, 已拒绝打开。",
        "“{part}” in “{file}” declares a document type (DOCTYPE); it was not opened.",
        _TRUST_ZH,
        _TRUST_EN,
    ),
    "sheet-too-large": Message(
        E,
        "工作表“{sheet}”的使用区域过大, 无法读取。",
        "The used range of sheet “{sheet}” is too large to read.",
        "请删除远处不用的单元格, 或在配置文件中调高 {setting}。",
        "Delete stray cells far from the data, or raise {setting} in the settings file.",
    ),
}

_TABLES: dict[str, Message] = {
    "column-missing": Message(
        E,
        "工作表“{sheet}”第 {row} 行的表头缺少“{zh}”列。",
        "Sheet “{sheet}”: the header in row {row} lacks the column “{en}”.",
        "请在该表头行加上“{zh}”列并填写。",
        "Add the column “{en}” to that header row and fill it in.",
    ),
    "header-merged": Message(
        E,
        "工作表“{sheet}”第 {row} 行的表头 {area} 是合并单元格, 因此缺少“{zh}”列。",
        "Sheet “{sheet}”: {area} in header row {row} is one merged cell, so the column “{en}” is missing.",
        "取消合并 (开始 → 合并后居中), 每列各写一个表头。",
        "Unmerge it (Home → Merge & Center) and give each column its own header.",
    ),
    "header-twice": Message(
        W,
        "工作表“{sheet}”有两列“{header}”(中英文表头视为同一列), 采用 {used} 那一列。",
        "Sheet “{sheet}” has the column “{header}” twice (in either language); the one in {used} is used.",
        "请删除重复的列, 或给它换一个表头。",
        "Delete the second column or rename its header.",
    ),
    "table-empty": Message(
        W,
        "“{sheet}”表还没有填写, 没有可以计算的内容。",
        "Sheet “{sheet}” is not filled in yet: nothing to calculate.",
        "一行填一项: 组织从公司开始, 下级用上级编码连起来; 指标写明编码、名称、类型和公司年度目标。",
        "Units: one per row from the company down, linked by parent code. KPIs: one per row with code, name, kind and company annual target.",
    ),
    "cells-merged": Message(
        W,
        "{area} 是合并单元格: 看上去 {rows} 行都有的值只属于第一行, 其余各行按空白处理。",
        "{area} is one merged cell: what looks like {rows} rows belongs to the first one; the others count as blank.",
        "取消合并 (开始 → 合并后居中), 在每一行填写。",
        "Unmerge it (Home → Merge & Center) and fill in each row.",
    ),
    "column-alike": Message(
        W,
        "表头“{header}”不是“{sheet}”表的列名, 这一列没有读取; 它像是“{column}”。",
        "“{header}” is not a column of sheet “{sheet}” and was not read; it looks like “{column}”.",
        "如果就是“{column}”, 请把表头改成“{column}”; 如果是自己加的列, 可以不管。",
        "If you mean “{column}”, rename it; columns of your own are fine.",
    ),
    "columns-unread": Message(
        N,
        "表头 {headers} 不是“{sheet}”表的列名, 没有读取; 这张表里没有的列: {missing}。",
        "{headers} on sheet “{sheet}” are not known columns and were not read; missing columns: {missing}.",
        "如果其中有改了名的列, 请把表头改回来; 自己加的列不影响计算。",
        "If one of them is a known column, use its name; columns of your own are fine.",
    ),
    "rows-after-table": Message(
        N,
        "工作表“{sheet}”的 Excel 表格到第 {last} 行为止, 紧接着的第 {first} 至 {end} 行 ({count} 行) 也当作表格的数据读取。",
        "The Excel table on sheet “{sheet}” ends at row {last}; {count:the row|the # rows} right below it ({first} to {end}) {count:is|are} read as part of it.",
        "写入时表格会延伸到这些行; 不是数据的行请空一行隔开。",
        "The table is extended at the next filling; leave a blank row above anything that is not data.",
    ),
    "rows-below-table": Message(
        E,
        "工作表“{sheet}”的 Excel 表格到第 {last} 行为止, 下面第 {first} 至 {end} 行中有 {count} 行数据在表格之外, 没有读取。",
        "The Excel table on sheet “{sheet}” ends at row {last}; {count:# data row|# data rows} below it, from row {first} to {end}, {count:was|were} not read.",
        "选中表格中的一格, 用“表格设计 → 调整表格大小”把范围改为 {area} (LibreOffice: 数据 → 定义区域); 不是数据的行请删除或移开。",
        "Select a cell of the table and set its range to {area} with Table Design → Resize Table (LibreOffice: Data → Define Range); delete or move rows that are not data.",
    ),
    "header-unit-differs": Message(
        E,
        "“{header}”写明的单位与设置不同: 金额单位是 {unit}, 币种是 {currency}。",
        "“{header}” uses another unit than Settings: amounts are in {unit}, the currency is {currency}.",
        "把数字换算成设置的单位并改名, 或改正设置中的金额单位、币种。",
        "Convert the figures to the unit in Settings and rename it, or correct Settings.",
    ),
    "months-across": Message(
        E,
        "工作表“{sheet}”把各月横排成列, 其内容未读取: 这张表每行只写一个月 (应有: {zh})。",
        "Sheet “{sheet}” has the months side by side and was not read: it needs one row per month (expected: {en}).",
        "改成每月一行, 月份写在日期列, 如 2026-03。",
        "Give each month a row of its own, with the month in the date column, such as 2026-03.",
    ),
    "header-not-found": Message(
        W,
        "工作表“{sheet}”里找不到表头 (应有: {zh}), 其内容未读取。",
        "Sheet “{sheet}” has no header row and was not read (expected: {en}).",
        "请在数据上方加一行表头; 如果该表另有用途, 请给它改名。",
        "Add a header row above the data; if the sheet serves another purpose, rename it.",
    ),
    "header-row-gone": Message(
        E,
        "工作表“{sheet}”里找不到表头 (应有: {zh}), 其内容未读取。",
        "Sheet “{sheet}” has no header row, so nothing on it was read (expected: {en}).",
        "请在数据上方加回表头行。",
        "Put the header row back above the data.",
    ),
    "sheet-looks-like": Message(
        E,
        "工作表“{sheet}”看起来就是“{zh}”表, 但名称不同, 没有读取; “{zh}”因此没有数据。",
        "Sheet “{sheet}” looks like “{en}” but has another name and was not read; “{en}” has no data.",
        "把它改名为“{zh}”; 有几张同类的表时, 合并到一张“{zh}”里。",
        "Rename it to “{en}”; if there are several, put their rows on one sheet “{en}”.",
    ),
    "sheet-looks-like-too": Message(
        W,
        "工作表“{sheet}”看起来也是“{zh}”表, 没有读取: 只读名为“{zh}”的一张。",
        "Sheet “{sheet}” also looks like “{en}” and was not read: only the sheet of that name is.",
        "如果里面的数据要计入, 把各行移到“{zh}”表; 不计入的, 可以不管。",
        "To count its rows, move them to “{en}”; otherwise leave it.",
    ),
    "table-ambiguous": Message(
        E,
        "没有名为“{zh}”的工作表, 而 {sheets} 都像这张表, 无法确定用哪一个。",
        "There is no sheet “{en}”, and several look like it: {sheets}; it is unclear which is meant.",
        "请把要用的那张工作表命名为“{zh}”。",
        "Rename the right one to “{en}”.",
    ),
    "far-cells": Message(
        W,
        "工作表“{sheet}”在远处有零散的单元格 ({cells}), 未读取。",
        "Sheet “{sheet}” has stray cells far from the data ({cells}); they were not read.",
        "如果是误填, 请删除; 如果有用, 请移到数据旁边。",
        "Delete them if unintended; move them next to the data if they matter.",
    ),
    # no master
    "is-a-report": Message(
        E,
        "{file} 是执行分析报告, 不是主计划工作簿; 它的主计划是“{master}”。没有写入任何内容。",
        "{file} is a report, not a master; its master is “{master}”. Nothing was written.",
        "打开主计划“{master}”再试。报告里填写的原因和措施用 salesplan collect 收回。",
        "Open “{master}” and try again. salesplan collect takes back what was typed into the report.",
    ),
    "is-a-handout": Message(
        E,
        "{file} 是发给填报人的填报表, 不是主计划工作簿; 它的主计划是“{master}”。没有写入任何内容。",
        "{file} is a handout, not a master; its master is “{master}”. Nothing was written.",
        "打开主计划“{master}”再试。填报表用 salesplan collect 收回。",
        "Open “{master}” and try again. salesplan collect takes handouts back.",
    ),
    "master-incomplete": Message(
        E,
        "{file} 里没有 {sheets} 表, 不能当作主计划使用。没有写入任何内容。",
        "{file} has no sheet {sheets}, so it cannot be used as a master. Nothing was written.",
        "如果打开的是别的工作簿, 请换成主计划; 否则补上 {sheets} 表(可从 salesplan new 生成的模板复制)。",
        "If this is another workbook, open the master instead; otherwise add {sheets} (copy from a template, salesplan new).",
    ),
    "currency-by-format": Message(
        W,
        "币种没有填, 数字格式显示 {text}: 按 {currency} 换算。",
        "No currency is given; the number format shows {text}: converted as {currency}.",
        "填写币种, 或改正数字格式。",
        "Enter the currency, or correct the number format.",
    ),
    "currency-format-differs": Message(
        W,
        "数字格式显示 {text}, 币种是 {currency}: 按 {currency} 计。",
        "The number format shows {text}, the currency is {currency}: counted as {currency}.",
        "改正其中一个。",
        "Correct one of the two.",
    ),
    "budget-other-currency": Message(
        E,
        "数字格式显示 {text} ({currency}), 预算按计划的币种填写; 没有 {currency} 的预算汇率, 这个金额没有计入。",
        "The number format shows {text} ({currency}); the budget is in the plan's currency, and there is no budget rate for {currency}, so the amount is not counted.",
        "改正数字格式, 或在汇率表填写 {currency} 从计划年度第一天或更早起的预算汇率。",
        "Correct the number format, or enter a budget rate for {currency} from the plan year's first day or earlier in Rates.",
    ),
}

MESSAGES: dict[str, Message] = _UNREADABLE | _UNSAFE | _TABLES
