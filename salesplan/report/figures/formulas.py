"""The report's formulas, in classic functions that every spreadsheet program computes.

Each function takes cell addresses and gives the formula's text without ``=``. Rates are rounded to
12 places and gaps to 10, so that a figure which is exactly at a threshold stays there in binary
floating point.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.status import RateWord
from salesplan.engine.exact.figures import WIDE
from salesplan.plan.model import Light

RATE_PLACES = 12
GAP_PLACES = 10
SUM_PLACES = 6


_STEPS = {places: Decimal(1).scaleb(-places) for places in (RATE_PLACES, GAP_PLACES, SUM_PLACES)}


_CELL = Context(prec=15, rounding=ROUND_HALF_UP)


def to_places(value: Decimal, places: int) -> Decimal:
    """The value as the formulas round it: spreadsheet programs take the 15 digits that a cell shows
    first, so a quotient that ends a hair below a half goes up.
    """
    return _CELL.plus(value).quantize(_STEPS[places], ROUND_HALF_UP, WIDE)


@dataclass(frozen=True, slots=True)
class Formulas:
    """Formula texts in one language: ``names`` are the named cells, ``words`` what stands where no
    number can.

    ``since`` is the cell that says with which month the reported span begins: blank where that is
    the year's first, None where the report month is all of it. Functions that look at a span's
    months take it; without it they look at the year to date.
    """

    names: Mapping[str, str]
    rate_words: Mapping[RateWord, str]
    lights: Mapping[Light, str]
    dash: str
    since: str | None = None

    def at(self, months: str) -> str:
        """The cell of the report month in a row of twelve."""
        return f"INDEX({months},{self.names['report_month']})"

    def to_date(self, months: str, since: str = "") -> str:
        """The range from the span's first month to the report month."""
        return f"{self.first(months, since)}:{self.at(months)}"

    def first(self, months: str, since: str = "") -> str:
        """The cell of the span's first month in a row of twelve."""
        return f"INDEX({months},{since})" if since else months.split(":")[0]

    def counted(self, last: str, since: str = "") -> str:
        """How many months there are from the span's first to the month of that number."""
        return f"{last}-{since}+1" if since else last

    def before(self, reach: str, since: str = "") -> str:
        """Whether figures end before the span begins."""
        return f"{reach}<{since}" if since else f"{reach}=0"

    def month_figure(self, months: str, missing: RateWord) -> str:
        """The report month's figure, or the word for a blank."""
        return f'IF(ISNUMBER({self.at(months)}),{self.at(months)},"{self.rate_words[missing]}")'

    def target_to_date(self, months: str, since: str = "") -> str:
        """Σ of a flow's targets; unknown where one of them is blank."""
        span = self.to_date(months, since)
        count = self.counted(self.names["report_month"], since)
        return (
            f"IF(COUNT({span})={count},ROUND(SUM({span}),{SUM_PLACES}),"
            f'"{self.rate_words[RateWord.NO_TARGET]}")'
        )

    def actual_to_date(self, months: str, since: str = "") -> str:
        """Σ of what was reported of a flow; unknown where nothing was."""
        span = self.to_date(months, since)
        return (
            f'IF(COUNT({span})=0,"{self.rate_words[RateWord.NO_ACTUAL]}",ROUND(SUM({span}),'
            f"{SUM_PLACES}))"
        )

    def latest(self, months: str, since: str = "") -> str:
        """The last figure of the span up to the report month.

        Its place is found without LOOKUP or MATCH, which programs do not agree on where blanks
        stand between.
        """
        first, month = months.split(":")[0], self.names["report_month"]
        place = f"COLUMN({months})-COLUMN({first})+1"
        last = f"SUMPRODUCT(MAX(ISNUMBER({months})*({place}<={month})*({place})))"
        return (
            f'IF(COUNT({self.to_date(months, since)})=0,"{self.rate_words[RateWord.NO_ACTUAL]}",'
            f"INDEX({months},{last}))"
        )

    def ratio_to_date(self, numerators: str, denominators: str, since: str = "") -> str:
        """Σ numerators ÷ Σ denominators up to the report month."""
        above, below = (self.to_date(months, since) for months in (numerators, denominators))
        return (
            f'IF(SUM({below})=0,"{self.rate_words[RateWord.NO_ACTUAL]}",SUM({above})/SUM({below}))'
        )

    def difference(self, actual: str, target: str, *, percent: bool, adds: bool) -> str:
        """Actual − target; of percentages in points."""
        places = SUM_PLACES if adds else GAP_PLACES
        gap = f"ROUND({actual}-{target},{places})"
        if percent:
            gap = f"ROUND(({actual}-{target})/1%,{GAP_PLACES})"
        return f'IF(AND(ISNUMBER({target}),ISNUMBER({actual})),{gap},"{self.dash}")'

    def rate(self, target: str, actual: str, *, sign: int, base: str = "") -> str:
        """Attainment: 1 + s(A − T)/|T|, or (A − B)/(T − B) where ``base`` is given and the
        target better; words where there is no number.
        """
        ahead = f"{actual}-{target}" if sign > 0 else f"{target}-{actual}"
        if base:
            number = f"ROUND(({actual}-{base})/({target}-{base}),{RATE_PLACES})"
            inner = f"IF({target}{'<=' if sign > 0 else '>='}{base},{self._word(ahead)},{number})"
        else:
            inner = (
                f"IF({target}=0,{self._word(ahead)},ROUND(1+({ahead})/ABS({target}),{RATE_PLACES}))"
            )
        return f"IF(ISNUMBER({target}),IF(ISNUMBER({actual}),{inner},{actual}),{target})"

    def running(self, reach: str) -> str:
        """Whether the last reported month is the report month and not over."""
        names = self.names
        return f"AND({reach}={names['report_month']},{names['month_over']}=0)"

    def flow_expected(self, parts: Flow, since: str | None) -> str:
        """E: the targets of the months that are over, of the running one what its rhythm
        expects; ``since`` None: of the report month alone.
        """
        reach, last = parts.reach, parts.last_target
        running = self.running(reach)
        if since is None:
            month = f"{last}*IF({running},{parts.share},1)"
            inner = f'IF(ISNUMBER({last}),{month},"{self.dash}")'
            return f'IF({reach}<{self.names["report_month"]},"{self.dash}",{inner})'
        whole = f"SUM({parts.targets})-IF({running},{last}*(1-{parts.share}),0)"
        count = self.counted(reach, since)
        inner = f'IF(COUNT({parts.targets})={count},{whole},"{self.dash}")'
        return f'IF({self.before(reach, since)},"{self.dash}",{inner})'

    def line_expected(
        self, reach: str, target: str, line: tuple[str, str, str] | None, since: str | None
    ) -> str:
        """E of a level or rate: on the ``line`` (base, target, part of the way), else the last
        reported month's target.
        """
        known, figure = f"ISNUMBER({target})", target
        if line is not None:
            base, goal, share = line
            known = f"AND(ISNUMBER({base}),ISNUMBER({goal}))"
            figure = f"{base}+({goal}-{base})*{share}"
        empty = self.unreported(reach, since)
        return f'IF({empty},"{self.dash}",IF({known},{figure},"{self.dash}"))'

    def pace(self, parts: Measured) -> str:
        """1 + s(A − E)/|E|; but for a line, the rate once all of the span is over and reported."""
        names = self.names
        known = f"AND(ISNUMBER({parts.expected}),ISNUMBER({parts.done}))"
        over = f"AND({parts.reach}={names['report_month']},{names['month_over']}=1)"
        if parts.lined:
            rises = f",ISNUMBER({parts.rate})" if parts.way else ""
            over = f"AND({over},NOT(IF({known},AND({parts.size}<>0{rises}),FALSE)))"
        met, missed = (f'"{self.rate_words[word]}"' for word in (RateWord.MET, RateWord.MISSED))
        waiting = f'"{self.dash}"'
        if parts.sign < 0:
            forbidden = f"AND(ISNUMBER({parts.year}),{parts.year}=0,{parts.done}>0)"
            waiting = f"IF({forbidden},{missed},{waiting})"
        reached = f"IF({parts.ahead}>=0,{met},{missed})"
        nothing = f"IF({self.running(parts.reach)},{waiting},{reached})"
        number = f"ROUND(1+({parts.ahead})/{parts.size},{RATE_PLACES})"
        inner = f"IF({parts.size}=0,{nothing},{number})"
        return f'IF({over},{parts.rate},IF({known},{inner},"{self.dash}"))'

    def unreported(self, reach: str, since: str | None) -> str:
        """Whether nothing of the span is reported; ``since`` None: of the report month."""
        if since is None:
            return f"{reach}<{self.names['report_month']}"
        return self.before(reach, since)

    def status(self, parts: Measured, since: str | None) -> str:
        """The status of a span, as :func:`salesplan.engine.actuals.status.judged` tells
        it; ``since`` None: of the report month alone.
        """
        lights, running = self.lights, self.running(parts.reach)
        grey = f'"{lights[Light.GREY]}"'
        early = [running, f"{self.names['time_progress']}<{self.names['early_until']}"]
        if since is not None:
            early.append(f"{parts.reach}={since or 1}")
        judged = self._of_nothing(parts, running, self._ladder(parts))
        if parts.way:
            judged = f"IF({parts.way},{grey},{judged})"
        judged = f"IF(AND({','.join(early)}),{grey},{judged})"
        blank = f'IF(AND({parts.unreported},ISNUMBER({parts.target})),{grey},"{self.dash}")'
        known = f"AND(ISNUMBER({parts.expected}),ISNUMBER({parts.done}))"
        return f"IF({known},{judged},{blank})"

    def year_status(self, year: Measured, months: str, to_date: str) -> str:
        """The year by its likely landing; grey while that is a rough guide, once over as it
        stands.
        """
        names, grey = self.names, f'"{self.lights[Light.GREY]}"'
        over = f"{year.reach}-IF({self.running(year.reach)},1,0)"
        unsure = f"OR({over}<{names['sure_from']},NOT(ISNUMBER({year.done})))"
        judged = self._of_nothing(year, "1=1", self._ladder(year))
        inner = f"IF({unsure},{grey},{judged})"
        ended = f"{over}=COLUMNS({months})"
        return f'IF(ISNUMBER({year.target}),IF({ended},{to_date},{inner}),"{self.dash}")'

    def used(self, rate: str, actual: str, year: str, of: str, months: str, reach: str) -> str:
        """Where lower is better: what is used of a running year's allowance; once it is over, and
        reported to its end, the rate."""
        over = f"AND({reach}=COLUMNS({months}),{self.names['month_over']}=1)"
        known = f"AND(ISNUMBER({actual}),ISNUMBER({year}))"
        return f'IF(OR({over},NOT({known})),{rate},{actual}&"{of}"&{year})'

    def median(self, *cells: str) -> str:
        """The middle of the numbers among the cells."""
        listed = ",".join(cells)
        return f'IF(COUNT({listed})=0,"{self.dash}",MEDIAN({listed}))'

    def expected(self, months: str, year: str) -> str:
        """应达进度: months over whole, the report month by 时间进度, ÷ the year's
        target.
        """
        span, count = self.to_date(months), self.names["report_month"]
        inner = f'IF({year}=0,"{self.dash}",({self._due(months)})/{year})'
        return f'IF(AND(ISNUMBER({year}),COUNT({span})={count}),{inner},"{self.dash}")'

    def progress_gap(self, actual: str, year: str, expected: str, *, sign: int) -> str:
        """进度差 in percentage points: actual ÷ year's target − 应达进度."""
        gap = f"{'-' if sign < 0 else ''}({actual}-{expected}*{year})/ABS({year})/1%"
        return (
            f"IF(AND(ISNUMBER({expected}),ISNUMBER({actual})),ROUND({gap},{GAP_PLACES}),"
            f'"{self.dash}")'
        )

    def daily_need(self, target: str, actual: str, *, sign: int, missed: str) -> str:
        """日均需完成, or the word that no day is left."""
        left = f"{self.names['days_in_month']}-{self.names['days_elapsed']}"
        short = f"{actual}<{target}" if sign > 0 else f"{actual}>{target}"
        inner = f'IF({left}>0,MAX(0,{target}-{actual})/({left}),IF({short},"{missed}",0))'
        return f'IF(AND(ISNUMBER({target}),ISNUMBER({actual})),{inner},"{self.dash}")'

    def landing_by_pace(self, actuals: str, expected: str, year: str) -> str:
        """A ÷ the part of the year's target that was expected to date; nothing where no actual is
        known.
        """
        known = f"COUNT({actuals})>0,ISNUMBER({expected}),ISNUMBER({year})"
        landing = f"SUM({actuals})*{year}/{expected}"
        inner = f'IF(OR({expected}=0,{year}=0),"{self.dash}",{landing})'
        return f'IF(AND({known}),{inner},"{self.dash}")'

    def landing_by_plan(self, actuals: str, expected: str, year: str) -> str:
        """A + the targets that remain; nothing where no actual is known."""
        known = f"COUNT({actuals})>0,ISNUMBER({expected}),ISNUMBER({year})"
        return f'IF(AND({known}),SUM({actuals})+{year}-{expected},"{self.dash}")'

    def extreme(self, function: str, span: str) -> str:
        """MIN or MAX of the numbers in ``span``."""
        return f'IF(COUNT({span})=0,"{self.dash}",{function}({span}))'

    def score(self, pace: str, status: str, actual: str) -> str:
        """The pace within 0 … cap, of T = 0 100 % or 0; what is grey or not reported is
        not scored.
        """
        words = self.rate_words
        good = f'OR({pace}="{words[RateWord.EXCEEDED]}",{pace}="{words[RateWord.MET]}")'
        scored = (
            f"IF(ISNUMBER({pace}),MAX(0,MIN({pace},{self.names['score_cap']})),"
            f'IF({good},1,IF({pace}="{words[RateWord.MISSED]}",0,"{self.dash}")))'
        )
        left_out = f'OR({status}="{self.lights[Light.GREY]}",NOT(ISNUMBER({actual})))'
        return f'IF({left_out},"{self.dash}",{scored})'

    def weighted(self, weights: str, scores: str) -> str:
        """Σ w·score ÷ Σ w over the scores that are numbers."""
        below = f"SUMPRODUCT({weights},--ISNUMBER({scores}))"
        return (
            f'IF({below}=0,"{self.dash}",ROUND(SUMPRODUCT({weights},{scores})/{below},'
            f"{RATE_PLACES}))"
        )

    def plain_rate(self, target: str, actual: str, *, sign: int) -> str:
        """The level rate beside an improvement's rate: 1 + s(A − T)/|T|."""
        ahead = f"{actual}-{target}" if sign > 0 else f"{target}-{actual}"
        number = f'IF({target}=0,"{self.dash}",ROUND(1+({ahead})/ABS({target}),{RATE_PLACES}))'
        return f'IF(AND(ISNUMBER({target}),ISNUMBER({actual})),{number},"{self.dash}")'

    def rank(self, cell: str, span: str) -> str:
        """The rank of a cell in a span, the largest first; a dash where it holds no number."""
        return f'IF(ISNUMBER({cell}),RANK({cell},{span}),"{self.dash}")'

    def outside(self, pace: str, status: str, words: tuple[str, str]) -> str:
        """Whether a pace asks for an explanation, unless the status is grey: ``words`` for yes and
        no.
        """
        low, high = self.names["explain_low"], self.names["explain_high"]
        asked = f'IF(OR({pace}<{low},{pace}>{high}),"{words[0]}","{words[1]}")'
        counts = f'AND(ISNUMBER({pace}),{status}<>"{self.lights[Light.GREY]}")'
        return f'IF({counts},{asked},"{self.dash}")'

    def share(self, part: str, whole: str) -> str:
        """``part`` ÷ ``whole``, a dash where there is nothing to divide."""
        return (
            f'IF(AND(ISNUMBER({part}),ISNUMBER({whole})),IF({whole}=0,"{self.dash}",ROUND({part}/'
            f'{whole},{RATE_PLACES})),"{self.dash}")'
        )

    def _due(self, months: str) -> str:
        """What is due of the targets: months over whole, the report month by 时间进度."""
        return f"SUM({self.to_date(months)})-{self.at(months)}*(1-{self.names['time_progress']})"

    def _word(self, ahead: str) -> str:
        words = self.rate_words
        return (
            f'IF({ahead}>0,"{words[RateWord.EXCEEDED]}",IF({ahead}=0,"{words[RateWord.MET]}",'
            f'"{words[RateWord.MISSED]}"))'
        )

    def _of_nothing(self, parts: Measured, running: str, judged: str) -> str:
        """The status where nothing was expected, else ``judged``."""
        lights = self.lights
        reached = f'IF({parts.ahead}>=0,"{lights[Light.GREEN]}","{lights[Light.RED]}")'
        waiting = f'IF({running},"{lights[Light.GREY]}",{reached})'
        if parts.sign < 0:
            forbidden = f"AND({parts.year}=0,{parts.done}>0)"
            waiting = f'IF({forbidden},"{lights[Light.RED]}",{waiting})'
        return f"IF({parts.size}=0,{waiting},{judged})"

    def _ladder(self, parts: Measured) -> str:
        """Green, amber, red by the shortfall."""
        lights, names, short, near = self.lights, self.names, parts.short, parts.behind_enough
        green, amber = (f"ROUND(1-{names[key]},{RATE_PLACES})" for key in ("green", "amber"))
        late = f"OR({short}<={amber},{near})" if near else f"{short}<={amber}"
        inner = f'IF({late},"{lights[Light.AMBER]}","{lights[Light.RED]}")'
        return f'IF({short}<={green},"{lights[Light.GREEN]}",{inner})'


@dataclass(frozen=True, slots=True)
class Flow:
    """Cells of a flow's row: how many months are reported, the rhythm's share, targets and actuals
    up to the last of them.
    """

    reach: str
    share: str
    targets: str
    actuals: str
    last_target: str
    last_actual: str


@dataclass(frozen=True, slots=True)
class Measured:
    """An actual held against what was expected, as cells and formulas.

    ``size`` is what the shortfall is a part of, ``lessened`` what the usual swing takes off,
    ``digits`` those that the smallest unit has (None: it does not count), ``way`` the condition
    under which an improvement is too small a number, ``unreported`` that under which nothing is
    reported; ``lined`` says that what is expected lies on a line from a base value.
    """

    sign: int
    reach: str
    done: str
    expected: str
    size: str
    target: str
    year: str
    rate: str = ""
    lessened: str = ""
    digits: int | None = None
    way: str = ""
    unreported: str = ""
    lined: bool = False

    @property
    def ahead(self) -> str:
        """s·(A − E)."""
        return f"{self.done}-{self.expected}" if self.sign > 0 else f"{self.expected}-{self.done}"

    @property
    def behind(self) -> str:
        """s·(E − A)."""
        return f"{self.expected}-{self.done}" if self.sign > 0 else f"{self.done}-{self.expected}"

    @property
    def short(self) -> str:
        """The shortfall as a part of |E|, the usual swing taken off."""
        less = f"-{self.lessened}" if self.lessened else ""
        return f"ROUND(({self.behind}{less})/{self.size},{RATE_PLACES})"

    @property
    def behind_enough(self) -> str:
        """The condition under which the shortfall is under one smallest unit."""
        if self.digits is None:
            return ""
        return f"ROUNDDOWN(ROUND({self.behind},{SUM_PLACES}),{self.digits})<=0"
