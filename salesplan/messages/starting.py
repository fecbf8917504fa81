"""Messages about a new plan: the list of people that it begins with, and a bundle for a machine
without Python.
"""

from __future__ import annotations

from salesplan.findings import Severity
from salesplan.messages import Message

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

MESSAGES: dict[str, Message] = {
    "roster-nothing": Message(
        _E,
        "“{file}”里没有找到人员名单; 看到的是: {seen}。",
        "“{file}” has no list of people; what is there: {seen}.",
        "名单需要一列姓名, 标题如 姓名; 最好还有 部门、直属上级、邮箱。",
        "A list needs a column of names, with a title such as Name; better also Department, Manager, E-mail.",
    ),
    "roster-left": Message(
        _N,
        "{name} 在计划年度之前已离职, 没有列入。",
        "{name} left before the plan year and is not taken.",
        "如果不对, 请在名单里改正离职日或状态。",
        "If that is wrong, correct the leaving date or the status in the list.",
    ),
    "roster-twice": Message(
        _W,
        "{name} 在名单里出现两次 (首次在 {first}), 只列入一次。",
        "{name} is in the list twice (first at {first}) and is taken once.",
        "如果是两个人, 请给各自的工号。",
        "If these are two people, give each a number of their own.",
    ),
    "roster-code-twice": Message(
        _W,
        "工号 {number} 不能用作编码(重复, 或与公司相同); 已另编一个。",
        "The number {number} cannot be a code (it is there twice, or is the company's); another was made.",
        "在组织表里核对编码。",
        "Check the code on the sheet Organization.",
    ),
    "roster-manager-of-several": Message(
        _W,
        "上级“{name}”可能是名单里的几个人, 没有据此分组。",
        "The manager “{name}” may be several people of the list; nothing is read from it.",
        "在名单里写上级的工号或邮箱。",
        "Enter the manager's number or e-mail in the list.",
    ),
    "roster-leaders": Message(
        _N,
        "这些人带团队, 贡献系数填为 0, 自己不分目标: {names}。",
        "These people lead a group; their coefficient is entered as 0, so they get no target of their own: {names}.",
        "自己也背目标的, 在组织表改填系数, 或清空为平均分。",
        "For those who carry a target, enter a coefficient on the sheet Organization, or clear it for an equal share.",
    ),
}
