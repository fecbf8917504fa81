"""Which language is wanted is asked in one place, :class:`salesplan.wording.Both`: a text that is
missing in one of the two is then no matter of an ``if``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from salesplan.wording import Both, clauses, either, listed, sentences

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "salesplan").rglob("*.py"))
THE_ONE = ROOT / "salesplan" / "wording.py"
LANGUAGES = {"zh", "en"}
ANY = re.compile(r"\b(?:lang|zh|en)\b")
"""The words without which no source chooses: most have none, and need not be parsed."""


def is_language(node: ast.expr) -> bool:
    """Whether an expression is a language's name, or a variable or field that holds one."""
    if isinstance(node, ast.Constant):
        return node.value in LANGUAGES
    name = node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")
    return name == "lang"


def choices(source: str) -> Iterator[tuple[int, str]]:
    """Where a source chooses by language itself: ``lang == "zh"``, ``words[lang]``,
    ``getattr(message, lang)``, ``getattr(message, f"fix_{lang}")``.
    """
    if not ANY.search(source):
        return
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Compare(left=left, comparators=[right]) if isinstance(
                node.ops[0], ast.Eq | ast.NotEq
            ):
                found = any(
                    isinstance(one, ast.Constant) and one.value in LANGUAGES
                    for one in (left, right)
                )
            case ast.Subscript(slice=key):
                found = is_language(key)
            case ast.Call(func=ast.Name(id="getattr"), args=[_, name, *_]):
                parts = [
                    one.value
                    for one in getattr(name, "values", ())
                    if isinstance(one, ast.FormattedValue)
                ]
                found = any(map(is_language, (name, *parts)))
            case _:
                continue
        if found:
            yield node.lineno, ast.unparse(node)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nobody_else_asks_for_the_language(path: Path) -> None:
    if path != THE_ONE:
        assert list(choices(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        'x = a if lang == "zh" else b',
        'x = a if "en" != self.lang else b',
        'x = (a, b)[lang == "en"]',
        "x = WORDS[lang]",
        "x = WORDS[context.lang].upper()",
        'x = WORDS["zh"]',
        "x = getattr(message, lang)",
        'x = getattr(message, f"fix_{lang}", "")',
    ],
)
def test_each_way_of_choosing_is_seen(source: str) -> None:
    assert len(list(choices(source))) == 1


def test_both_is_no_choice_of_its_own() -> None:
    assert not list(choices('x = WORDS.of(lang); y = plan.unit["code"]; z = kind == "stock"'))


def test_what_is_said_in_each_language() -> None:
    assert [Both("甲", "A").of(lang) for lang in ("zh", "en")] == ["甲", "A"]
    assert [either(lang, 1, 2) for lang in ("zh", "en")] == [1, 2]
    assert [listed("AB", lang) for lang in ("zh", "en")] == ["A、B", "A, B"]
    assert [clauses("AB", lang) for lang in ("zh", "en")] == ["A；B", "A; B"]
    assert sentences(("一。", "二。"), "zh") == "一。二。"
    assert sentences(("One.", "Two."), "en") == "One. Two."
