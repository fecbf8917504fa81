"""A plan whose every field outside one team holds something found nowhere else, so that a leak
shows as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import count
from typing import TypeVar

from salesplan.plan.model import (
    MICRO,
    Actuals,
    Aim,
    Approval,
    BudgetLine,
    Change,
    Competitor,
    Customer,
    DailyEntry,
    Deal,
    ExchangeRate,
    Framework,
    HelpAnswer,
    Helper,
    HelpReply,
    IssueRow,
    IssueStatus,
    Kpi,
    KpiKind,
    Lesson,
    Level,
    MarketSize,
    Month,
    Plan,
    Product,
    Prospect,
    RateKind,
    Record,
    ReserveDraw,
    SeasonMonth,
    Settings,
    Share,
    SituationEntry,
    Skill,
    SkillLevel,
    Spending,
    SpendKind,
    Strategy,
    SwotStrategy,
    TargetRow,
    Task,
    Tool,
    Trigger,
    TriggerKind,
    Unit,
    WeeklyEntry,
)  # fmt: skip

D = Decimal
R = TypeVar("R", bound=Record)
OWN = "T1"
HELPER = "市场部"
"""Who helps with the team's task: its name is no secret, its address and contact are."""
WORD = "QZX"
"""Every secret text holds it, and a number of its own."""
AMOUNT = 765_000_000
"""Every secret amount is this and some thousands: nine digits that begin alike."""


class Canaries:
    """Texts and amounts that are each used once."""

    def __init__(self) -> None:
        self._number: Iterator[int] = count(1)
        self.words: list[str] = []
        self.amounts: list[Decimal] = []

    def word(self) -> str:
        self.words.append(f"{WORD}{next(self._number):03d}鸟")
        return self.words[-1]

    def amount(self) -> Decimal:
        self.amounts.append(D(AMOUNT + next(self._number) * 1009) / 100)
        return self.amounts[-1]

    def filled(self, record: R, *kept: str) -> R:
        """The record with a canary in each blank text and each blank amount."""
        values: dict[str, object] = {}
        for one in fields(record):
            if (
                one.name in kept
                or one.name in ("origin", "broken")
                or getattr(record, one.name) not in (None, "")
            ):
                continue
            if "Decimal" in str(one.type) and "tuple" not in str(one.type):
                values[one.name] = self.amount()
            elif str(one.type).startswith("str"):
                values[one.name] = self.word()
        return replace(record, **values)


def canary_plan(canaries: Canaries, company_totals: bool = False) -> Plan:
    """One company, the team T1 with its person P1, which are ordinary, and the team, person and
    everything else that are secret.
    """
    c, month = canaries, Month(2026, 3)
    company, team, person = c.word(), c.word(), c.word()
    units = (
        c.filled(
            Unit(code=company, name="", level=Level.COMPANY), "coefficient", "hedge", "parent"
        ),
        Unit(
            code=OWN,
            name="华东",
            level=Level.TEAM,
            parent=company,
            manager="张三",
            email="t1@example.com",
            coefficient=D("0.5"),
        ),
        Unit(code="P1", name="张三", level=Level.PERSON, parent=OWN, email="p1@example.com"),
        c.filled(
            Unit(code=team, name="", level=Level.TEAM, parent=company), "coefficient", "hedge"
        ),
        c.filled(
            Unit(code=person, name="", level=Level.PERSON, parent=team), "coefficient", "hedge"
        ),
    )
    targets = (
        TargetRow(kpi="REV", unit=OWN, manual_year=D(1200), reason="重点"),
        c.filled(TargetRow(kpi="REV", unit=person), "stored_base_year", "stored_year"),
    )
    secret, strategy, shared, line = c.word(), c.word(), "S2", c.word()
    other = c.word()
    day = date(2026, 3, 2)
    tasks = (
        Task(
            code="K1",
            content="客户清单",
            owner="张三",
            strategy="S1",
            start=day,
            due=day + timedelta(10),
            progress=D("0.5"),
            budget="B1",
            skills="谈判:5",
            partners=HELPER,
            requested=day,
        ),
        c.filled(
            Task(
                code=secret,
                content="",
                owner=person,
                strategy=strategy,
                partners=other,
                start=day,
                due=day + timedelta(9),
            ),
            "progress",
            "kpi",
            "weight",
        ),
        Task(
            code="K2",
            content="共同推进",
            owner="P1",
            strategy=shared,
            start=day,
            due=day + timedelta(48),
            progress=D("0.5"),
            skills="谈判:3",
        ),
        c.filled(
            Task(
                code=c.word(),
                content="",
                owner=person,
                strategy=shared,
                start=day,
                due=day + timedelta(9),
            ),
            "progress",
            "kpi",
            "weight",
        ),
    )
    # What several units have a part in, the secret ones among them: a strategy, a review to be
    # mended by another, hand-overs, an owner's change.
    reviews = (
        WeeklyEntry(
            friday=date(2026, 3, 27),
            task="K1",
            planned=D(1),
            actual=D("0.5"),
            cause="资源不足",
            remedy="周三前补齐名单",
            owner="P1",
            due=date(2026, 4, 3),
        ),
        c.filled(WeeklyEntry(friday=date(2026, 3, 20), task="K1", owner=person)),
        c.filled(WeeklyEntry(friday=date(2026, 3, 27), task=secret)),
    )
    own_year = Aim(
        table="targets",
        key=("REV", OWN),
        column="manual_year",
        attribute="manual_year",
        before=D(1200),
        after=D(1100),
    )
    both, moved = (
        c.amount(),
        Aim(
            table="units", key=("P1",), column="parent", attribute="parent", before=OWN, after=team
        ),
    )
    changes = (
        Change(code="G1", subject="K1", field="时间节点", trigger="客户改期"),
        Change(
            code="G2",
            subject=f"REV/{OWN}",
            field="手工年度目标",
            trigger="订单推迟",
            before="1200",
            after="1100",
            notify=(OWN, team, person),
            aim=own_year,
        ),
        c.filled(Change(code=c.word(), subject=secret)),
        c.filled(Change(code=c.word(), subject=f"REV/{team}", notify=(OWN,))),
        c.filled(
            Change(
                code=c.word(),
                subject=f"REV/{OWN}→{team}",
                aim=Aim(table="handover", key=("REV", OWN, team), after=both),
            )
        ),
        c.filled(Change(code=c.word(), subject="P1", field="上级编码", aim=moved)),
        c.filled(Change(code=c.word(), subject="REV", notify=(OWN, "P1"))),
        c.filled(
            Change(
                code=c.word(),
                subject="K1",
                field="负责人",
                aim=Aim(
                    table="tasks",
                    key=("K1",),
                    column="owner",
                    attribute="owner",
                    before="P1",
                    after=person,
                ),
            )
        ),
    )
    return Plan(
        settings=Settings(
            year=2026,
            month=month,
            as_of=date(2026, 3, 31),
            budget_total=c.amount(),
            approvers=(c.word(),),
            mail_domains=("example.com",),
            company_totals=company_totals,
        ),
        units=units,
        kpis=(
            Kpi(
                code="REV",
                name="营收",
                kind=KpiKind.FLOW,
                unit="万元",
                smallest_unit=D("0.01"),
                weight=D(1),
                target=c.amount(),
                floor=c.amount(),
                stretch=c.amount(),
            ),
        ),
        seasonality=tuple(
            SeasonMonth(kpi="REV", month=i, history=(c.amount(), c.amount(), c.amount()))
            for i in range(1, 13)
        ),
        skills=(
            Skill(person="P1", skill="谈判", level=SkillLevel.PROFICIENT),
            c.filled(Skill(person=person, skill="谈判", level=SkillLevel.EXPERT)),
            c.filled(Skill(person=person, skill="")),
        ),
        tools=(
            Tool(tool="样机", owner="P1", task="K1"),
            Tool(tool="报价工具", purpose="现场报价", owner=person, task="K1", user=team),
            Tool(tool="公用展台", owner=person, needed=day),
            c.filled(Tool(tool="", owner=person, task=secret, user=team)),
            c.filled(Tool(tool="", user=person)),
        ),
        targets=targets,
        market=(c.filled(MarketSize(year=2026)),),
        competitors=(c.filled(Competitor(name="")),),
        situation=(
            c.filled(
                SituationEntry(
                    framework=Framework.SWOT, category="", content="", response=SwotStrategy.SO
                )
            ),
            c.filled(
                SituationEntry(
                    framework=Framework.SWOT,
                    category="",
                    content="",
                    response=SwotStrategy.WT,
                    strategy="S1",
                )
            ),
        ),
        strategies=(
            Strategy(
                code="S1",
                dimension="客户",
                content="深耕老客户",
                kpi="REV",
                product="A",
                target_share=c.amount(),
                budget_share=c.amount(),
            ),
            c.filled(Strategy(code=shared, dimension="渠道", content="联合开拓渠道"), "kpi"),
            c.filled(Strategy(code=strategy, dimension="", content=""), "kpi"),
        ),
        tasks=tasks,
        asks_for_help=True,
        helpers=(c.filled(Helper(name=HELPER)), c.filled(Helper(name=other))),
        replies=(
            HelpReply(task="K1", helper=HELPER, answer=HelpAnswer.YES, remark="周四给名单"),
            c.filled(HelpReply(task=secret, helper=other, answer=HelpAnswer.NO)),
        ),
        budget=(
            BudgetLine(
                code="B1",
                category="获客",
                region="华东区",
                task="K1",
                requested=D(12000),
                manual_grant=D(10000),
            ),
            c.filled(BudgetLine(code=line, category="", task=secret)),
            c.filled(BudgetLine(code=c.word(), category="获客"), "task"),
        ),
        category_shares=(
            Share(name="获客", share=D("0.9")),
            Share(name=c.word(), share=D("0.1"), reserve=True),
        ),
        actuals=_actuals(c, person),
        rates=(ExchangeRate(currency="USD", since=date(2026, 1, 1), rate=D("7.3")),),
        at_budget=_actuals(c, person, RateKind.BUDGET),
        deals=(
            Deal(code="O1", unit="P1", kpi="REV", amount=D(300), due=day + timedelta(60)),
            c.filled(
                Deal(code=c.word(), unit=person, kpi="REV", due=day + timedelta(60)), "probability"
            ),
        ),
        customers=(
            Customer(code="C1", name="远山公司", industry="医药", owner=person),
            Customer(code="C2", name="近水公司", kind="重点客户", owner="P1"),
            c.filled(Customer(code=c.word(), name="", owner=person)),
            c.filled(Customer(code=c.word(), name="")),
        ),
        products=(
            Product(
                code="GOODS",
                name="滤芯",
                list_price=D(2),
                margin=c.amount(),
                capacity_month=c.amount(),
                capacity_quarter=c.amount(),
            ),
        ),
        prospects=(
            Prospect(unit="P1", month=month, count=4, quality="A"),
            c.filled(Prospect(unit=person, month=month)),
            c.filled(Prospect(unit=team, month=month, count=9)),
        ),
        spending=(
            Spending(day=day, budget="B1", kind=SpendKind.SPENT, amount=D(2500)),
            c.filled(Spending(day=day, budget=line, kind=SpendKind.SPENT, amount=c.amount())),
        ),
        draws=(
            ReserveDraw(
                day=day,
                reason=c.word(),
                amount=c.amount(),
                applicant=c.word(),
                approver=c.word(),
                status=Approval.APPROVED,
            ),
        ),
        daily=(
            DailyEntry(day=day, person="张三", done="拜访"),
            c.filled(DailyEntry(day=day, person=person)),
        ),
        weekly=reviews,
        changes=changes,
        issues=(
            IssueRow(code=f"KPI:REV:{OWN}", cause="新人未到岗", status=IssueStatus.OPEN),
            c.filled(IssueRow(code=f"KPI:REV:{person}")),
            c.filled(IssueRow(code=f"TASK:{secret}")),
            c.filled(IssueRow(code=f"BUDGET:{line}")),
            c.filled(IssueRow(code=f"KPI:REV:{company}")),
        ),
        lessons=(
            c.filled(Lesson(period="", topic="")),
            c.filled(Lesson(period="2025-Q1", topic="", shared=(team, person))),
            Lesson(
                period="2025-Q1",
                topic="客户清单",
                lesson="带决策人",
                tags="客户清单",
                shared=(OWN, team),
            ),
        ),
        triggers=(
            Trigger(
                code="W1",
                kind=TriggerKind.PACE_LOW,
                subject=f"REV/{OWN}",
                threshold=D(9),
                owner=person,
                remark=c.word(),
            ),
            c.filled(Trigger(code="W2", kind=TriggerKind.TASK_LATE), "subject", "threshold"),
            c.filled(Trigger(code="W3", kind=TriggerKind.CUSTOMER_LOST, threshold=D(0)), "subject"),
            c.filled(Trigger(code="", kind=TriggerKind.PACE_LOW, subject=person, threshold=D(9))),
            c.filled(Trigger(code="W4", kind=TriggerKind.BUDGET_OVER), "subject", "threshold"),
        ),
    )


def _actuals(c: Canaries, person: str, basis: RateKind = RateKind.ACTUAL) -> Actuals:
    """Three months of each; then a deal that both share, and one of each in dollars."""
    months = [Month(2026, i) for i in (1, 2, 3, 1, 2, 3, 2, 2, 1, 1)]
    owners = ["P1"] * 3 + [person] * 3 + ["P1", person] * 2
    own = [owner == "P1" for owner in owners]
    plain, dollars = len(owners) - 2, ["USD", "USD"]
    return Actuals(
        rows=[2, 3, 4, 5, 6, 7, 8, 8, 9, 10],
        day=[month.first for month in months],
        month=months,
        unit=owners,
        kpi=["REV"] * len(owners),
        product=["A" if mine else c.word() for mine in own],
        region=["华东区" if mine else c.word() for mine in own],
        customer=["远山公司" if mine else c.word() for mine in own],
        channel=["直销" if mine else c.word() for mine in own],
        quantity=[3 * MICRO if mine else int(c.amount() * MICRO) for mine in own],
        value=[95 * MICRO if mine else int(c.amount() * MICRO) for mine in own],
        numerator=[None] * len(owners),
        denominator=[None] * len(owners),
        currency=[""] * plain + dollars,
        given=[None] * plain + [13 * MICRO, int(c.amount() * MICRO)],
        share=[None] * 6 + [Fraction(3, 5), Fraction(2, 5), None, None],
        basis=basis,
    )
