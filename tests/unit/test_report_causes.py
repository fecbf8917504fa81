"""Price, volume, mix, new and lost as formulas: they give the engine's figures, in Calc too, and
add up across and down.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from salesplan.plan.model import Kpi, KpiKind, Level, Plan, Settings, Unit
from tests.programs import compare
from tests.report_fixture import ActualRow, actuals
from tests.unit.test_report import CLASSIC, cells, functions, row_of, written

D = Decimal
YEAR = 2026
EFFECTS = {"K": "价格", "L": "销量", "M": "结构", "N": "新增", "O": "停售", "P": "未能拆分"}


def sold(
    kpi: str, product: str, base: tuple[object, object] | None, now: tuple[object, object] | None
) -> list[ActualRow]:
    """Rows of one product: (quantity, amount) last year and this year."""
    rows = []
    for year, one in ((YEAR - 1, base), (YEAR, now)):
        if one is not None:
            rows.append(
                {
                    "day": date(year, 2, 3),
                    "unit": "C",
                    "kpi": kpi,
                    "product": product,
                    "quantity": one[0],
                    "value": one[1],
                }
            )
    return rows


def plan_of(rows: list[ActualRow], kpis: tuple[Kpi, ...]) -> Plan:
    return Plan(
        settings=Settings(year=YEAR, month=None, as_of=date(YEAR, 6, 30)),
        units=(Unit(code="C", name="公司", level=Level.COMPANY),),
        kpis=kpis,
        actuals=actuals(rows),
    )


def kpi(code: str, unit: str = "0.01") -> Kpi:
    return Kpi(code=code, name=f"营收{code}", kind=KpiKind.FLOW, unit="元", smallest_unit=D(unit))


def effect_rows(sheet: Mapping[str, object]) -> list[dict[str, object]]:
    """The rows of products and sums of every table of causes."""
    heads = [
        int(cell[1:]) for cell, value in sheet.items() if value == "价格" and cell.startswith("K")
    ]
    found = []
    for head in heads:
        row = head + 1
        while isinstance(sheet.get(f"J{row}"), (int, float, str)):
            found.append(
                {column: sheet.get(f"{column}{row}", 0) for column in "BDEFGHIJKLMNOP"}
                | {"row": row}
            )
            row += 1
    return found


def random_rows(code: str, dice: random.Random, products: int, scale: int) -> list[ActualRow]:
    """Products of every kind: going on, new, lost, returned, without a quantity, without a name,
    with a price but no sale.
    """
    rows: list[ActualRow] = []
    for n in range(products):

        def side() -> tuple[object, object]:
            quantity = dice.choice(
                [None]
                if dice.random() < 0.04
                else [dice.randrange(1, 500), D(dice.randrange(1, 9999)) / 1000, -3, 0]
            )
            return quantity, D(dice.randrange(-scale // 10, scale)) / 100

        present = dice.choice(["both"] * 8 + ["base", "now"])
        rows += sold(
            code,
            "" if n == 7 else f"产品{n}",
            None if present == "now" else side(),
            None if present == "base" else side(),
        )
    return rows


@pytest.mark.libreoffice
def test_calc_computes_every_effect_of_random_sales(tmp_path: Path) -> None:
    """Four KPIs of 60 products, cents and whole amounts, up to a hundred million; nearly every
    effect is a formula.
    """
    dice, scales = random.Random(11), {"K0": 10**5, "K1": 10**8, "K2": 10**10, "K3": 10**7}
    kpis = tuple(kpi(code, "1" if code == "K3" else "0.01") for code in scales)
    rows = [row for code, scale in scales.items() for row in random_rows(code, dice, 60, scale)]
    rows = [
        {**row, "value": D(str(row["value"])).quantize(D(1))} if row["kpi"] == "K3" else row
        for row in rows
    ]
    path = written(plan_of(rows, kpis), tmp_path)
    found = compare(path)
    assert found.mismatches == (), str(found)
    values, formulas = (
        effect_rows(cells(path)["差异分析"]),
        effect_rows(cells(path, formulas=True)["差异分析"]),
    )
    assert len(values) == 4 * 61
    made = [row[column] for row in formulas for column in EFFECTS]
    live = [one for one in made if str(one).startswith("=")]
    print(f"{len(live)} of {len(made)} effects are formulas")
    assert len(live) == len(made)
    assert {"ROUND", "ROUNDUP", "ROUNDDOWN"} <= {
        name for one in live for name in re.findall(r"([A-Z]+)\(", str(one))
    }
    for row in values:
        assert sum(D(str(row[column])) for column in EFFECTS) == D(str(row["J"])), row


def test_a_worked_example_and_its_formulas(tmp_path: Path) -> None:
    """A: 100 at 2 become 120 at 2.5; B: 50 at 4 become 90 at 4: 60 of price, 160 of volume, and 40
    lost to the mix of A, won by none of B.
    """
    rows = (
        sold("K", "A", (100, 200), (120, 300))
        + sold("K", "B", (50, 200), (90, 360))
        + sold("K", "C", None, (5, 50))
        + sold("K", "D", (4, 40), None)
    )
    path = written(plan_of(rows, (kpi("K"),)), tmp_path)
    values, formulas = cells(path)["差异分析"], cells(path, formulas=True)["差异分析"]
    shown = {
        name: [row_of(values, name)[column] for column in "JKLMNO"]
        for name in ("A", "B", "C", "D", "合计")
    }
    assert shown == {
        "A": [100, 60, 80, -40, 0, 0],
        "B": [160, 0, 80, 80, 0, 0],
        "C": [50, 0, 0, 0, 50, 0],
        "D": [-40, 0, 0, 0, 0, -40],
        "合计": [270, 60, 160, 40, 50, -40],
    }
    own = row_of(formulas, "A")
    assert re.fullmatch(
        r"=IF\([A-Z]+\d+=1,ROUND\(ROUND\(G\d+-D\d+/E\d+\*H\d+,6\),2\),0\)", str(own["K"])
    )
    assert re.fullmatch(r"=IF\([A-Z]+\d+=1,ROUND\(J\d+-K\d+-L\d+,2\),0\)", str(own["M"]))


def test_only_classic_functions_in_them(tmp_path: Path) -> None:
    path = written(plan_of(random_rows("K", random.Random(3), 30, 10**5), (kpi("K"),)), tmp_path)
    assert functions(path) <= CLASSIC and functions(path) & {"ROUNDUP", "ROUNDDOWN"}


def test_what_no_formula_gives_stands_alone(tmp_path: Path) -> None:
    """A smallest unit of 5 cannot be rounded to by digits; amounts finer than the unit leave their
    product's difference to the sums.
    """
    five = replace(kpi("K"), smallest_unit=D(5))
    rows = sold("K", "A", (3, 200), (4, 310)) + sold("K", "B", (7, 100), (5, 95))
    formulas = cells(written(plan_of(rows, (five,)), tmp_path), formulas=True)["差异分析"]
    assert not any(
        str(row_of(formulas, name)[column]).startswith("=")
        for name in ("A", "B")
        for column in "KLMNO"
    )
    assert str(row_of(formulas, "合计")["K"]).startswith("=")
