"""The answers that begin a plan: given as options, else asked in a terminal.

Each answer is read by one function, whoever gives it; what cannot be used is refused with the
reason, and asked again where a person is asked.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from salesplan import app
from salesplan.cli.language import refusal
from salesplan.dataclass import dataclass, field, replace
from salesplan.wording import Both, either

if TYPE_CHECKING:
    from salesplan.plan.adopt.roster import Roster
    from salesplan.plan.model import Level
    from salesplan.template.menu import MenuKpi, Money
    from salesplan.template.trades import Trade

Read = TypeVar("Read")
Command = TypeVar("Command", bound=Callable[..., Any])

LISTS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv", ".txt"})
"""Endings of files that may hold a list of people."""
_LONGEST = 80
"""Letters of a company's name."""
TRADES = ("software", "fmcg")
TREES = ("team-person", "team-department-person", "person", "team")


class Unfit(Exception):  # noqa: N818 (an answer, no error of the program)
    """An answer that cannot be used, and why, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.why = Both(zh, en)


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line says, each answer as it was typed; None where it is open."""

    lang: str | None = None
    company: str | None = None
    year: int | None = None
    fiscal_start: int | None = None
    trade: str | None = None
    levels: str | None = None
    people: Path | None = None
    kpis: str | None = None
    money: str | None = None
    country: str | None = None

    @property
    def anything(self) -> bool:
        """Whether an answer is given that a plain template does not take."""
        asked = (self.company, self.trade, self.levels, self.people, self.kpis, self.money)
        return any(one is not None for one in (*asked, self.country))


@dataclass(frozen=True, slots=True)
class Answered:
    """All answers, read."""

    lang: str
    company: str
    year: int
    fiscal_start: int
    trade: Trade | None
    levels: tuple[Level, ...]
    kpis: tuple[MenuKpi, ...]
    money: Money
    country: str
    roster: Roster | None = field(default=None)


def options(command: Command) -> Command:
    """The answers as options of a command."""
    for one in reversed(_OPTIONS):
        command = one(command)
    return command


_OPTIONS = (
    click.option("--company", help="The company's name. 公司名称。"),
    click.option(
        "--year",
        type=click.IntRange(1990, 2999),
        help="Plan year 计划年度 (default: this year, 2026 for the example).",
    ),
    click.option(
        "--fiscal-start",
        type=click.IntRange(1, 12),
        metavar="MONTH",
        help="First month of the fiscal year 财年起始月 (default: 1, January).",
    ),
    click.option(
        "--trade",
        type=click.Choice(TRADES),
        help="With KPIs, seasons, tasks and budget categories of a trade. 行业模板。",
    ),
    click.option("--levels", type=click.Choice(TREES), help="Levels below the company. 组织层级。"),
    click.option(
        "--from",
        "people",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        metavar="LIST",
        help="The organisation from a list of people, .xlsx or .csv, in any shape; or next year's "
        "plan from this year's master. 人员名单, 或上一年度的主计划。",
    ),
    click.option(
        "--kpis",
        metavar="CODE,CODE",
        help="KPIs by code or name, such as REV,NEW,COLR; `start` lists them. 指标。",
    ),
    click.option(
        "--money",
        metavar="UNIT",
        help="What amounts are in: 元, 万元 (10k CNY), or a currency such as USD. 金额单位。",
    ),
    click.option("--country", metavar="CODE", help="Whose working days, such as CN, US. 国家。"),
    click.option("--lang", type=click.Choice(["zh", "en"]), help="Language 语言 (default: zh)."),
)


# -- one way to read each answer


def language(text: str) -> str:
    """zh or en. Raises Unfit."""
    said = text.strip().lower()
    if said in ("1", "zh", "中文", "cn"):
        return "zh"
    if said in ("2", "en", "english"):
        return "en"
    raise Unfit("请答 1 (中文) 或 2 (English)", "answer 1 (中文) or 2 (English)")


def company_name(text: str) -> str:
    """A company's name. Raises Unfit."""
    name = " ".join(text.split())
    if not name or len(name) > _LONGEST or not name.isprintable():
        raise Unfit(f"名称须有 1 至 {_LONGEST} 个字", f"a name has 1 to {_LONGEST} letters")
    return name


def plan_year(text: str) -> int:
    """A year. Raises Unfit."""
    return _number(text, 1990, 2999, Both("年份如 2026", "a year is written 2026"))


def first_month(text: str) -> int:
    """A month's number. Raises Unfit."""
    return _number(text, 1, 12, Both("月份是 1 至 12 的数字", "a month is a number from 1 to 12"))


def _number(text: str, least: int, most: int, why: Both[str]) -> int:
    said = text.strip().rstrip("年月")
    if not said.isdecimal() or not least <= int(said) <= most:
        raise Unfit(why.zh, why.en)
    return int(said)


def trade(text: str) -> Trade | None:
    """A trade by its number, word or name; None for none. Raises Unfit."""
    from salesplan.template.trades import TRADES as KNOWN

    said = text.strip().lower()
    if said in ("", "0", "none", "无"):
        return None
    for number, one in enumerate(KNOWN.values(), 1):
        if said in (str(number), one.key, one.name.zh, one.name.en.lower()):
            return one
    raise Unfit(f"请答 0 至 {len(KNOWN)} 的编号", f"answer with a number from 0 to {len(KNOWN)}")


def levels(text: str) -> tuple[Level, ...]:
    """The levels by their number or word. Raises Unfit."""
    from salesplan.template.starting import TREES as KNOWN

    said = text.strip().lower()
    for number, (word, found) in enumerate(KNOWN.items(), 1):
        if said in (str(number), word):
            return found
    raise Unfit(
        f"请答 1 至 {len(KNOWN)} 的编号, 或人员名单的文件名",
        f"answer with a number from 1 to {len(KNOWN)}, or the file of a list of people",
    )


def kpis(text: str, menu: Sequence[MenuKpi]) -> tuple[MenuKpi, ...]:
    """KPIs by number (3, 1-5), code or name, in the menu's order. Raises Unfit that names what is
    unknown.
    """
    from salesplan.plan.normalize import by_word, folded

    known = by_word({one: _words(one) for one in menu})
    chosen: list[MenuKpi] = []
    for word in re.split(r"[,，、;；]", text):
        said = folded(word)
        span = re.fullmatch(r"(\d+)\s*[-–~]\s*(\d+)", said)
        numbers = range(int(span[1]), int(span[2]) + 1) if span else ()
        if said in known:
            chosen.append(known[said])
        elif said.isdecimal() and 1 <= int(said) <= len(menu):
            chosen.append(menu[int(said) - 1])
        elif numbers and numbers[0] >= 1 and numbers[-1] <= len(menu):
            chosen += [menu[at - 1] for at in numbers]
        elif said:
            codes = ", ".join(one.code for one in menu)
            raise Unfit(
                f"没有指标“{word.strip()}”; 可答编号 1 至 {len(menu)}, 或 {codes}",
                f"there is no KPI “{word.strip()}”; answer with numbers from 1 to {len(menu)}, or "
                f"{codes}",
            )
    if not chosen:
        raise Unfit("至少选一个指标", "choose one KPI at least")
    return tuple(one for one in menu if one in chosen)


def _words(one: MenuKpi) -> tuple[str, ...]:
    return one.code, one.name.zh, one.name.en


def money(text: str) -> Money:
    """What amounts are in: 1 or 元, 2 or 万元, or a currency. Raises Unfit."""
    from salesplan.plan.model import AmountUnit
    from salesplan.plan.model.currencies import CODES, currency
    from salesplan.template.menu import Money

    said = " ".join(text.split())
    if said in ("2", "万元", "万") or said.lower() in ("10k cny", "10k", "wan"):
        return Money(unit=AmountUnit.WAN)
    code = "CNY" if said in ("1", "元") else currency(said, "CNY")
    if code not in CODES:
        raise Unfit(
            f"不认识“{said}”; 请答 1 (元)、2 (万元), 或货币代码, 如 USD",
            f"“{said}” is no currency; answer 1 (CNY), 2 (10k CNY), or a code such as USD",
        )
    return Money(code)


def country(text: str) -> str:
    """A country's code of two letters. Raises Unfit."""
    if not re.fullmatch(r"[A-Za-z]{2}", text.strip()):
        raise Unfit("国家代码是两个字母, 如 CN", "a country is a code of two letters, such as US")
    return text.strip().upper()


# -- all answers of a command line


def answered(given: Given) -> Answered:
    """The answers with the default where one is open. Raises click.UsageError where one cannot be
    used, SalesplanError where the list of people cannot be read.
    """
    from salesplan.plan.settings import fiscal_year
    from salesplan.template.menu import Money
    from salesplan.template.starting import LEVELS, menu

    lang = given.lang or "zh"
    start = given.fiscal_start or 1
    of_trade = _taken(trade, given.trade, "--trade")
    choice = menu(of_trade)
    usual = of_trade.kpis if of_trade is not None else choice[:1]
    year = given.year or fiscal_year(date.today(), start)
    company = _taken(company_name, given.company, "--company") or ""
    found = Answered(
        lang,
        company,
        year,
        start,
        of_trade,
        _taken(levels, given.levels, "--levels") or LEVELS[0],
        _taken(lambda text: kpis(text, choice), given.kpis, "--kpis") or tuple(usual),
        _taken(money, given.money, "--money") or Money(),
        _taken(country, given.country, "--country") or "",
    )
    if given.people is None:
        return found
    return replace(found, roster=_roster(given.people, found))


def refuse_both(given: Given) -> None:
    """Raise click.UsageError where the levels are given twice: by name, and by a list of people."""
    if given.levels is not None and given.people is not None:
        raise click.UsageError(
            refusal(
                "--levels 和 --from 只能用一个: 有名单时, 层级由名单决定",
                "use --levels or --from, not both: a list of people says the levels itself",
            )
        )


def refuse_beside_master(given: Given) -> None:
    """Raise click.UsageError where answers are given that last year's master has itself."""
    held = (
        (given.company, "--company"),
        (given.fiscal_start, "--fiscal-start"),
        (given.trade, "--trade"),
        (given.levels, "--levels"),
        (given.kpis, "--kpis"),
        (given.money, "--money"),
        (given.country, "--country"),
    )
    options = ", ".join(option for value, option in held if value is not None)
    if options:
        raise click.UsageError(
            refusal(
                f"{options}: 上一年度的主计划里已有, 请去掉; 建好后可在工作簿里改",
                f"{options}: last year's master says it itself; leave it out, and change it in the "
                "new workbook",
            )
        )


def _roster(path: Path, said: Answered) -> Roster:
    first_day = date(said.year, said.fiscal_start, 1)
    return app.people_of(path, first_day, company=said.company, lang=said.lang)


def _taken(read: Callable[[str], Read], text: str | None, option: str) -> Read | None:
    if text is None:
        return None
    try:
        return read(text)
    except Unfit as unfit:
        raise click.UsageError(f"{option}: {refusal(unfit.why.zh, unfit.why.en)}") from None


# -- asking


def asked(given: Given) -> Given:
    """The answers, the open ones asked one after another in a terminal. Raises click.Abort where
    the person breaks off.
    """
    lang = given.lang or _ask(
        "1/7 语言 Language: 1 中文, 2 English", _own_language(), language, "en"
    )
    say = _Asking(lang)
    given = replace(given, lang=lang)
    if given.company is None:
        said = say.question(Both("2/7 公司名称", "2/7 Company name"), "", company_name)
        given = replace(given, company=said)
    if given.year is None:
        given = replace(given, year=say.year())
    if given.fiscal_start is None:
        text = Both("    财年从几月开始", "    The fiscal year begins in month")
        given = replace(given, fiscal_start=say.question(text, "1", first_month))
    if given.trade is None:
        given = replace(given, trade=say.trade())
    if given.levels is None and given.people is None:
        given = say.organisation(given)
    if given.kpis is None:
        given = replace(given, kpis=say.kpis(trade(given.trade or "0")))
    if given.money is None:
        given = replace(given, money=say.money())
    return given


def _own_language() -> str:
    """The language of the account, as its environment names it."""
    names = [os.environ.get(one, "") for one in ("LC_ALL", "LC_MESSAGES", "LANG")]
    first = next((one for one in names if one), "zh")
    return "2" if first.lower().startswith("en") else "1"


def _ask(text: str, default: str, read: Callable[[str], Read], lang: str) -> Read:
    """What a person answers, asked again with the reason until it can be used."""
    while True:
        said = click.prompt(text, default=default, show_default=bool(default), err=True)
        try:
            return read(said)
        except Unfit as unfit:
            click.secho(f"  {unfit.why.of(lang)}", fg="yellow", err=True)


class _Asking:
    """The questions in one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def question(self, text: Both[str], default: str, read: Callable[[str], Read]) -> Read:
        """One question, in words."""
        return _ask(text.of(self.lang), default, read, self.lang)

    def listed(self, title: Both[str], lines: Sequence[str]) -> None:
        """What there is to choose from."""
        click.echo(title.of(self.lang), err=True)
        for line in lines:
            click.echo(f"    {line}", err=True)

    def year(self) -> int:
        """The plan year; today's is proposed."""
        return self.question(
            Both("3/7 计划年度", "3/7 Plan year"), str(date.today().year), plan_year
        )

    def trade(self) -> str:
        """The trade's word; "0" for none."""
        from salesplan.template.trades import TRADES as KNOWN

        lines = [either(self.lang, "0 不用行业模板", "0 none of these")]
        lines += [f"{at} {one.name.of(self.lang)}" for at, one in enumerate(KNOWN.values(), 1)]
        self.listed(
            Both(
                "4/7 行业模板: 指标、季节、任务和预算类别",
                "4/7 A trade's KPIs, seasons, tasks and budget",
            ),
            lines,
        )
        found = self.question(Both("    行业", "    Trade"), "0", trade)
        return found.key if found is not None else "0"

    def organisation(self, given: Given) -> Given:
        """The levels, or the file of a list of people, which is read at once."""
        from salesplan.template.starting import TREES as KNOWN

        lines = [f"{at} {self._tree(found)}" for at, found in enumerate(KNOWN.values(), 1)]
        self.listed(Both("5/7 组织有哪些层级", "5/7 Levels of the organisation"), lines)
        text = Both(
            "    编号, 或人员名单的文件名 (.xlsx .csv)",
            "    Number, or the file of a list of people (.xlsx, .csv)",
        )
        found = self.question(text, "1", lambda said: self._levels_or_list(said, given))
        if isinstance(found, Path):
            return replace(given, people=found)
        return replace(given, levels=found)

    def _tree(self, levels: Sequence[Level]) -> str:
        from salesplan.plan.schema import label

        return " → ".join(label(level, self.lang) for level in levels)

    def _levels_or_list(self, text: str, given: Given) -> str | Path:
        from salesplan.findings import SalesplanError
        from salesplan.messages import text as sentence
        from salesplan.template.starting import TREES as KNOWN

        path = Path(text.strip().strip("'\""))
        if path.suffix.lower() in LISTS:
            if not path.is_file():
                raise Unfit(f"没有文件 {path}", f"there is no file {path}")
            try:
                answered(replace(given, people=path))
            except SalesplanError as error:
                raise Unfit(sentence(error.finding, "zh"), sentence(error.finding, "en")) from error
            return path
        chosen = levels(text)
        return next(word for word, found in KNOWN.items() if found == chosen)

    def kpis(self, of_trade: Trade | None) -> str:
        """The codes of the KPIs, chosen from a menu that explains their kinds."""
        from salesplan.plan.schema import label
        from salesplan.template.menu import KINDS
        from salesplan.template.starting import menu

        choice = menu(of_trade)
        lines = [
            f"{at:>2} {one.code:<6}{one.name.of(self.lang)} - {label(one.kind, self.lang)}: "
            f"{KINDS[one.kind].of(self.lang)}"
            for at, one in enumerate(choice, 1)
        ]
        self.listed(Both("6/7 考核哪些指标", "6/7 KPIs to plan"), lines)
        default = f"1-{len(of_trade.kpis)}" if of_trade is not None else "1"
        text = Both("    编号, 如 1,3,5 或 1-4", "    Numbers, such as 1,3,5 or 1-4")
        found = self.question(text, default, lambda said: kpis(said, choice))
        return ",".join(one.code for one in found)

    def money(self) -> str:
        """The unit of amounts as it can be typed again."""
        text = Both(
            "7/7 金额单位: 1 元, 2 万元, 或货币代码如 USD",
            "7/7 Amounts are in: 1 CNY, 2 10k CNY, or a code such as USD",
        )
        return self.question(text, either(self.lang, "2", "1"), _as_typed)


def left_open(given: Given, lang: str) -> list[str]:
    """The options of answers that nobody gave, each with an example: what a pipe has to be told."""
    wanted = (
        (given.company, "--company", either(lang, "远帆", "Acme")),
        (given.levels or given.people, "--levels", TREES[0]),
        (given.kpis or given.trade, "--kpis", "REV,NEW"),
        (given.money, "--money", either(lang, "万元", "USD")),
        (given.lang, "--lang", lang),
    )
    return [f"{option} {example}" for value, option, example in wanted if value is None]


def _as_typed(text: str) -> str:
    money(text)
    return text.strip()
