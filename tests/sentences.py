"""Every sentence of the report, the mails and the findings, with the sample's figures, to be read
through by a person.

``python -m tests.sentences FILE`` writes them in both languages, as the sample says them; what the
sample has no occasion to say stands there as its template.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

from salesplan import app
from salesplan.app.audiences import report_each
from salesplan.app.reports import Form
from salesplan.app.sending import delivery, drafts
from salesplan.messages import catalogue, fix, text
from salesplan.plan.model import Level
from salesplan.report.texts.words import Words, all_texts
from salesplan.wording import for_many
from tests.samples import SHARED, new_sample, typed

Said = dict[str, list[str]]
LANGUAGES = ("zh", "en")
SENTENCE, SAID = ("。", ".", "?"), ("sentence_", "issue_", "asked_", "course_title", "deck_other")
"""What a text that is a sentence ends in, or how its key begins."""


class Listening:
    """While it is open, every text that a report takes is kept under its key."""

    def __init__(self) -> None:
        self.said: Said = {}
        self._call = Words.__call__

    def __enter__(self) -> Said:
        call, said = self._call, self.said

        def heard(words: Words, key: str, **facts: str) -> str:
            sentence = call(words, key, **facts)
            said.setdefault(key, []).append(sentence)
            return sentence

        Words.__call__ = heard  # type: ignore[method-assign]
        return said

    def __exit__(self, *_: object) -> None:
        Words.__call__ = self._call  # type: ignore[method-assign]


def listened(lang: str, folder: Path) -> Said:
    """What the sample's report, its page and its deck say, by the texts' keys."""
    master = new_sample(folder / "m.xlsx", lang=lang)
    with Listening() as said:
        app.report(master, app.Wanted(folder=folder, lang=lang, forms=list(Form)))
    return said


def kept_page() -> str:
    """The page as a run of the tests made it first; the site's build in that run has it, too."""
    folder = os.environ.get(SHARED)
    if folder is None:
        return "\n".join(page())
    made = Path(folder) / "sentences.md"
    if not made.exists():
        own = made.with_stem(f"sentences-{os.getpid()}")
        own.write_text("\n".join(page()), encoding="utf-8")
        own.replace(made)
    return made.read_text("utf-8")


def page() -> Iterator[str]:
    """The page of the documentation: every sentence of the report in both languages, one below the
    other, as the sample says it, else as its template; then a mail.
    """
    yield "# Sentences 句子\n"
    yield (
        "Every sentence of the report with the sample's figures, in Chinese and English; *one that "
        "the sample has no occasion for* stands as its template. 报告的每个句子, 数字出自示例; "
        "*斜体*的示例里没有机会说, 列的是模板。\n"
    )
    with tempfile.TemporaryDirectory() as made:
        folders = {lang: Path(made) / lang for lang in LANGUAGES}
        said = {lang: listened(lang, folder) for lang, folder in folders.items()}
        for key, pair in all_texts().items():
            if not (pair[1].rstrip("）)").endswith(SENTENCE) or key.startswith(SAID)):
                continue
            yield f"`{key}`\n"
            for lang, template in zip(LANGUAGES, pair, strict=True):
                found = said[lang].get(key)
                text_of = found[0].strip() if found else f"*{for_many(template).strip()}*"
                yield f"- {' '.join(text_of.split())}"
            yield ""
        for lang, folder in folders.items():
            yield f"## {'邮件' if lang == 'zh' else 'Mail'}\n"
            yield from (f"    {line}" for line in mail_lines(folder / "m.xlsx", folder / "each"))
            yield ""


def report_lines(lang: str, folder: Path) -> Iterator[str]:
    """Each text of the report by key, as the sample's report says it first."""
    said = listened(lang, folder)
    for key, pair in all_texts().items():
        found = said.get(key)
        template = pair[0 if lang == "zh" else 1]
        yield f"{key}: {found[0]}" if found else f"{key} (not in the sample): {for_many(template)}"


def finding_lines(lang: str, master: Path) -> Iterator[str]:
    """Each message: as the sample with mistakes says it first, else its template."""
    found = {one.code: one for one in reversed(app.check(master).findings)}
    for code, message in sorted(catalogue().items()):
        one = found.get(code)
        if one is not None:
            yield f"{code}: {text(one, lang)} → {fix(one, lang)}"
            continue
        said, action = (
            (message.zh, message.fix_zh) if lang == "zh" else (message.en, message.fix_en)
        )
        yield f"{code} (not in the sample): {for_many(said)} → {for_many(action)}"


def mail_lines(master: Path, folder: Path) -> Iterator[str]:
    """The draft to the first team of the sample; no other is made."""
    folder.mkdir()
    _, *others = [unit for unit in app.check(master).plan.units if unit.level is Level.TEAM]
    places = [unit.origin.place("email") for unit in others]
    own = Path(shutil.copy(master, folder / master.name))
    typed(own, {(place.sheet, place.cell): None for place in places})
    wanted = app.Wanted(folder=folder, details="none")
    found = delivery(report_each(own, wanted, levels=(Level.TEAM,)).folder)
    first = min(drafts(found, folder / "mail"))
    mail = message_from_bytes(first.read_bytes(), policy=policy.default)
    body = mail.get_body(("plain",))
    yield str(mail["subject"])
    yield from (body.get_content() if body is not None else "").splitlines()


def write(target: Path) -> None:
    """All of it into one file. OSError if it cannot be written."""
    lines: list[str] = []
    books = Path(__file__).parents[1] / "workbooks"
    names = {
        "zh": ("主计划示例", "主计划示例-含错误"),
        "en": ("master-example", "master-example-with-mistakes"),
    }
    for lang, (sample, mistakes) in names.items():
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            lines += [f"# report, {lang}", *report_lines(lang, folder / "demo"), ""]
            lines += [f"# mail, {lang}", *mail_lines(books / f"{sample}.xlsx", folder / "each"), ""]
            lines += [f"# findings, {lang}", *finding_lines(lang, books / f"{mistakes}.xlsx"), ""]
    target.write_text("\n".join(lines), "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "sentences.txt"))
