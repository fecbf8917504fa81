"""``report --span``: the same pages over a quarter, a half or a year."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import salesplan
from salesplan import app
from salesplan.delivery.letters import span_word
from salesplan.engine.actuals.progress import Span
from salesplan.plan.model import Month
from salesplan.wording import Both
from tests.books import rows_of, texts_of
from tests.maildesk import own_state, run  # noqa: F401 (a fixture)
from tests.samples import new_sample, sample_report
from tests.unit.masters import edited, write

SPANS = ("quarter", "half", "year")
NAMES = {
    "quarter": (
        "季度执行分析报告_远帆科技_2026-Q2",
        "quarterly-execution-report_Yuanfan-Tech_2026-Q2",
    ),
    "half": (
        "半年执行分析报告_远帆科技_2026-H1",
        "half-year-execution-report_Yuanfan-Tech_2026-H1",
    ),
    "year": ("年度执行分析报告_远帆科技_2026", "annual-execution-report_Yuanfan-Tech_2026"),
}
MONTH_WORDS = re.compile(r"本月|上月|下月|\b(?:this|last|next) month\b|Monthly execution", re.I)


def visible(book: Path) -> list[str]:
    """All texts on the sheets that are shown, but for how figures are calculated."""
    return list(texts_of(book, but=("关于本报告", "About this report")))


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_span_speaks_of_itself(lang: str, span: str) -> None:
    book = sample_report(lang=lang, span=span).book
    assert book.stem == NAMES[span][lang == "en"]
    assert [text for text in visible(book) if MONTH_WORDS.search(text)] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_span_has_a_file_of_its_own(tmp_path: Path, lang: str) -> None:
    master = write(tmp_path / "plan.xlsx", edited({}))
    month = app.report(master, app.Wanted(folder=tmp_path, lang=lang)).written
    before, made = month.read_bytes(), {month}
    for span in SPANS:
        for _ in range(2):
            done = app.report(master, app.Wanted(folder=tmp_path, lang=lang, span=span))
        assert done.written.name.startswith(NAMES[span][lang == "en"].split("_")[0])
        made.add(done.written)
    assert month.read_bytes() == before
    assert made == set(tmp_path.glob("*.xlsx")) - {master} and len(made) == 4


def test_a_quarters_figures_are_its_months(tmp_path: Path) -> None:
    master = new_sample(tmp_path / "plan.xlsx", lang="en")
    run_ = app.check(master, span="quarter")
    one = run_.results.attainments["REV", "HQ", Span.QUARTER]
    months = run_.results.monthly["REV", "HQ"][3:6]
    assert one.target == 500 and one.actual == sum(month or Decimal(0) for month in months)
    rows = rows_of(sample_report(lang="en", span="quarter").book, "Overview")
    (row,) = [row for row in rows if row[1] == "Revenue" and row[2] == "Quarter"]
    assert (Decimal(str(row[3])), row[4]) == (one.actual, 500)


@pytest.mark.parametrize(
    ("asked", "name", "until"),
    [
        (("--month", "2026-02"), "2026-Q1", ""),
        (("--asof", "2026-05-20"), "2026-Q2", "2026-05-20"),
        (("--month", "2026-05"), "2026-Q2", ""),
        (("--month", "2026-04", "--asof", "2026-05-20"), "2026-Q2", "2026-05-20"),
    ],
)
def test_it_holds_the_month_and_says_until_when_it_goes(
    tmp_path: Path, asked: tuple[str, ...], name: str, until: str
) -> None:
    master = new_sample(tmp_path / "plan.xlsx", lang="en")
    done = run("report", master, "--span", "quarter", *asked, "--json", "-o", tmp_path)
    assert done.exit_code == 0, done.output
    book = Path(json.loads(done.stdout)["written"])
    assert book.stem.endswith(name)
    title = rows_of(book, "Overview")[0][1]
    assert str(title).endswith(f"FY2026 to {until}" if until else "FY2026")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("running", [True, False])
def test_a_running_quarter_names_its_whole_target(tmp_path: Path, lang: str, running: bool) -> None:
    """Until May's end the quarter is held against two months' targets; all three ask for 500."""
    book = sample_report(lang=lang, span="quarter").book
    if running:
        master = new_sample(tmp_path / "plan.xlsx", lang=lang)
        wanted = app.Wanted(folder=tmp_path, span="quarter", as_of=date(2026, 5, 31))
        book = app.report(master, wanted).written
    said = visible(book)
    whole = Both("2026年第2季度全期目标 500万元", "The whole of Q2 FY2026 asks for CNY 5,000k")
    each = Both(
        "2026年第2季度全期目标: 营收 500万元", "of the whole of Q2 FY2026: Revenue CNY 5,000k"
    )
    for one in (whole, each):
        assert any(one.of(lang) in text for text in said) is running


def test_a_quarter_that_has_not_begun_is_said(tmp_path: Path) -> None:
    master = new_sample(tmp_path / "plan.xlsx", lang="en")
    run_ = app.check(master, month=Month(2026, 9), span="quarter")
    assert [one.code for one in run_.findings].count("month-after-data") == 1
    assert run_.results.month == Month(2026, 7)
    assert app.report(
        master, app.Wanted(month=Month(2026, 9), folder=tmp_path, span="quarter")
    ).written.exists()


def test_a_week_is_no_span(tmp_path: Path) -> None:
    master = new_sample(tmp_path / "plan.xlsx", lang="en")
    done = run("report", master, "--span", "week")
    assert done.exit_code == 2 and "quarter" in done.output and "Traceback" not in done.output
    with pytest.raises(ValueError, match="not a span"):
        salesplan.open(master).report(tmp_path, span="week")
    assert list(tmp_path.glob("*report*")) == []


def test_python_writes_it_too(tmp_path: Path) -> None:
    master = new_sample(tmp_path / "plan.xlsx", lang="en")
    (book,) = salesplan.open(master).report(tmp_path, span="half", html=True)
    assert book.stem == NAMES["half"][1] and book.with_suffix(".html").exists()


def test_everybodys_are_audited_and_a_manifest_names_the_span(tmp_path: Path) -> None:
    master = new_sample(tmp_path / "plan.xlsx", lang="en")
    done = app.report_each(
        master, app.Wanted(folder=tmp_path / "out", span="quarter", today=date(2026, 7, 1))
    )
    assert done.leaks == () and done.manifest is not None
    assert (done.manifest.month, done.manifest.title) == (
        "2026-Q2",
        "Quarterly execution report · Q2 FY2026",
    )
    assert span_word(done.manifest) == "Quarter"


def test_everybodys_of_a_span_made_again_say_the_same(tmp_path: Path) -> None:
    master = write(tmp_path / "plan.xlsx", edited({}))
    wanted = app.Wanted(folder=tmp_path / "out", span="quarter", today=date(2026, 7, 1))
    first, again = (app.report_each(master, wanted) for _ in range(2))
    assert first.earlier is None and first.manifest is not None and first.manifest.recipients
    assert again.earlier == first.manifest and again.changed == 0


def test_a_years_report_has_what_was_learnt(tmp_path: Path) -> None:
    master = new_sample(tmp_path / "plan.xlsx", lang="zh")
    book = sample_report(lang="zh", span="year").book
    rows = rows_of(book, "下年计划与预测")
    told = [text for row in rows for text in row if isinstance(text, str)]
    lessons = app.check(master).plan.lessons
    this_year = [one.lesson for one in lessons if one.period.startswith("2026")]
    assert len(this_year) == 3 and set(this_year) <= set(told)
    became = {
        text: told[at + 4]
        for at, text in enumerate(told)
        if text.startswith("2025-") and not told[at + 4].startswith("2025-")
    }
    assert became == {
        "2025-Q2 · 上海展会跟进": "■ 未见改善",
        "2025-Q3 · 复购优惠": "■ 未见改善",
        "2025-Q4 · 年末冲刺": "▲ 进行中",
    }
    assert any(text.startswith("按期完成 T03") for text in told)
    quarters = rows_of(book, "目标完成")
    head = next(at for at, row in enumerate(quarters) if "逐季" in str(row[1]))
    assert quarters[head + 1][4:11:3] == ("第1季度", "第2季度", "第3季度")
    revenue = quarters[head + 3]
    assert revenue[1] == "营收" and revenue[7:9] == (500, pytest.approx(489.05))
    assert revenue[10] is None


def test_only_the_tasks_and_changes_of_the_span_are_listed(tmp_path: Path) -> None:
    master = new_sample(tmp_path / "plan.xlsx", lang="en")
    whole, quarter = (app.check(master, span=span).results for span in ("month", "quarter"))
    assert whole.task_summary is not None and quarter.task_summary is not None
    assert quarter.task_summary.total < whole.task_summary.total
    assert quarter.task_summary.overdue == whole.task_summary.overdue
    first = app.report(
        master, app.Wanted(folder=tmp_path, month=Month(2026, 2), span="quarter")
    ).written
    texts = {str(value) for row in rows_of(first, "Variance") for value in row}
    changes = app.check(master).plan.changes
    own = {one.code for one in changes if one.raised and one.raised < date(2026, 4, 1)}
    decided = {one.code for one in changes if one.status is not None} - own
    assert own <= texts and decided
