"""``start``, ``new`` and ``demo``: a first workbook."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from salesplan import app
from salesplan.cli import answers, options
from salesplan.cli.language import refusal
from salesplan.cli.progress import AtWork
from salesplan.cli.prompts import somebody_there
from salesplan.cli.show import counted, next_step, say, show_counts, show_findings
from salesplan.plan.schema import sheet
from salesplan.wording import Both, either, listed

if TYPE_CHECKING:
    from salesplan.plan.adopt.roster import Roster
    from salesplan.template.starting import Start


PLAN = Path("plan.xlsx")
"""What a new plan is called where nobody says."""


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE", required=False)
@answers.options
@click.option("--example", is_flag=True, help="With the worked example filled in. 填入示例。")
@click.option(
    "--mistakes",
    is_flag=True,
    help="The example with planted mistakes, to try `check` on. 带错误的示例。",
)
@options.force
def new(file: Path | None, example: bool, mistakes: bool, force: bool, **typed: Any) -> None:
    """Write a new master workbook: all its sheets, or with answers those that they need.
    新建主计划工作簿。
    """
    given = answers.Given(**typed)
    sample = example or mistakes
    if sample and ((given.fiscal_start or 1) != 1 or given.anything):
        raise click.UsageError(
            "示例是固定的公司和自然年, 不能与 --fiscal-start、--company 等同用 / the example is of "
            "one company and a calendar year; leave out --fiscal-start, --company and the like"
        )
    if file is None and (sample or not somebody_there()):
        said = refusal(
            "缺少 FILE; 例如 salesplan new plan.xlsx, 或在终端里运行 salesplan start",
            "FILE is missing; such as salesplan new plan.xlsx, or salesplan start in a terminal",
        )
        raise click.UsageError(said)
    path = _workbook(file or PLAN)
    if given.people is not None and app.is_master(given.people):
        _roll(given.people, path, given, force)
        return
    if file is None or given.anything:
        _begin(path, given, force, ask=file is None)
        return
    lang = given.lang or "zh"
    app.new(
        path,
        lang=lang,
        year=given.year or (2026 if sample else None),
        fiscal_start=given.fiscal_start or 1,
        example=sample,
        mistakes=mistakes,
        force=force,
    )
    say(lang, f"已新建 {path}", f"Written: {path}")
    if sample:
        next_step(lang, "检查:", "check it:", "check", path)
    else:
        next_step(
            lang,
            "填写设置、组织和指标, 然后",
            "fill in Settings, Organization and KPIs, then",
            "check",
            path,
        )


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="[FILE]", default=PLAN)
@answers.options
@options.force
def start(file: Path, force: bool, **typed: Any) -> None:
    """Begin a plan by seven questions, with only the sheets that it needs.
    用七个问题开始一份计划。
    """
    given = answers.Given(**typed)
    path = _workbook(file)
    if given.people is not None and app.is_master(given.people):
        _roll(given.people, path, given, force)
        return
    there = somebody_there()
    if not there and answers.left_open(given, "en"):
        line = shlex.join(["salesplan", "start", str(path)])
        zh, en = (" ".join([line, *answers.left_open(given, lang)]) for lang in ("zh", "en"))
        said = refusal(
            f"这里不是终端, 无法提问; 请把回答写成选项, 例如 {zh}",
            f"this is no terminal, so nothing is asked; give the answers as options, such as {en}",
        )
        raise click.UsageError(said)
    _begin(path, given, force, ask=there)


def _workbook(file: Path) -> Path:
    if file.suffix.lower() != ".xlsx":
        raise click.UsageError(
            refusal("文件名须以 .xlsx 结尾", "the file's name must end in .xlsx")
        )
    return file


def _begin(path: Path, given: answers.Given, force: bool, *, ask: bool) -> None:
    """Write the master that the answers describe; the open ones are asked first, or taken as
    usual.
    """
    from salesplan.plan.model import Level
    from salesplan.template.starting import CODES, Start

    answers.refuse_both(given)
    app.free_for(path, force=force)
    if ask:
        given = answers.asked(given)
    said = answers.answered(given)
    roster = said.roster
    found = Start(
        said.company,
        said.year,
        said.lang,
        said.fiscal_start,
        said.levels,
        said.kpis,
        said.money,
        said.trade,
        app.rows_of(roster, CODES[Level.COMPANY]) if roster is not None else (),
        said.country,
        roster.leader if roster is not None else "",
        roster.leader_email if roster is not None else "",
    )
    app.start(path, found, force=force)
    if roster is not None:
        _say_people(roster, said.lang)
    _say_next(path, found)


def _roll(old: Path, path: Path, given: answers.Given, force: bool) -> None:
    """Next year's master out of a master: who and what goes on, and what was achieved."""
    answers.refuse_beside_master(given)
    with AtWork("生成下一年度的主计划", "Making next year's plan"):
        made = app.roll(old, path, year=given.year, lang=given.lang, force=force)
    lang = made.lang
    say(lang, f"已新建 {path}: {made.year} 年度", f"Written: {path} for {made.year}")
    counts = [
        (made.count("units"), Both("组织单元", "unit")),
        (made.count("kpis"), Both("指标", "KPI")),
        (made.actuals, Both("实绩", "actual")),
        (made.count("tasks"), Both("未完成的任务", "open task")),
        (made.count("lessons"), Both("复盘经验", "lesson")),
    ]
    told = [
        either(lang, f"{what.zh} {count:,}", counted(count, what.en))
        for count, what in counts
        if count
    ]
    say(lang, f"带过来: {listed(told, lang)}", f"Taken over: {listed(told, lang)}")
    show_findings(made.findings, lang, counts=False)
    say(
        lang,
        "1. 指标: 填写公司年度目标; 目标、变更、关账和预算从头开始",
        "1. KPIs: enter the company's targets; targets, changes, closes and budget begin anew",
    )
    next_step(lang, "填好后检查:", "then check it:", "check", path)
    next_step(lang, "计算目标:", "work out the targets:", "recalc", path)


def _say_people(roster: Roster, lang: str) -> None:
    """How the list was read, and what it made."""
    for one in roster.columns:
        head, cell = one.head, f"{one.sheet}!{one.cell}"
        meant = _SAYS[one.says.value] if one.says is not None else _NOT_READ
        click.echo(f"  {cell}  {head} → {meant.of(lang)}")
    people, groups = len(roster.people), len(roster.members) - len(roster.people)
    told = "1 person" if people == 1 else f"{people:,} people"
    say(
        lang,
        f"名单: {people} 人, 团队和部门 {groups} 个",
        f"List: {told} in {counted(groups, 'group')}",
    )
    if roster.leader:
        say(lang, f"公司负责人: {roster.leader}", f"The company is led by {roster.leader}")
    show_findings(roster.findings, lang, counts=False)


_NOT_READ = Both("不读", "not read")
_SAYS = {
    "name": Both("姓名", "name"),
    "first name": Both("名", "first name"),
    "last name": Both("姓", "last name"),
    "code": Both("编码", "code"),
    "group": Both("团队或部门", "team or department"),
    "region": Both("区域", "region"),
    "manager": Both("上级", "manager"),
    "email": Both("邮箱", "e-mail"),
    "title": Both("岗位", "title"),
    "joined": Both("入职日", "joined"),
    "left": Both("离职日", "left"),
    "state": Both("在职状态", "employed or not"),
}


def _say_next(path: Path, found: Start) -> None:
    """Where the planner goes on: what is blank, and the commands that follow."""
    from salesplan.template.starting import to_fill_in

    lang = found.lang
    sheets = listed([sheet(key).title(lang) for key in found.sheets], lang)
    say(lang, f"已新建 {path}: {sheets}", f"Written: {path} with {sheets}")
    places = to_fill_in(found)
    if places.names and found.people:
        say(
            lang,
            f"1. 组织 {places.names}: 填公司名称; 核对人员和上级",
            f"1. Organization {places.names}: enter the company's name; look at people and parents",
        )
    elif places.names:
        say(
            lang,
            f"1. 组织 {places.names}: 填名称; 每个团队、每个人一行",
            f"1. Organization {places.names}: enter names; a row for each team and person",
        )
    else:
        say(lang, "1. 组织: 核对人员和上级", "1. Organization: look at people and parents")
    say(
        lang,
        f"2. 指标 {places.targets}: 填公司年度目标",
        f"2. KPIs {places.targets}: enter the company's targets",
    )
    if not found.calendar:
        say(
            lang,
            "3. 设置: 填国家代码; 现按中国的工作日",
            "3. Settings: enter your country's code; working days are China's until then",
        )
    next_step(lang, "填好后检查:", "then check it:", "check", path)
    next_step(lang, "计算目标:", "work out the targets:", "recalc", path)


@click.command()
@click.argument("folder", type=options.FolderType(), default=Path("salesplan-demo"))
@click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    default="zh",
    show_default=True,
    help="Language 语言.",
)
@options.force
def demo(folder: Path, lang: str, force: bool) -> None:
    """Run the main job on the built-in sample. 用内置示例走一遍: 填表并生成月报。"""
    with AtWork("生成示例", "Making the demo"):
        done = app.demo(folder, lang=lang, force=force)
    edits = done.recalculated.changes.edits
    sheets = len({edit.sheet for edit in edits})
    say(
        lang,
        f"已填写主计划: {done.master}  ({sheets} 张表, {len(edits)} 格)",
        f"Filled master: {done.master}  ({counted(len(edits), 'cell')} on "
        f"{counted(sheets, 'sheet')})",
    )
    say(lang, f"已生成月报:   {done.report}", f"Report:        {done.report}")
    show_counts(done.recalculated.changes.findings, lang)
    next_step(
        lang,
        "看过之后, 建自己的计划:",
        "when you have looked, start your own:",
        "start" if somebody_there() else "new",
        Path("plan.xlsx"),
        "--lang",
        lang,
    )
