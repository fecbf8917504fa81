"""Messages of linked sources (数据源)."""

from __future__ import annotations

from salesplan.findings import Severity
from salesplan.messages import Message

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE

MESSAGES: dict[str, Message] = {
    "source-map": Message(
        E,
        "数据源的对应表 {name} 读不了: {folder} 里没有这个文件。",
        "The source's mapping {name} cannot be read: there is no such file in {folder}.",
        "把对应表放在工作簿旁, 或在“设置”的“数据源”改为它的文件名; 不用数据源时留空。",
        "Put the mapping beside the workbook, or correct its name in Settings, Source; blank: no source.",
    ),
    "source-none": Message(
        E,
        "{file} 的“设置”中没有数据源。",
        "{file} names no source in Settings.",
        "在“设置”的“数据源”写上对应表的文件名, 如 map.toml (salesplan add FILE 设置 加上这一行)。",
        "Enter the mapping's file name in Settings, Source, such as map.toml (salesplan add FILE Settings adds the row).",
    ),
    "source-not-kept": Message(
        E,
        "本账户的数据源清单写不了: {cause}",
        "This account's list of sources cannot be written: {cause}",
        "核对状态文件夹的权限, 见 salesplan doctor。",
        "Check the rights of the state folder; see salesplan doctor.",
    ),
    "source-map-outside": Message(
        E,
        "数据源的对应表 {name} 不在工作簿的文件夹内, 没有打开。",
        "The source's mapping {name} lies outside the workbook's folder and was not opened.",
        "把对应表放在工作簿旁; 确实要用那里的, 运行 salesplan sources allow {file}。",
        "Put the mapping beside the workbook; to use it where it lies: salesplan sources allow {file}.",
    ),
    "source-map-without": Message(
        E,
        "对应表 {name} 中缺少 {example}, 无法连接数据源。",
        "The mapping {name} names no source to link: {example} is missing.",
        '加上一行, 如 source = "deals.csv" 或 url = "postgresql://user@host/database"。',
        'Add a line such as source = "deals.csv" or url = "postgresql://user@host/database".',
    ),
    "source-not-allowed": Message(
        E,
        "这个账户还没有允许 {file} 运行对应表 {name}。",
        "This account does not allow {file} to run the mapping {name}.",
        "看过对应表后运行 salesplan sources allow {file}; 工作簿改名或对应表改动后要再允许一次。",
        "Read the mapping, then run salesplan sources allow {file}; again after the workbook is renamed or the mapping changed.",
    ),
    "source-outside": Message(
        E,
        "对应表 {name} 要读 {file}, 它不在对应表的文件夹 {folder} 内, 没有读取。",
        "The mapping {name} names {file}, which is outside its folder {folder}; it was not read.",
        "把文件放到该文件夹, 或再运行一次 salesplan sources allow 允许它。",
        "Put the file into that folder, or allow it by salesplan sources allow once more.",
    ),
    "source-snapshot-used": Message(
        W,
        "没有读取数据源, 用的是 {at} 的快照 ({name})。原因: {cause}",
        "The source was not read; the snapshot of {at} is used ({name}). {cause}",
        "按原因改正后, 加 --refresh 再运行一次。",
        "Put it right, then run it again with --refresh.",
    ),
    "source-too-many-refused": Message(
        E,
        "数据源 {name} 的 {records} 条记录中有 {count} 条无法归类, 超过 1%, 没有采用; 例如 {texts}。",
        "Of {records:# record|# records} of {name}, {count} cannot be placed: more than 1 %, so none were taken. Examples: {texts}.",
        "核对数据源的列和对应表: 别名、日期和数字的写法、where 条件。",
        "Compare the source's columns with the mapping: aliases, how days and numbers are written, where.",
    ),
    "source-too-many-groups": Message(
        E,
        "数据源汇总出 {count} 组以上, 太多。",
        "The source makes more than {count:# group|# groups}.",
        "在对应表的 [columns] 中去掉不需要的列, 如客户或渠道。",
        "Take columns out of [columns] in the mapping that nobody needs, such as customer or channel.",
    ),
    "source-refused-unit": Message(
        W,
        "数据源中有 {count} 条记录的单元不在组织中, 或不止一个: {texts}。",
        "Not counted: {count:# record|# records} of the source with a unit that is unknown or could be several: {texts}.",
        "在对应表的 [aliases.unit] 中写明, 或在“组织”中加上。",
        "Name it in [aliases.unit] of the mapping, or add it to Organization.",
    ),
    "source-refused-day": Message(
        W,
        "数据源中有 {count} 条记录的日期读不懂: {texts}。",
        "Not counted: {count:# record|# records} of the source with a day that cannot be read: {texts}.",
        "在数据源中改正, 或在对应表中写 date_format。",
        "Correct it at the source, or set date_format in the mapping.",
    ),
    "source-refused-number": Message(
        W,
        "数据源中有 {count} 条记录的数字读不懂: {texts}。",
        "Not counted: {count:# record|# records} of the source with a figure that cannot be read: {texts}.",
        "在数据源中改正, 或在对应表中写 decimal、thousands、null。",
        "Correct it at the source, or set decimal, thousands or null in the mapping.",
    ),
    "source-refused-key": Message(
        W,
        "数据源中有 {count} 条记录的编号与另一条相同, 或为空, 未计入: {texts}。",
        "Not counted: {count:# record|# records} of the source with a key that another record has, or with none: {texts}.",
        "是同一条的, 在数据源中去掉一条; 是一张单的几行的, 在对应表的 key 中加上能分清它们的列。",
        "If they are one record, take one out at the source; if they are lines of one order, add the column that tells them apart to key.",
    ),
    "source-refused-share": Message(
        W,
        "数据源中有 {count} 条分成的记录, 份额合计不是 100%, 未计入: {texts}。",
        "Not counted: {count:# record|# records} of the source with shares that do not make 100 %: {texts}.",
        "在数据源中改正份额; 同一笔业绩的各条记录除组织单元和份额外要相同。",
        "Correct the shares at the source; the records of one deal are alike but for unit and share.",
    ),
    "source-refused-record": Message(
        W,
        "数据源中有 {count} 条记录无法归类: {texts}。",
        "Not counted: {count:# record|# records} of the source that cannot be placed: {texts}.",
        "用 salesplan import-actuals --dry-run 逐条查看。",
        "See them one by one with salesplan import-actuals --dry-run.",
    ),
    "source-kpi-unknown": Message(
        W,
        "对应表中的指标 {kpi} 不在“指标”表中, 未读取。",
        "The mapping has a rule for the KPI {kpi}, which is not on the sheet KPIs; it was not read.",
        "在“指标”中加上, 或改正对应表。",
        "Add it to KPIs, or correct the mapping.",
    ),
    "source-rate-stated": Message(
        E,
        "指标 {kpi} 是比率, 数据源的汇总需要分子和分母。",
        "{kpi} is a rate: to group a source's records, its numerator and denominator are needed.",
        "在对应表的规则中写 numerator 和 denominator (均值可写 value 和 quantity)。",
        "Give numerator and denominator in the mapping's rule (of an average also value and quantity).",
    ),
    "source-beside-rows": Message(
        W,
        "指标 {kpi} 既有导入的行 ({count} 行), 又有同月的数据源, 会重复计算。",
        "{kpi} has {count:# imported row|# imported rows} in months that the linked source has, too: they count twice.",
        "删除导入的行 (salesplan undo 可撤销导入), 或清空“数据源”。",
        "Take the imported rows out (salesplan undo takes back an import), or clear Source.",
    ),
}
