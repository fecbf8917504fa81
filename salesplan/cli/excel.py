"""``excel``: the add-in with the ribbon's buttons, or the buttons in Calc: built, put in place,
looked at, taken away.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from salesplan import app
from salesplan.cli import options
from salesplan.cli.doctor import show_line
from salesplan.cli.progress import AtWork
from salesplan.cli.show import counted, print_json, say
from salesplan.messages import has_errors

if TYPE_CHECKING:
    from salesplan.addin import Installed


_in_calc = click.option(
    "--calc",
    is_flag=True,
    help="The buttons in LibreOffice Calc instead. LibreOffice Calc 的按钮。",
)


@click.group(cls=options.Listing)
def excel() -> None:
    """The add-in with the ribbon's buttons for Excel, or with --calc those in Calc. Excel
    功能区按钮 (加载项), 或 Calc 的按钮 (--calc)。
    """


@excel.command()
@click.argument(
    "sources",
    type=options.FolderType(),
    default=Path("macros"),
    metavar="[MACROS]",
)
@click.option(
    "-o",
    "--out",
    "folder",
    type=options.FolderType(),
    help="Folder to write to 输出文件夹 (default: the package).",
)
@options.lang
def build(sources: Path, folder: Path | None, lang: str | None) -> None:
    """Build the add-in from its sources; for engineers. 由源文件制作加载项。"""
    for path in app.build_addin(sources, folder):
        say(lang or "zh", f"已生成 {path}", f"Written: {path}")


@excel.command()
@_in_calc
@options.as_json
@options.lang
@click.pass_context
def install(ctx: click.Context, calc: bool, as_json: bool, lang: str | None) -> None:
    """Put the add-in into Excel, for your account. 把加载项装进 Excel (仅本账户)。"""
    if calc:
        from salesplan.excel import calc_install

        with AtWork("安装", "Installing"):
            calc_install.install()
        if not as_json:
            say(
                lang or "zh",
                "重新启动 LibreOffice, Calc 的菜单栏会出现“销售计划”。",
                "Restart LibreOffice; “Sales Plan” appears in Calc's menu bar.",
            )
        _show_calc(ctx, as_json, lang)
    done = app.install_addin()
    if not as_json:
        say(lang or "zh", f"已安装 {done.path}", f"Installed: {done.path}")
        say(
            lang or "zh",
            "重新打开 Excel, 功能区会出现“销售计划”。",
            "Restart Excel; the tab “Sales Plan” appears on the ribbon.",
        )
    _show(ctx, done, as_json, lang)


@excel.command()
@_in_calc
@options.as_json
@options.lang
@click.pass_context
def status(ctx: click.Context, calc: bool, as_json: bool, lang: str | None) -> None:
    """What is installed, and whether it fits. 查看加载项的版本和状态。"""
    if calc:
        _show_calc(ctx, as_json, lang)
    done = app.addin_status()
    if done.version and not as_json:
        say(
            lang or "zh",
            f"加载项 {done.version}: {done.path} → {done.python}",
            f"Add-in {done.version}: {done.path} → {done.python}",
        )
    _show(ctx, done, as_json, lang)


@excel.command()
@_in_calc
@options.lang
def remove(calc: bool, lang: str | None) -> None:
    """Take the add-in away again. 移除加载项。"""
    if calc:
        from salesplan.excel import calc_install

        with AtWork("移除", "Removing"):
            there = calc_install.remove()
        say(
            lang or "zh",
            *(
                ("已移除 Calc 的按钮。", "Buttons removed from Calc.")
                if there
                else ("Calc 中没有安装按钮。", "No buttons were installed in Calc.")
            ),
        )
        return
    gone = app.remove_addin()
    for path in gone:
        say(lang or "zh", f"已移除 {path}", f"Removed: {path}")
    if not gone:
        say(lang or "zh", "没有安装加载项。", "No add-in was installed.")


@excel.command()
@_in_calc
@click.option(
    "-o",
    "--out",
    "folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Folder for the result file 结果文件的文件夹 (default: here).",
)
@options.lang
@click.pass_context
def selftest(ctx: click.Context, calc: bool, folder: Path | None, lang: str | None) -> None:
    """Try every button on a sample in the running program. 在运行中的程序里用示例逐项自检。"""
    from salesplan.excel import selftest as steps

    with AtWork("自检", "Self-test"):
        outcomes, facts = steps.run(calc=calc or None)
    path = steps.written(outcomes, facts, folder or Path.cwd())
    for one in outcomes:
        sign = "● OK" if one.passed else "■"
        click.echo(f"{sign}  {one.step}  {one.seconds:.1f} s  {one.seen}".rstrip())
    failed = sum(not one.passed for one in outcomes)
    say(
        lang or "zh",
        f"{len(outcomes)} 步, {failed} 步不通过。结果文件: {path}",
        f"{counted(len(outcomes), 'step')}, {failed} failed. Result file: {path}",
    )
    ctx.exit(int(failed > 0))


def _show(ctx: click.Context, done: Installed, as_json: bool, lang: str | None) -> None:
    if as_json:
        print_json(done.findings, path=str(done.path), version=done.version, python=done.python)
    else:
        for finding in done.findings:
            show_line(finding, lang or "zh")
    ctx.exit(int(has_errors(done.findings)))


def _show_calc(ctx: click.Context, as_json: bool, lang: str | None) -> NoReturn:
    from salesplan.excel.calc_install import looked_at

    found = looked_at()
    if as_json:
        print_json(found)
    else:
        for finding in found:
            show_line(finding, lang or "zh")
    ctx.exit(int(has_errors(found)))
