"""What is written into long tables: a decimal's text is that of its float, and a row says what the
ledger says, however it was written.
"""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesplan.engine.actuals.status import RateWord
from salesplan.plan.model import Light
from salesplan.plan.schema import label
from salesplan.report.figures.columns import KEYS
from salesplan.report.figures.context import Context
from salesplan.report.figures.formulas import Formulas
from salesplan.report.figures.ledger import Ledger, build
from salesplan.report.figures.ledger_rows import ledger_rows
from salesplan.report.figures.values import named_values
from salesplan.report.xlsx.places import letter
from salesplan.report.xlsx.stream import Pen, Texts, shortest
from tests.report_fixture import computed, random_plan

_CELL = re.compile(
    r'<c r="([A-Z]+)(\d+)" s="(\d+)"(?: t="(\w+)")?(?:/>|>(?:<f([^>]*)(?:/>|>([^<]*)</f>))?<v>'
    r"([^<]*)</v></c>)"
)


@given(
    st.decimals(allow_nan=False, allow_infinity=False)
    | st.builds(
        lambda digits, places: Decimal(digits).scaleb(-places),
        st.integers(-(10**18), 10**18),
        st.integers(0, 18),
    )
)
def test_a_decimals_text_is_that_of_its_float(value: Decimal) -> None:
    assert shortest(value) == repr(float(value))


@pytest.mark.parametrize(
    "text",
    [
        "0",
        "-0",
        "0.000000000000",
        "1.10",
        "100",
        "1E+3",
        "0.0001",
        "0.00009999",
        "-0.00001",
        "123456789012345",
        "1234567890123456",
        "99999999999999.95",
    ],
)
def test_decimals_at_the_bounds(text: str) -> None:
    assert shortest(Decimal(text)) == repr(float(Decimal(text)))


def _ledger(seed: int) -> Ledger:
    plan = random_plan(seed)
    context = Context(plan, computed(plan), (), "zh", "m.xlsx")
    words = context.words
    names = {one.key: words(f"name_{one.key}") for one in named_values(context)}
    lights = {light: label(light, "zh") for light in Light}
    formulas = Formulas(
        names, {word: words(f"rate_{word.value}") for word in RateWord}, lights, "—"
    )
    return build(context, formulas, "data", "parts")


@pytest.mark.parametrize("seed", range(12))
def test_a_row_says_what_the_ledger_says(seed: int) -> None:
    """Each row is filled into a form of rows like it: its values, and its formulas wherever the
    ledger has one, are its own.
    """
    ledger = _ledger(seed)
    for row in ledger.rows[::3]:
        row.plain |= {"month_target", "low"}
    looks = {kpi.code: index for index, kpi in enumerate(ledger.context.kpis)}
    texts = Texts(0)
    pen = Pen([[f' s="{index}"' for index in range(len(KEYS))] for _ in looks], ' ht="19"', texts)
    written = list(ledger_rows(ledger, looks, pen))
    known, shared = list(texts.cells), set()
    assert len(written) == len(ledger.rows)
    for row, xml in zip(ledger.rows, written, strict=True):
        cells = _CELL.findall(xml)
        assert (
            f'<row r="{row.row}" ht="19">{"".join(found[0] for found in _CELL.finditer(xml))}</row>'
            == xml
        )
        assert [(column, int(number), int(style)) for column, number, style, *_ in cells] == [
            (letter(i), row.row, i) for i in range(len(KEYS))
        ]
        for key, (_, _, _, kind, attributes, formula, value) in zip(KEYS, cells, strict=True):
            own, told = row.values[key], ledger.formula(row, key)
            assert bool(attributes or formula) == (told is not None), (key, row.row)
            number = re.search(r'si="(\d+)"', attributes)
            if number is not None and formula:
                shared.add(number[1])
            assert number is None or number[1] in shared, (
                "a shared formula is whole where it comes first"
            )
            if isinstance(own, Decimal):
                assert float(value) == float(own) and kind == ""
            elif isinstance(own, str) and kind == "s":
                assert known[int(value)] == own
            else:
                assert value == ("" if own is None else str(own)), (key, row.row)
