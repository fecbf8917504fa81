"""``import-actuals``, ``import-spending``: records of files and databases into the master."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from salesplan import app
from salesplan.cli import options
from salesplan.cli.language import spoken
from salesplan.cli.progress import AtWork
from salesplan.cli.show import counted, print_json, say, show_findings, show_warning
from salesplan.messages import has_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from salesplan.plan.sources.actuals import Imported
    from salesplan.plan.sources.spending import Spent

    Told = tuple[Mapping[str, int], Sequence[tuple[str, str]]]

_MAPPING = """\b
SOURCE: CSV, TSV, .xlsx, .xls, .ods (.gz, .zip), "*.csv"; Parquet, JSON lines, SQLite, DuckDB,
postgresql://user@host/database, mysql://….
\b
对应表 MAP.toml / the mapping (docs/import.md):
  key = "id"                     # 认出一条记录; 或 identifies a record; or ["order", "line"]
  date_format = "dd/mm/yyyy"     # 日期写法 how days are written; "m/d/yy", "serial"
  decimal = ","                  # 小数点 the sign before decimals; thousands = "."
  time_zone = "UTC"              # 不带时区的时间 times that name no zone
  null = ["-", "N/A"]            # 当作空白 what means nothing
  skip_lines = 3                 # 表头上的行 lines above the header
  encoding = "gb18030"           # 认不出时才写 only where not recognised; delimiter = ";"
  sheet = "Data"                 # 工作表 of a workbook; table = "sales" of a database
  sql = "select … from deals"    # 或一条查询 or one query over the sources
  [columns]                      # 实绩的栏目 = 列名 field = column of the source
  day = "close_date"
  unit = "agent"                 # 编码或名称 code or name
  product = "product"            # region, customer, channel, currency
  channel = { text = "Online" }  # 固定文字, 或拼接 fixed, or put together: "{First} {Last}"
  [aliases.product]              # 同义写法 spellings that mean the same
  GTXPro = "GTX Pro"
  [[rule]]                       # 每个指标一条 one for each KPI
  kpi = "REV"
  where = { stage = "Won", amount = { ">" = 0 } }
                                 # = not in "not in" < <= > >= between like "not like"
  value = "qty * price * (1 - discount)"
                                 # 列、数或算式 column, number or computation
  scale = 0.0001                 # 元 → 万元
  first_of = "account"           # 每个客户只算最早的一条 only the earliest of each
                                 # repeat_of = "account": 每月复购的客户 those that bought again
  unit = "second_agent"          # 本规则自己的列 a column of this rule alone
  [[join]]                       # 另一个文件的列 columns of a further file
  file = "orders.csv"
  on = { order_id = "id" }       # 我们的 = 它的 ours = theirs; missing = "keep"
  [unpivot]                      # 横排的月份 months side by side
  columns = ["2026-01", "2026-02"]
  into = "month"
  value = "amount"
  [spending]                     # 费用表的行 rows of Spending: import-spending
  day = "paid_on"
  budget = "cost_line"           # 预算编号; also voucher, currency
  kind = "kind"                  # 占用或支出 committed or spent; 不写为支出 spent where left out
  amount = "amount"
  [pipeline]                     # 商机表的行 rows of the sheet Pipeline
  kpi = "REV"
  where = { stage = "Engaging" }
  amount = "value"               # also unit, product, customer, touched
  due = "expected_close"         # 预计日期; due_after = 60: 再加天数 days later
  stage = "stage"                # 或 or probability = "chance"
  scale = 0.0001
  [pipeline.stages]              # 阶段的叫法 what the stages are called
  Engaging = "negotiation"
"""


_OPTIONS = (
    options.master,
    click.argument("source", nargs=-1, required=True, metavar="SOURCE..."),
    click.option(
        "--map",
        "mapping",
        type=click.Path(path_type=Path),
        metavar="MAP.toml",
        help="Which column is what 列对应表.",
    ),
    click.option(
        "--draft-map",
        is_flag=True,
        help=(
            "Look at SOURCE and write a first mapping, to MAP.toml where it is given. 查看来源, "
            "写出对应表初稿。"
        ),
    ),
    click.option(
        "--accept-refused",
        is_flag=True,
        help=(
            "Take the rest where more than 1 % of the lines are refused. 超过 1% "
            "的行无法放入时仍写入其余的行。"
        ),
    ),
    click.option(
        "--update",
        is_flag=True,
        help="Bring records up to date that were corrected at the source. 更新来源中改过的记录。",
    ),
    click.option(
        "--full",
        is_flag=True,
        help=(
            "The sources hold all records: name what they no longer have; with --update take it "
            "out. 来源是全部记录: 列出其中已没有的; 加 --update 时删除。"
        ),
    ),
    options.dry_run,
    options.out,
    options.force,
    options.everything,
    options.as_json,
    options.lang,
)


def _importing(command: Callable[..., None]) -> Callable[..., None]:
    """What every import takes."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return click.pass_context(command)


@click.command("import-actuals", epilog=_MAPPING)
@_importing
def import_actuals(ctx: click.Context, draft_map: bool, **asked: Any) -> None:
    """Take actuals and deals from files and databases; a record is never taken twice. 从文件或
    数据库导入实绩与商机, 不会重复。
    """
    if draft_map:
        _draft(**asked)
    else:
        _import(ctx, app.import_actuals, _told_of_actuals, **asked)


@click.command("import-spending")
@_importing
def import_spending(ctx: click.Context, draft_map: bool, **asked: Any) -> None:
    """Take spending from files and databases by a mapping. 从文件或数据库导入费用。"""
    if draft_map:
        _draft(spending=True, **asked)
    else:
        _import(ctx, app.import_spending, _told_of_spending, **asked)


def _draft(
    file: Path,
    source: tuple[str, ...],
    mapping: Path | None,
    lang: str | None,
    spending: bool = False,
    **_: object,
) -> None:
    """Show a first mapping, or write it."""
    with AtWork("读取", "Reading"):
        text = app.draft_map(file, source, mapping, lang, spending=spending)
    if mapping is None:
        click.echo(text, nl=False)
    else:
        say(lang or spoken() or "zh", f"已写入 {mapping}", f"Written: {mapping}")


def _import(
    ctx: click.Context,
    take: Callable[..., tuple[Any, Path | None]],
    told: Callable[[Any], Told],
    *,
    file: Path,
    source: tuple[str, ...],
    mapping: Path | None,
    dry_run: bool,
    everything: bool,
    as_json: bool,
    lang: str | None,
    **asked: Any,
) -> None:
    """Take records in, and say what became of them."""
    if mapping is None:
        raise click.MissingParameter(param_type="option", param_hint="--map", ctx=ctx)
    with AtWork("读取", "Reading"):
        done, written = take(file, source, mapping, dry_run=dry_run, say=show_warning, **asked)
    lang = lang or done.lang
    counts, sentences = told(done)
    if as_json:
        place = str(written) if written else None
        print_json(done.findings, **counts, encoding=done.encoding, written=place)
    else:
        show_findings(done.findings, lang, everything=everything)
        for zh, en in sentences:
            say(lang, zh, en)
        _say_written(written, dry_run, lang)
    ctx.exit(int(has_errors(done.findings)))


def _told_of_actuals(done: Imported) -> Told:
    """The counts of an import, and the sentences that say them."""
    said = [_records_said(done)] if done.rows or done.deals is None else []
    deals = [_deals_said(done)] if done.deals is not None else []
    return done.counts, (*said, *deals)


def _told_of_spending(done: Spent) -> Told:
    """The same of spending; of the ends only those that there were."""
    told = {
        "records": done.records,
        "unselected": done.unselected,
        "refused": done.refused,
        **done.counts,
    }
    words = {
        "added": ("新增 {:,} 行", "{:,} rows added"),
        "known": ("已有 {:,} 行", "{:,} already there"),
        "updated": _UPDATED,
        "unselected": _UNSELECTED,
        "refused": _REFUSED,
        "unwritten": _UNWRITTEN,
    }
    ends = [(words[name], told[name]) for name in words if told.get(name)]
    ends += _gone(told.get("gone", 0), told.get("removed", 0))
    zh, en = _listed(ends)
    records = counted(told["records"], "record")
    sentence = (
        f"读取 {told['records']:,} 条费用: {zh}",
        f"{records} of spending read: {en}",
    )
    return told, (sentence,)


def _deals_said(done: Imported) -> tuple[str, str]:
    """What became of the deals; of the rarer ends only those that there were."""
    words = {
        "added": ("新增 {:,}", "{:,} added"),
        "changed": ("更新 {:,}", "{:,} brought up to date"),
        "known": ("已有 {:,}", "{:,} already there"),
        "decided": ("已结束, 未新增 {:,}", "{:,} decided and not added"),
        "gone": ("文件中没有 {:,}", "{:,} not in the file"),
        "unwritten": ("没有写入 {:,}", "{:,} not written"),
    }
    counts = dict(done.deal_counts)
    counts["known"] = counts.get("known", 0) - counts.get("changed", 0)
    told = [(words[name], count) for name, count in counts.items() if count]
    if not done.rows and done.refused:
        told.append((("无法放入 {:,}", "{:,} refused"), done.refused))
    zh, en = _listed(told)
    return f"商机: {zh}。", f"Deals: {en}."


_UNSELECTED = ("不符合条件 {:,} 条", "{:,} not selected")
_REFUSED = ("无法放入 {:,} 条", "{:,} refused")
_UPDATED = ("更新 {:,} 行", "{:,} brought up to date")
_UNWRITTEN = ("没有写入 {:,} 行", "{:,} not written")


def _gone(gone: int, removed: int) -> list[tuple[tuple[str, str], int]]:
    """What became of rows that the file no longer has."""
    ends = (
        (("文件中已没有 {:,} 行", "{:,} no longer in the file"), gone - removed),
        (("删除 {:,} 行", "{:,} taken out"), removed),
    )
    return [one for one in ends if one[1]]


def _records_said(done: Imported) -> tuple[str, str]:
    """What became of every record and row; of the rarer ends only those that there were."""
    n = done.counts
    always = (
        (("新增 {:,} 行", "{:,} rows added"), n["added"]),
        (("已有 {:,} 行", "{:,} already there"), n["known"]),
        (_UNSELECTED, n["unselected"]),
        (_REFUSED, n["refused"]),
    )
    rare = (
        (("不是首次 {:,} 行", "{:,} not the first of their kind"), n["later"]),
        (("已有但不同 {:,} 行", "{:,} there with other figures"), n["changed"] - n["updated"]),
        (_UPDATED, n["updated"]),
        (_UNWRITTEN, n["unwritten"]),
    )
    ends = [*always, *(one for one in rare if one[1]), *_gone(n["gone"], n["removed"])]
    zh, en = _listed(ends)
    return (
        f"读取 {n['records']:,} 条 ({done.encoding}): {zh}",
        f"{counted(n['records'], 'record')} read ({done.encoding}): {en}",
    )


def _listed(ends: Sequence[tuple[tuple[str, str], int]]) -> tuple[str, str]:
    """What became of how many, in both languages."""
    zh = ", ".join(words[0].format(count) for words, count in ends)
    en = ", ".join(words[1].format(count) for words, count in ends)
    return zh or "没有", en or "none"


def _say_written(written: Path | None, dry_run: bool, lang: str) -> None:
    if written:
        say(lang, f"已写入 {written}", f"Written: {written}")
    elif not dry_run:
        say(lang, "没有写入。", "Nothing was written.")
