"""``import-actuals``: records of a CSV export into the master's actuals."""

from __future__ import annotations

from pathlib import Path

import click

from salesplan import app
from salesplan.cli import options
from salesplan.cli.show import counted, print_json, say, show_findings, show_warning
from salesplan.cli.working import AtWork
from salesplan.messages import has_errors
from salesplan.plan.imports import Imported

_MAPPING = """\b
对应表 MAP.toml / the mapping:
  key = "id"                     # 认出一条记录; 或 identifies a record; or ["order", "line"]
  encoding = "gb18030"           # 认不出时才写 only where not recognised
  delimiter = ";"                # 认不出时才写 only where not recognised
  [columns]                      # 实绩的栏目 = 列名 field = column of the export
  day = "close_date"
  unit = "agent"                 # 编码或名称 code or name
  product = "product"            # region, customer, channel
  [aliases.product]              # 同义写法 spellings that mean the same
  GTXPro = "GTX Pro"
  [[rule]]                       # 每个指标一条 one for each KPI
  kpi = "REV"
  where = { stage = "Won" }      # 或 or ["Won", "Lost"]
  value = "amount"               # 列或数 column or number; quantity, numerator, denominator
  scale = 0.0001                 # 元 → 万元
  first_of = "account"           # 每个客户只算最早的一条 only the earliest of each
  unit = "second_agent"          # 本规则自己的列 a column of this rule alone
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


@click.command("import-actuals", epilog=_MAPPING)
@options.master
@click.argument("source", type=click.Path(path_type=Path), metavar="SOURCE.csv")
@click.option(
    "--map",
    "mapping",
    required=True,
    type=click.Path(path_type=Path),
    metavar="MAP.toml",
    help="Which column is what 列对应表.",
)
@click.option(
    "--accept-refused",
    is_flag=True,
    help=(
        "Take the rest where more than 1 % of the lines are refused. 超过 1% "
        "的行无法放入时仍写入其余的行。"
    ),
)
@options.dry_run
@options.out
@options.force
@options.everything
@options.as_json
@options.lang
@click.pass_context
def import_actuals(
    ctx: click.Context,
    file: Path,
    source: Path,
    mapping: Path,
    accept_refused: bool,
    dry_run: bool,
    out: Path | None,
    force: bool,
    everything: bool,
    as_json: bool,
    lang: str | None,
) -> None:
    """Take actuals and deals from a CSV export; a record is never taken twice. 从 CSV 导入实绩与
    商机, 不会重复。
    """
    with AtWork("读取", "Reading"):
        done, written = app.import_actuals(
            file,
            source,
            mapping,
            dry_run=dry_run,
            accept_refused=accept_refused,
            out=out,
            say=show_warning,
            force=force,
        )
    lang = lang or done.lang
    if as_json:
        print_json(
            done.findings,
            **done.counts,
            encoding=done.encoding,
            written=str(written) if written else None,
        )
    else:
        show_findings(done.findings, lang, everything=everything)
        if done.rows or done.deals is None:
            _say_counts(done, lang)
        if done.deals is not None:
            _say_deals(done, lang)
        if written:
            say(lang, f"已写入 {written}", f"Written: {written}")
        elif not dry_run:
            say(lang, "没有写入。", "Nothing was written.")
    ctx.exit(int(has_errors(done.findings)))


def _say_deals(done: Imported, lang: str) -> None:
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
    zh = ", ".join(chinese.format(count) for (chinese, _), count in told) or "没有"
    en = ", ".join(english.format(count) for (_, english), count in told) or "none"
    say(lang, f"商机: {zh}。", f"Deals: {en}.")


def _say_counts(done: Imported, lang: str) -> None:
    """What became of every record and row; of the rarer ends only those that there were."""
    n = done.counts
    always = (
        (n["added"], "新增 {:,} 行", "{:,} rows added"),
        (n["known"], "已有 {:,} 行", "{:,} already there"),
        (n["unselected"], "不符合条件 {:,} 条", "{:,} not selected"),
        (n["refused"], "无法放入 {:,} 条", "{:,} refused"),
    )
    rare = (
        (n["later"], "不是首次 {:,} 行", "{:,} not the first of their kind"),
        (n["changed"], "已有但不同 {:,} 行", "{:,} there with other figures"),
        (n["unwritten"], "没有写入 {:,} 行", "{:,} not written"),
        (n["gone"], "文件中已没有 {:,} 行", "{:,} no longer in the file"),
    )
    ends = [*always, *(one for one in rare if one[0])]
    zh = ", ".join(chinese.format(count) for count, chinese, _ in ends)
    en = ", ".join(english.format(count) for count, _, english in ends)
    say(
        lang,
        f"读取 {n['records']:,} 条 ({done.encoding}): {zh}",
        f"{counted(n['records'], 'record')} read ({done.encoding}): {en}",
    )
