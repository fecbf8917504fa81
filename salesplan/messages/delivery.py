"""Messages about what leaves the house: the manifest, the books, and who gets them."""

from __future__ import annotations

from salesplan.findings import Severity
from salesplan.messages import Message

_E, _W = Severity.ERROR, Severity.WARNING

MESSAGES: dict[str, Message] = {
    "manifest-missing": Message(
        _E, "文件夹“{name}”里没有发送清单 manifest.json。", "There is no manifest.json in the folder “{name}”.",
        "先运行 salesplan report --audience each 生成各人的报告。", "Run salesplan report --audience each first.",
    ),
    "manifest-unreadable": Message(
        _E, "“{name}”里的 manifest.json 读不出来。", "The manifest.json in “{name}” cannot be read.",
        "重新运行 salesplan report --audience each。", "Run salesplan report --audience each again.",
    ),
    "manifest-version": Message(
        _E, "“{name}”里的 manifest.json 是版本 {version}, 这里只认识版本 {known}。", "The manifest.json in “{name}” is version {version}; version {known} is known here.",
        "用同一版本的 salesplan 重新生成。", "Make it again with this version of salesplan.",
    ),
    "manifest-field": Message(
        _E, "“{name}”里的 manifest.json 有不能接受的内容: {field}。", "The manifest.json in “{name}” holds something that cannot be: {field}.",
        "不要手工修改清单; 重新运行 salesplan report --audience each。", "Do not edit the manifest; run salesplan report --audience each again.",
    ),
    "book-missing": Message(
        _E, "清单中的“{name}”不在文件夹里。", "“{name}” is in the manifest but not in the folder.",
        "重新运行 salesplan report --audience each。", "Run salesplan report --audience each again.",
    ),
    "book-changed": Message(
        _E, "“{name}”在生成之后被改动过, 与审阅时不同, 没有使用。", "“{name}” was changed after it was made and is not what was reviewed; it was not used.",
        "重新运行 salesplan report --audience each, 审阅后再发送。", "Run salesplan report --audience each again, review it, then send.",
    ),
}
