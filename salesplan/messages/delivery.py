"""Messages about what leaves the house: the manifest, the books, and who gets them."""

from __future__ import annotations

from salesplan.messages import E, Message, N, W

_LEAK_ZH = "请不要手工发送; 检查主计划工作簿中是否把别人的内容写进了本单元的行, 修正后重新运行。"
_LEAK_EN = "Do not send it by hand; check whether another unit's data was typed into this unit's rows of the master, then run again."

MESSAGES: dict[str, Message] = {
    "mail-gone": Message(
        N,
        "{unit} 已离职, 不再发送报告。",
        "{unit} has left; no report is sent.",
        "由别人接手的, 在接手人一行填写邮箱; 日期有误的, 改正离职日。",
        "If someone has taken over, enter their address in that row; if the date is wrong, correct the leaving date.",
    ),
    "mail-left": Message(
        N,
        "{unit} 的负责人已离职, 不再发送报告。",
        "The person in charge of {unit} has left; no report is sent.",
        "指定新的负责人和邮箱。",
        "Enter a new person in charge and an address.",
    ),
    "manifest-missing": Message(
        E,
        "文件夹“{name}”里没有发送清单 manifest.json。",
        "There is no manifest.json in the folder “{name}”.",
        "先运行 salesplan report --audience each 生成各人的报告; 协作请求在 handout 文件夹的“协作请求”里。",
        "Run salesplan report --audience each first; help requests lie in the folder help-requests of the handouts.",
    ),
    "manifest-unreadable": Message(
        E,
        "“{name}”里的 manifest.json 读不出来。",
        "The manifest.json in “{name}” cannot be read.",
        "重新生成 (报告: salesplan report --audience each; 会议页: day 或 week; 协作请求: handout)。",
        "Make the files again (reports: salesplan report --audience each; meeting pages: day or week; help requests: handout).",
    ),
    "manifest-version": Message(
        E,
        "“{name}”里的 manifest.json 是版本 {version}, 这里只认识版本 {known}。",
        "The manifest.json in “{name}” is version {version}; this salesplan reads version {known}.",
        "用同一版本的 salesplan 重新生成。",
        "Make it again with this version of salesplan.",
    ),
    "manifest-field": Message(
        E,
        "“{name}”里的 manifest.json 有不能接受的内容: {field}。",
        "The manifest.json in “{name}” has an invalid entry: {field}.",
        "不要手工修改清单; 重新生成 (报告: salesplan report --audience each; 会议页: day 或 week; 协作请求: handout)。",
        "Do not edit the manifest; make the files again (reports: salesplan report --audience each; meeting pages: day or week; help requests: handout).",
    ),
    "manifest-elsewhere": Message(
        E,
        "“{name}”里的发送清单不是本账户生成的, 或者生成后被改动过, 没有按它发送。",
        "The manifest in “{name}” was made by another account or changed afterwards; nothing was sent.",
        "逐行核对收件人、邮箱和文件; 确认无误后加上 --made-elsewhere, 或重新生成: {command}。",
        "Check recipients, addresses and files line by line; if they are right add --made-elsewhere, or make them again: {command}.",
    ),
    "manifest-unsealed": Message(
        W,
        "发送清单没有加封: 密钥文件 {file} 无法读写。发送时会当作别处生成的清单, 先请您核对。",
        "The manifest is not sealed: the key file {file} cannot be kept. It will be taken for one made elsewhere and asked about.",
        "让本账户能读写该文件夹, 再生成一次。",
        "Let this account write to that folder, then make the files again.",
    ),
    "book-missing": Message(
        E,
        "清单中的“{name}”不在文件夹里。",
        "“{name}” is in the manifest but not in the folder.",
        "重新生成: {command}。",
        "Make it again: {command}.",
    ),
    "book-changed": Message(
        E,
        "“{name}”在生成之后被改动过, 与审阅时不同, 没有使用。",
        "“{name}” was changed after it was made and is not what was reviewed; it was not used.",
        "里面有人填写过的, 先用 salesplan collect 收回; 再运行 {command}, 审阅后发送。",
        "If somebody filled it in, take that back with salesplan collect first; then run {command}, review it, and send.",
    ),
    "leak-code": Message(
        E,
        "“{book}”含有其他单元的编码, 已删除该文件, 没有可发送的清单 (文件内部位置: {parts})。",
        "“{book}” contains a code of another unit; the report was deleted and will not be sent (inside the file: {parts}).",
        _LEAK_ZH,
        _LEAK_EN,
    ),
    "leak-name": Message(
        E,
        "“{book}”含有其他单元或人员的名称, 已删除该文件, 没有可发送的清单 (文件内部位置: {parts})。",
        "“{book}” contains the name of another unit or person; the report was deleted and will not be sent (inside the file: {parts}).",
        _LEAK_ZH,
        _LEAK_EN,
    ),
    "leak-address": Message(
        E,
        "“{book}”含有其他单元的邮箱, 已删除该文件, 没有可发送的清单 (文件内部位置: {parts})。",
        "“{book}” contains the address of another unit; the report was deleted and will not be sent (inside the file: {parts}).",
        _LEAK_ZH,
        _LEAK_EN,
    ),
    "leak-customer": Message(
        E,
        "“{book}”含有其他单元的客户, 已删除该文件, 没有可发送的清单 (文件内部位置: {parts})。",
        "“{book}” contains a customer of another unit; the report was deleted and will not be sent (inside the file: {parts}).",
        _LEAK_ZH,
        _LEAK_EN,
    ),
    "leak-text": Message(
        E,
        "“{book}”含有其他单元填写的文字, 已删除该文件, 没有可发送的清单 (文件内部位置: {parts})。",
        "“{book}” contains text written by another unit; the report was deleted and will not be sent (inside the file: {parts}).",
        _LEAK_ZH,
        _LEAK_EN,
    ),
    "leak-amount": Message(
        E,
        "“{book}”含有其他单元的金额或数值, 已删除该文件, 没有可发送的清单 (文件内部位置: {parts})。",
        "“{book}” contains an amount of another unit; the report was deleted and will not be sent (inside the file: {parts}).",
        _LEAK_ZH,
        _LEAK_EN,
    ),
    "leak-external": Message(
        E,
        "“{book}”含有指向其他工作簿的链接, 已删除该文件, 没有可发送的清单 (文件内部位置: {parts})。",
        "“{book}” contains a link to another workbook; the report was deleted and will not be sent (inside the file: {parts}).",
        _LEAK_ZH,
        _LEAK_EN,
    ),
    "leak-foreign-record": Message(
        E,
        "为 {unit} 准备的数据里混入了不该给它的内容 ({table}), 没有生成它的文件。",
        "The part for {unit} holds what is not its own ({table}); its report was not made.",
        _LEAK_ZH,
        _LEAK_EN,
    ),
    "audience-unknown": Message(
        E,
        "组织表中没有编码为“{name}”的单元。",
        "The Organization sheet has no unit with the code “{name}”.",
        "可用的编码: {near}",
        "Units: {near}",
    ),
    "audience-nobody": Message(
        W,
        "没有任何单元填写了可用的邮箱, 只生成了全公司的报告。",
        "No unit has a usable address; only the company report was made.",
        "在组织表中填写邮箱后再运行。",
        "Enter addresses on the Organization sheet and run again.",
    ),
}
