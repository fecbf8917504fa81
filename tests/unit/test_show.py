"""How findings are listed in a terminal: of many alike the first few, and how many more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from salesplan.cli.show import show_findings
from salesplan.findings import Finding, Place
from salesplan.messages import fix, worst_first
from salesplan.messages.folding import FIRST_ALIKE, MOST_ALIKE, folded, subjects


def blank(cell: str, sheet: str = "实绩") -> Finding:
    return Finding.of("cell-error-value", Place("m.xlsx", sheet, cell), column="金额", text="#N/A")


MANY = [blank(f"I{row}") for row in range(2, 32)]


def listed(
    capsys: pytest.CaptureFixture[str],
    findings: list[Finding],
    lang: str = "zh",
    *,
    everything: bool = False,
) -> list[str]:
    show_findings(findings, lang, everything=everything)
    return [line for line in capsys.readouterr().out.splitlines() if "→" not in line]


@pytest.mark.parametrize(
    ("lang", "rest", "counts"),
    [
        (
            "zh",
            "        … 另有 27 处同样的问题 (实绩!I5–I31), --all 逐条列出",
            "错误 32 · 警告 0 · 提示 0",
        ),
        (
            "en",
            "        … and 27 more like it (实绩!I5–I31); --all lists them",
            "32 errors · 0 warnings · 0 notes",
        ),
    ],
)
def test_thirty_alike_leave_room_for_what_else_is_wrong(
    capsys: pytest.CaptureFixture[str], lang: str, rest: str, counts: str
) -> None:
    """Another column, and another sheet, are not alike; every finding is counted."""
    lines = listed(capsys, [*MANY, blank("J7"), blank("I3", "费用")], lang)
    assert [line.split("!")[1].split()[0] for line in lines[:3]] == ["I2", "I3", "I4"]
    assert lines[3] == rest and lines[-1] == counts
    assert len(lines) == FIRST_ALIKE + 1 + 2 + 1


def test_all_are_listed_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(listed(capsys, MANY, everything=True)) == len(MANY) + 1


def test_a_few_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(listed(capsys, MANY[:MOST_ALIKE])) == MOST_ALIKE + 1
    assert len(listed(capsys, MANY[: MOST_ALIKE + 1])) == FIRST_ALIKE + 1 + 1


def test_of_one_cell_only_its_place_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert "(实绩!I2)," in listed(capsys, [blank("I2")] * 9)[FIRST_ALIKE]


def test_of_many_subjects_the_first_of_each_are_listed_and_the_others_named() -> None:
    """A thousand lines of four unknown units: three of the units are listed, and all counted."""
    units = ["P8", "P8", "P8", "P8", "P9", "P8", "P7", "P6", "P9", "P8", "P8", "P6"]
    found = [
        Finding.of("import-unit-unknown", Place("d.csv", "d.csv", str(n)), line=str(n), unit=unit)
        for n, unit in enumerate(units, 2)
    ]
    (group,) = folded(found)
    assert [one.place.cell for one in group.listed] == ["2", "6", "8"]
    assert subjects(group.rest, "zh") == (("P8", 6), ("P6", 2), ("P9", 1))
    assert group.all == (*group.listed, *group.rest) and len(group.all) == len(units)


def test_what_follows_from_a_mistake_stands_under_it(capsys: pytest.CaptureFixture[str]) -> None:
    """80 万 in the settings, and two draws on a reserve that is therefore not known."""
    cause = Place("m.xlsx", "设置", "B12")
    draws = [
        replace(Finding.of("reserve-missing", Place("m.xlsx", "储备金动用", cell)), cause=cause)
        for cell in ("C6", "C7")
    ]
    wrong = Finding.of(
        "number-with-unit", cause, column="预算总额", text="80 万", number=800000, wan=80
    )
    found = worst_first([*draws, wrong])
    assert [one.place.cell for one in found] == ["B12", "C6", "C7"]
    lines = listed(capsys, found)
    assert [line.split()[0] for line in lines] == ["■", "由此引起,", "▼", "错误"]
    assert "储备金动用!C6–C7" in lines[2] and "[reserve-missing × 2]" in lines[2]
    assert fix(draws[0], "zh").startswith("先改正 设置!B12。")
    assert fix(draws[0], "en").startswith("Correct 设置!B12 first. ")


def test_a_consequence_without_its_cause_stands_by_itself() -> None:
    cause = Place("m.xlsx", "设置", "B12")
    alone = replace(Finding.of("reserve-missing", Place("m.xlsx", "储备金动用", "C6")), cause=cause)
    assert worst_first([alone]) == [alone]
    assert [group.listed for group in folded([alone])] == [(alone,)]
