"""Messages about planners' own tables: what is found in them when they are read, and why a column is
taken for what it is.
"""

from __future__ import annotations

from salesplan.messages import E, Message, N, W

_AGAIN_ZH = "再运行一次 salesplan adopt, 或在工作表“对照”里改正这一行。"
_AGAIN_EN = "Run salesplan adopt again, or correct the row in the sheet Mapping."


def _why(zh: str, en: str) -> Message:
    return Message(N, zh, en)


MESSAGES: dict[str, Message] = {
    "mapping-row": Message(
        E,
        "对照表里这一行读不懂: “{text}”; 这一行没有使用。",
        "This row of the mapping is not valid: “{text}”; it is not used.",
        "字段可写: {fields}; 状态可写: 确认、建议、忽略; 换算如 月份=2026-01; 指标=营收; ×10000。",
        "Fields: {fields}. Status: confirmed, suggested or ignored. A conversion is written month=2026-01; KPI=Revenue; ×10000.",
    ),
    "mapping-table-gone": Message(
        E,
        "工作表“{sheet}”里找不到表头在 {cell} 的那张表, 其中的数字没有读取。",
        "Sheet “{sheet}” no longer has the table with its header at {cell}; its figures are not read.",
        _AGAIN_ZH,
        _AGAIN_EN,
    ),
    "mapping-sheet-renamed": Message(
        N,
        "工作表“{sheet}”现在叫“{found}”, 按表头认出, 照常读取。",
        "Sheet “{sheet}” is now called “{found}”; it is recognised by its headers and read as before.",
        "在对照表里改成新名称。",
        "Enter the new name in the mapping.",
    ),
    "mapping-table-new": Message(
        W,
        "这张表与工作表“{sheet}”表头在 {cell} 的表相像, 但不在对照表里, 没有读取。",
        "This table looks like the one of sheet “{sheet}” with its header at {cell}, but it is not in the mapping and is not read.",
        "再运行一次 salesplan adopt; 不需要读取时, 在对照表里加一行只写这个工作表的名称, 状态写“忽略”。",
        "Run salesplan adopt again; if it should not be read, add a row to the mapping with its sheet alone and the status ignored.",
    ),
    "mapping-column-gone": Message(
        E,
        "工作表“{sheet}”里找不到列“{head}”(原在 {cell}), 没有读取, 也没有填写。",
        "Sheet “{sheet}” no longer has the column “{head}” (it was at {cell}); it is neither read nor filled.",
        _AGAIN_ZH,
        _AGAIN_EN,
    ),
    "mapping-column-new": Message(
        N,
        "列“{head}”不在对照表里, 没有读取。",
        "Column “{head}” is not in the mapping and is not read.",
        "需要读取时再运行一次 salesplan adopt。",
        "Run salesplan adopt again if it should be read.",
    ),
    "mapping-total-differs": Message(
        W,
        "“{name}”这一行有 {count} 格与明细之和不符 ({cells}): 这里是 {is_}, 明细之和是 {due}。以明细为准。",
        "“{name}”: {count:# cell|# cells} of the row ({cells}) {count:differs|differ} from the sum of the rows it adds up: {is_} here, {due} in the rows. The rows count.",
        "核对小计的公式和明细。",
        "Check the subtotal's formula and its rows.",
    ),
    "mapping-target-twice": Message(
        E,
        "同一单元、指标和期间有两个目标, 另一个在 {first}; 用的是那一个。",
        "There are two targets for the same unit, KPI and period; the one at {first} is used.",
        "删去一个; 一行多义时在对照表里补上产品或指标。",
        "Delete one; where a row says more, map its product or KPI as well.",
    ),
    "mapping-name-twice": Message(
        E,
        "“{name}”在两行里都有目标 ({first} 和这里): 是两个人, 还是同一行写了两遍? 只用 {first} 那一行, 这一行的 {count} 个目标没有使用。",
        "“{name}” has targets in two rows ({first} and here): two people, or one row twice? The row of {first} is used; {count:# target|# targets} of this one {count:is|are} not.",
        "是两个人的, 加一列工号或团队, 或给其中一人换一个名称; 写了两遍的, 删去一行。",
        "Two people: add a column with their numbers or teams, or tell them apart by name. One row twice: delete one.",
    ),
    "mapping-actuals-of-one-name": Message(
        W,
        "“{name}”在两行里都有实绩 ({first} 和这里), {count} 格两行相加了: 是两个人, 还是同一行写了两遍?",
        "“{name}” has actuals in two rows ({first} and here); {count:# cell is|# cells are} added up: two people, or one row twice?",
        "是两个人的, 加一列工号或团队, 或给其中一人换一个名称; 写了两遍的, 删去一行; 同一个人的两笔, 不用改。",
        "Two people: add a column with their numbers or teams, or tell them apart by name. One row twice: delete one. Two figures of one person: leave them.",
    ),
    "mapping-name-of-several": Message(
        W,
        "“{name}”不止一个 ({units}), 这张表没有写是哪一个: {count} 个数字 ({cells}) 不算给任何人。",
        "“{name}” is the name of several ({units}), and this table does not say which: {count:# figure|# figures} ({cells}) {count:counts|count} for nobody.",
        "在这张表里也加一列工号或团队, 或把名称改成编码。",
        "Add a column with their numbers or teams to this table, too, or enter the code instead of the name.",
    ),
    "mapping-parts-added": Message(
        N,
        "目标按客户、区域或渠道分行填写: 同一单元的各行相加 ({count} 格)。",
        "Targets stand by customer, region or channel: the rows of a unit are added up ({count:# cell|# cells}).",
        "如果是同一目标的两种分法, 把其中一种在对照里写成“忽略”。",
        "If they are one target divided in two ways, set one of them to ignored in the mapping.",
    ),
    "mapping-hidden": Message(
        N,
        "有 {count} 个数字在隐藏的行或列里 ({where}), 照样读取。",
        "{count:# figure is|# figures are} in hidden rows or columns ({where}) and read all the same.",
        "取消隐藏或筛选看一看; 不该算的列在对照里写“忽略”, 不该算的行请删去。",
        "Unhide them, or clear the filter, and look. Set a column that should not count to ignored in the mapping; delete such a row.",
    ),
    "mapping-hidden-sheet": Message(
        N,
        "工作表“{sheet}”是隐藏的, 其中 {count} 个数字照样读取。",
        "Sheet “{sheet}” is hidden; its {count:# figure is|# figures are} read all the same.",
        "取消隐藏看一看; 不该算的, 在对照里把它的行写成“忽略”。",
        "Unhide it and look. If it should not count, set its rows to ignored in the mapping.",
    ),
    "mapping-undecided": Message(
        W,
        "有 {count} 格还没有数字 ({cells}: “{text}”), 按没有填写处理。",
        "{count:# cell has|# cells have} no figure yet ({cells}: “{text}”) and {count:counts|count} as blank.",
        "定下来以后把数字填进去。",
        "Type the figure there once it is decided.",
    ),
    "mapping-outside-year": Message(
        N,
        "有 {count} 个目标不属于计划年度 ({cells}), 没有使用。",
        "{count:# target is|# targets are} outside the plan year ({cells}) and not used.",
        "核对设置里的计划年度和财年起始月。",
        "Check the plan year and the fiscal start in Settings.",
    ),
    "mapping-actuals-twice": Message(
        W,
        "工作表“{sheet}”有 {count} 个实绩在另一张表里有明细, 只计一次, 以明细为准。",
        "Sheet “{sheet}”: {count:# actual is|# actuals are} given in more detail by another table and counted once, from there.",
        "如果两处是不同的业绩, 在对照表里给它们不同的指标或产品。",
        "If they are different figures, map them to different KPIs or products.",
    ),
    "mapping-rounded": Message(
        N,
        "“{kpi}”有 {count} 个目标的小数比最小单位 {unit} 更细 (如 {text}), 按最小单位四舍五入后使用。",
        "{count:# target|# targets} of “{kpi}” {count:is|are} finer than its smallest unit {unit} (such as {text}) and rounded to it.",
        "需要更细时改小指标的最小单位。",
        "Enter a smaller unit in KPIs if that matters.",
    ),
    "mapping-typed-here": Message(
        W,
        "这里填的是 {own}, 而您的表 {there} 是另一个数; 用的是这里的。",
        "{own} is typed here, and your table has another figure at {there}; the one here is used.",
        "清空其中一格。",
        "Clear one of the two cells.",
    ),
    "mapping-fill-typed": Message(
        E,
        "列“{head}”有 {count} 格是您填的数字或公式 ({cells}), 不会覆盖, 没有填写。",
        "Column “{head}”: {count:# cell holds|# cells hold} what you typed, or a formula ({cells}); {count:it is|they are} not overwritten.",
        "清空这些单元格后再计算; 或在工作表“对照”里把这一列改为“忽略”。",
        "Clear these cells and recalculate, or set the column to ignored in the sheet Mapping.",
    ),
    "mapping-fill-merged": Message(
        E,
        "列“{head}”有 {count} 格是合并单元格 ({cells}), 没有填写。",
        "Column “{head}”: {count:# cell is|# cells are} merged ({cells}) and not filled.",
        "取消合并, 每行一格。",
        "Unmerge them: one cell for each row.",
    ),
    "mapping-fill-locked": Message(
        E,
        "工作表“{sheet}”受保护, 列“{head}”有 {count} 格是锁定的 ({cells}), 没有填写。",
        "Sheet “{sheet}” is protected and {count:# cell|# cells} of column “{head}” ({cells}) {count:is|are} locked and not filled.",
        "在“设置单元格格式”的“保护”里取消这一列的锁定, 或撤销工作表保护。",
        "Unlock the column under Format Cells, Protection, or unprotect the sheet.",
    ),
    "mapping-fill-twice": Message(
        E,
        "列“{head}”有几行是同一单元和期间 ({cells}), 不知道填在哪一行, 整列没有填写。",
        "Column “{head}” has several rows for the same unit and period ({cells}); none of it is filled.",
        "在每个单元 (或每个单元每月) 一行的表里填写; 每个产品一行时, 在对照表里指明产品列。",
        "Fill a table with one row for each unit, or each unit and month; with a row for each product, map its product column.",
    ),
    "mapping-fill-unknown": Message(
        E,
        "列“{head}”没有填写: 指标或期间不在计划里。",
        "Column “{head}” is not filled: its KPI or period is not in the plan.",
        "在“换算”里写明, 如 月份=2026-01; 指标=营收 (不写期间是全年)。",
        "Enter them under Conversion, such as month=2026-01; KPI=Revenue (no period: the year).",
    ),
    "mapping-fill-unit": Message(
        N,
        "{count} 行的名称不在组织里 ({names}), 没有填写。",
        "{count:# row names|# rows name} nobody of the organization ({names}) and {count:is|are} not filled.",
        "核对名称, 或在“组织”里补上。",
        "Check the names, or add them to Organization.",
    ),
    "mapping-file": Message(
        E,
        "对照在文件 {file} 里, 但读不了: {what}",
        "The mapping is in the file {file}, which cannot be read: {what}",
        "把文件放回工作簿所在的文件夹, 或再运行一次 salesplan adopt。",
        "Put the file back into the workbook's folder, or run salesplan adopt again.",
    ),
    "mapping-file-place": Message(
        E,
        "对照文件 {file} 要与工作簿放在同一文件夹, 扩展名为 .toml。",
        "The mapping file {file} has to be a .toml in the workbook's folder.",
        "例如 --map plan.toml。",
        "Such as --map plan.toml.",
    ),
    "adopt-nothing": Message(
        E,
        "{file} 里没有认出带目标或实绩数字的表。看到的工作表: {seen}。",
        "No table with targets or actuals was recognised in {file}. Sheets seen: {seen}.",
        "让表的第一行是列标题(如 姓名、1月…12月, 或 日期、姓名、金额), 数字列里只放数字; 或把数据贴进 salesplan new 生成的模板。",
        "Give the table a header row (such as Name, Jan … Dec, or Date, Name, Amount) over columns that hold numbers only; or paste the data into a template made by salesplan new.",
    ),
    "adopt-is-master": Message(
        E,
        "{file} 已经是主计划, 里面没有别的表要读取。",
        "{file} is a plan already, and there are no other tables in it to be read.",
        "直接用它: salesplan check {file}。",
        "Use it as it is: salesplan check {file}.",
    ),
    "adopt-sum-differs": Message(
        W,
        "“{head}”有 {count} 行不等于各月之和: 这里是 {is_}, 各月之和是 {due}。以各月为准。",
        "“{head}”: {count:# row is|# rows are} not the sum of the months: {is_} here, {due} in the months. The months count.",
        "核对合计的公式; 以合计为准时, 改各月的数。",
        "Check the total's formula, or correct the months.",
    ),
    "adopt-currency-assumed": Message(
        N,
        "没有写币种, 按 {currency}。",
        "No currency is named anywhere; {currency} is assumed.",
        "在新加的“设置”里可以改。",
        "It can be changed in the new sheet Settings.",
    ),
    "adopt-names-alike": Message(
        W,
        "有的名称非常相近, 可能是同一个写错了: {names}。按不同的组织读取。",
        "Some names are nearly alike and may be misspelt: {names}. They are read as different units.",
        "在您的表里改成同一写法, 再运行一次。",
        "Spell them alike in your table and run it again.",
    ),
    "adopt-why-said": _why("由您指定", "As you chose"),
    "adopt-why-head": _why("列标题是“{head}”", "The header is “{head}”"),
    "adopt-why-above": _why(
        "列标题是“{head}”, 每个名称只属于其中一组",
        "The header is “{head}”, and each name stands in one of its groups only",
    ),
    "adopt-why-several-groups": _why(
        "“{head}”里同一名称出现在几组, 读作区域",
        "The same names stand in several groups of “{head}”: read as a region",
    ),
    "adopt-why-dates": _why("单元格是日期或月份", "The cells are dates or months"),
    "adopt-why-second-date": _why("已有一列日期", "Another column has the dates"),
    "adopt-why-roles": _why(
        "单元格逐行写着目标或实际", "The cells say target or actual row by row"
    ),
    "adopt-why-known-units": _why(
        "名称与另一张表里的组织相同", "The names are those of units in another table"
    ),
    "adopt-why-names": _why("单元格是人名", "The cells look like names of people"),
    "adopt-why-groups": _why(
        "单元格是部门、团队或地区的名称", "The cells are names of teams or regions"
    ),
    "adopt-why-first-texts": _why(
        "数字左边的第一列文字; 是组织还是产品, 请确认",
        "The first column of texts beside the figures; units or products, please say",
    ),
    "adopt-why-number": _why("行号", "Row numbers"),
    "adopt-why-nothing": _why("与目标、实绩无关", "Neither a target nor an actual"),
    "adopt-why-worked-out": _why("由引擎计算 ({role})", "Worked out by the engine ({role})"),
    "adopt-why-sum-of-months": _why("各月之和", "The sum of the months"),
    "adopt-why-hidden": _why("工作表是隐藏的, 请确认", "The sheet is hidden, please say"),
    "adopt-why-other-year": _why("“{head}”不属于计划年度", "“{head}” is outside the plan year"),
    "adopt-why-role-head": _why("列标题写明: “{head}”", "The header says so: “{head}”"),
    "adopt-why-role-title": _why("标题写明: “{text}”", "The title says so: “{text}”"),
    "adopt-why-between": _why(
        "“{head}”在两个月之间, 应是那个月, 请确认",
        "“{head}” stands between two months, likely the one between them, please say",
    ),
    "adopt-why-spending": _why(
        "标题说的像是费用、薪酬或人员: “{text}”, 请确认",
        "The title speaks of spending, pay or people: “{text}”, please say",
    ),
    "adopt-why-several-months": _why(
        "标题说的是几个月: “{text}”, 不知道是哪个月的数, 请确认",
        "The title speaks of several months: “{text}”; which month is this, please say",
    ),
    "adopt-why-lost": _why(
        "有的行写着“{text}”, 是不是也算实绩, 请确认",
        "Some rows say “{text}”; whether they count as well, please say",
    ),
    "adopt-why-two-versions": _why(
        "工作表“{sheet}”里也有这张表, 请确认用哪一张",
        "Sheet “{sheet}” has the same table, please say which one counts",
    ),
    "adopt-why-role-rows": _why(
        "是目标还是实绩, 由行里的列说明", "A column says row by row whether target or actual"
    ),
    "adopt-why-role-unknown": _why(
        "没有写是目标还是实绩, 请确认", "Nothing says whether targets or actuals, please say"
    ),
    "adopt-why-listed": _why(
        "带日期的明细里的数字: “{head}”", "A figure of a dated list: “{head}”"
    ),
    "adopt-why-sizes": _why(
        "每行写着单位, 各按自己的大小换算", "Each row names its unit and is counted in it"
    ),
    "adopt-why-quantity": _why("金额旁边的件数", "The pieces beside an amount"),
}
