"""The language in which a master without settings is spoken of."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl import Workbook

from salesplan.cli import COMMANDS
from salesplan.plan.loader import load
from tests.maildesk import own_state, run  # noqa: F401 (a fixture)
from tests.samples import new_master, new_sample
from tests.unit.masters import SOUND, write


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_settings_the_heads_say_which_language(tmp_path: Path, lang: str) -> None:
    """An English book's findings are in English, those of a Chinese one in Chinese; both name the
    year that is missing.
    """
    master = write(tmp_path / "plan.xlsx", SOUND, lang=lang, skip=["settings"])
    assert load(master).lang == lang
    said = run("check", master).output
    assert ("Error" in said) == (lang == "en") and ("错误" in said) == (lang == "zh")


@pytest.mark.parametrize(("sheet", "lang"), [("Organization", "en"), ("组织", "zh")])
def test_without_a_table_the_sheets_names_do(tmp_path: Path, sheet: str, lang: str) -> None:
    book = Workbook()
    book.active.title = sheet
    book.save(tmp_path / "plan.xlsx")
    assert load(tmp_path / "plan.xlsx").lang == lang


CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
MAP = 'key = "id"\n[columns]\nday = "day"\nunit = "unit"\n[[rule]]\nkpi = "REV"\nvalue = "value"\n'

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

ON_AN_ENGLISH_MASTER = (
    "new plan.xlsx --lang en",
    "new begun.xlsx --lang en --company Acme --trade fmcg",
    "new begun.xlsx --lang en --from deals.csv --force",
    "start again.xlsx --lang en",
    "check plan.xlsx",
    "check plan.xlsx --month 2024-01",
    "check bad.xlsx --all",
    "recalc plan.xlsx --dry-run",
    "recalc plan.xlsx --month June",
    "recalc bad.xlsx",
    "recalc plan.xlsx",
    "adopt own.xlsx",
    "adopt own.xlsx --yes",
    "check own.xlsx",
    "add plan.xlsx",
    "add plan.xlsx Nothing",
    "add plan.xlsx --all",
    "import-actuals plan.xlsx deals.csv --map map.toml",
    "import-actuals plan.xlsx deals.csv --map map.toml --accept-refused",
    "import-actuals plan.xlsx deals.csv --map none.toml",
    "import-spending plan.xlsx deals.csv --map map.toml",
    "sources list --lang en",
    "sources allow plan.xlsx",
    "sources forget plan.xlsx",
    "status plan.xlsx",
    "report plan.xlsx",
    "report plan.xlsx --level team",
    "report plan.xlsx --audience T1 -o part",
    "report plan.xlsx --audience nobody",
    "report plan.xlsx --audience each --level team -o each",
    "triggers plan.xlsx",
    "triggers plan.xlsx --propose W2 --dry-run",
    "triggers plan.xlsx --propose Nothing",
    "triggers bad.xlsx",
    "triggers other.xlsx",
    "day plan.xlsx --date 2026-06-10",
    "day plan.xlsx --date June",
    "day bad.xlsx --date 2026-06-10",
    "week plan.xlsx --date 2026-06-10",
    "week plan.xlsx --date 2026-06-10 --audience nobody",
    "week other.xlsx --date 2026-06-10",
    "handout plan.xlsx --to forms",
    "collect forms --into plan.xlsx",
    "send each",
    "send each --status",
    "send each --smtp --yes 99",
    "send each --wecom",
    "send each --wecom --only T1",
    "send each --settle T1 arrived",
    "announce plan.xlsx",
    "announce plan.xlsx --settle T1 again",
    "explain plan.xlsx P01 REV",
    "explain plan.xlsx P0111 REV",
    "close plan.xlsx --month 2026-05",
    "close plan.xlsx --month 2026-05",
    "reopen plan.xlsx --month 2026-05 --reason late",
    "reopen plan.xlsx --month 2026-05 --reason late",
    "history plan.xlsx",
    "undo plan.xlsx",
    "undo other.xlsx",
    "history other.xlsx",
    "config --lang en",
    "doctor plan.xlsx",
    "watch other.xlsx --every 0",
)
"""In an order in which each finds what it needs; some of them are refused, in English, too."""


def test_every_command_answers_an_english_master_in_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """U11: undo, history and what is refused before the master was read included."""
    monkeypatch.chdir(tmp_path)
    new_sample(Path("plan.xlsx"), lang="en")
    new_sample(Path("bad.xlsx"), lang="en", mistakes=True)
    new_master(Path("other.xlsx"), lang="en")
    Path("deals.csv").write_text("id,day,unit,value\n1,2026-06-01,P01,5\n2,x,P01,5\n", "utf-8")
    Path("map.toml").write_text(MAP, "utf-8")
    own = Workbook()
    for row in (
        ["Revenue targets 2026"],
        ["Name", *MONTHS],
        ["Ann", *[3] * 12],
        ["Ben", *[4] * 12],
    ):
        own.active.append(row)
    own.save("own.xlsx")
    named = {line.split()[0] for line in ON_AN_ENGLISH_MASTER}
    assert named | {"demo", "excel"} >= set(COMMANDS), "a command without a line here"
    for line in ON_AN_ENGLISH_MASTER:
        done = run(*line.split())
        said = done.output + getattr(done, "stderr", "")
        assert said.strip() or line.startswith("send each --smtp"), line
        assert not CHINESE.findall(said), (line, said)


def test_a_chinese_master_is_answered_in_chinese(tmp_path: Path) -> None:
    new_master(tmp_path / "plan.xlsx", lang="zh")
    for words in (("undo",), ("history",), ("report", "--audience", "nobody")):
        said = run(words[0], tmp_path / "plan.xlsx", *words[1:]).output
        assert CHINESE.search(said) and not re.search(r"\b(the|No|nothing)\b", said), said
