"""The catalogue of sentences: every code has one, in both languages, and none is left over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from string import Formatter

import pytest

from salesplan.findings import Finding, Place, Severity
from salesplan.messages import AREAS, catalogue, fix, show, text, worst_first
from salesplan.plan.model import Level, Month
from salesplan.plan.schema import sheet, table
from tests.sources import Source
from tests.unit.masters import edited, read

ROOT = Path(__file__).parents[2] / "salesplan"
SOURCES = sorted(path for path in ROOT.rglob("*.py") if path.parent.name != "messages")
CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")


@pytest.fixture(scope="module")
def sources() -> list[Source]:
    """Every source once, for this file's tests: a second of work and half a million nodes."""
    return [Source(path) for path in SOURCES]


def literals(nodes: Iterable[ast.AST]) -> set[str]:
    return {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def first_codes(call: ast.Call) -> set[str]:
    """The texts in a call's first argument."""
    return literals(ast.walk(call.args[0]))


def findings_made(sources: list[Source]) -> Iterator[tuple[str, str, ast.Call]]:
    """Every call of Finding.of, where it stands, with each of the codes that its first argument may
    be.
    """
    for source in sources:
        for node in source.nodes:
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "of"
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "Finding"
                and node.args
            ):
                for code in sorted(first_codes(node)):
                    if CODE.fullmatch(code):
                        yield f"{source.path.relative_to(ROOT)}:{node.lineno}", code, node


def names(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def shared(template: str) -> set[str]:
    """What the sentence names, where {zh} and {en} are one thing in two languages."""
    return {"its name" if name in ("zh", "en") else name for name in names(template)}


def test_every_finding_has_its_sentences_and_what_they_name(sources: list[Source]) -> None:
    made = list(findings_made(sources))
    assert len(made) > 500
    missing = {}
    for where, code, call in made:
        given = {keyword.arg for keyword in call.keywords}
        lacks = NEEDED.get(code, {"a sentence"}) - given
        if None not in given and lacks:
            missing[f"{where}:{code}"] = lacks
    assert missing == {}


NEEDED = {
    code: set().union(*map(names, (one.zh, one.en, one.fix_zh, one.fix_en)))
    for code, one in catalogue().items()
}
"""What the sentences of a code name."""

CODES = NEEDED.keys()


def spelled(nodes: Iterable[ast.AST]) -> set[str]:
    """Every name that a piece of code gives to a value: keywords of its calls, its own parameters,
    keys of its dictionaries.
    """
    found = set[str]()
    for one in nodes:
        if isinstance(one, ast.keyword | ast.arg):
            if one.arg:
                found.add(one.arg)
        elif isinstance(one, ast.Dict):
            for key in filter(None, one.keys):
                found |= literals(ast.walk(key))
    return found


def helpers(sources: list[Source]) -> dict[str, set[str]]:
    """By the name of a function or class: what it may add to the facts of a code it is given."""
    found: dict[str, set[str]] = {}
    for source in sources:
        for at, node in enumerate(source.nodes):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                found.setdefault(node.name, set()).update(spelled(source.within(at)))
    return found


def handed_on(sources: list[Source]) -> Iterator[tuple[str, str, set[str]]]:
    """Every code that another function than Finding.of is given, with the names that come with it:
    the call's own (without any, those of the function around it), and what the one called adds.
    """
    added = helpers(sources)
    for source in sources:
        for at, around in enumerate(source.nodes):
            if isinstance(around, ast.FunctionDef):
                for name, codes, node in coded_calls(source.within(at)):
                    own = {one.arg for one in node.keywords if one.arg}
                    whole = len(own) == len(node.keywords) > 0
                    given = own if whole else spelled(source.within(at))
                    for code in sorted(codes):
                        where = f"{source.path.relative_to(ROOT)}:{node.lineno}"
                        yield where, code, given | added.get(name, set())


def coded_calls(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, set[str], ast.Call]]:
    """The calls in a piece of code whose first argument may be a code: what is called, and the
    codes.
    """
    for node in nodes:
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            codes = first_codes(node) & CODES if name != "of" else set()
            if codes:
                yield name, codes, node


COMPLETED = {
    "file-held",
    "file-unsafe-entries",
    "file-unsafe-ratio",
    "file-unsafe-size",
    "mail-domain",
    "serial-as-date",
    "target-company-differs",
    "target-company-months-differ",
    "target-locked-above-parent",
    "target-months-unfit",
    "target-no-one-left",
}
"""Codes whose unit, file or count is added a step later, by who knows it."""


def test_a_code_that_is_handed_on_has_what_its_sentences_name(sources: list[Source]) -> None:
    handed = [one for one in handed_on(sources) if one[1] not in COMPLETED]
    assert len(handed) > 300
    missing = {
        f"{where}:{code}": NEEDED[code] - given - {"column"}
        for where, code, given in handed
        if NEEDED[code] - given - {"column"}
    }
    assert missing == {}


def test_no_sentence_names_what_nobody_gives(sources: list[Source]) -> None:
    """The codes that are chosen first and made into findings elsewhere, too."""
    given = set().union(*(spelled(source.nodes) for source in sources))
    assert {code: NEEDED[code] - given for code in catalogue() if NEEDED[code] - given} == {}


def test_every_message_is_used(sources: list[Source]) -> None:
    used = set().union(*(literals(source.nodes) for source in sources))
    assert sorted(catalogue().keys() - used) == []


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_both_languages_say_the_same(code: str) -> None:
    message = catalogue()[code]
    assert CODE.fullmatch(code)
    assert shared(message.zh) == shared(message.en) and shared(message.fix_zh) == shared(
        message.fix_en
    )
    assert message.zh and message.en and bool(message.fix_zh) == bool(message.fix_en)
    assert not re.search("[\u4e00-\u9fff]", message.en + message.fix_en)
    if message.severity is Severity.ERROR:
        assert message.fix_zh, "an error names what to do"


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_a_chinese_console_can_print_it(code: str) -> None:
    message = catalogue()[code]
    for sentence in (message.zh, message.en, message.fix_zh, message.fix_en):
        sentence.encode("gbk")


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (Decimal("1234567.50"), "1,234,567.5", "1,234,567.5"),
        (Decimal("100"), "100", "100"),
        (1234, "1,234", "1,234"),
        ("2026", "2026", "2026"),
        (date(2026, 3, 5), "2026-03-05", "2026-03-05"),
        (Month(2026, 6), "2026-06", "2026-06"),
        (Level.TEAM, "团队", "Team"),
        (True, "是", "yes"),
        (("a", "b"), "a、b", "a, b"),
        (sheet("kpis"), "指标", "KPIs"),
        (table("units").column("parent"), "上级编码", "Parent code"),
    ],
)
def test_values_are_shown_as_people_write_them(value: object, zh: str, en: str) -> None:
    assert (show(value, "zh"), show(value, "en")) == (zh, en)


def test_a_finding_reads_in_both_languages() -> None:
    finding = Finding.of(
        "number-with-unit",
        Place("m.xlsx", "预算", "G5"),
        column=table("budget").column("requested"),
        text="12万",
        number=Decimal(120_000),
        wan=Decimal(12),
    )
    assert text(finding, "zh") == "“申请额”的“12万”带有单位, 不能当作数值。"
    assert fix(finding, "en").startswith(
        "Type the number only: 120,000 in single units, 12 in ten thousands"
    )


def test_worst_first_and_once() -> None:
    column = table("units").column("code")
    blank, twice = (
        Finding.of("required-blank", Place("", "组织", "A3"), column=column),
        Finding.of("required-blank", Place("", "组织", "A3"), column=column),
    )
    note = Finding.of("spending-zero", Place("", "费用", "A2"))
    assert worst_first([note, blank, twice]) == [blank, note]


def test_cells_come_in_the_order_of_the_sheet() -> None:
    cells = ["", "3", "12", "A7", "A10", "I8", "I10", "AA2", "AD3"]
    findings = [
        Finding.of(
            "week-not-friday",
            Place("m.xlsx", "周复盘", cell),
            day=date(2026, 1, 1),
            friday=date(2026, 1, 2),
        )
        for cell in sorted(cells)
    ]
    assert [finding.place.cell for finding in worst_first(findings)] == cells


def test_a_cell_that_is_needed_is_not_to_be_left_blank() -> None:
    """A market has a year; a KPI need not have a target."""
    market = {"market": {2: {"year": "明年", "size": 100.0}}}
    _, found = read(edited({**market, "kpis": {2: {"target": "很多"}}}))
    said = {one.place.sheet: fix(one, "zh") for one in found if one.code == "text-not-number"}
    assert "留空" not in said["市场规模"] and "留空" in said["指标"]


@pytest.mark.parametrize("area", AREAS)
def test_what_a_file_of_messages_says_once_is_used_in_both_languages(area: str) -> None:
    """A sentence that many messages share was used in Chinese, and typed anew in English."""
    tree = ast.parse((ROOT / "messages" / f"{area}.py").read_text(encoding="utf-8"))
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    made = {one.id for one in names if isinstance(one.ctx, ast.Store)}
    assert made - {one.id for one in names if isinstance(one.ctx, ast.Load)} <= {"MESSAGES"}
