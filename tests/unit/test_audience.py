"""Who sees what: a unit's own report holds its part only, with the figures of the full one, and the
audit finds what is not its own.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import chain
from pathlib import Path

import pytest

from salesplan.audience.audit import audit, audit_texts, texts_of
from salesplan.audience.confidential import Secrets, foreign_records, without_foreign
from salesplan.audience.name_search import Words
from salesplan.audience.recipients import recipients
from salesplan.audience.request_slice import foreign_requests, helper_parts
from salesplan.audience.results_slice import Part, part_of
from salesplan.audience.whole import Whole
from salesplan.engine.actuals.attainment import completion_against
from salesplan.engine.actuals.progress import Span
from salesplan.engine.changes import closing
from salesplan.engine.results import Results
from salesplan.findings import Finding
from salesplan.handout.requests import request_book
from salesplan.handout.write import write_handout
from salesplan.messages import text
from salesplan.plan.checks import CHECKS
from salesplan.plan.model import Kpi, KpiKind, Level, Month, Plan, Settings, TargetBasis, Task, Unit
from salesplan.plan.model.records import ClosedRow, digest
from salesplan.report import Scope, write_report
from salesplan.report.vocabulary import vocabulary, write_blank, write_blank_deck
from tests.canaries import AMOUNT, HELPER, OWN, WORD, Canaries, canary_plan
from tests.decks import parts as parts_of
from tests.report_fixture import actuals, computed, random_plan
from tests.unit.plans import plan_of

D = Decimal


@pytest.fixture(scope="module")
def common(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """What every report holds."""
    blank = tmp_path_factory.mktemp("blank") / "blank.xlsx"
    deck = blank.with_suffix(".pptx")
    write_blank(blank, "zh")
    write_blank_deck(deck, "zh")
    return (*vocabulary(), *texts_of(blank), *texts_of(deck), "m.xlsx")


def book(
    part: Part, secrets: Secrets, path: Path, lang: str = "zh", forms: Sequence[str] = ()
) -> Path:
    findings = without_foreign(part.findings, secrets, part, lang)
    write_report(
        part.plan,
        part.results,
        findings,
        path,
        lang=lang,
        source_name="m.xlsx",
        scope=Scope(part.root.name, part.company),
        also={form: path.with_suffix(form) for form in forms},
    )
    return path


def secret_canaries(
    canaries: Canaries, totals: bool = False, span: Span = Span.MONTH
) -> tuple[Plan, Results, Part]:
    plan = canary_plan(canaries, totals)
    results = computed(plan, span=span)
    return plan, results, part_of(Whole(plan, results), OWN, results.findings)


@dataclass(frozen=True)
class Audited:
    """A part's book, made once for all tests that plant something in a copy of it."""

    plan: Plan
    part: Part
    secrets: Secrets
    path: Path
    amounts: Sequence[Decimal]


@pytest.fixture(scope="module")
def own_book(tmp_path_factory: pytest.TempPathFactory, common: tuple[str, ...]) -> Audited:
    return audited(tmp_path_factory.mktemp("own"), common)


@pytest.fixture(scope="module")
def beside_a_cell(tmp_path_factory: pytest.TempPathFactory, common: tuple[str, ...]) -> Audited:
    """The same, where another unit is called D1234."""
    return audited(tmp_path_factory.mktemp("cell"), common, ("D1234", "别处"))


def audited(folder: Path, common: tuple[str, ...], *others: tuple[str, str]) -> Audited:
    canaries = Canaries()
    plan = canary_plan(canaries)
    top = plan.units[0].code
    units = [Unit(code=code, name=name, level=Level.TEAM, parent=top) for code, name in others]
    plan = replace(plan, units=(*plan.units, *units))
    results = computed(plan)
    part = part_of(Whole(plan, results), OWN, results.findings)
    secrets = Secrets(plan, results, common)
    path = book(part, secrets, folder / "own.xlsx")
    return Audited(plan, part, secrets, path, canaries.amounts)


def rewritten(path: Path, folder: Path, edits: Mapping[str, Callable[[bytes], bytes]]) -> Path:
    """A copy of the package in the folder, with parts changed or added."""
    target = folder / "planted.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, edits.get(name, bytes)(old.read(name)))
        for name in edits.keys() - set(old.namelist()):
            new.writestr(name, edits[name](b""))
    return target


def test_an_improvement_is_measured_in_a_part_as_in_the_whole() -> None:
    """From 1,000 to 1,200 in all; A's half carries 10 % on top, and so does A1's part of it."""
    units = (
        Unit(code="HQ", name="总部", level=Level.COMPANY),
        Unit(
            code="A", name="甲", level=Level.TEAM, parent="HQ", coefficient=D("0.5"), hedge=D("0.1")
        ),
        Unit(code="B", name="乙", level=Level.TEAM, parent="HQ", coefficient=D("0.5")),
        Unit(code="A1", name="丙", level=Level.PERSON, parent="A", coefficient=D(1)),
    )
    kpi = Kpi(
        code="K",
        name="营收",
        kind=KpiKind.FLOW,
        target=D(200),
        base=D(1000),
        basis=TargetBasis.IMPROVEMENT,
    )
    plan = Plan(
        settings=Settings(year=2026),
        units=units,
        kpis=(kpi,),
        actuals=actuals([{"day": date(2026, 12, 1), "unit": "A1", "kpi": "K", "value": 580}]),
    )
    results = computed(plan, Month(2026, 12), date(2026, 12, 31))
    part = part_of(Whole(plan, results), "A", ())
    for unit in ("A", "A1"):
        one = results.attainments["K", unit, Span.YEAR]
        assert (one.target, one.rate.value) == (660, D("0.5"))
        again = completion_against(
            part.plan,
            part.results.targets,
            part.plan.kpi_by_code["K"],
            part.results.attainments["K", unit, Span.YEAR],
            one.target,
        )
        assert again.value is not None and round(again.value, 9) == D("0.5")


def quarter_canaries(canaries: Canaries) -> tuple[Plan, Results, Part]:
    """The same plan as its quarter's report sees it."""
    return secret_canaries(canaries, span=Span.QUARTER)


def year_canaries(canaries: Canaries) -> tuple[Plan, Results, Part]:
    """The same plan as its year's report sees it."""
    return secret_canaries(canaries, span=Span.YEAR)


def closed_canaries(canaries: Canaries) -> tuple[Plan, Results, Part]:
    """The same plan two months into its record, which holds canaries of everybody else; their
    person is gone since.
    """
    plan = canary_plan(canaries)
    found = computed(plan)
    standing = closing.Standing(targets=found.targets, adjustments=found.adjustments)
    shut = closing.close(plan, standing, Month(2026, 2), day=date(2026, 3, 2), by=canaries.word())
    own = {unit.code for _, unit in plan.walk(OWN)}
    rows = tuple(row if row.unit in own else secret_row(row, canaries) for row in shut.closed)
    closes = tuple(
        replace(one, reason=canaries.word(), check=digest(rows, at, one.changes))
        for at, one in enumerate(shut.closes)
    )
    gone = plan.units[-1]
    rest = tuple(unit for unit in plan.units if unit is not gone)
    plan = replace(shut, closed=rows, closes=closes, units=rest)
    results = computed(plan)
    checked = list(chain.from_iterable(check(plan) for check in CHECKS))
    assert [one.code for one in checked if "close" in one.code] == ["close-unit-gone"]
    return plan, results, part_of(Whole(plan, results), OWN, [*results.findings, *checked])


def secret_row(row: ClosedRow, canaries: Canaries) -> ClosedRow:
    figures = []
    for one in row.figures:
        if one is not None:
            base, issued, actual = canaries.amount(), canaries.amount(), canaries.amount()
            one = replace(one, base=base, issued=issued, actual=actual)
        figures.append(one)
    return replace(row, name=canaries.word(), figures=tuple(figures))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "plan_of", [secret_canaries, closed_canaries, quarter_canaries, year_canaries]
)
def test_no_canary_is_anywhere_in_the_book(
    plan_of: Callable[[Canaries], tuple[Plan, Results, Part]],
    tmp_path: Path,
    lang: str,
    common: tuple[str, ...],
) -> None:
    canaries = Canaries()
    plan, results, part = plan_of(canaries)
    forms = (".html", ".pptx")
    path = book(part, Secrets(plan, results, common), tmp_path / "own.xlsx", lang, forms)
    page, deck = (path.with_suffix(form) for form in forms)
    assert len(canaries.words) > 60 and len(canaries.amounts) > 60
    digits = [str(int(amount * 100)).encode() for amount in canaries.amounts]
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    everywhere = parts | parts_of(deck) | {page.name: page.read_bytes()}
    for name, data in everywhere.items():
        assert WORD.encode() not in data and WORD not in name, name
        plain = data.replace(b".", b"").replace(b",", b"")
        assert not [one for one in digits if one in plain], name
    for mine in ("客户清单", "深耕老客户", "周三前补齐名单", "客户改期", "订单推迟"):
        assert mine.encode() in parts["xl/sharedStrings.xml"], (
            "its own task, strategy, review and changes are there"
        )
    secrets = Secrets(plan, results, common)
    assert audit(path, secrets, part) == ()
    assert audit(page, secrets, part, path) == () and audit(deck, secrets, part, path) == ()


@pytest.mark.parametrize("plan_of", [secret_canaries, closed_canaries])
def test_the_full_report_does_hold_the_canaries(
    plan_of: Callable[[Canaries], tuple[Plan, Results, Part]], tmp_path: Path
) -> None:
    """The test above can fail: the same plan's whole report is full of them."""
    canaries = Canaries()
    plan, results, _ = plan_of(canaries)
    path, deck, page = (tmp_path / f"whole.{ending}" for ending in ("xlsx", "pptx", "html"))
    also = {".html": page, ".pptx": deck}
    write_report(plan, results, results.findings, path, lang="zh", source_name="m.xlsx", also=also)
    for data in (*(b"".join(parts_of(file).values()) for file in (path, deck)), page.read_bytes()):
        assert data.count(WORD.encode()) > 5 and str(AMOUNT)[:3].encode() in data


def test_company_totals_only_where_the_setting_allows(
    tmp_path: Path, common: tuple[str, ...]
) -> None:
    plan, results, part = secret_canaries(Canaries(), totals=True)
    path = book(part, Secrets(plan, results, common), tmp_path / "own.xlsx")
    texts = texts_of(path)
    assert "公司合计" in texts and not any(WORD in one for one in texts)
    assert audit(path, Secrets(plan, results, common), part) == ()
    _, _, without = secret_canaries(Canaries())
    assert without.company == ()


def last_row(cell: str) -> bytes:
    """What ends a sheet's data with one more row, of that cell."""
    return f'<row r="900">{cell}</row></sheetData>'.encode()


PLANTS: Mapping[str, Callable[[str, str], tuple[str, Callable[[bytes], bytes]]]] = {
    "shared string": lambda word, _: (
        "xl/sharedStrings.xml",
        lambda data: data.replace(b"</sst>", f"<si><t>x {word} y</t></si></sst>".encode()),
    ),
    "inline string": lambda word, _: (
        "xl/worksheets/sheet1.xml",
        lambda data: data.replace(
            b"</sheetData>",
            last_row(f'<c r="A900" t="inlineStr"><is><t>{word}</t></is></c>'),
        ),
    ),
    "formula": lambda word, _: (
        "xl/worksheets/sheet1.xml",
        lambda data: data.replace(
            b"</sheetData>",
            last_row(f'<c r="A900"><f>IF(A1="{word}",1,2)</f><v>2</v></c>'),
        ),
    ),
    "formula's result": lambda word, _: (
        "xl/worksheets/sheet1.xml",
        lambda data: data.replace(
            b"</sheetData>",
            last_row(f'<c r="A900" t="str"><f>A1</f><v>{word}</v></c>'),
        ),
    ),
    "property": lambda word, _: (
        "docProps/core.xml",
        lambda data: data.replace(b"<dc:creator>", f"<dc:creator>{word} ".encode()),
    ),
    "name": lambda word, _: (
        "xl/workbook.xml",
        lambda data: data.replace(
            b"<definedNames>", f'<definedNames><definedName name="{word}">1</definedName>'.encode()
        ),
    ),
    "chart": lambda word, _: (
        "xl/charts/chart1.xml",
        lambda data: data + f"<c:pt><c:v>{word}</c:v></c:pt>".encode(),
    ),
    "a part's name": lambda word, _: (f"xl/{word}.xml", lambda data: b"<x/>"),
    "a picture": lambda word, _: (
        "xl/media/image9.png",
        lambda data: b"\x89PNG\0\1" + word.encode() + b"\0",
    ),
    "a number": lambda _, amount: (
        "xl/worksheets/sheet1.xml",
        lambda data: data.replace(
            b"</sheetData>",
            f'<row r="900"><c r="A900"><v>{amount}</v></c></row></sheetData>'.encode(),
        ),
    ),
    "a number in a formula": lambda _, amount: (
        "xl/worksheets/sheet1.xml",
        lambda data: data.replace(
            b"</sheetData>",
            f'<row r="900"><c r="A900"><f>A1+{amount}</f><v>2</v></c></row></sheetData>'.encode(),
        ),
    ),
    "a number in words": lambda _, amount: (
        "xl/sharedStrings.xml",
        lambda data: data.replace(
            b"</sst>", f"<si><t>{float(amount):,.2f} 元</t></si></sst>".encode()
        ),
    ),
}


PLACES: Mapping[str, tuple[str, str]] = {
    "a sparkline's source": ("xl/worksheets/sheet1.xml", "<xm:f>目标!{code}:{code}</xm:f>"),
    "a sparkline's cell": ("xl/worksheets/sheet1.xml", "<xm:sqref>{code}</xm:sqref>"),
    "a chart": ("xl/charts/chart1.xml", "<c:f>'目标'!$B$1:{code}</c:f>"),
    "a name": ("xl/workbook.xml", '<definedName name="x">目标!A1:{code}</definedName>'),
    "a list": ("xl/worksheets/sheet1.xml", "<formula1>{code}:{code}</formula1>"),
    "a condition": ("xl/worksheets/sheet1.xml", '<cfRule><formula>{code}="x"</formula></cfRule>'),
    "a condition's area": (
        "xl/worksheets/sheet1.xml",
        '<conditionalFormatting sqref="A1 {code}"/>',
    ),
    "a link": ("xl/worksheets/sheet1.xml", '<hyperlink ref="{code}" location="目标!{code}"/>'),
    "a frozen pane": ("xl/worksheets/sheet1.xml", '<pane topLeftCell="{code}"/>'),
    "a colour": ("xl/styles.xml", '<color rgb="FF{code}AB"/><a:srgbClr val="{code}AB"/>'),
}
TEXTS: Mapping[str, tuple[str, str]] = {
    "a sheet": ("xl/workbook.xml", '<sheet name="{code}" sheetId="99"/>'),
    "a sheet in a formula": ("xl/charts/chart1.xml", "<c:f>'{code}'!$A$1</c:f>"),
    "a list's item": ("xl/worksheets/sheet1.xml", '<formula1>"x,{code}"</formula1>'),
    "a name's own name": ("xl/workbook.xml", '<definedName name="{code}">1</definedName>'),
    "a condition's text": ("xl/worksheets/sheet1.xml", '<formula>A1="{code}"</formula>'),
    "a tip": ("xl/worksheets/sheet1.xml", '<hyperlink ref="A1" tooltip="{code}"/>'),
    "a chart's label": ("xl/charts/chart1.xml", "<c:v>{code}</c:v>"),
}


@pytest.mark.parametrize(
    ("where", "codes"),
    [
        *((where, []) for where in PLACES),
        *((where, ["leak-code"]) for where in TEXTS),
    ],
)
def test_a_cell_address_is_no_code_and_a_text_is(
    tmp_path: Path, where: str, codes: list[str], beside_a_cell: Audited
) -> None:
    """A unit called D1234 is no leak where a cell D1234 is meant, and one where it is written."""
    own = beside_a_cell
    name, planted = (PLACES | TEXTS)[where]
    edits = {name: lambda data: data + planted.format(code="D1234").encode()}
    path = rewritten(own.path, tmp_path, edits)
    assert [one.code for one in audit(path, own.secrets, own.part)] == codes


def test_alike_leaks_are_one_finding(tmp_path: Path, own_book: Audited) -> None:
    word = f"<x>{own_book.plan.units[3].name}</x>".encode()
    names = ["xl/styles.xml", "xl/workbook.xml"]
    edits = dict.fromkeys(names, lambda data: data + word)
    planted = rewritten(own_book.path, tmp_path, edits)
    (found,) = audit(planted, own_book.secrets, own_book.part)
    assert found.code == "leak-name" and sorted(found.params["parts"]) == names  # type: ignore[call-overload]


@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_leak_is_caught_and_not_repeated(
    tmp_path: Path, plant: str, own_book: Audited
) -> None:
    word, amount = own_book.plan.units[3].name, str(own_book.amounts[-1])
    name, edit = PLANTS[plant](word, amount)
    path = rewritten(own_book.path, tmp_path, {name: edit})
    found = audit(path, own_book.secrets, own_book.part)
    assert [(one.code, one.params["parts"]) for one in found] == [
        ("leak-amount" if "number" in plant else "leak-name", [name])
    ]
    if plant != "a part's name":
        assert word not in text(found[0], "zh") and amount not in text(found[0], "en")


def test_a_link_to_another_workbook_is_a_leak(tmp_path: Path, own_book: Audited) -> None:
    name = "xl/externalLinks/externalLink1.xml"
    planted = rewritten(own_book.path, tmp_path, {name: lambda data: b"<externalLink/>"})
    found = audit(planted, own_book.secrets, own_book.part)
    assert [(one.code, one.params["parts"]) for one in found] == [("leak-external", [name])]


def test_each_class_of_secret_is_named(tmp_path: Path, own_book: Audited) -> None:
    plan = own_book.plan
    words = {
        "leak-code": plan.units[3].code,
        "leak-address": plan.units[3].email,
        "leak-customer": plan.actuals.customer[4],
        "leak-text": plan.weekly[1].cause,
    }
    for code, word in words.items():
        planted = rewritten(
            own_book.path,
            tmp_path,
            {
                "xl/sharedStrings.xml": lambda data, word=word: data.replace(
                    b"</sst>", f"<si><t>{word}</t></si></sst>".encode()
                )
            },
        )  # type: ignore[misc]
        found = audit(planted, own_book.secrets, own_book.part)
        assert [one.code for one in found] == [code]


def test_what_looks_like_a_leak_and_is_none(tmp_path: Path, common: tuple[str, ...]) -> None:
    """Codes like cells, a name within an allowed one, a name that is a word of the report, one that
    the own rows speak of.
    """
    plan = canary_plan(Canaries())
    others = [
        Unit(code="A1", name="华", level=Level.TEAM, parent=plan.units[0].code, manager="张"),
        Unit(code="B2", name="目标", level=Level.TEAM, parent=plan.units[0].code),
        Unit(code="12", name="客户", level=Level.TEAM, parent=plan.units[0].code),
        Unit(code="REV2", name="Ann", level=Level.TEAM, parent=plan.units[0].code),
        Unit(code="2026", name="东区战队", level=Level.TEAM, parent=plan.units[0].code),
    ]
    task = Task(
        code="K7",
        content="与东区战队一起拜访 Anna",
        owner="P1",
        start=date(2026, 3, 1),
        due=date(2026, 3, 20),
    )
    plan = replace(plan, units=(*plan.units, *others), tasks=(*plan.tasks, task))
    results = computed(plan)
    part, secrets = (
        part_of(Whole(plan, results), OWN, results.findings),
        Secrets(plan, results, common),
    )
    assert audit(book(part, secrets, tmp_path / "own.xlsx"), secrets, part) == ()


def test_a_run_rate_with_the_digits_of_another_s_target_is_no_leak(tmp_path: Path) -> None:
    """In teams of five on equal shares 29,680 in 21 working days are 1,413.33 a day, and a team's
    month of 20 working days is 141,333.
    """
    goal = Kpi(code="REV", name="Revenue", kind=KpiKind.FLOW, unit="USD", target=D(5_300_000))
    units = [Unit(code="HQ", name="Acme", level=Level.COMPANY)]
    for team in ("TEA", "TWE", "TNO"):
        units.append(Unit(code=team, name=f"Team {team}", level=Level.TEAM, parent="HQ"))
        units += (
            Unit(code=f"{team}{i}", name=f"Rep {team}{i}", level=Level.PERSON, parent=team)
            for i in range(5)
        )
    sold = [
        {"at": Month(2017, number), "unit": one.code, "kpi": "REV", "value": 9107 * number + index}
        for number in range(1, 10)
        for index, one in enumerate(units)
        if one.level is Level.PERSON
    ]
    setting = Settings(year=2017, month=Month(2017, 9), as_of=date(2017, 9, 30), country="US")
    plan = plan_of(goal, *sold, units=tuple(units), settings=setting)
    results = computed(plan)
    part = part_of(Whole(plan, results), "TEA0", results.findings)
    secrets = Secrets(plan, results)
    path = book(part, secrets, tmp_path / "own.xlsx", "en", (".pptx",))
    deck = path.with_suffix(".pptx")
    assert any(b"1,413.33" in data for data in parts_of(deck).values())
    assert audit(deck, secrets, part, path) == ()
    assert ("141333", 5) in secrets.amounts
    edits = {"ppt/slides/slide5.xml": lambda data: data + b"<a:t>USD 141,333</a:t>"}
    planted = rewritten(deck, tmp_path, edits)
    assert [one.code for one in audit(planted, secrets, part, path)] == ["leak-amount"]


@pytest.mark.parametrize(
    ("words", "piece", "found"),
    [
        (["华东", "华东二部"], "华东二部的华东", ["华东二部", "华东"]),
        (["Ann"], "Anna and Ann, Annex", ["Ann"]),
        (["A12"], "组织!A12, A12, $A12 A123 BA12", ["A12"]),
        (["A1"], "see A1", []),
        (["7"], "7 of 17", []),
        (["7"], "7", ["7"]),
        (["P01"], "KPI:REV:P01", ["P01"]),
        (["张三"], "张三丰", ["张三"]),
        (["a b"], "xa b a b", ["a b"]),
        (["KPI:REV:C1", "C1", "C1-03"], "KPI:REV:C1-03", ["C1-03"]),
        (["KPI:REV:C1", "C1", "C1-03"], "KPI:REV:C1-04 C1-03", ["KPI:REV:C1", "C1-03"]),
        (["KPI:REV:C1", "C1"], "KPI:REV:C1: late", ["KPI:REV:C1"]),
        (["Ann Smith", "Smith & Co"], "Ann Smith & Co", ["Ann Smith"]),
        (["C"], "2 have no c… A/B/C", []),
        (["C"], "C", ["C"]),
        ([], "x", []),
    ],
)
def test_names_in_text(words: list[str], piece: str, found: list[str]) -> None:
    assert list(Words(words).found(piece)) == found


@pytest.mark.parametrize("seed", [1, 4, 6])
def test_every_unit_of_a_random_plan_sees_the_figures_of_the_full_report(
    seed: int, tmp_path: Path, common: tuple[str, ...]
) -> None:
    from salesplan.engine.actuals.status import RateWord
    from salesplan.plan.model import Light
    from salesplan.report.figures.context import Context
    from salesplan.report.figures.formulas import Formulas
    from salesplan.report.figures.ledger import build

    plan = random_plan(seed)
    results = computed(plan)
    whole, secrets = Whole(plan, results), Secrets(plan, results, common)
    formulas = Formulas(
        names={},
        rate_words={word: word.value for word in RateWord},
        lights={light: light.value for light in Light},
        dash="—",
    )
    full = build(Context(plan, results, (), "zh", "m"), formulas, "d", "p").by_pair
    for index, unit in enumerate(plan.units):
        part = part_of(whole, unit.code, results.findings)
        below = frozenset(one.code for _, one in plan.walk(unit.code))
        rows = build(Context(part.plan, part.results, (), "zh", "m"), formulas, "d", "p").by_pair
        assert rows.keys() == {pair for pair in full if pair[1] in below}
        for pair, row in rows.items():
            apart = {"rank", "parent"}
            assert {k: v for k, v in row.values.items() if k not in apart} == {
                k: v for k, v in full[pair].values.items() if k not in apart
            }, (unit.code, pair)
        if not part.whole:
            assert foreign_records(part, below) == ()
            if index % 4 == 1:
                assert audit(book(part, secrets, tmp_path / "own.xlsx"), secrets, part) == ()


def test_a_part_that_got_a_foreign_record_is_told_from_the_part_itself() -> None:
    plan, results, part = secret_canaries(Canaries())
    below = frozenset({OWN, "P1"})
    assert foreign_records(part, below) == ()
    spoilt = replace(part, plan=replace(part.plan, tasks=(*part.plan.tasks, plan.tasks[1])))
    assert [(one.code, one.params["table"]) for one in foreign_records(spoilt, below)] == [
        ("leak-foreign-record", "tasks")
    ]
    everything = foreign_records(replace(part, plan=plan, results=results), below)
    tables = {str(one.params["table"]) for one in everything}
    assert {table for table in tables if table.islower()} == {
        *("units", "targets", "actuals", "customers", "deals", "tasks", "skills", "tools"),
        *("triggers", "prospects", "daily"),
        *("attainments", "results"),
    }
    assert tables >= {"Settings.approvers", "Unit.email", "Product.margin", "Plan.situation"}
    for table in ("replies", "spending", "weekly", "budget"):
        strange = replace(part, plan=replace(part.plan, **{table: getattr(plan, table)}))
        assert [one.params["table"] for one in foreign_records(strange, below)] == [table]


def test_what_a_part_does_not_know_stays_behind() -> None:
    _, _, part = secret_canaries(Canaries())
    assert (
        part.plan.situation
        == part.plan.draws
        == part.plan.seasonality
        == part.plan.category_shares
        == ()
    )
    assert (
        part.results.caps == () and part.results.situation is None and part.results.baseline == {}
    )
    assert [one.person for one in part.plan.skills] == ["P1"]
    assert [(one.unit, one.count) for one in part.plan.prospects] == [("P1", 4)]
    assert [(one.name, one.margin, one.capacity_month) for one in part.plan.products] == [
        ("滤芯", None, None)
    ]
    assert [(one.tool, one.user, one.owner, one.task) for one in part.plan.tools] == [
        ("样机", "", "P1", "K1"),
        ("报价工具", "", "", "K1"),
        ("公用展台", "", "", None),
    ]
    assert {load.people for load in part.results.skill_loads} <= {("P1",), ()}
    assert part.plan.settings.budget_total is None and part.plan.settings.approvers == ()


def test_a_part_has_the_lessons_shared_with_it_and_their_offers_at_its_own_rows() -> None:
    """Without whom else they are shared with; those of nobody and of others stay behind."""
    plan, results, part = secret_canaries(Canaries())
    assert [(one.topic, one.shared) for one in part.plan.lessons] == [("客户清单", ())]
    assert part.results.lessons is not None
    assert set(part.results.lessons.tasks) == {"K1"}
    below = part_of(Whole(plan, results), "P1", ())
    assert [one.topic for one in below.plan.lessons] == ["客户清单"]


def test_findings_that_name_others_are_left_out(common: tuple[str, ...]) -> None:
    plan, results, part = secret_canaries(Canaries())
    own, foreign = (
        Finding.of("mail-missing", unit=OWN),
        Finding.of("mail-missing", unit=plan.units[3].code),
    )
    assert without_foreign((own, foreign), Secrets(plan, results, common), part, "zh") == (own,)


def test_recipients_and_why_others_get_nothing() -> None:
    units = (
        Unit(code="C", name="公司", level=Level.COMPANY, manager="总", email="c@example.com"),
        Unit(
            code="T1", name="甲", level=Level.TEAM, parent="C", manager="P1", email="t1@example.com"
        ),
        Unit(
            code="T2",
            name="乙",
            level=Level.TEAM,
            parent="C",
            manager="赵",
            email="a@example.com, b@example.com",
        ),
        Unit(
            code="T3",
            name="丙",
            level=Level.TEAM,
            parent="C",
            email="t3@example.com\nBcc: x@example.com",
        ),
        Unit(code="T4", name="丁", level=Level.TEAM, parent="C", email="t4@other.com"),
        Unit(
            code="T5", name="戊", level=Level.TEAM, parent="C", manager="钱", email="t5@example.com"
        ),
        Unit(
            code="P1",
            name="孙",
            level=Level.PERSON,
            parent="T1",
            email="p1@Example.com",
            left=date(2026, 9, 30),
        ),
        Unit(
            code="P2",
            name="钱",
            level=Level.PERSON,
            parent="T5",
            email="p2@example.com",
            left=date(2026, 5, 31),
        ),
        Unit(code="P3", name="李", level=Level.PERSON, parent="T5"),
    )
    plan = Plan(
        settings=Settings(year=2026, mail_domains=("@example.com",), month=Month(2026, 6)),
        units=units,
    )
    found, without = recipients(plan, date(2026, 6, 30))
    assert [(one.unit.code, one.person, one.until) for one in found] == [
        ("C", "总", None),
        ("T1", "孙", date(2026, 9, 30)),
        ("P1", "孙", date(2026, 9, 30)),
        ("T2", "赵", None),
        ("T2", "b@example.com", None),
        ("T3", "丙", None),
    ]
    assert [(one.unit.code, one.reason) for one in without] == [
        ("T3", "mail-not-one-address"),
        ("T4", "mail-domain"),
        ("T5", "mail-left"),
        ("P2", "mail-gone"),
        ("P3", "mail-missing"),
    ]
    assert [one.address for one in without][:2] == ["Bcc: x@example.com", "t4@other.com"]
    teams, _ = recipients(plan, date(2026, 6, 30), [Level.TEAM])
    assert [one.unit.code for one in teams] == ["T1", "T2", "T2", "T3"]


def test_a_cell_may_list_several_addresses_with_their_names() -> None:
    """Parted by ; , 、 or a new line of any width; each is checked by itself, and none is written
    to twice.
    """
    cell = (
        '王芳 <a@example.com>；"李 雷"＜b@example.com＞、'
        "c@example.com\nA@example.com，d@other.com;e@"
    )
    unit = Unit(code="C", name="公司", level=Level.COMPANY, manager="总", email=cell)
    plan = Plan(settings=Settings(year=2026, mail_domains=("example.com",)), units=(unit,))
    found, without = recipients(plan, date(2026, 6, 30))
    assert [(one.person, one.address) for one in found] == [
        ("王芳", "a@example.com"),
        ("李 雷", "b@example.com"),
        ("c@example.com", "c@example.com"),
    ]
    assert [(one.address, one.reason) for one in without] == [
        ("d@other.com", "mail-domain"),
        ("e@", "mail-not-one-address"),
    ]
    assert plan.people.addressed("B@example.com") == (unit,)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_canary_is_in_a_helpers_book(tmp_path: Path, lang: str, common: tuple[str, ...]) -> None:
    """A helper may be anybody: of the whole plan it sees the team's request and its own answer."""
    canaries = Canaries()
    plan = canary_plan(canaries)
    results = computed(plan)
    whole, secrets = Whole(plan, results), Secrets(plan, results, common)
    parts = {one.key: one for one in helper_parts(whole)}
    part = replace(parts[HELPER], person="")
    other = replace(part, asked=(replace(part.asked[0], resources=canaries.words[-1]),))
    path = tmp_path / "help.xlsx"
    write_handout(request_book(part, Month(2026, 3), "m.xlsx", plan.company_name, lang), path)
    with zipfile.ZipFile(path) as package:
        data = b"".join(map(package.read, package.namelist())).decode("utf-8")
    assert "客户清单" in data and "周四给名单" in data
    assert WORD not in data and str(AMOUNT)[:4] not in data
    assert audit_texts(path, secrets, part.texts) == ()
    assert foreign_requests(whole, part) == ()
    write_handout(request_book(other, Month(2026, 3), "m.xlsx", plan.company_name, lang), path)
    assert audit_texts(path, secrets, part.texts) != ()
