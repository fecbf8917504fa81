"""Boxes and pickers of handouts, collect, import and send, answered by mouse and keys in a real
window.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from salesplan import app, config
from salesplan.config import STATE_VARIABLE as STATE
from salesplan.excel import COMMAND, live
from salesplan.plan.model import KpiKind, Level
from tests.integration.test_handouts import TASKS, fill
from tests.live import window
from tests.live.window import Desk, identity, until
from tests.maildesk import own_state, running  # noqa: F401
from tests.mailserver import Running
from tests.samples import filled_sample, filled_sound, unprinted

pytestmark = pytest.mark.libreoffice

BOOK = "计划.xlsx"


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with window.private_desk(tmp_path_factory.mktemp("boxes")) as desk:
        yield desk


@pytest.fixture
def desk(started: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv(STATE, str(tmp_path / "state"))
    yield started
    started.office.close_all()


@pytest.fixture
def book(desk: Desk, tmp_path: Path) -> Any:
    path = tmp_path / BOOK
    return desk.open(unprinted(filled_sample(path, lang="zh"), notes=False))


class Press:
    """A button that was pressed, and the hands that answer what it asks."""

    def __init__(self, desk: Desk, button: str, book: Any) -> None:
        self.desk = desk
        self.there = set(desk.windows("."))
        self.process = subprocess.Popen(
            [sys.executable, *COMMAND, "--calc", button, identity(book)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def box(self, title: str) -> str:
        """The window of a box or picker of that title, which came after the press, in front."""
        found = until(lambda: self._new(title))
        self.desk.do("windowactivate", "--sync", found[0])
        time.sleep(0.5)  # the box takes the keyboard a moment after the window manager says so
        return str(found[0])

    def answer(self, title: str, *keys: str, text: str = "") -> str:
        """Type into the box of that title and press the keys, until it is gone; what was written
        in it.
        """
        shown = self.box(title)
        told = window.texts(title)
        if text:
            self.desk.write(title, text)
        self.desk.key(*keys)
        until(lambda: self._over() or shown not in self._new(title))
        return told

    def end(self) -> str:
        """What was said, once the last box is closed."""
        self.desk.close_boxes(self.process)
        said, wrong = self.process.communicate(timeout=90)
        assert "Traceback" not in said + wrong
        return said

    def _over(self) -> bool:
        return self.process.poll() is not None

    def _new(self, title: str) -> list[str]:
        if self._over():
            raise AssertionError(f"it ended without asking: {self.process.communicate()}")
        return [one for one in self.desk.windows(f"^{title}$") if one not in self.there]


def plan(book: Any) -> Any:
    return app.check(live.path_of(book), source=live.source(book)).loaded.plan


MAPPING = """
key = "id"
[columns]
day = "day"
unit = "unit"
[[rule]]
kpi = "{kpi}"
value = "value"
"""
FOLDER, FILE = "收回的填报表在哪个文件夹[?]", "要导入的 CSV 文件"
MAP = r"对照文件 \(map.toml\)"
YES = ("alt+y",)


def test_handouts_go_out_and_come_back_through_the_picker(
    desk: Desk, book: Any, tmp_path: Path
) -> None:
    """A manager types; the folder is chosen in Calc's picker, the question is answered by Yes."""
    said = Press(desk, "handout", book).end()
    (folder,) = (one for one in tmp_path.iterdir() if one.is_dir() and "填报" in one.name)
    assert str(folder) in said
    back = folder.rename(tmp_path / "back")
    back_from = next(back.glob("*_T2_*.xlsx"))
    fill(back_from, TASKS, "T15", 改进措施="已办完")

    refused = Press(desk, "collect", book)
    refused.answer(FOLDER, "Escape")
    assert "没有写入任何内容" in refused.end()

    press = Press(desk, "collect", book)
    press.answer(FOLDER, "Return", text=str(back))
    assert "1 格将会改变" in press.answer(BOOK, *YES)
    assert "已填写 1 格" in press.end()
    assert [one.remedy for one in plan(book).tasks if one.code == "T15"] == ["已办完"]


def test_a_csv_export_is_chosen_and_filled_in(desk: Desk, book: Any, tmp_path: Path) -> None:
    """The mapping lies beside it; a second picker asks for one elsewhere."""
    before = plan(book)
    unit = next(one.code for one in before.units if one.level is Level.PERSON)
    kpi = next(one.code for one in before.kpis if one.kind is KpiKind.FLOW)
    (tmp_path / "export.csv").write_text(f"id,day,unit,value\nZ-1,2026-06-02,{unit},3\n", "utf-8")
    mapping = tmp_path / "elsewhere.toml"
    mapping.write_text(MAPPING.format(kpi=kpi), "utf-8")

    press = Press(desk, "import", book)
    press.answer(FILE, "Return", text=str(tmp_path / "export.csv"))
    press.answer(MAP, "Return", text=str(mapping))
    assert "将会改变" in press.answer(BOOK, *YES)
    assert "已填写" in press.end()
    assert len(plan(book).actuals) == len(before.actuals) + 1

    left = Press(desk, "import", book)
    left.answer(FILE, "Escape")
    assert "没有写入任何内容" in left.end()


def test_mail_goes_when_the_number_is_typed_into_the_box(
    running: Running,  # noqa: F811
    desk: Desk,
    tmp_path: Path,
) -> None:
    """Another number, and nothing goes."""
    book = desk.open(unprinted(filled_sound(tmp_path / BOOK), notes=False))
    settings = tmp_path / "config.toml"
    settings.write_text(
        settings.read_text("utf-8").replace('"example.cn"', '"example.com"'), "utf-8"
    )
    config.load.cache_clear()
    assert "未发送" in Press(desk, "drafts", book).end()
    (folder,) = (one.parent for one in tmp_path.glob("*/manifest.json"))
    due = len(app.delivery(folder).to_send())

    press = Press(desk, "send", book)
    told = press.answer(BOOK, "Return", text=str(due + 1))
    assert f"将发送 {due} 封" in told
    assert "没有发送" in press.end() and running.post.arrived == []

    press = Press(desk, "send", book)
    press.answer(BOOK, "Return", text=str(due))
    assert f"已发送 {due} 封" in press.end()
    assert len(running.post.arrived) == due
