"""Messages of ``explain``: how a month's target came about, and what cannot be explained."""

from __future__ import annotations

from salesplan.findings import Severity
from salesplan.messages import Message

N = Severity.NOTE

MESSAGES: dict[str, Message] = {
    "why-month-manual": Message(N, "手工月目标 {value}", "manual target of the month {value}"),
    "why-month-none": Message(N, "该月未设目标", "no target for the month"),
    "why-month-quarter": Message(
        N,
        "手工 {quarter} {total}, 该月 {value}",
        "manual {quarter} {total}, of which this month {value}",
    ),
    "why-month-locked": Message(N, "该月锁定为 {value}", "locked for the month at {value}"),
    "why-month-level": Message(N, "该月的水平 {value}", "the month's level {value}"),
    "why-month-season": Message(
        N,
        "全年 {year} × 季节比重 {weight} = {real}, 取整 {value}",
        "the year's {year} × season weight {weight} = {real}, in whole units {value}",
    ),
    "why-month-share": Message(
        N,
        "“{parent}”该月 {target} × 系数 {share} = {real}, 取整 {value}",
        "“{parent}” of the month {target} × coefficient {share} = {real}, in whole units {value}",
    ),
    "why-month-adjusted": Message(
        N,
        "因锁定、在岗或手工目标, 与按系数相差 {difference}",
        "{difference} from its plain share, for locks, presence or manual targets",
    ),
    "why-month-hedge": Message(
        N, "基准 {base}, 加成后下达 {value}", "base {base}, issued with hedge {value}"
    ),
    "explain-unit-unknown": Message(
        Severity.ERROR,
        "组织表中没有“{name}”。",
        "The organization sheet has no “{name}”.",
        "请写组织编码或名称: {near}",
        "Give a unit's code or name: {near}",
    ),
    "explain-kpi-unknown": Message(
        Severity.ERROR,
        "指标表中没有“{name}”。",
        "The KPIs sheet has no “{name}”.",
        "请写指标编码或名称: {near}",
        "Give a KPI's code or name: {near}",
    ),
}
