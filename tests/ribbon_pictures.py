"""The buttons as pictures for the docs: ``python -m tests.ribbon_pictures`` draws the ribbon's
layout from customUI14.xml, and takes Calc's toolbar and menu from a real window, in both languages.
Needs ImageMagick, Xvfb, openbox and xdotool.

The ribbon's drawing is a layout, not a screenshot: groups, sizes, words and keytips are the file's,
the pictures are ours, Excel shows its own.
"""

from __future__ import annotations

import base64
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from html import escape
from pathlib import Path

from salesplan.excel.icons import picture

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
SPACE = "{http://schemas.microsoft.com/office/2009/07/customui}"
STYLE = """
body{margin:0;font:13px "Noto Sans CJK SC",sans-serif;background:#fff;width:1320px}
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
                "--window-size=1320,150",
                f"--screenshot={target}",
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
        )


def main(langs: Iterable[str]) -> None:
    for lang in langs:
        draw(lang, PICTURES / f"ribbon{'-zh' if lang == 'zh' else ''}.png")


if __name__ == "__main__":
    main(sys.argv[1:] or ("zh", "en"))
