"""What each helper is asked, as a workbook to be answered: one line a task."""

from __future__ import annotations

from salesplan.audience.request_slice import Asked, HelperPart
from salesplan.handout.form import HELPER, Handout, Line, reply_key
from salesplan.plan.model import Month
from salesplan.plan.schema import label
from salesplan.wording import either, fill


def request_book(part: HelperPart, month: Month, master: str, company: str, lang: str) -> Handout:
    """The helper's book. It holds nothing that changes where its requests do not: the same requests
    give the same bytes, so that no mail goes out twice.
    """
    lines = tuple(_line(part, one, lang) for one in part.asked)
    return Handout(
        HELPER + part.key,
        part.name,
        part.person,
        month,
        lang,
        master,
        "",
        company,
        {"replies": lines},
    )


def _line(part: HelperPart, one: Asked, lang: str) -> Line:
    shown = (
        one.task,
        one.content,
        one.needed,
        one.owner,
        one.answer_by,
        one.deliverable,
        one.resources,
        one.requested,
        notice_said(one, lang),
    )
    return Line(reply_key(one.task, part.key), shown, (one.answer, one.promised, one.remark))


def notice_said(one: Asked, lang: str) -> str:
    """Whether a request came in time, as the helper reads it."""
    if one.late > 0:
        late = "asked {days:# working day|# working days} late"
        return fill(either(lang, "晚提报 {days} 个工作日", late), {"days": str(one.late)})
    if one.latest is not None:
        day = one.latest.isoformat()
        return either(lang, f"预告, 最晚 {day} 提报", f"notice ahead, to be asked by {day}")
    return ""


def sentences(part: HelperPart, lang: str) -> tuple[str, ...]:
    """The requests as a mail says them, a sentence each."""
    return tuple(_sentence(one, lang) for one in part.asked)


def _sentence(one: Asked, lang: str) -> str:
    """T21 市场调研: 2026-05-18 前支持 许诺; 成果: 调研报告; 需要: 行业数据."""
    day = "" if one.needed is None else one.needed.isoformat()
    by = either(lang, f"{day} 前", f" by {day}") if day else ""
    pieces = [either(lang, f"{by}支持 {one.owner}", f"for {one.owner}{by}")]
    if one.deliverable:
        pieces.append(either(lang, f"成果: {one.deliverable}", f"deliverable: {one.deliverable}"))
    if one.resources:
        pieces.append(either(lang, f"需要: {one.resources}", f"needs: {one.resources}"))
    if one.answer is None and one.answer_by is not None:
        until = one.answer_by.isoformat()
        pieces.append(either(lang, f"请在 {until} 前答复", f"please answer by {until}"))
    if one.answer is not None:
        said = label(one.answer, lang)
        said += "" if one.promised is None else f" {one.promised.isoformat()}"
        pieces.append(either(lang, f"已答复: {said}", f"answered: {said}"))
    notice = notice_said(one, lang)
    return f"{one.task} {one.content}: {'; '.join(pieces)}" + (f" ({notice})" if notice else "")
