"""What the mails say: from the manifest to a letter, in the language of the reports."""

from __future__ import annotations

from collections.abc import Mapping

from salesplan.delivery.manifest import Book, Manifest, Recipient
from salesplan.delivery.message import Attachment, Letter, Table

_WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "subject": "{title} · {unit}",
        "test": "[测试] {subject}",
        "flawed": "【数据有误】{subject}",
        "errors": "注意: 主计划工作簿中有 {count} 处错误影响本报告的数字, 改正之前数字可能不全或不对: {cells}。",
        "more": "{cells}, 其余 {count} 处见报告",
        "greeting": "{person}, 您好:",
        "nobody": "您好:",
        "intro": "附件是{title}, 只包含“{unit}”的数据, 截至 {day}。",
        "head": "指标|单位|累计目标|累计实绩|累计完成率|本月完成率|灯",
        "problems": "报告中列出 {count} 个待说明的问题。",
        "no_problems": "报告中没有待说明的问题。",
        "counts": "累计指标: ● 绿灯 {green} · ▲ 黄灯 {yellow} · ■ 红灯 {red}",
        "closing": "本邮件由 salesplan 根据主计划工作簿生成。附件可在 Excel、WPS 或手机上查看; 收到的不是您负责的数据时, 请告知发件人并删除。",
    },
    "en": {
        "subject": "{title} · {unit}",
        "test": "[Test] {subject}",
        "flawed": "[Data errors] {subject}",
        "errors": "Caution: errors in the master ({count}) affect figures of this report, which may be incomplete or wrong until they are corrected: {cells}.",
        "more": "{cells}, and {count} more listed in the report",
        "greeting": "Dear {person},",
        "nobody": "Hello,",
        "intro": "Attached is the {title}. It holds the figures of “{unit}” only, as of {day}.",
        "head": "KPI|Unit|Target YTD|Actual YTD|Rate YTD|Rate of the month|Light",
        "problems": "The report lists {count} problems that ask for an explanation.",
        "no_problems": "The report lists no problem that asks for an explanation.",
        "counts": "KPIs year to date: ● green {green} · ▲ yellow {yellow} · ■ red {red}",
        "closing": "This mail was made by salesplan from the master planning workbook. The attachment opens in Excel, WPS or on a phone. "
        "If these are not your figures, please tell the sender and delete it.",
    },
}
_NOTICE: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "subject": "计划变更通知 · {code} · 自 {effective} 起",
        "greeting": "{person}, 您好:",
        "intro": "以下变更已经批准 ({approver}, {approved}), 自 {effective} 起执行。",
        "head": "对象|字段|调整前|调整后|生效月",
        "reason": "触发原因: {trigger}",
        "no_reason": "变更记录里没有写触发原因。",
        "closing": "本邮件由 salesplan 根据主计划工作簿的变更记录生成。",
    },
    "en": {
        "subject": "Change of plan · {code} · from {effective}",
        "greeting": "Dear {person},",
        "intro": "This change was approved ({approver}, {approved}) and holds from {effective} on.",
        "head": "Subject|Field|Before|After|From",
        "reason": "Reason: {trigger}",
        "no_reason": "The change log gives no reason.",
        "closing": "This mail was made by salesplan from the change log of the master planning workbook.",
    },
}
_COLORS = {"green": "info", "yellow": "comment", "red": "warning", "": "comment"}
"""The three colours that the robot's markdown knows."""


def letter(
    manifest: Manifest, recipient: Recipient, book: bytes, *, test_to: str | None = None
) -> Letter:
    """The recipient's letter with their book; with ``test_to`` the same letter to that address, marked as a test."""
    words, unit = _WORDS[manifest.lang], recipient.book.unit
    subject = words["subject"].format(title=manifest.title, unit=unit)
    if recipient.book.errors:
        subject = words["flawed"].format(subject=subject)
    return Letter(
        address=test_to or recipient.address,
        name="" if test_to else recipient.person,
        subject=words["test"].format(subject=subject) if test_to else subject,
        paragraphs=(
            words["greeting"].format(person=recipient.person)
            if recipient.person
            else words["nobody"],
            *_caution(recipient.book, manifest.lang),
            words["intro"].format(title=manifest.title, unit=unit, day=manifest.as_of.isoformat()),
            *recipient.book.sentences,
            _problems(recipient.book, manifest.lang),
        ),
        table=_table(recipient.book, words["head"]),
        closing=(words["closing"],),
        attachment=Attachment(recipient.book.file, book),
    )


def change_letter(facts: Mapping[str, str], address: str, person: str, lang: str) -> Letter:
    """What an approved change is, from when, and why. ``facts`` are the texts of its row: code, subject, field, before,
    after, effective, trigger, approver, approved."""
    words, person = _NOTICE[lang], _line(person)
    row = tuple(facts[key] or "—" for key in ("subject", "field", "before", "after", "effective"))
    return Letter(
        address=address,
        name=person,
        subject=_line(words["subject"].format(**facts)),
        paragraphs=(words["greeting"].format(person=person), words["intro"].format(**facts)),
        table=Table(tuple(words["head"].split("|")), (row,), (False, False, True, True, False)),
        closing=(
            words["reason" if facts["trigger"] else "no_reason"].format(**facts),
            words["closing"],
        ),
    )


def _line(text: str) -> str:
    """Text in one line, as a header needs it: a cell of a planner's may have breaks in it."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def markdown(manifest: Manifest, book: Book) -> str:
    """The robot's short summary of a book: title, counts of lights, sentences, and a line for each KPI of the table."""
    words = _WORDS[manifest.lang]
    counts = words["counts"].format(green=book.green, yellow=book.yellow, red=book.red)
    lines = [
        f"**{_quiet(manifest.title)} · {_quiet(book.unit)}**",
        f'<font color="comment">{manifest.as_of.isoformat()}</font>',
        counts,
    ]
    lines[2:2] = [
        f'<font color="warning">{_quiet(said)}</font>' for said in _caution(book, manifest.lang)
    ]
    lines += [f"> {_quiet(sentence)}" for sentence in book.sentences]
    lines += [
        f"{_quiet(row.name)}: {_quiet(row.actual)} / {_quiet(row.target)} {_quiet(row.measure)}, "
        f'<font color="{_COLORS[row.light]}">{_quiet(row.rate)} {_quiet(row.word)}</font>'
        for row in book.rows
    ]
    return "\n".join([*lines, _problems(book, manifest.lang)])


def _caution(book: Book, lang: str) -> tuple[str, ...]:
    """What is said first of a book whose figures are touched by errors; nothing of any other."""
    if not book.errors:
        return ()
    words, cells = _WORDS[lang], ("、" if lang == "zh" else ", ").join(book.error_cells)
    rest = book.errors - len(book.error_cells)
    if rest:
        cells = words["more"].format(cells=cells, count=rest)
    return (words["errors"].format(count=book.errors, cells=cells),)


def _problems(book: Book, lang: str) -> str:
    return _WORDS[lang]["problems" if book.problems else "no_problems"].format(count=book.problems)


def _table(book: Book, head: str) -> Table | None:
    if not book.rows:
        return None
    rows = tuple(
        (row.name, row.measure, row.target, row.actual, row.rate, row.month_rate, row.word)
        for row in book.rows
    )
    return Table(tuple(head.split("|")), rows, (False, False, True, True, True, True, False))


def _quiet(text: str) -> str:
    """Text that stays text in the robot's markdown."""
    return (
        text.replace("<", "‹")
        .replace(">", "›")
        .replace("`", "'")
        .replace("*", "∗")
        .replace("[", "［")
        .replace("]", "］")
    )
