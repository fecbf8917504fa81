"""The rows behind the numbers: their sums are the figures, whatever is cut; streamed sheets read as
written; formulas hold no magic numbers.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest

from salesplan.plan.model import Kpi, KpiKind, Level, Month, Plan, Settings, Unit
from salesplan.report import write_report
from salesplan.report.figures.context import Context
from salesplan.report.figures.details import FIRST_ROW, Details, Period
from salesplan.workbook.zip.rawzip import RawZip
from tests.programs import formulas_of
from tests.report_fixture import actuals, computed, odd_plan, random_plan

D = Decimal
CLASSIC = {
    "ABS",
    "AND",
    "COLUMN",
    "COLUMNS",
    "COUNT",
    "COUNTIF",
    "EXACT",
    "IF",
    "INDEX",
    "ISNUMBER",
    "MAX",
    "MEDIAN",
    "MIN",
    "N",
    "NOT",
    "OR",
    "RANK",
    "ROUND",
    "ROUNDDOWN",
    "SQRT",
    "SUM",
    "SUMPRODUCT",
}
"""Functions that every spreadsheet program has computed alike for decades."""
PLAIN_NUMBERS = {"0", "1"}
DIGITS = {"0", "1", "2", "3", "6", "10", "12"}
"""What figures, gaps and rates are rounded to, and a smallest unit has, as the second argument of a
rounding only.
"""


def plan_of(rows: int, limit: int = 100_000) -> Plan:
    """One team of three; so many rows of one flow in each of two months, and a rate and a stock
    beside it.
    """
    units = (
        Unit(code="HQ", name="总", level=Level.COMPANY),
        Unit(code="A", name="甲", level=Level.PERSON, parent="HQ"),
        Unit(code="B", name="乙", level=Level.PERSON, parent="HQ"),
    )
    kpis = (
        Kpi(code="REV", name="营收", kind=KpiKind.FLOW, unit="元", target=D(1200)),
        Kpi(code="WIN", name="赢单率", kind=KpiKind.RATIO, unit="%", target=D("0.5")),
        Kpi(code="STK", name="在手", kind=KpiKind.STOCK, unit="个", target=D(90)),
    )
    made: list[dict[str, object]] = []
    for month in (1, 2):
        for n in range(rows):
            made.append(
                {
                    "day": date(2026, month, 1 + n % 28),
                    "unit": "AB"[n % 2],
                    "kpi": "REV",
                    "value": D(n * 7 % 50) / 100,
                    "customer": f"=客户{n} ",
                }
            )
        made.append(
            {
                "day": date(2026, month, 9),
                "unit": "A",
                "kpi": "WIN",
                "numerator": 3,
                "denominator": 4,
            }
        )
        made += [
            {"day": date(2026, month, day), "unit": "B", "kpi": "STK", "value": day}
            for day in (5, 20)
        ]
    settings = Settings(
        year=2026, month=Month(2026, 2), as_of=date(2026, 2, 28), detail_limit=limit
    )
    return Plan(settings=settings, units=units, kpis=kpis, actuals=actuals(made))


def written(plan: Plan, folder: Path, details: str = "month", lang: str = "zh") -> Path:
    results, path = computed(plan), folder / f"report-{details}-{lang}.xlsx"
    write_report(
        plan, results, results.findings, path, lang=lang, source_name="m.xlsx", details=details
    )
    return path


def sheet(path: Path, name: str) -> list[list[object]]:
    from python_calamine import load_workbook

    return load_workbook(str(path)).get_sheet_by_name(name).to_python(skip_empty_area=False)


def lines(path: Path) -> list[list[object]]:
    """The lines of the detail sheet; figures are the last four columns."""
    return sheet(path, "明细")[FIRST_ROW - 1 :]


def ledger(path: Path) -> Iterator[dict[str, object]]:
    """The formulas of the data sheet's first columns by heading, one row at a time."""
    from openpyxl import load_workbook

    rows = load_workbook(path, read_only=True)["数据"].iter_rows(min_row=5, values_only=True)
    heads = [str(head) for head in next(rows)][:31]
    for row in rows:
        named = dict(zip(heads[:7], row[:7], strict=True))
        yield named | {f"actual{n}": row[18 + n] for n in range(1, 13)}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[list[object]]:
    """Every line of forty rows a month."""
    return lines(written(plan_of(40), tmp_path_factory.mktemp("whole")))


class TestLines:
    def test_a_figure_is_the_sum_of_its_block_of_lines(self, tmp_path: Path) -> None:
        path = written(plan_of(40), tmp_path)
        found = lines(path)
        for row in ledger(path):
            if row["指标编码"] != "REV":
                continue
            first, last = map(int, re.findall(r"L(\d+)", str(row["actual2"])))
            block = found[first - FIRST_ROW : last - FIRST_ROW + 1]
            assert {line[1] for line in block} == {"REV"}
            assert {line[3] for line in block} == (
                {"A", "B"} if row["组织编码"] == "HQ" else {row["组织编码"]}
            )
            expected = sum(
                D(n * 7 % 50) / 100 for n in range(40) if row["组织编码"] in ("HQ", "AB"[n % 2])
            )
            assert float(sum(D(str(line[11])) for line in block)) == pytest.approx(float(expected))
            assert not str(row["actual1"]).startswith("="), "January's rows are not in the book"

    def test_only_rows_that_count_are_listed_each_with_its_row_in_the_master(
        self, tmp_path: Path
    ) -> None:
        plan = plan_of(4)
        found = lines(written(plan, tmp_path))
        assert len(found) == 4 + 1 + 1, "of the stock's two dates in February the last one"
        numbers = {int(str(line[0]).removesuffix(".0")): line for line in found}
        for index, number in enumerate(plan.actuals.rows):
            if number in numbers:
                assert numbers[number][1] == plan.actuals.kpi[index]
        assert [line[11] for line in found if line[1] == "STK"] == [20]

    def test_the_year_so_far_has_every_month(self, tmp_path: Path) -> None:
        path = written(plan_of(10), tmp_path, "ytd")
        assert len(lines(path)) == 2 * (10 + 1 + 1)
        for row in ledger(path):
            if row["指标编码"] == "REV":
                assert str(row["actual1"]).startswith("=ROUND(SUM('明细'!L") and str(
                    row["actual2"]
                ).startswith("=ROUND(SUM('明细'!L")

    def test_none_leaves_the_sheet_out_and_the_figures_as_they_are(self, tmp_path: Path) -> None:
        from python_calamine import load_workbook

        path = written(plan_of(10), tmp_path, "none")
        assert "明细" not in load_workbook(str(path)).sheet_names
        assert all(
            not str(row["actual2"]).startswith("=")
            for row in ledger(path)
            if row["指标编码"] == "REV"
        )

    @pytest.mark.parametrize("limit", [0, 3, 12, 39])
    def test_a_limit_cuts_lines_and_keeps_every_sum(
        self, tmp_path: Path, whole: list[list[object]], limit: int
    ) -> None:
        cut = sheet(written(plan_of(40, limit), tmp_path, "month", "en"), "Rows")
        found = cut[FIRST_ROW - 1 :]
        assert len(found) <= max(limit, 4), "a unit keeps one line at least"
        for kpi, column in (("REV", 11), ("WIN", 12), ("WIN", 13), ("STK", 11)):
            for unit in "AB":
                sums = [
                    sum(
                        float(str(line[column] or 0))
                        for line in rows
                        if (line[1], line[3]) == (kpi, unit)
                    )
                    for rows in (whole, found)
                ]
                assert sums[0] == pytest.approx(sums[1])
        assert "42" in str(cut[2][0]) and "other rows" in str(found)

    def test_the_largest_rows_are_kept(self) -> None:
        plan = plan_of(40, 12)
        details = Details(Context(plan, computed(plan), (), "zh", "m"), "明细", Period.MONTH, 12)
        block = next(iter(details.blocks.values()))
        for one in block.lines:
            value = plan.actuals.value
            assert one.left_out and min(value[i] or 0 for i in one.rows) >= max(
                value[i] or 0 for i in one.left_out
            )

    def test_texts_come_back_as_they_were(self, tmp_path: Path) -> None:
        names = {str(line[8]) for line in lines(written(plan_of(6), tmp_path)) if line[8]}
        assert names == {f"=客户{n} " for n in range(6)}

    def test_a_rate_of_two_kpis_is_made_of_their_figures(self, tmp_path: Path) -> None:
        from openpyxl import load_workbook

        plan = plan_of(6)
        rate = Kpi(
            code="PER",
            name="单均",
            kind=KpiKind.RATIO,
            unit="元",
            numerator="REV",
            denominator="STK",
        )
        path = written(replace(plan, kpis=(*plan.kpis, rate)), tmp_path)
        book = load_workbook(path, read_only=True)
        made = [
            row[5]
            for row in book["数据-分子分母"].iter_rows(min_row=6, values_only=True)
            if row[0] == "PER"
        ]
        assert made and all(str(one).startswith("='数据'!") for one in made)


class TestStreamed:
    @pytest.mark.parametrize("lang", ["zh", "en"])
    def test_two_programs_read_the_same_values(self, tmp_path: Path, lang: str) -> None:
        from openpyxl import load_workbook
        from python_calamine import load_workbook as read

        path = written(random_plan(5), tmp_path, "ytd", lang)
        theirs = read(str(path))
        for one in load_workbook(path, read_only=True, data_only=True).worksheets:
            rows = theirs.get_sheet_by_name(one.title).to_python(skip_empty_area=False)
            for row in one.iter_rows():
                for cell in row:
                    if isinstance(cell.value, (int, float, str)):
                        assert rows[cell.row - 1][cell.column - 1] == cell.value, (
                            f"{one.title}!{cell.coordinate}"
                        )

    def test_a_sheet_says_how_far_it_reaches(self, tmp_path: Path) -> None:
        path = written(plan_of(30), tmp_path)
        with ZipFile(path) as package:
            sheets = [
                package.read(name).decode()
                for name in package.namelist()
                if name.startswith("xl/worksheets/sheet")
            ]
        for xml in sheets:
            numbers = [int(number) for number in re.findall(r'<row r="(\d+)"', xml)]
            stated = re.search(r'<dimension ref="[A-Z]+\d+(?::[A-Z]+(\d+))?"/>', xml)
            assert stated is not None and numbers == sorted(set(numbers))
            assert stated[1] is None or int(stated[1]) == numbers[-1]

    def test_pieces_are_packed_as_the_whole_is(self, tmp_path: Path) -> None:
        from zipfile import ZIP_DEFLATED

        path = tmp_path / "a.zip"
        with ZipFile(path, "w", ZIP_DEFLATED) as made:
            made.writestr("one", b"old")
            made.writestr("two", b"kept")
        out = [io.BytesIO(), io.BytesIO()]
        with RawZip(path) as raw:
            raw.copy_with(out[0], {"one": b"new content" * 1000})
            raw.copy_with(out[1], {"one": (b"new content" for _ in range(1000))})
        assert out[0].getvalue() == out[1].getvalue()
        with ZipFile(out[1]) as found:
            assert (
                found.testzip() is None
                and found.read("one") == b"new content" * 1000
                and found.read("two") == b"kept"
            )


_MAKE = """
import sys, pathlib
from tests.report_fixture import computed, random_plan
from salesplan.report import write_report
plan = random_plan(8)
results = computed(plan)
path, how = pathlib.Path(sys.argv[1]), {"lang": "zh", "source_name": "m.xlsx", "details": "ytd"}
write_report(plan, results, results.findings, path, **how)
"""


def test_same_bytes_whatever_the_hash_seed_the_time_zone_and_the_language(tmp_path: Path) -> None:
    made = []
    for name, seed, zone, language in (
        ("a", "1", "Pacific/Kiritimati", "C.UTF-8"),
        ("b", "77", "America/New_York", "de_DE.UTF-8"),
    ):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": language}
        subprocess.run(
            [sys.executable, "-c", _MAKE, str(tmp_path / name)],
            check=True,
            env=environment,
            cwd=Path(__file__).parents[2],
        )
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]


CELL = re.compile(r"\$?[A-Z]{1,3}\$?[0-9]+\b")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_formulas_are_classic_and_hold_no_numbers_of_their_own(tmp_path: Path, lang: str) -> None:
    """Everything that could be another number stands in a named cell. Formulas that are one but for
    the cells they name are looked at once.
    """
    from openpyxl.formula import Tokenizer

    looked_at = set[str]()
    for index, plan in enumerate((odd_plan(), random_plan(3), random_plan(5))):
        (tmp_path / str(index)).mkdir()
        found = list(formulas_of(written(plan, tmp_path / str(index), "ytd", lang)))
        assert len(found) > 300
        for sheet, row, column, formula in found:
            alike = CELL.sub("A1", formula)
            if alike not in looked_at:
                looked_at.add(alike)
                _audit(Tokenizer(f"={alike}").items, f"{sheet} {row}, {column}: {formula}")
    assert len(looked_at) > 100


def _audit(tokens: list[object], where: str) -> None:
    from openpyxl.formula.tokenizer import Token

    open_functions: list[list[object]] = []
    for token in tokens:
        assert isinstance(token, Token)
        if token.type in (Token.FUNC, Token.PAREN) and token.subtype == Token.OPEN:
            name = re.split(r"[:!]", token.value)[-1].rstrip("(")
            assert token.type == Token.PAREN or name in CLASSIC, where
            open_functions.append([name, 0])
        elif token.type in (Token.FUNC, Token.PAREN):
            open_functions.pop()
        elif token.type == Token.SEP and open_functions:
            open_functions[-1][1] = int(str(open_functions[-1][1])) + 1
        elif token.type == Token.OPERAND and token.subtype == Token.NUMBER:
            digits = bool(open_functions) and open_functions[-1] in (["ROUND", 1], ["ROUNDDOWN", 1])
            assert token.value in (DIGITS if digits else PLAIN_NUMBERS), where
