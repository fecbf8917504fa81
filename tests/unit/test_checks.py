"""Each rule that a master must keep, broken once in an otherwise sound one, at its exact cell."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from salesplan.messages import fix, text
from salesplan.plan.checks import CHECKS, DATED_CHECKS
from tests.unit.masters import (
    SOUND,
    checks_of,
    edited,
    findings_of,
    read,
    setting_cell,
    settings_edit,
)

D = date
Edits = dict[str, dict[int, dict[str, Any]]]
Found = tuple[str, str]
RATIO: Edits = {"kpis": {4: {"kind": "比率", "base": None}}}
MARGIN = {"day": "2026-03", "unit": "P1", "kpi": "REP"}
MONTHS = {
    row: {"day": D(2026, row - 4, 3), "unit": "P1", "kpi": "REV", "value": 6.0}
    for row in range(5, 10)
}
RULE = {"code": "W1", "kind": "进度偏低", "threshold": 0.9, "days": 5.0}
CUSTOMER: dict[str, Any] = {"code": "K1", "name": "东屿精工", "owner": "T1"}
POOL: dict[str, Any] = {"unit": "T1", "month": "2026-05", "count": 12.0}
PRODUCT: dict[str, Any] = {"code": "A", "name": "标准版", "margin": 0.52, "list_price": 1.2}


def test_a_sound_master_has_no_findings() -> None:
    assert findings_of(SOUND) == []


def _hand(
    code: str, units: str, effective: str = "2026-03", status: str = "批准"
) -> dict[str, Any]:
    """A hand-over of 3 from unit to unit."""
    return {
        "code": code,
        "raised": D(2026, 3, 1),
        "subject": f"REV/{units}",
        "field": "移交",
        "before": None,
        "after": "3",
        "effective": effective,
        "approver": "王总",
        "status": status,
        "approved": D(2026, 3, 3),
        "notify": "P1、P2",
    }


def of_product(kpi: str, product: str, value: float) -> dict[str, Any]:
    row = {"kpi": kpi, "unit": "C1", "product": product, "manual_year": value, "reason": "x"}
    return {"targets": {4: row}}


CASES: list[tuple[str, Edits, list[Found]]] = [
    ("parent unknown", {"units": {6: {"parent": "T9"}}}, [("unit-orphan", "组织!D6")]),
    (
        "a circle of two",
        {"units": {2: {"parent": "T1"}}},
        [("unit-cycle", "组织!D2"), ("level-order", "组织!C2")],
    ),
    ("its own parent", {"units": {3: {"parent": "T1"}}}, [("unit-cycle", "组织!D3")]),
    (
        "no company",
        {"units": {2: {"level": "团队"}}},
        [("no-company", "组织"), ("unit-without-parent", "组织!D2")],
    ),
    (
        "two companies",
        {"units": {3: {"level": "公司"}}},
        [("several-companies", "组织!C3"), ("level-order", "组织!C3")],
    ),
    (
        "team without parent",
        {"units": {3: {"parent": None}, 4: {"coefficient": 1.0}}},
        [("unit-without-parent", "组织!D3")],
    ),
    (
        "team below a person",
        {
            "units": {
                7: {
                    "code": "T3",
                    "name": "小组",
                    "level": "团队",
                    "parent": "P1",
                    "email": "x@example.com",
                }
            }
        },
        [("level-order", "组织!C7")],
    ),
    (
        "one coefficient blank",
        {"units": {4: {"coefficient": None}}},
        [("coefficient-missing", "组织!G4")],
    ),
    ("hedge −100 %", {"units": {3: {"hedge": -1.0}}}, [("hedge-too-low", "组织!H3")]),
    (
        "left before joined",
        {"units": {5: {"joined": D(2026, 4, 1), "left": D(2026, 3, 1)}}},
        [
            ("left-before-joined", "组织!J5"),
            ("actual-unit-absent", "实绩!B2"),
            ("standup-person-absent", "日跟进!B2"),
        ],
    ),
    (
        "a team ends, and somebody is still in it",
        {"units": {3: {"left": D(2026, 6, 30)}}},
        [("unit-ends-with-people", "组织!J3")],
    ),
    (
        "a team ends by a change, and somebody is still in it",
        {
            "changes": {
                2: {"subject": "T1", "field": "离职日", "before": None, "after": "2026-06-30"}
            }
        },
        [("unit-ends-with-people", "变更记录!G2")],
    ),
    (
        "a change types 60 for 60 %, and then 0.6",
        {
            "changes": {
                2: {"subject": "REP", "field": "公司年度目标", "before": "0.6", "after": "60"},
                3: {
                    **_hand("G2", "P1→P2", "2026-05"),
                    "subject": "REP",
                    "field": "公司年度目标",
                    "before": "60",
                    "after": "0.6",
                },
            }
        },
        [("share-as-number", "变更记录!G2")],
    ),
    (
        "a change types 60 for 60 % of a team",
        {
            "changes": {
                2: {"subject": "REP/T1", "field": "手工年度目标", "before": None, "after": "60"}
            }
        },
        [("share-as-number", "变更记录!G2")],
    ),
    (
        "a change types a hedge that leaves nothing",
        {"changes": {2: {"subject": "T1", "field": "加成%", "before": None, "after": "-100%"}}},
        [("hedge-too-low", "变更记录!G2")],
    ),
    (
        "a team ends, and somebody is moved only then",
        {
            "units": {3: {"left": D(2026, 6, 30)}},
            "changes": {
                2: {
                    "subject": "P1",
                    "field": "上级编码",
                    "before": "T1",
                    "after": "T2",
                    "effective": "2026-07",
                }
            },
        },
        [("unit-ends-with-people", "组织!J3")],
    ),
    (
        "a team ends once its people are elsewhere",
        {
            "units": {3: {"left": D(2026, 6, 30)}},
            "changes": {
                2: {
                    "subject": "P1",
                    "field": "上级编码",
                    "before": "T1",
                    "after": "T2",
                    "effective": "2026-06",
                }
            },
        },
        [],
    ),
    ("no address", {"units": {5: {"email": None}}}, [("mail-missing", "组织!F5")]),
    (
        "no address for four",
        {"units": {row: {"email": None} for row in range(3, 7)}},
        [("mails-missing", "组织!F3")],
    ),
    (
        "two addresses",
        {
            "units": {
                5: {"email": "a@example.com; 张三 <b@example.com>；c@example.com、a@example.com"}
            }
        },
        [],
    ),
    (
        "two addresses with a blank between, and one that lacks its domain",
        {"units": {5: {"email": "a@example.com b@example.com; 张三 <b@>; c@example.com"}}},
        [("mail-not-one-address", "组织!F5"), ("mail-not-one-address", "组织!F5")],
    ),
    (
        "foreign domain",
        {"units": {5: {"email": "a@example.com.evil.org"}}},
        [("mail-domain", "组织!F5")],
    ),
    *[
        (
            f"a KPI with {sign!r} in its code",
            {
                "kpis": {
                    5: {
                        "code": f"K{sign}1",
                        "name": "x",
                        "kind": "流量",
                        "target": 1.0,
                        "weight": 0.0,
                    }
                }
            },
            [("code-with-sign", "指标!A5")],
        )
        for sign in ("/", "／", ":", "：", "→", ">", ",", "，", "、", ";", "|", "\n")
    ],
    (
        "names that nobody sees as they are",
        {
            **settings_edit(company="远帆\u202e科技"),
            "units": {3: {"name": "华东\u202etxt"}, 5: {"manager": "张\u00ad三"}},
        },
        [
            ("name-with-unseen", "组织!B3"),
            ("name-with-unseen", "组织!E5"),
            ("name-with-unseen", setting_cell("company")),
        ],
    ),
    (
        "a unit with a slash in its code",
        {
            "units": {
                7: {
                    "code": "T/1",
                    "name": "新部",
                    "level": "团队",
                    "parent": "C1",
                    "coefficient": 0.0,
                    "email": "x@example.com",
                }
            }
        },
        [("code-with-sign", "组织!A7")],
    ),
    (
        "a task, budget line and strategy with signs in their codes",
        {
            "tasks": {
                4: {
                    "code": "K/3",
                    "content": "x",
                    "owner": "P1",
                    "strategy": "S1",
                    "start": D(2026, 3, 2),
                    "due": D(2026, 5, 4),
                }
            },
            "budget": {
                3: {"code": "B→2", "category": "获客", "region": "重点区域", "requested": 1.0}
            },
        },
        [("code-with-sign", "行动计划!A4"), ("code-with-sign", "预算!A3")],
    ),
    (
        "signs that stand between nothing",
        {
            "kpis": {
                5: {
                    "code": "K-1_a.b(新) #2",
                    "name": "x",
                    "kind": "流量",
                    "target": 1.0,
                    "weight": 0.0,
                }
            }
        },
        [],
    ),
    (
        "amber above green",
        settings_edit(amber=1.1),
        [("lights-reversed", setting_cell("amber"))],
    ),
    (
        "a swing of more than the month",
        settings_edit(swing="150%"),
        [("setting-out-of-range", setting_cell("swing"))],
    ),
    ("a swing in points", settings_edit(swing=30), [("percent-as-number", setting_cell("swing"))]),
    (
        "cut-off of last year",
        settings_edit(as_of=D(2025, 12, 31), month=None),
        [("date-outside-year", setting_cell("as_of")), ("task-finished-in-future", "行动计划!V2")],
    ),
    (
        "report month of next year",
        settings_edit(month="2027-01"),
        [("date-outside-year", setting_cell("month"))],
    ),
    ("weights 90 %", {"kpis": {2: {"weight": 0.5}}}, [("weight-sum", "指标!I2")]),
    (
        "negative weight",
        {"kpis": {2: {"weight": -0.6}, 3: {"weight": 1.4}}},
        [("weight-negative", "指标!I2")],
    ),
    ("numerator only", {"kpis": {4: {"numerator": "NEW"}}}, [("ratio-half-given", "指标!H4")]),
    (
        "ratio of itself",
        {"kpis": {4: {"numerator": "NEW", "denominator": "REP"}}},
        [("ratio-of-itself", "指标!H4")],
    ),
    (
        "ratio of a ratio",
        {
            "kpis": {
                4: {"numerator": "NEW", "denominator": "SHR"},
                5: {
                    "code": "SHR",
                    "name": "占有率",
                    "kind": "时点",
                    "unit": "%",
                    "weight": 0.0,
                    "target": 0.2,
                },
            }
        },
        [("ratio-part-unfit", "指标!H4")],
    ),
    (
        "a flow with a numerator",
        {"kpis": {3: {"numerator": "REV"}}},
        [("ratio-parts-unused", "指标!G3")],
    ),
    (
        "a milestone of 100",
        {
            "kpis": {
                5: {"code": "MIL", "name": "上线", "kind": "里程碑", "weight": 0.0, "target": 1.0}
            },
            "actuals": {
                5: {"day": D(2026, 3, 1), "unit": "P1", "kpi": "MIL", "value": 100.0},
                6: {"day": D(2026, 3, 2), "unit": "P1", "kpi": "MIL", "value": 1.0},
            },
        },
        [("share-as-number", "实绩!I5")],
    ),
    (
        "a ramp-up of 120 %",
        {"units": {4: {"joined": D(2026, 1, 1), "ramp_up": "50%/120%"}}},
        [("ramp-up-outside", "组织!K4")],
    ),
    ("floor above target", {"kpis": {2: {"floor": 600.0}}}, [("target-order", "指标!K2")]),
    (
        "stretch above target where lower is better",
        {"kpis": {2: {"direction": "越低越好", "stretch": 600.0}}},
        [("target-order", "指标!M2")],
    ),
    (
        "an improvement of nothing",
        {"kpis": {4: {"target": 0.0, "basis": "提升量"}}},
        [("target-no-improvement", "指标!K4")],
    ),
    (
        "less of what should rise",
        {"kpis": {4: {"target": -0.05, "basis": "提升量"}}},
        [("target-no-improvement", "指标!K4")],
    ),
    (
        "less of what should fall, typed either way",
        {"kpis": {4: {"target": 0.05, "basis": "提升量", "direction": "越低越好"}}},
        [],
    ),
    (
        "a team's target below the base",
        {
            "kpis": {4: {"target": 0.1, "basis": "提升量"}},
            "targets": {4: {"kpi": "REP", "unit": "T1", "manual2": 0.48, "reason": "x"}},
        },
        [("target-no-improvement", "目标分解!AK4")],
    ),
    (
        "a team's target above the base",
        {
            "kpis": {4: {"target": 0.1, "basis": "提升量"}},
            "targets": {4: {"kpi": "REP", "unit": "T1", "manual_year": 0.52, "reason": "x"}},
        },
        [],
    ),
    ("元 beside 万元", {"kpis": {2: {"unit": "元"}}}, [("amount-unit-mixed", "指标!E2")]),
    ("60 for 60 %", {"kpis": {4: {"target": 60.0}}}, [("share-as-number", "指标!K4")]),
    ("KPI without a target", {"kpis": {3: {"target": None}}}, [("kpi-without-target", "指标!K3")]),
    (
        "an overlay unit with a target of its own",
        {
            "units": {
                7: {
                    "code": "OV",
                    "name": "售前",
                    "level": "团队",
                    "parent": "C1",
                    "coefficient": 0.0,
                    "email": "o@example.com",
                }
            },
            "targets": {4: {"kpi": "REV", "unit": "OV", "manual_quarter2": 5.0, "reason": "x"}},
        },
        [("target-overlay-doubles", "目标分解!AG4")],
    ),
    (
        "KPI with its target on the company's row",
        {
            "kpis": {3: {"target": None}},
            "targets": {4: {"kpi": "NEW", "unit": "C1", "manual_year": 20.0, "reason": "x"}},
        },
        [],
    ),
    (
        "a region that nobody has",
        {
            "units": {3: {"region": "东区"}},
            "actuals": {
                2: {"region": "东区"},
                3: {"region": "东去"},
                5: {
                    "day": D(2026, 3, 1),
                    "unit": "P1",
                    "kpi": "REV",
                    "value": 5.0,
                    "region": "重点区域",
                },
            },
        },
        [("actual-region-unknown", "实绩!E3")],
    ),
    ("regions where no unit has any", {"actuals": {2: {"region": "东区"}}}, []),
    (
        "a block of actuals pasted twice",
        {
            "actuals": {
                row: {
                    "day": D(2026, 3, row % 3 + 1),
                    "unit": "P1",
                    "kpi": "REV",
                    "value": 5.0 + row % 3,
                }
                for row in range(5, 11)
            }
        },
        [("actual-pasted-twice", "实绩!A8")],
    ),
    (
        "a block pasted twice whose rows have sources of their own: honest lines that look alike",
        {
            "actuals": {
                row: {
                    "day": D(2026, 3, row % 3 + 1),
                    "unit": "P1",
                    "kpi": "REV",
                    "value": 5.0 + row % 3,
                    "source": f"REV:{row}",
                }
                for row in range(5, 11)
            }
        },
        [],
    ),
    (
        "a block pasted twice, sources and all: one finding",
        {
            "actuals": {
                row: {
                    "day": D(2026, 3, row % 3 + 1),
                    "unit": "P1",
                    "kpi": "REV",
                    "value": 5.0 + row % 3,
                    "source": f"REV:{row % 3}",
                }
                for row in range(5, 11)
            }
        },
        [("actual-source-twice", "实绩!L8")],
    ),
    (
        "one record of two units, two products, two days and two KPIs: no repeat",
        {
            "actuals": {
                row: {
                    "day": D(2026, 3, day),
                    "unit": unit,
                    "kpi": "REV",
                    "value": 5.0,
                    "product": product,
                    "source": "D1",
                }
                for row, (unit, product, day) in enumerate(
                    [("P1", "A", 2), ("P2", "A", 2), ("P1", "B", 2), ("P1", "A", 3)], start=5
                )
            }
        },
        [],
    ),
    (
        "a deal in dollars among deals in the plan's currency, written three ways",
        {
            "actuals": {
                row: {
                    "day": D(2026, 3, row),
                    "unit": "P1",
                    "kpi": "REV",
                    "value": 5.0,
                    "currency": currency,
                }
                for row, currency in enumerate(["USD", "CNY", "人民币", None, "¥"], start=5)
            }
        },
        [("currency-without-rate", "实绩!M5")],
    ),
    (
        "two equal deals, and five more in other order",
        {
            "actuals": {
                row: {"day": D(2026, 3, 2), "unit": "P1", "kpi": "REV", "value": value}
                for row, value in enumerate((5.0, 5.0, 6.0, 7.0, 6.0, 5.0, 5.0), start=5)
            }
        },
        [],
    ),
    (
        "a target in 元, actuals in 万元",
        {
            "kpis": {2: {"target": 5_000_000.0}},
            "targets": {3: {"manual_year": None, "reason": None}},
        },
        [("target-magnitude", "指标!K2")],
    ),
    (
        "KPI due last year",
        {"kpis": {2: {"due": D(2025, 6, 30)}}},
        [("date-outside-year", "指标!Q2")],
    ),
    (
        "KPI not for teams",
        {"kpis": {2: {"levels": "公司、个人"}}},
        [("target-not-applicable", "目标分解!B3")],
    ),
    (
        "manual without reason",
        {"targets": {3: {"reason": None}}},
        [("manual-without-reason", "目标分解!G3")],
    ),
    (
        "manual 60 for 60 %",
        {"targets": {4: {"kpi": "REP", "unit": "T1", "manual_year": 60.0, "reason": "x"}}},
        [("share-as-number", "目标分解!E4")],
    ),
    (
        "target of unknown KPI",
        {"targets": {4: {"kpi": "REX", "unit": "T1"}}},
        [("unknown-code", "目标分解!A4")],
    ),
    (
        "target of unknown unit",
        {"targets": {4: {"kpi": "REV", "unit": "T11"}}},
        [("unknown-code", "目标分解!B4")],
    ),
    (
        "numerator unknown",
        {"kpis": {4: {"numerator": "OLD", "denominator": "NEW"}}},
        [("unknown-code", "指标!G4")],
    ),
    (
        "a product's target of a rate",
        {
            "targets": {
                4: {"kpi": "REP", "unit": "C1", "product": "A", "manual_year": 0.6, "reason": "x"}
            }
        },
        [("target-product-kind", "目标分解!C4")],
    ),
    (
        "a value for the rest of the products",
        {
            "targets": {
                4: {
                    "kpi": "REV",
                    "unit": "C1",
                    "product": "其他",
                    "manual_year": 9.0,
                    "reason": "x",
                }
            }
        },
        [("target-product-rest", "目标分解!E4")],
    ),
    (
        "a product that nobody has sold",
        {
            "targets": {
                4: {
                    "kpi": "REV",
                    "unit": "C1",
                    "product": "产品A",
                    "manual_year": 9.0,
                    "reason": "x",
                }
            }
        },
        [("target-product-unknown", "目标分解!C4")],
    ),
    ("strategy unknown", {"tasks": {3: {"strategy": "S9"}}}, [("unknown-code", "行动计划!B3")]),
    ("budget unknown", {"tasks": {3: {"budget": "B9"}}}, [("unknown-code", "行动计划!T3")]),
    ("owner unknown", {"tasks": {3: {"owner": "王五"}}}, [("unknown-code", "行动计划!D3")]),
    (
        "two people of one name, one of them in charge",
        {"units": {3: {"manager": "李四"}, 5: {"name": "李四"}}},
        [
            ("leader-ambiguous", "组织!E3"),
            ("name-ambiguous", "行动计划!D3"),
            ("unknown-code", "日跟进!B2"),
        ],
    ),
    ("review of an unknown task", {"weekly": {2: {"task": "K9"}}}, [("unknown-code", "周复盘!B2")]),
    (
        "spending on an unknown budget",
        {"spending": {2: {"budget": "B9"}}},
        [("unknown-code", "费用!B2")],
    ),
    (
        "shares a lesson with nobody",
        {"lessons": {2: {"shared": "T1、T8"}}},
        [("unknown-code", "复盘知识库!H2")],
    ),
    ("notifies nobody", {"changes": {2: {"notify": "P2、T8"}}}, [("unknown-code", "变更记录!M2")]),
    (
        "due before start",
        {"tasks": {3: {"due": D(2026, 3, 1)}}},
        [("task-due-before-start", "行动计划!J3")],
    ),
    (
        "finished before start",
        {"tasks": {2: {"finished": D(2026, 3, 1)}}},
        [("task-finished-before-start", "行动计划!V2")],
    ),
    (
        "finished in a month that has a row of its own, with no day",
        {
            **settings_edit(as_of=None),
            "actuals": {5: {"day": "2026-03", "unit": "P1", "kpi": "NEW", "value": 2.0}},
            "tasks": {2: {"finished": D(2026, 3, 25), "due": D(2026, 3, 25)}},
        },
        [],
    ),
    (
        "finished tomorrow",
        {"tasks": {2: {"finished": D(2026, 4, 1)}}},
        [("task-finished-in-future", "行动计划!V2")],
    ),
    (
        "task of next year",
        {"tasks": {3: {"due": D(2027, 1, 15)}}},
        [("date-outside-year", "行动计划!J3")],
    ),
    ("nobody's task", {"tasks": {3: {"owner": None}}}, [("task-without-owner", "行动计划!D3")]),
    (
        "owner leaves first",
        {"units": {6: {"left": D(2026, 4, 1)}}},
        [("task-owner-left", "行动计划!D3"), ("remedy-owner-left", "周复盘!G3")],
    ),
    (
        "an issue's owner has left",
        {
            "units": {6: {"left": D(2026, 3, 28)}},
            "tasks": {3: {"owner": "P1"}},
            "weekly": {3: {"owner": "P1"}},
            "issues": {
                2: {"code": "KPI:REV:T1", "remedy": "加人", "owner": "P2", "due": D(2026, 4, 3)},
                3: {
                    "code": "KPI:REV:T2",
                    "remedy": "加人",
                    "owner": "P2",
                    "due": D(2026, 4, 3),
                    "status": "已关闭",
                },
            },
        },
        [("remedy-owner-left", "问题与改进!K2")],
    ),
    (
        "a level that is none",
        {"tasks": {3: {"skills": "谈判:很好"}}, "skills": {2: {"person": "P2", "skill": "谈判"}}},
        [("skill-level-unknown", "行动计划!Q3")],
    ),
    (
        "the level of 组织 is not that of 人员能力",
        {
            "units": {6: {"skills": "谈判:2"}},
            "skills": {2: {"person": "李四", "skill": "谈判", "level": "4"}},
        },
        [("skill-levels-differ", "人员能力!C2")],
    ),
    (
        "the owner lacks a skill that another has",
        {
            "tasks": {3: {"skills": "谈判"}},
            "skills": {2: {"person": "P1", "skill": "谈判", "level": 4}},
        },
        [("task-skill-missing", "行动计划!Q3")],
    ),
    (
        "nobody has the skill",
        {"tasks": {3: {"skills": "谈判"}}},
        [("task-skill-nobody", "行动计划!Q3")],
    ),
    (
        "the owner is below the level",
        {
            "tasks": {3: {"skills": "谈判：熟练"}},
            "skills": {2: {"person": "P2", "skill": "谈判", "level": "2 能做"}},
        },
        [("task-skill-below", "行动计划!Q3")],
    ),
    (
        "a level without its skill, in a task and in the settings",
        {**settings_edit(key_account_skill="：3"), "tasks": {3: {"skills": ":3"}}},
        [("skill-blank", setting_cell("key_account_skill")), ("skill-blank", "行动计划!Q3")],
    ),
    (
        "a level of the settings that is none",
        settings_edit(key_account_skill="谈判：九"),
        [("skill-level-unknown", setting_cell("key_account_skill"))],
    ),
    (
        "the owner's level cannot be read: the task need not be told",
        {
            "tasks": {3: {"skills": "谈判:3"}},
            "skills": {2: {"person": "P2", "skill": "谈判", "level": "很好"}},
        },
        [("choice-unknown", "人员能力!C2")],
    ),
    (
        "a level as people type it",
        {
            "tasks": {3: {"skills": "谈判:4熟练"}},
            "skills": {2: {"person": "P2", "skill": "谈判", "level": "4熟练"}},
        },
        [],
    ),
    (
        "the owner is not rated",
        {"tasks": {3: {"skills": "谈判:3"}}, "units": {6: {"skills": "谈判; 培训"}}},
        [("task-skill-unrated", "行动计划!Q3")],
    ),
    (
        "what is done asks for nothing",
        {"tasks": {2: {"skills": "谈判:3"}}},
        [],
    ),
    (
        "key accounts and their owners",
        {
            **settings_edit(key_account_skill="谈判:4"),
            "skills": {
                2: {"person": "P1", "skill": "谈判", "level": 4},
                3: {"person": "P2", "skill": "谈判", "level": 2},
            },
            "customers": {
                2: {"code": "K1", "name": "甲", "kind": "重点客户", "owner": "P2"},
                3: {"code": "K2", "name": "乙", "kind": "普通", "owner": "P2"},
                4: {"code": "K3", "name": "丙", "kind": "重点客户", "owner": "张三"},
            },
        },
        [("key-account-below", "客户!G2")],
    ),
    (
        "a key account of somebody without the skill",
        {
            **settings_edit(key_account_skill="谈判:4"),
            "skills": {2: {"person": "P1", "skill": "谈判", "level": 4}},
            "customers": {2: {"code": "K1", "name": "甲", "kind": "重点客户", "owner": "P2"}},
        },
        [("key-account-missing", "客户!G2")],
    ),
    (
        "a key account of somebody who is not rated",
        {
            **settings_edit(key_account_skill="谈判:4"),
            "skills": {2: {"person": "P2", "skill": "谈判"}},
            "customers": {2: {"code": "K1", "name": "甲", "kind": "重点客户", "owner": "P2"}},
        },
        [("key-account-unrated", "客户!G2")],
    ),
    (
        "a skill for key accounts that nobody has",
        {
            **settings_edit(key_account_skill="谈判:4"),
            "customers": {2: {"code": "K1", "name": "甲", "kind": "重点客户", "owner": "P2"}},
        },
        [("key-account-nobody", "客户!G2")],
    ),
    (
        "a skill of somebody unknown",
        {"skills": {2: {"person": "P9", "skill": "谈判"}}},
        [("unknown-code", "人员能力!A2")],
    ),
    ("no due date", {"tasks": {3: {"due": None}}}, [("task-without-due", "行动计划!J3")]),
    (
        "negative task weight",
        {"tasks": {3: {"weight": -1}}},
        [("task-weight-negative", "行动计划!H3")],
    ),
    ("progress 120 %", {"tasks": {2: {"progress": 1.2}}}, [("progress-outside", "行动计划!O2")]),
    (
        "done, but when",
        {"tasks": {2: {"finished": None}}},
        [("task-done-without-day", "行动计划!V2")],
    ),
    (
        "finished at 80 %",
        {"tasks": {2: {"progress": 0.8}}},
        [("task-finished-below-full", "行动计划!O2")],
    ),
    (
        "deliverable target 0",
        {"tasks": {3: {"deliverable_target": 0}}},
        [("deliverable-target-not-positive", "行动计划!L3")],
    ),
    (
        "deliverable without target",
        {"tasks": {3: {"deliverable_target": None}}},
        [("deliverable-without-target", "行动计划!L3")],
    ),
    (
        "SO without strategy",
        {"situation": {2: {"strategy": None}}},
        [("swot-without-strategy", "现状分析!H2")],
    ),
    (
        "high impact that nobody answers",
        {"situation": {3: {"framework": "SWOT", "content": "对手降价", "impact": "高"}}},
        [("situation-high-without-strategy", "现状分析!H3")],
    ),
    (
        "a category that PEST does not have, and three that are missing",
        {
            "situation": {
                3: {"framework": "PEST", "category": "环保", "content": "限排"},
                4: {"framework": "PEST", "category": "Politics", "content": "补贴"},
            }
        },
        [
            ("situation-element-unknown", "现状分析!C3"),
            ("situation-elements-missing", "现状分析!C3"),
        ],
    ),
    (
        "an answer to an item that is not there",
        {"strategies": {2: {"answers": "W9"}}},
        [("unknown-code", "策略!L2")],
    ),
    (
        "items of one code",
        {
            "situation": {
                2: {"code": "W1"},
                3: {"code": "W1", "framework": "SWOT", "content": "又一条"},
            }
        },
        [("duplicate-code", "现状分析!A3")],
    ),
    (
        "markets of 0, of month 13, of the year 26, and one whose months are more than the year",
        {
            "market": {
                2: {"year": 2024, "size": 0.0},
                3: {"year": 2026, "month": 13, "size": 9.0},
                4: {"year": 26, "size": 9.0},
                5: {"year": 2025, "size": 100.0},
                6: {"year": 2025, "month": 2, "size": 120.0},
            }
        },
        [
            ("market-size-not-positive", "市场规模!F2"),
            ("market-month-outside", "市场规模!E3"),
            ("market-year-outside", "市场规模!D4"),
            ("market-months-differ", "市场规模!F5"),
        ],
    ),
    (
        "growth of 8 % between 100 and 103",
        {
            "market": {
                2: {"year": 2025, "size": 100.0},
                3: {"year": 2026, "size": 103.0, "growth": 0.08},
            }
        },
        [("market-growth-differs", "市场规模!G3")],
    ),
    (
        "competitors' price of 0, score of 85, and no price of ours",
        {
            "competitors": {
                2: {"name": "甲公司", "product": "A", "price": 0.0},
                3: {"name": "乙公司", "product": "B", "score": 85.0},
                4: {"name": "丙公司", "product": "B", "price": 9.0},
            }
        },
        [
            ("competitor-price-not-positive", "竞争对手!D2"),
            ("competitor-score-outside", "竞争对手!G3"),
            ("competitor-without-ours", "竞争对手!D4"),
        ],
    ),
    (
        "a competitor's rows of which one and two have no date",
        {
            "competitors": {
                2: {"name": "甲公司", "product": "A", "day": D(2026, 1, 5)},
                3: {"name": "甲公司", "product": "A"},
                4: {"name": "乙公司"},
                5: {"name": "乙公司"},
                6: {"name": "丙公司"},
            }
        },
        [
            ("competitor-undated", "竞争对手!H3"),
            ("competitor-undated", "竞争对手!H4"),
            ("competitor-undated", "竞争对手!H5"),
        ],
    ),
    (
        "a margin and a win rate of 150, and of 15 as a number",
        {
            "products": {
                2: PRODUCT | {"margin": 150.0},
                3: {"code": "B", "name": "乙", "margin": 15.0},
            },
            "prospects": {2: POOL | {"rate": 150.0}},
        },
        [
            ("percent-beyond-whole", "产品!C2"),
            ("percent-as-number", "产品!C3"),
            ("percent-beyond-whole", "潜客!G2"),
        ],
    ),
    (
        "strategy without task",
        {"strategies": {3: {"code": "S2", "content": "渠道"}}},
        [("strategy-without-task", "策略!A3"), ("strategies-answer-nothing", "策略!L3")],
    ),
    (
        "share without KPI",
        {"strategies": {2: {"kpi": None}}},
        [("strategy-share-without-kpi", "策略!D2")],
    ),
    (
        "share of what",
        {"strategies": {2: {"product": None}}},
        [("strategy-share-without-filter", "策略!E2")],
    ),
    ("share 120 %", {"strategies": {2: {"target_share": 1.2}}}, [("share-outside", "策略!E2")]),
    (
        "budget share 120 %",
        {"strategies": {2: {"budget_share": 1.2}}},
        [("share-outside", "策略!K2")],
    ),
    (
        "products of 110 % in sum",
        {
            "strategies": {
                3: {
                    "code": "S2",
                    "content": "B 产品引流",
                    "kpi": "REV",
                    "target_share": 0.5,
                    "product": "B",
                }
            },
            "tasks": {
                4: {
                    "code": "K3",
                    "content": "引流",
                    "strategy": "S2",
                    "owner": "P1",
                    "due": D(2026, 4, 1),
                }
            },
        },
        [("strategy-shares-over", "策略!E3"), ("strategies-answer-nothing", "策略!L3")],
    ),
    (
        "stand-up before the first day",
        {"units": {6: {"joined": D(2026, 3, 10)}}, "daily": {2: {"person": "P2"}}},
        [("standup-person-absent", "日跟进!B2")],
    ),
    (
        "stand-up of 2025",
        {"daily": {2: {"day": D(2025, 3, 9)}}},
        [("date-outside-year", "日跟进!A2")],
    ),
    (
        "remedy due the week before",
        {"weekly": {3: {"due": D(2026, 3, 20)}}},
        [("remedy-due-before-week", "周复盘!H3")],
    ),
    (
        "progress that fell",
        {"weekly": {2: {"task": "K2", "planned": 0.5, "actual": 0.5}}},
        [("week-progress-fell", "周复盘!D3")],
    ),
    (
        "review on a Thursday",
        {"weekly": {2: {"friday": D(2026, 3, 19)}}},
        [("week-not-friday", "周复盘!A2")],
    ),
    ("no cause", {"weekly": {3: {"cause": None}}}, [("week-without-cause", "周复盘!E3")]),
    ("remedy of nobody", {"weekly": {3: {"owner": None}}}, [("remedy-incomplete", "周复盘!G3")]),
    ("remedy without date", {"weekly": {3: {"due": None}}}, [("remedy-incomplete", "周复盘!H3")]),
    (
        "a cause of one's own",
        {"weekly": {3: {"cause": "老板出差"}}},
        [("cause-not-listed", "周复盘!E3")],
    ),
    (
        "money for a cancelled task",
        {"tasks": {2: {"state": "取消"}}},
        [("budget-task-cancelled", "预算!D2")],
    ),
    (
        "nothing asked for",
        {"budget": {2: {"requested": None}}},
        [("budget-not-requested", "预算!G2")],
    ),
    ("0 asked for", {"budget": {2: {"requested": 0}}}, [("budget-not-positive", "预算!G2")]),
    (
        "least above request",
        {"budget": {2: {"least": 11.0}}},
        [("budget-least-over-requested", "预算!H2")],
    ),
    (
        "grant above request",
        {"budget": {2: {"manual_grant": 11.0}}},
        [("grant-over-requested", "预算!J2")],
    ),
    (
        "negative return",
        {"budget": {2: {"expected_return": -1.0}}},
        [("amount-negative", "预算!I2")],
    ),
    (
        "category unknown",
        {"budget": {2: {"category": "获取"}}},
        [("budget-place-unknown", "预算!B2")],
    ),
    ("region unknown", {"budget": {2: {"region": "重点"}}}, [("budget-place-unknown", "预算!C2")]),
    ("no region", {"budget": {2: {"region": None}}}, [("budget-without-region", "预算!C2")]),
    (
        "category −10 %",
        {"category_shares": {2: {"share": 1.1}, 3: {"share": -0.1}}},
        [
            ("share-outside", "预算分配!B2"),
            ("share-outside", "预算分配!B3"),
            ("reserve-shares-differ", "预算分配!B3"),
        ],
    ),
    (
        "no total",
        settings_edit(budget_total=None),
        [("budget-total-missing", setting_cell("budget_total"))],
    ),
    ("two reserves", settings_edit(reserve_share=0.15), [("reserve-shares-differ", "预算分配!B3")]),
    (
        "spending of 2025",
        {"spending": {2: {"day": D(2025, 3, 10)}}},
        [("date-outside-year", "费用!A2")],
    ),
    ("spending of 0", {"spending": {2: {"amount": 0}}}, [("spending-zero", "费用!D2")]),
    (
        "open deal without an amount",
        {"deals": {2: {"stage": "线索", "amount": None}}},
        [("deal-without-amount", "商机!F2")],
    ),
    (
        "deal of −1",
        {"deals": {2: {"stage": "线索", "amount": -1.0}}},
        [("deal-not-positive", "商机!F2")],
    ),
    (
        "deal with a probability of 120 %",
        {"deals": {2: {"stage": "线索", "probability": 1.2}}},
        [("deal-chance-outside", "商机!H2")],
    ),
    (
        "deal with neither a probability nor a stage",
        {"deals": {2: {"stage": None}}},
        [("deal-without-chance", "商机!H2")],
    ),
    (
        "deal that is to bring a rate",
        {"deals": {2: {"kpi": "REP"}}},
        [("deal-not-of-a-flow", "商机!C2")],
    ),
    (
        "product with a margin of 120 %",
        {"products": {2: PRODUCT | {"margin": 1.2}}},
        [("product-margin-outside", "产品!C2")],
    ),
    (
        "product for nothing",
        {"products": {2: PRODUCT | {"list_price": 0.0}}},
        [("product-not-positive", "产品!D2")],
    ),
    (
        "product that is there before it is sold",
        {"products": {2: PRODUCT | {"delivery_days": -3.0}}},
        [("product-delivery-negative", "产品!G2")],
    ),
    (
        "two products of one name",
        {"products": {2: PRODUCT, 3: PRODUCT | {"code": "B"}}},
        [("product-name-twice", "产品!B3")],
    ),
    (
        "two helpers of one name, and a partner that is neither",
        {
            "helpers": {2: {"name": "市场部"}, 3: {"name": "市 场部"}},
            "tasks": {3: {"partners": "T2; 法务"}},
        },
        [
            ("code-alike", "协作方!A3"),
            ("helper-unknown", "行动计划!E3"),
        ],
    ),
    (
        "a partner whose name two units have",
        {
            "helpers": {2: {"name": "市场部", "email": "m@example.com"}},
            "units": {4: {"name": "华东"}},
            "tasks": {3: {"partners": "华东"}},
        },
        [("name-ambiguous", "行动计划!E3")],
    ),
    (
        "a helper without an address, one with a broken one, and an answer nobody asked for",
        {
            "helpers": {2: {"name": "市场部"}, 3: {"name": "产品部", "email": "p@"}},
            "replies": {2: {"task": "K2", "helper": "产品部", "answer": "同意"}},
            "tasks": {3: {"partners": "市场部"}},
        },
        [
            ("helper-mail-missing", "协作方!B2"),
            ("mail-not-one-address", "协作方!B3"),
            ("reply-unasked", "协作答复!B2"),
        ],
    ),
    (
        "rule on a unit that is nowhere",
        {"triggers": {2: RULE | {"subject": "REV/T9"}}},
        [("trigger-subject-unknown", "预警!C2")],
    ),
    (
        "a year that is none",
        {"market": {2: {"year": "明年", "size": 100.0}}},
        [("text-not-number", "市场规模!D2")],
    ),
    (
        "rule on a task that is nowhere",
        {"triggers": {2: RULE | {"kind": "任务逾期", "subject": "K9"}}},
        [("trigger-subject-unknown", "预警!C2")],
    ),
    (
        "rule without a threshold",
        {"triggers": {2: RULE | {"threshold": None}}},
        [("trigger-threshold-missing", "预警!D2")],
    ),
    (
        "rule on a pace of 90, where 90 % is meant",
        {"triggers": {2: RULE | {"threshold": 90.0}}},
        [("trigger-threshold-odd", "预警!D2")],
    ),
    (
        "rule that waits −3 days",
        {"triggers": {2: RULE | {"days": -3.0}}},
        [("trigger-days-odd", "预警!E2")],
    ),
    ("sound rule by name", {"triggers": {2: RULE | {"subject": "营收/华东"}}}, []),
    (
        "two customers of one name",
        {"customers": {2: CUSTOMER, 3: CUSTOMER | {"code": "K2"}}},
        [("customer-name-twice", "客户!B3")],
    ),
    (
        "customer twice",
        {"customers": {2: CUSTOMER, 3: CUSTOMER | {"name": "岭南"}}},
        [("duplicate-code", "客户!A3")],
    ),
    (
        "customer of somebody unknown",
        {"customers": {2: CUSTOMER | {"owner": "P99"}}},
        [("unknown-code", "客户!G2")],
    ),
    (
        "customer of somebody who has left",
        {
            "units": {5: {"left": D(2026, 2, 27)}},
            "customers": {2: CUSTOMER | {"owner": "P1"}},
        },
        [("customer-owner-left", "客户!G2"), ("standup-person-absent", "日跟进!B2")],
    ),
    (
        "customer that is to order next year",
        {"customers": {2: CUSTOMER | {"since": D(2027, 1, 4)}}},
        [("customer-since-later", "客户!H2")],
    ),
    (
        "customer that nobody listed",
        {"customers": {2: CUSTOMER}, "actuals": {2: {"customer": "岭南"}}},
        [("customers-not-listed", "实绩!F2")],
    ),
    (
        "no prospects at all",
        {"prospects": {2: POOL | {"count": 0.0}}},
        [("prospect-count-not-positive", "潜客!C2")],
    ),
    (
        "one prospect that is twelve",
        {"prospects": {2: POOL | {"name": "甲"}}},
        [("prospect-named-count", "潜客!C2")],
    ),
    (
        "prospects of next year",
        {"prospects": {2: POOL | {"month": "2027-03"}}},
        [("prospect-outside-year", "潜客!B2")],
    ),
    (
        "a task of −3 person-days, and a helper who is to be asked two days late",
        {
            "tasks": {2: {"person_days": -3.0}},
            "helpers": {2: {"name": "市场部", "email": "m@example.com", "notice_days": -2.0}},
        },
        [("task-days-negative", "行动计划!R2"), ("helper-notice-negative", "协作方!D2")],
    ),
    (
        "markets and competitors in a region and of a product that the plan does not know",
        {
            "units": {3: {"region": "重点区域"}},
            "products": {2: PRODUCT},
            "market": {
                2: {"year": 2026, "region": "重点区", "size": 100.0},
                3: {"year": 2026, "region": "重点区域", "size": 100.0},
                4: {"year": 2026, "product": "丁", "size": 100.0},
            },
            "competitors": {
                2: {"name": "乙公司", "product": "丁", "price": 1.0},
                3: {"name": "乙公司", "product": "丁", "price": 2.0, "region": "火星"},
            },
        },
        [
            ("market-region-unknown", "市场规模!B2"),
            ("market-region-unknown", "竞争对手!C3"),
            ("market-product-unknown", "市场规模!C4"),
            ("market-product-unknown", "竞争对手!B2"),
        ],
    ),
    (
        "a prospect that is won for certain and more",
        {"prospects": {2: POOL | {"rate": 1.2}}},
        [("prospect-rate-outside", "潜客!G2")],
    ),
    ("draw of −5", {"draws": {2: {"amount": -5.0}}}, [("draw-not-positive", "储备金动用!C2")]),
    (
        "draw nobody approved",
        {"draws": {2: {"approver": None}}},
        [("approval-incomplete", "储备金动用!E2")],
    ),
    (
        "draw approved by anybody",
        {"draws": {2: {"approver": "张三"}}},
        [("approver-not-listed", "储备金动用!E2")],
    ),
    ("draw waits", {"draws": {2: {"status": None}}}, [("draw-pending", "储备金动用!F2")]),
    (
        "actuals of an unknown unit",
        {"actuals": {3: {"unit": "P9"}}},
        [("actual-unknown-code", "实绩!B3")],
    ),
    (
        "actuals of an unknown KPI",
        {"actuals": {3: {"kpi": "REX"}}},
        [("actual-unknown-code", "实绩!C3")],
    ),
    (
        "actuals of 2024",
        {"actuals": {2: {"day": D(2024, 12, 31)}}},
        [("actual-months-missing", "实绩!A2"), ("actual-outside-year", "实绩!A2")],
    ),
    (
        "three months of 2024",
        {
            "actuals": {
                row: {"day": D(2024, row, 28), "unit": "P1", "kpi": "REV", "value": 7.0}
                for row in (5, 6, 7)
            }
        },
        [("actual-history", "实绩!A5")],
    ),
    (
        "no actuals of January and February",
        {"actuals": {row: {"day": D(2026, 3, 20)} for row in (2, 3, 4)}},
        [("actual-months-missing", "实绩!A2")],
    ),
    (
        "a level of somebody who left",
        {
            "kpis": {3: {"kind": "存量"}},
            "units": {5: {"left": D(2026, 2, 20)}},
            "actuals": {
                5: {"day": "2026-01", "unit": "P1", "kpi": "NEW", "value": 9.0},
                6: {
                    "day": D(2026, 2, 18),
                    "unit": "P1",
                    "kpi": "NEW",
                    "value": 20.0,
                    "customer": "甲",
                },
                7: {
                    "day": D(2026, 2, 18),
                    "unit": "P1",
                    "kpi": "NEW",
                    "value": 10.0,
                    "customer": "乙",
                },
            },
            "daily": {2: {"day": D(2026, 2, 19)}},
        },
        [("level-left-behind", "实绩!I6")],
    ),
    (
        "a level handed over by somebody who left",
        {
            "kpis": {3: {"kind": "存量"}},
            "units": {5: {"left": D(2026, 2, 20)}},
            "actuals": {
                5: {"day": D(2026, 2, 18), "unit": "P1", "kpi": "NEW", "value": 20.0},
                6: {"day": "2026-03", "unit": "P1", "kpi": "NEW", "value": 0.0},
            },
            "daily": {2: {"day": D(2026, 2, 19)}},
        },
        [],
    ),
    (
        "sold after leaving",
        {"units": {5: {"left": D(2026, 1, 19)}}},
        [("actual-unit-absent", "实绩!B2"), ("standup-person-absent", "日跟进!B2")],
    ),
    ("no figure", {"actuals": {2: {"value": None}}}, [("actual-blank", "实绩!I2")]),
    (
        "no denominator",
        {"actuals": {5: {"day": "2026-03", "unit": "P1", "kpi": "REP", "numerator": 3}}},
        [("actual-half-ratio", "实绩!K5")],
    ),
    ("returns", {"actuals": {2: {"value": -5.0}}}, [("actual-negative", "实绩!I2")]),
    (
        "denominator 0",
        {"actuals": {4: {"denominator": 0}}},
        [("actual-denominator-not-positive", "实绩!K4")],
    ),
    (
        "margin given back by a return",
        {**RATIO, "actuals": {5: MARGIN | {"numerator": -300.0, "denominator": -1000.0}}},
        [("actual-negative", "实绩!K5")],
    ),
    (
        "a denominator below 0 that is no return's",
        {**RATIO, "actuals": {5: MARGIN | {"numerator": 300.0, "denominator": -1000.0}}},
        [("actual-denominator-not-positive", "实绩!K5")],
    ),
    (
        "a month in 亿元 where the others are in 万元",
        {"actuals": MONTHS | {7: MONTHS[7] | {"value": 0.0006}}},
        [("actual-month-magnitude", "实绩!I7")],
    ),
    ("a month of little", {"actuals": MONTHS | {7: MONTHS[7] | {"value": 0.006}}}, []),
    (
        "a month of little among few",
        {"actuals": {row: MONTHS[row] for row in (5, 6)} | {7: MONTHS[7] | {"value": 0.0006}}},
        [],
    ),
    (
        "a team's year in 亿元",
        {"targets": {3: {"manual_year": 0.03}}},
        [("target-row-magnitude", "目标分解!E3")],
    ),
    ("a team's year that is small", {"targets": {3: {"manual_year": 3.0}}}, []),
    (
        "numerator above denominator",
        {"actuals": {4: {"numerator": 61}}},
        [("actual-numerator-over-denominator", "实绩!J4")],
    ),
    (
        "a rate of 55",
        {"actuals": {5: {"day": "2026-03", "unit": "P1", "kpi": "REP", "value": 55.0}}},
        [("share-as-number", "实绩!I5")],
    ),
    (
        "元 among 万元",
        {
            "actuals": {
                row: {
                    "day": D(2026, 3, 1),
                    "unit": "P1",
                    "kpi": "REV",
                    "value": 50_000.0 if row == 20 else 5.0,
                }
                for row in range(5, 21)
            }
        },
        [("actual-magnitude", "实绩!I20")],
    ),
    (
        "team total beside its people",
        {"actuals": {5: {"day": "2026-01", "unit": "C1", "kpi": "REV", "value": 20.0}}},
        [("actual-doubled", "实绩!B5")],
    ),
    (
        "team total beside its people, who are above it",
        {
            "units": {3: {"parent": "P1"}},
            "actuals": {5: {"day": "2026-01", "unit": "T1", "kpi": "REV", "value": 20.0}},
        },
        [("unit-cycle", "组织!D3"), ("level-order", "组织!C3")],
    ),
    (
        "a slip of digits in one of few rows",
        {"actuals": {3: {"value": 1e17}}},
        [("actual-beyond-target", "实绩!I3")],
    ),
    ("a goal below zero", {"kpis": {3: {"target": -5.0}}}, [("target-negative", "指标!K3")]),
    (
        "a team's manual year below zero",
        {"targets": {3: {"manual_year": -5.0}}},
        [("target-negative-manual", "目标分解!E3")],
    ),
    (
        "a loss that is planned",
        {"kpis": {2: {"target": -500.0, "floor": -600.0}}, "targets": {3: {"manual_year": None}}},
        [],
    ),
    (
        "a rate of 25 without a unit",
        {"kpis": {4: {"target": 25.0, "unit": None}}},
        [("share-without-unit", "指标!K4")],
    ),
    (
        "codes that differ in case",
        {
            "units": {
                7: {
                    "code": "p2",
                    "name": "王五",
                    "level": "个人",
                    "parent": "T1",
                    "email": "w@example.com",
                }
            }
        },
        [("code-alike", "组织!A7")],
    ),
    (
        "change of nothing",
        {"changes": {2: {"subject": None}}},
        [("change-incomplete", "变更记录!D2")],
    ),
    (
        "change to nothing",
        {"changes": {2: {"after": None}}},
        [("change-incomplete", "变更记录!G2")],
    ),
    (
        "change of an unknown task",
        {"changes": {2: {"subject": "K9"}}},
        [("change-subject-unknown", "变更记录!D2")],
    ),
    (
        "change of a target whose KPI is left out for its own error",
        {
            "kpis": {2: {"kind": "累计"}},
            "changes": {
                2: {"subject": "REV/T1", "field": "基准年度目标", "before": 300.0, "after": 310.0}
            },
        },
        [("choice-unknown", "指标!C2"), ("weight-sum", "指标!I3")],
    ),
    (
        "change of an unknown column",
        {"changes": {2: {"field": "截至日"}}},
        [("change-field-unknown", "变更记录!E2")],
    ),
    (
        "change approved by nobody",
        {"changes": {2: {"approver": None, "approved": None}}},
        [("approval-incomplete", "变更记录!J2"), ("approval-incomplete", "变更记录!L2")],
    ),
    (
        "change approved by anybody",
        {"changes": {2: {"approver": "张三"}}},
        [("approver-not-listed", "变更记录!J2")],
    ),
    (
        "change of no month",
        {"changes": {2: {"effective": None}}},
        [("change-without-month", "变更记录!H2")],
    ),
    (
        "change of another year",
        {"changes": {2: {"effective": "2027-01"}}},
        [("date-outside-year", "变更记录!H2")],
    ),
    ("change waits", {"changes": {2: {"status": "待批"}}}, [("change-pending", "变更记录!K2")]),
    (
        "change of a fact",
        {"changes": {2: {"field": "实际完成日"}}},
        [("change-field-fixed", "变更记录!E2")],
    ),
    (
        "change to no day",
        {"changes": {2: {"after": "七月"}}},
        [("change-value-unreadable", "变更记录!G2")],
    ),
    (
        "change to an unknown owner",
        {"changes": {2: {"field": "负责人", "before": "李四", "after": "王五"}}},
        [("unknown-code", "变更记录!G2")],
    ),
    (
        "hand-over to nobody",
        {"changes": {2: {"subject": "REV/T1→", "field": "移交", "before": None, "after": "3"}}},
        [("change-handover-unreadable", "变更记录!D2")],
    ),
    (
        "hand-over of a rate",
        {"changes": {2: {"subject": "REP/T1→T2", "field": "移交", "before": None, "after": "3"}}},
        [("change-handover-unreadable", "变更记录!G2")],
    ),
    (
        "hand-over to a misspelled unit",
        {"changes": {2: {"subject": "REV/T1→P9", "field": "移交", "before": None, "after": "3"}}},
        [("change-subject-unknown", "变更记录!D2")],
    ),
    (
        "there and back in a month",
        {"changes": {2: _hand("G1", "P1→P2"), 3: _hand("G2", "P2→P1")}},
        [("change-circular", "变更记录!D3")],
    ),
    (
        "there and back in two months",
        {"changes": {2: _hand("G1", "P1→P2"), 3: _hand("G2", "P2→P1", effective="2026-04")}},
        [],
    ),
    (
        "round three in a month, one refused",
        {
            "changes": {
                2: _hand("G1", "P1→P2"),
                3: _hand("G2", "P2→T1"),
                4: _hand("G3", "T1→P1", status="驳回"),
                5: _hand("G4", "T1→P1"),
            }
        },
        [("change-circular", "变更记录!D5")],
    ),
    (
        "two to one in a month",
        {"changes": {2: _hand("G1", "P1→P2"), 3: _hand("G2", "T1→P2"), 4: _hand("G3", "T1→P1")}},
        [],
    ),
    (
        "a record of closed months that was edited, of a code that has changed and of nobody",
        {
            "closes": {2: {"number": 1, "month": "2026-01", "action": "关账", "check": "0"}},
            "closed": {
                2: {"kpi": "REV", "unit": "OLD", "name": "新人", "issued1": 3},
                3: {"kpi": "GONE", "unit": "P1", "issued1": 3},
                4: {"kpi": "REV", "unit": "P9", "name": "无名", "issued1": 3},
            },
            "units": {
                20: {
                    "code": "NEW",
                    "name": "新人",
                    "level": "个人",
                    "parent": "T1",
                    "email": "new@example.com",
                }
            },
        },
        [
            ("close-edited", "关账记录!I2"),
            ("close-unit-renamed", "关账记录!B2"),
            ("close-kpi-unknown", "关账记录!A3"),
            ("close-unit-gone", "关账记录!B4"),
        ],
    ),
    (
        "a log of closes with a gap, and a line that cannot be read",
        {
            "closes": {
                2: {"number": 1, "month": "2026-03", "action": "重开"},
                3: {"number": 2, "month": "later", "action": "关账"},
            }
        },
        [("close-log-gap", "关账记录!B2"), ("close-log-unreadable", "关账记录!B3")],
    ),
    (
        "change that nobody is told of",
        {"changes": {2: {"notify": None}}},
        [("change-not-told", "变更记录!M2")],
    ),
    (
        "approved before raised",
        {"changes": {2: {"approved": D(2026, 2, 1)}}},
        [("approved-before-raised", "变更记录!L2")],
    ),
]


@pytest.mark.parametrize(
    ("edits", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_each_breach_is_found_at_its_cell_and_nothing_else(
    edits: Edits, expected: list[Found]
) -> None:
    assert sorted(findings_of(edited(edits))) == sorted(expected)


@pytest.mark.parametrize("edits", [case[1] for case in CASES], ids=[case[0] for case in CASES])
def test_every_finding_reads_as_a_sentence(edits: Edits) -> None:
    plan, findings = read(edited(edits))
    for finding in (*findings, *checks_of(plan)):
        for lang in ("zh", "en"):
            for sentence in (text(finding, lang), fix(finding, lang)):
                assert (
                    sentence
                    and "{" not in sentence
                    and "None" not in sentence.split()[1:]
                    and "Decimal" not in sentence
                )


def test_all_codes_of_the_checks_have_a_case() -> None:
    import re
    from pathlib import Path

    import salesplan.plan.checks as checks

    source = "".join(
        path.read_text(encoding="utf-8") for path in Path(checks.__file__).parent.glob("*.py")
    )
    used = set(re.findall(r'Finding\.of\(\s*"([a-z-]+)"', source)) - {
        "more-of-the-same",
        "actuals-none",
    }
    assert used <= {code for _, _, expected in CASES for code, _ in expected}


def test_checks_are_a_list_without_doubles_and_each_shows_an_example() -> None:
    assert len(CHECKS) == len(set(CHECKS)) > 30
    assert all(check.__doc__ for check in (*CHECKS, *DATED_CHECKS))


@pytest.mark.parametrize(
    ("column", "typed", "meant"),
    [
        ("actuals.unit", "p11", "P1"),
        ("actuals.unit", "张三三", "P1"),
        ("actuals.unit", "华东 二", "T2"),
        ("actuals.kpi", "revs", "REV"),
        ("actuals.kpi", "营收额", "REV"),
        ("units.parent", "华东三", "T1"),
        ("changes.notify", "张三三", "P1"),
    ],
)
def test_a_name_misspelled_in_the_place_of_a_code_is_answered_with_the_code(
    column: str, typed: str, meant: str
) -> None:
    key, name = column.split(".")
    plan, _ = read(
        edited(
            {
                "units": {
                    3: {"manager": "王经理"},
                    6: {"parent": "C1", "coefficient": 0.0},
                    **({6: {"parent": typed}} if key == "units" else {}),
                },
                **({key: {2: {name: typed}}} if key != "units" else {}),
            }
        )
    )
    found = [finding for finding in checks_of(plan) if "near" in finding.params]
    assert [finding.params["near"] for finding in found] == [meant]


def test_many_rows_with_one_mistake_are_one_finding_with_a_count() -> None:
    rows = edited(
        {
            "actuals": {
                row: {"day": D(2026, 3, 1), "unit": "X9", "kpi": "REV", "value": 5.0}
                for row in range(5, 505)
            }
        }
    )
    plan, _ = read(rows)
    [finding] = checks_of(plan)
    assert (finding.code, finding.params["count"], finding.place.cell) == (
        "actual-unknown-code",
        500,
        "B5",
    )


def test_more_than_twenty_are_counted() -> None:
    rows = edited(
        {
            "actuals": {
                row: {"day": D(2026, 3, 1), "unit": f"X{row}", "kpi": "REV", "value": 5.0}
                for row in range(5, 35)
            }
        }
    )
    plan, _ = read(rows)
    findings = checks_of(plan)
    assert [f.code for f in findings] == ["actual-unknown-code"] * 20 + ["more-of-the-same"]
    assert (findings[-1].params["count"], findings[-1].place.cell) == (10, "B25")


def test_a_reference_to_a_row_left_out_for_its_own_error_is_no_second_error() -> None:
    assert findings_of(
        edited(
            {
                "units": {6: {"level": "员工"}},
                "daily": {2: {"person": "P2"}},
                "tasks": {3: {"owner": "P2"}},
            }
        )
    ) == [("choice-unknown", "组织!C6")]


@pytest.mark.parametrize(
    ("edit", "found"),
    [
        ({}, [("actuals-none", setting_cell("month"))]),
        (settings_edit(month=None), [("actuals-none", setting_cell("as_of"))]),
        (settings_edit(month=None, as_of=None), []),
        (
            {
                "kpis": {row: {"target": None} for row in (2, 3, 4)},
                "targets": {3: {"manual_year": None, "reason": None}},
            },
            [],
        ),
    ],
)
def test_without_any_actual_a_month_that_is_asked_for_has_nothing_to_say(
    edit: Edits, found: list[Found]
) -> None:
    """The sheet was emptied, or deleted; before the year begins, and without a target, there is
    nothing to miss.
    """
    rows = edited(edit)
    rows["actuals"] = []
    assert [one for one in findings_of(rows) if one[0] != "kpi-without-target"] == found
    del rows["actuals"]
    assert [one for one in findings_of(rows) if one[0] != "kpi-without-target"] == found


def test_a_master_without_the_sheet_that_a_column_names_is_not_blamed_for_it() -> None:
    rows = edited({})
    rows["strategies"], rows["situation"] = [], []
    assert findings_of(rows) == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("营收额/华东", "REV/T1"),
        ("T1/REV", "REV/T1"),
        ("revs/t1", "REV/T1"),
        ("华东三", "T1"),
        ("REV/XYZ", "—"),
    ],
)
def test_a_subject_misspelled_or_the_wrong_way_round_is_answered_with_the_codes(
    typed: str, meant: str
) -> None:
    plan, _ = read(edited({"changes": {2: {"subject": typed}}}))
    assert [
        finding.params["near"]
        for finding in checks_of(plan)
        if finding.code == "change-subject-unknown"
    ] == [meant]


def test_who_leads_a_unit_may_be_named_where_that_is_plain() -> None:
    """王总 of C1, who is none of the units, leads T1 as well: the task is C1's. Somebody who leads
    two teams beside each other could mean either.
    """
    named = {
        "tasks": {3: {"owner": "王总"}},
        "weekly": {2: {"owner": "王总"}},
        "changes": {
            2: {"field": "负责人", "before": "李四", "after": "王总", "notify": "王总、P2"}
        },
    }
    plan, findings = read(
        edited({"units": {2: {"manager": "王总"}, 3: {"manager": "王总"}}, **named})
    )
    assert (findings, checks_of(plan)) == ([], [])
    assert (plan.tasks[1].owner, plan.weekly[0].owner) == ("C1", "C1")
    assert plan.changes[0].aim is not None and plan.changes[0].aim.after == "C1"
    plan, _ = read(
        edited(
            {
                "units": {3: {"manager": "王总"}, 4: {"manager": "王总"}},
                "tasks": {3: {"owner": "王总"}},
            }
        )
    )
    assert [(one.code, one.params["codes"]) for one in checks_of(plan)] == [
        ("name-ambiguous", ("T1", "T2"))
    ]
    plan, _ = read(edited({"units": {3: {"manager": "张三"}}, "tasks": {3: {"owner": "张三"}}}))
    assert (plan.tasks[1].owner, checks_of(plan)) == ("P1", []), (
        "张三 is P1, whatever else P1 leads"
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("REV/张三三→P2", "REV/P1→P2"),
        ("营收额/P1→P2", "REV/P1→P2"),
        ("REV/XYZQ→P2", "—"),
        ("REV/P1→P11", "—"),
    ],
)
def test_a_hand_over_with_a_unit_misspelled_is_answered_with_the_codes(
    typed: str, meant: str
) -> None:
    plan, _ = read(
        edited({"changes": {2: {"subject": typed, "field": "移交", "before": None, "after": "3"}}})
    )
    assert [
        finding.params["near"]
        for finding in checks_of(plan)
        if finding.code == "change-subject-unknown"
    ] == [meant]


@pytest.mark.parametrize("gone", ["units", "kpis"])
def test_without_the_sheet_of_units_or_kpis_a_change_of_a_target_is_not_blamed_for_it(
    gone: str,
) -> None:
    edits = {
        "changes": {
            row: {
                "code": f"G{row}",
                "raised": D(2026, 3, 1),
                "subject": subject,
                "field": field,
                "before": before,
                "after": 5.0,
                "effective": "2026-03",
                "approver": "王总",
                "status": "批准",
                "approved": D(2026, 3, 3),
                "notify": "T1",
            }
            for row, subject, field, before in (
                (3, "REV/T1", "基准年度目标", 300.0),
                (4, "REV/P1→P2", "移交", None),
            )
        }
    }
    plan, _ = read({**edited(edits), gone: []})
    assert not [
        finding.code
        for finding in checks_of(plan)
        if finding.code.startswith("change-") and finding.place.cell[1:] in ("3", "4")
    ]


def test_coefficients_of_a_third_each_from_formulas_are_whole() -> None:
    third = 1 / 3
    units = {
        3: {"coefficient": third},
        4: {"coefficient": third},
        7: {
            "code": "T3",
            "name": "华南",
            "level": "团队",
            "parent": "C1",
            "coefficient": third,
            "email": "t3@example.com",
        },
    }
    assert findings_of(edited({"units": units})) == []


def test_a_department_below_a_department_is_fine() -> None:
    departments = {
        7: {
            "code": "D1",
            "name": "一部",
            "level": "部门",
            "parent": "T1",
            "coefficient": 0.0,
            "email": "d1@example.com",
        },
        8: {
            "code": "D11",
            "name": "一组",
            "level": "部门",
            "parent": "D1",
            "coefficient": 1.0,
            "email": "d11@example.com",
        },
    }
    assert findings_of(edited({"units": departments})) == []


def test_an_improvement_rises_from_floor_to_stretch_in_either_direction() -> None:
    lower = {
        "direction": "越低越好",
        "basis": "提升量",
        "floor": 0.03,
        "target": 0.05,
        "stretch": 0.06,
        "base": 0.2,
    }
    assert findings_of(edited({"kpis": {4: lower}})) == []


def test_what_nobody_sees_is_spelled_out() -> None:
    """Nothing that is shown turns the line about, or works on the terminal."""
    rows = edited({"units": {3: {"name": "华东\u202etxt\x1b[2J"}}})
    (found,) = [one for one in checks_of(read(rows)[0]) if one.code == "name-with-unseen"]
    for lang in ("zh", "en"):
        said = text(found, lang) + fix(found, lang)
        assert "‹U+202E›" in said and "‹U+001B›" in said and said.isprintable()
        assert "华东txt[2J" in said
