"""Messages about what a planner typed into the engine's columns, and about columns that are added."""

from __future__ import annotations

from salesplan.messages import E, Message, N

_FIX_ZH = (
    "要保留, 运行 recalc 时加 --keep-typed: 目标和批准额移入对应的手工列, 其余原样留着、不再填写; "
    "要由引擎重新填写, 加 --replace-typed。"
)
_FIX_EN = (
    "To keep them, run recalc with --keep-typed: targets and approved amounts move to their manual columns, "
    "the rest stays as it is. To overwrite them, use --replace-typed."
)

MESSAGES: dict[str, Message] = {
    "engine-cells-typed": Message(
        E,
        "计算列里有 {count} 格不是引擎写的 ({cells}); 重新计算会盖掉它们, 所以没有写入。",
        "Engine columns hold {count:# value|# values} that salesplan did not write ({cells}); a recalculation would overwrite them, so nothing is written.",
        _FIX_ZH,
        _FIX_EN,
    ),
    "engine-cells-unknown": Message(
        E,
        "计算列里有 {count} 格 ({cells}) 与现在的计算结果不同, 而文件里没有上次填写的记录, 分不清是您填的还是引擎写的; 说明之前 recalc 不会改写。",
        "Engine columns hold {count:# value|# values} that differ from the current calculation ({cells}), and the file has no record of the last filling: they may be yours or the engine's, and recalc overwrites none until you say.",
        "先看每格的原值与新值: salesplan recalc FILE --replace-typed --dry-run --all。" + _FIX_ZH,
        "See each old and new value first: salesplan recalc FILE --replace-typed --dry-run --all. "
        + _FIX_EN,
    ),
    "engine-cells-left": Message(
        N,
        "计算列里有 {count} 格是您填的 ({cells}), 按您的选择原样留着; 计算和月报不用它们。",
        "Engine columns hold {count:# value|# values} of yours ({cells}), left alone as you chose; no figure is based on them.",
        "清空这些格, 引擎就会重新填写。",
        "Clear them to have them filled again.",
    ),
    "add-no-room": Message(
        E,
        "工作表“{sheet}”的表格右侧被 {cell} 占用, 没有补上这些列: {columns}。",
        "Sheet “{sheet}”: {cell}, right of the table, is in the way; not added: {columns}.",
        "把占用的内容移开, 再运行 salesplan add。",
        "Move what is there, then run salesplan add again.",
    ),
    "add-no-such-sheet": Message(
        E,
        "模板里没有名为“{name}”的工作表 (是否指 {near}); 有: {sheets}。",
        "A template has no sheet “{name}” (did you mean {near}); it has {sheets}.",
        "写出其中一个, 或用 --all。",
        "Enter one of them, or use --all.",
    ),
    "typed-cell-unreadable": Message(
        E,
        "{cells} 里的内容不是数字, 无法移入手工列。",
        "{cells}: not a number, so it cannot move to a manual column.",
        "改成数字或清空, 再运行。",
        "Enter a number, or clear the cell, and run again.",
    ),
    "typed-formula-without-result": Message(
        E,
        "{cells} 里是公式, 但文件没有存下它们的结果, 无法移入手工列。",
        "{cells}: formulas without stored results cannot move to a manual column.",
        "用 Excel 打开并保存一次再运行; 或加上 --recalc-with libreoffice。",
        "Open the file in Excel, save it and run again, or add --recalc-with libreoffice.",
    ),
    "typed-cell-twice": Message(
        E,
        "{cells} 与同一行手工列里的数不同, 不知道以哪个为准。",
        "{cells} and the manual column of the same row differ; it is unclear which holds.",
        "两处只留一个, 再运行。",
        "Clear one of the two and run again.",
    ),
    "typed-column-missing": Message(
        E,
        "工作表“{sheet}”没有“{column}”列, {cells} 无处可移。",
        "Sheet “{sheet}” has no column “{column}” to take {cells}.",
        "先运行 salesplan add 补上缺的列, 再加 --keep-typed 运行。",
        "Add the missing columns with salesplan add, then run with --keep-typed again.",
    ),
    "typed-in-list": Message(
        E,
        "{cells} 在引擎整张填写的表里, 没有可以保留它们的地方。",
        "{cells} are in a table that the engine fills completely; they cannot be kept there.",
        "移到表格以外的列或另一张工作表, 再运行; 或加 --replace-typed 由引擎重填。",
        "Move them to a column outside the table or to another sheet, or use --replace-typed.",
    ),
}
