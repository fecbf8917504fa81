"""What an analyst would write in an afternoon: the master read with pandas, overview, targets, data
and rows written with openpyxl.

Its overview, target and data sheets and the month's rows have the columns of those that ``salesplan
report`` writes. It has no formulas, charts, links, tasks, budget, problems, checks or languages, so
it does less in the time that is compared. Its targets are equal shares of the company's by months
of equal length, its ranks and forecasts simple ones.
"""

from __future__ import annotations

from pathlib import Path

RATES = {"完成率", "得分", "累计完成率", "累计得分", "全年完成率", "应达进度"}
LIGHTS = {"灯", "累计灯", "进度灯"}


def make(master: Path, out: Path, month: int, details: bool) -> None:
    """Write the workbook for one month of 2026."""
    import pandas as pd
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    units = table(pd, master, "组织", "编码")
    kpis = table(pd, master, "指标", "编码")
    rows = table(pd, master, "实绩", "组织编码")
    rows["日期"] = pd.to_datetime(rows["日期"])
    rows["月"] = rows["日期"].dt.month
    for column in ("金额/数值", "分子", "分母"):
        rows[column] = pd.to_numeric(rows[column])
    parents = dict(zip(units["编码"], units["上级编码"], strict=True))
    count = units["上级编码"].value_counts().to_dict()
    own = rows.groupby(["指标", "组织编码", "月"])[["金额/数值", "分子", "分母"]].sum()
    total: dict[tuple[str, str, int], list[float]] = {}
    for (kpi, unit, at), sums in zip(own.index, own.to_numpy(), strict=True):
        above = unit
        while isinstance(above, str):
            there = total.setdefault((kpi, above, at), [0.0, 0.0, 0.0])
            for index in range(3):
                there[index] += sums[index]
            above = parents.get(above)
    kpi_units = dict(zip(kpis["编码"], kpis["单位"], strict=True))
    share: dict[str, float] = {}
    for unit in units["编码"]:
        parent = parents[unit]
        share[unit] = share[parent] / count[parent] if isinstance(parent, str) else 1.0

    book = Workbook()
    head, line = Font(bold=True, color="17365D"), Border(bottom=Side(style="thin", color="D5DCE5"))
    fill, right = (
        PatternFill("solid", fgColor="E3EAF3"),
        Alignment(horizontal="right", vertical="center"),
    )

    def write(
        sheet: object, values: list[list[object]], heads: list[str], formats: dict[int, str]
    ) -> None:
        for column, name in enumerate(heads, 1):
            cell = sheet.cell(1, column, name)  # type: ignore[attr-defined]
            cell.font, cell.fill = head, fill
        for number, row in enumerate(values, 2):
            for column, value in enumerate(row, 1):
                cell = sheet.cell(number, column, value)  # type: ignore[attr-defined]
                cell.border = line
                if column - 1 in formats:
                    cell.number_format, cell.alignment = formats[column - 1], right
        sheet.freeze_panes = "A2"  # type: ignore[attr-defined]

    data: list[list[object]] = []
    for kpi, name, kind, goal in zip(
        kpis["编码"], kpis["名称"], kpis["类型"], kpis["公司年度目标"], strict=True
    ):
        for unit, unit_name, level in zip(units["编码"], units["名称"], units["层级"], strict=True):
            rate = kind == "比率"
            months = [goal if rate or kind == "存量" else goal * share[unit] / 12] * 12
            actual = [total.get((kpi, unit, at)) for at in range(1, 13)]
            figures = [
                None if one is None else one[1] / one[2] if rate else one[0] for one in actual
            ]
            known = [one for one in figures[:month] if one is not None]
            so_far = (known[-1] if kind != "流量" else sum(known)) if known else None
            due, here = months[0] if kind != "流量" else sum(months[:month]), figures[month - 1]
            year = sum(months) if kind == "流量" else months[-1]
            done = (
                None if here is None else here / months[0],
                None if so_far is None else so_far / due,
                None if so_far is None else so_far / year,
            )
            pace = None if so_far is None or kind != "流量" else so_far * 12 / month
            rest = None if so_far is None or kind != "流量" else so_far + year - due
            landing = [one for one in (pace, rest) if one is not None]
            data.append(
                [
                    kpi,
                    name,
                    kpi_units[kpi],
                    unit,
                    unit_name,
                    level,
                    parents[unit] if isinstance(parents[unit], str) else None,
                    *months,
                    *figures,
                    months[0],
                    here,
                    None if here is None else here - months[0],
                    done[0],
                    light(done[0]),
                    score(done[0]),
                    due,
                    so_far,
                    None if so_far is None else so_far - due,
                    done[1],
                    light(done[1]),
                    score(done[1]),
                    None,
                    year,
                    done[2],
                    light(None if done[2] is None else done[2] * 12 / month),
                    "—",
                    "—",
                    "—",
                    "—",
                    month / 12,
                    None if done[2] is None else (done[2] - month / 12) * 100,
                    0,
                    pace,
                    "—",
                    rest,
                    "—",
                    min(landing, default="—"),
                    max(landing, default="—"),
                ]
            )
    frame = pd.DataFrame(
        {
            "kpi": [row[0] for row in data],
            "level": [row[5] for row in data],
            "rate": [row[40] for row in data],
        }
    )
    for row, rank in zip(
        data,
        frame.groupby(["kpi", "level"])["rate"].rank(ascending=False, method="min"),
        strict=True,
    ):
        row[43] = None if rank != rank else int(rank)
    heads = [
        "指标编码",
        "指标",
        "单位",
        "组织编码",
        "组织",
        "层级",
        "上级",
        *(f"目标{at}月" for at in range(1, 13)),
        *(f"实绩{at}月" for at in range(1, 13)),
    ]
    derived = [
        "本月目标",
        "本月实绩",
        "差额",
        "完成率",
        "灯",
        "得分",
        "累计目标",
        "累计实绩",
        "累计差额",
        "累计完成率",
        "累计灯",
        "累计得分",
        "名次",
        "全年目标",
        "全年完成率",
        "进度灯",
        "基期值",
        "本月水平",
        "累计水平",
        "全年水平",
        "应达进度",
        "进度差",
        "日均需完成",
        "按进度",
        "按上年",
        "余下按计划",
        "近三月",
        "预测低",
        "预测高",
    ]
    overview, targets = book.active, book.create_sheet("目标完成")
    overview.title = "一页总览"
    shown = {
        index: "0.0%" if name in RATES else "#,##0.00"
        for index, name in enumerate(derived, 3)
        if name not in LIGHTS
    }
    write(
        overview,
        [[row[1], *row[4:6], *row[31:]] for row in data if row[5] == "公司"],
        ["指标", "组织", "层级", *derived],
        shown,
    )
    write(
        targets,
        [[row[1], *row[4:6], *row[31:49]] for row in data],
        ["指标", "组织", "层级", *derived[:18]],
        shown,
    )
    plain = dict.fromkeys(range(7, 31), "#,##0.00")
    write(
        book.create_sheet("数据"),
        data,
        [*heads, *derived],
        {**plain, **{index + 28: pattern for index, pattern in shown.items()}},
    )
    if details:
        chosen = rows[rows["月"] == month].sort_values(["指标", "组织编码"], kind="stable")
        chosen["组织"] = chosen["组织编码"].map(
            dict(zip(units["编码"], units["名称"], strict=True))
        )
        chosen["指标名称"] = chosen["指标"].map(dict(zip(kpis["编码"], kpis["名称"], strict=True)))
        names = [column for column in chosen.columns if column != "月"]
        values = [
            [None if value != value else value for value in row]
            for row in chosen[names].itertuples(index=False)
        ]
        formats = {
            index: "#,##0.00"
            for index, name in enumerate(names)
            if name in ("数量", "金额/数值", "分子", "分母")
        }
        write(book.create_sheet("明细"), values, names, {**formats, 0: "yyyy-mm-dd"})
    book.save(out)


def light(rate: float | None) -> str:
    return "—" if rate is None else "● 绿" if rate >= 1 else "▲ 黄" if rate >= 0.9 else "■ 红"


def score(rate: float | None) -> float | None:
    return None if rate is None else max(0.0, min(rate, 1.2))


def table(pd: object, master: Path, sheet: str, column: str) -> object:
    """A sheet's table, its header found by a column's name; columns and rows without anything left
    out.
    """
    frame = pd.read_excel(master, sheet_name=sheet, header=None, dtype=object)  # type: ignore[attr-defined]
    at = next(number for number, row in enumerate(frame.itertuples(index=False)) if column in row)
    frame.columns = frame.iloc[at]
    frame = frame.iloc[at + 1 :]
    return frame.loc[:, frame.columns.notna()].dropna(how="all").reset_index(drop=True)
