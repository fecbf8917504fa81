"""Messages of saving, undoing and patching a workbook; see the package."""

from __future__ import annotations

from salesplan.findings import Severity
from salesplan.messages import Message

_E, _W = Severity.ERROR, Severity.WARNING

MESSAGES: dict[str, Message] = {
    # saving: exit 3
    "file-open-elsewhere": Message(
        _E,
        "{file} 正在别处打开: 旁边有 {lock}。",
        "{file} is open elsewhere: {lock} lies beside it.",
        "请先保存并关闭该文件再运行; 若确认无人打开, 删除这个锁文件即可。",
        "Save and close it there, then run again; if nobody has it open, delete that lock file.",
    ),
    "file-changed-since-read": Message(
        _E,
        "{file} 在读取之后被改动过, 没有写入。",
        "{file} was changed after it was read; nothing was written.",
        "请重新运行, 让计算基于最新内容。",
        "Run again, so that the figures rest on what it says now.",
    ),
    "file-being-saved": Message(
        _E,
        "另一个 salesplan 正在写 {file}。",
        "Another salesplan is saving {file}.",
        "等它结束后再运行。",
        "Wait for it to finish, then run again.",
    ),
    "file-read-only": Message(
        _E,
        "{file} 是只读的, 没有写入。",
        "{file} is read-only; nothing was written.",
        "取消只读属性, 或用 -o 另存到其他位置。",
        "Make it writable, or write elsewhere with -o.",
    ),
    "folder-missing": Message(
        _E,
        "文件夹 {folder} 不存在。",
        "There is no folder {folder}.",
        "先建立该文件夹, 或换一个位置。",
        "Make the folder first, or choose another place.",
    ),
    "folder-read-only": Message(
        _E,
        "文件夹 {folder} 不允许写入, {file} 没有改动。",
        "The folder {folder} cannot be written to; {file} was left as it is.",
        "取得该文件夹的写入权限, 或用 -o 另存到其他位置。",
        "Get the right to write there, or write elsewhere with -o.",
    ),
    "disk-full": Message(
        _E,
        "{folder} 所在磁盘空间不足, {file} 没有改动。",
        "The disk of {folder} is full; {file} was left as it is.",
        "腾出空间后再运行。",
        "Free some space, then run again.",
    ),
    "save-failed": Message(
        _E,
        "{file} 没有写成: {reason}; 原文件未改动。",
        "{file} could not be saved: {reason}; the old file was left as it is.",
        "排除上述原因后再运行, 或用 -o 另存到其他位置。",
        "Clear that away and run again, or write elsewhere with -o.",
    ),
    "saved-copy-wrong": Message(
        _E,
        "写好的副本核对不一致 ({where}), 已放弃, 原文件未改动。",
        "The new copy did not read back right ({where}); it was dropped and the old file left as it is.",
        "请再运行一次; 若仍出现, 用 Excel 打开并另存后再试。",
        "Run again; if it stays, open the file in Excel, save it, and try once more.",
    ),
    "save-shuts-out": Message(
        _E,
        "保存后 {names} 将无法再使用 {file}, 没有写入。",
        "After saving, {names} could no longer use {file}; nothing was written.",
        "请文件所有者把文件的组改为大家共有的组 (chgrp), 或用 -o 另存到其他位置。",
        "Ask the file's owner to give it to a group that all of you are in (chgrp), or write elsewhere with -o.",
    ),
    "save-parts-names": Message(
        _W,
        "{file} 另有 {count} 个硬链接名; 保存后它们仍是旧内容。",
        "{file} goes by other names as well (hard links): {count}; they keep the old content.",
        "保存后请重新建立这些链接。",
        "Make those links again after the save.",
    ),
    "save-drops-attributes": Message(
        _W,
        "{file} 的扩展属性 {names} 在保存后无法保留。",
        "Saving {file} cannot keep its extended attributes {names}.",
        "需要时请在保存后重新设置。",
        "Set them again after the save if they are needed.",
    ),
    "backup-folder-odd": Message(
        _E,
        "{file} 旁边的 {folder} 是链接或文件, 不是普通文件夹; 无法保留备份, 没有写入。",
        "{folder} beside {file} is a link or a file and not a folder; no backup could be kept, so nothing was written.",
        "请把它移走或改名后再运行。",
        "Move or rename it, then run again.",
    ),
    "backup-folder-closed": Message(
        _E,
        "备份文件夹 {folder} 属于 {owner}, 您不能写入; {file} 没有改动。",
        "The backup folder {folder} belongs to {owner} and you cannot write into it; {file} was left as it is.",
        "请 {owner} 再保存一次 (会自动放开权限), 或给该文件夹加上组写权限。",
        "Ask {owner} to save once more, which opens it, or to give its group the right to write.",
    ),
    # undo
    "undo-nothing": Message(
        _E,
        "{file} 没有可以撤销的保存记录。",
        "Nothing was saved over {file} that could be undone.",
        "用 salesplan history 查看记录。",
        "See salesplan history.",
    ),
    "undo-changed-since": Message(
        _E,
        "要撤销的那次写入之后, {file} 又被改动过; 撤销会丢掉这些改动, 已停止。",
        "{file} was changed by someone after the save to be undone; undoing would lose those changes, so nothing was done.",
        "需要旧版本时, 从旁边的 .salesplan-backup 文件夹中取出。",
        "Take the old version from the folder .salesplan-backup beside it if you need it.",
    ),
    "undo-backup-gone": Message(
        _E,
        "{file} 的备份 ({time}) 已不在。",
        "The backup of {file} from {time} is gone.",
        "在 .salesplan-backup 文件夹中查看还留有哪些版本。",
        "See which versions are left in the folder .salesplan-backup.",
    ),
    # the package
    "package-damaged": Message(
        _E,
        "文件已损坏: {part}。",
        "The file is damaged: {part}.",
        "用 Excel 打开并修复, 另存后再试。",
        "Open it in Excel, let it repair the file, save and try again.",
    ),
    "part-damaged": Message(
        _E,
        "文件内部 {part} 的内容不合规范: {reason}。",
        "The part {part} inside the file is not sound: {reason}.",
        "用 Excel 打开并另存后再试。",
        "Open it in Excel, save it and try again.",
    ),
    # changes a workbook cannot take: exit 1
    "sheet-gone": Message(
        _E,
        "没有名为 {name} 的工作表, 无法写入。",
        "There is no worksheet named {name} to write to.",
        "恢复该工作表或改回原名。",
        "Bring the sheet back or give it its old name.",
    ),
    "cell-reference-odd": Message(
        _E,
        "无法识别的单元格位置。",
        "That is not the place of a cell.",
        "位置应如 B12。",
        "It should read like B12.",
    ),
    "cell-in-array-formula": Message(
        _E,
        "单元格属于数组公式 (范围 {range}), 不能单独改写。",
        "The cell is part of an array formula over {range} and cannot be changed by itself.",
        "删除该数组公式, 或把它移出计算列。",
        "Delete that array formula, or move it out of the engine's column.",
    ),
    "cell-in-data-table": Message(
        _E,
        "单元格属于模拟运算表 (范围 {range}), 不能单独改写。",
        "The cell is part of a what-if data table over {range} and cannot be changed by itself.",
        "删除该模拟运算表, 或把它移出计算列。",
        "Delete that data table, or move it out of the engine's column.",
    ),
    "shared-formula-fixed": Message(
        _E,
        "单元格的公式与 {other} 等单元格共用, 无法单独改写。",
        "The cell shares its formula with {other} and others and cannot be changed by itself.",
        "在 {other} 中重新输入公式后再运行。",
        "Type the formula in {other} anew, then run again.",
    ),
    "cell-in-merge": Message(
        _E,
        "单元格被合并单元格 {merged} 覆盖, 写入后看不到。",
        "The cell is covered by the merged cell {merged}; what is written there would not show.",
        "取消该合并。",
        "Unmerge it.",
    ),
    "cell-in-table-header": Message(
        _E,
        "单元格是表格 {table} 的标题, 不能改写。",
        "The cell is a heading of the table {table} and cannot be changed.",
        "保留标题不变。",
        "Leave the heading as it is.",
    ),
    "table-totals-in-the-way": Message(
        _E,
        "表格 {table} 的汇总行挡住了新行。",
        "The totals row of the table {table} is in the way of new rows.",
        "在汇总行上方插入空行, 或关闭汇总行。",
        "Insert blank rows above the totals row, or switch it off.",
    ),
    "table-no-room": Message(
        _E,
        "表格 {table} 下方没有空位放新行。",
        "There is no room below the table {table} for new rows.",
        "移开下方的表格或取消合并单元格。",
        "Move the table below away, or unmerge the cells there.",
    ),
    "text-too-long": Message(
        _E,
        "文字有 {length} 个字符, 单元格最多容纳 {most} 个。",
        "The text has {length} characters; a cell holds {most}.",
        "缩短文字。",
        "Shorten the text.",
    ),
    "formula-too-long": Message(
        _E,
        "公式有 {length} 个字符, 最多 {most} 个。",
        "The formula has {length} characters; {most} are allowed.",
        "缩短公式。",
        "Shorten the formula.",
    ),
    "date-not-representable": Message(
        _E,
        "日期 {date} 早于该工作簿能表示的最早日期。",
        "The date {date} is before the first one this workbook can hold.",
        "改用较晚的日期。",
        "Use a later date.",
    ),
}
