"""The buttons as pictures for the docs: ``python -m tests.ribbon_pictures`` draws the ribbon's
layout from customUI14.xml, and takes Calc's toolbar and menu from a real window, in both languages.
Needs Chromium, ImageMagick, Xvfb, openbox, xdotool, and LibreOffice's Chinese package
(libreoffice-l10n-zh-cn).

The ribbon's drawing is a layout, not a screenshot: groups, sizes, words and keytips are the file's,
the pictures are ours, Excel shows its own.
"""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any
from unittest import mock

from salesplan.excel import calc_install
from salesplan.excel.bridge import PIPE
from salesplan.excel.button_message import TITLES
from salesplan.excel.icons import picture
from salesplan.template import write_template
from tests.live import window
from tests.live.office import lent

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
SPACE = "{http://schemas.microsoft.com/office/2009/07/customui}"
STYLE = """
body{margin:0;font:13px "Noto Sans CJK SC",sans-serif;background:#fff;width:1520px}
.tab{background:#f3f3f3;border-bottom:1px solid #c8c8c8;padding:6px 14px;color:#1f4e60;font-weight:bold}
.bar{display:flex;background:#fafafa;border-bottom:1px solid #c8c8c8;padding:6px}
.group{border-right:1px solid #d0d0d0;padding:2px 8px;display:flex;flex-direction:column}
.buttons{display:flex;gap:4px;flex:1}
.large{width:84px;text-align:center}.large img{width:32px}.columns{display:grid;grid-template-rows:repeat(3,26px);grid-auto-flow:column;gap:0 10px}
.small{display:flex;align-items:center;gap:5px;white-space:nowrap}.small img{width:18px}
.name{text-align:center;color:#777;font-size:12px;margin-top:5px}kbd{font:10px monospace;background:#444;color:#fff;padding:0 3px;border-radius:2px}
"""


def ribbon(lang: str) -> str:
    """The ribbon as a page; labels are in both languages in the file, of which ``lang`` is
    shown.
    """
    root = ET.parse(ROOT / "macros" / "customUI14.xml").getroot()
    tab = next(root.iter(f"{SPACE}tab"))
    groups = "".join(_group(group, lang) for group in tab)
    words = _words(tab.get("label", ""), lang)
    return (
        f"<meta charset=utf-8><style>{STYLE}</style><div class=tab>{words} <kbd>"
        f"{tab.get('keytip')}</kbd></div><div class=bar>{groups}</div>"
    )


def _group(group: ET.Element, lang: str) -> str:
    large = "".join(_button(one, "large", lang) for one in group if one.get("size") == "large")
    small = "".join(_button(one, "small", lang) for one in group if one.get("size") != "large")
    columns = f"<div class=columns>{small}</div>" if small else ""
    name = _words(group.get("label", ""), lang)
    return (
        f"<div class=group><div class=buttons>{large}{columns}</div><div class=name>{name}</div></"
        "div>"
    )


def _button(button: ET.Element, kind: str, lang: str) -> str:
    name = button.get("id", "").removeprefix("Salesplan").lower()
    data = base64.b64encode(picture(name, 64)).decode()
    words = _words(button.get("label", ""), lang)
    line = "<br>" if kind == "large" else ""
    return (
        f'<div class={kind}><img src="data:image/png;base64,{data}">{line}<span>{words}</span> '
        f"<kbd>{button.get('keytip')}</kbd></div>"
    )


def _words(label: str, lang: str) -> str:
    chinese, _, english = label.partition(" ")
    return escape(chinese if lang == "zh" else english)


def draw(lang: str, target: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    assert browser, "chromium is not on this machine"
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "ribbon.html"
        page.write_text(ribbon(lang), "utf-8")
        subprocess.run(
            [
                browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--window-size=1690,150",
                f"--screenshot={target}",
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
        )


LOCALES = {"zh": "zh-CN", "en": "en-US"}
UI_LANGUAGE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
  xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Linguistic/General"><prop oor:name="UILocale"
  oor:op="fuse"><value>{locale}</value></prop></item>
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooLocale"
  oor:op="fuse"><value>{locale}</value></prop></item>
<item oor:path="/org.openoffice.Setup/Product"><prop oor:name="ooSetupLastVersion"
  oor:op="fuse"><value>7.4</value></prop></item>
</oor:items>
"""
"""What LibreOffice keeps of the language chosen in its options; and no greeting."""

TOOLBAR, MENU = "1100x150+0+0", "1000x545+0+0"


def take(lang: str) -> None:
    """Calc's toolbar and opened menu, with the buttons installed and the sample open."""
    ending = "-zh" if lang == "zh" else ""
    with tempfile.TemporaryDirectory() as place, lent(Path(place)) as profile:
        pipe = f"salesplan-pictures-{lang}"
        (profile / "user").mkdir(mode=0o777)
        (profile / "user" / "registrymodifications.xcu").write_text(
            UI_LANGUAGE.format(locale=LOCALES[lang]), "utf-8"
        )
        with mock.patch.dict(os.environ, {PIPE: pipe, "HOME": place}):
            calc_install.install(profile=profile)
            master = Path(place) / f"{'计划' if lang == 'zh' else 'plan'}.xlsx"
            write_template(master, lang=lang, year=2026, example=True)
            with window.desk(Path(place), pipe=pipe, profile=profile) as desk:
                book = desk.open(master)
                time.sleep(3)
                _shoot(TOOLBAR, PICTURES / f"calc-toolbar{ending}.png")
                desk.click(_named(book, TITLES[lang]))
                time.sleep(2)
                _shoot(MENU, PICTURES / f"calc-menu{ending}.png")
                desk.key("Escape", "Escape")


def _named(book: Any, name: str) -> Any:
    """What is shown in the workbook's window under that name."""
    waiting = [book.api.getCurrentController().getFrame().getContainerWindow()]
    while waiting:
        accessible = waiting.pop(0)
        context = accessible.getAccessibleContext()
        if context.getAccessibleName() == name and context.getAccessibleChildCount():
            return accessible
        if context.getAccessibleRole() != window.DOCUMENT:
            count = min(context.getAccessibleChildCount(), 60)
            waiting += [context.getAccessibleChild(index) for index in range(count)]
    raise AssertionError(f"{name} is not shown")


def _shoot(area: str, target: Path) -> None:
    """A part of the screen, in few colours: it is kept in the repository."""
    subprocess.run(
        [
            "import",
            "-window",
            "root",
            "-crop",
            area,
            "+repage",
            "+dither",
            "-colors",
            "64",
            str(target),
        ],
        check=True,
    )


def main(langs: Iterable[str]) -> None:
    for lang in langs:
        draw(lang, PICTURES / f"ribbon{'-zh' if lang == 'zh' else ''}.png")
        take(lang)


if __name__ == "__main__":
    main(sys.argv[1:] or ("zh", "en"))
