"""The report's formulas, in classic functions that every spreadsheet program computes.

Each function takes cell addresses and gives the formula's text without ``=``. Rates are rounded to
12 places and gaps to 10, so that a figure which is exactly at a threshold stays there in binary
floating point.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from salesplan.engine.exact.figures import WIDE
from salesplan.engine.results import RateWord
from salesplan.plan.model import Light

RATE_PLACES = 12
GAP_PLACES = 10
SUM_PLACES = 6


_STEPS = {places: Decimal(1).scaleb(-places) for places in (RATE_PLACES, GAP_PLACES, SUM_PLACES)}


def to_places(value: Decimal, places: int) -> Decimal:
    """The value as the formulas round it."""
    return value.quantize(_STEPS[places], ROUND_HALF_UP, WIDE)


@dataclass(frozen=True, slots=True)
class Formulas:
    """Formula texts in one language: ``names`` are the named cells, ``words`` what stands where no number can."""

    names: Mapping[str, str]
    rate_words: Mapping[RateWord, str]
    lights: Mapping[Light, str]
    dash: str

    def at(self, months: str) -> str:
        """The cell of the report month in a row of twelve."""
        return f"INDEX({months},{self.names['report_month']})"

    def to_date(self, months: str) -> str:
        """The range from the year's first month to the report month."""
        return f"{months.split(':')[0]}:{self.at(months)}"

    def month_figure(self, months: str, missing: RateWord) -> str:
        """The report month's figure, or the word for a blank."""
        return f'IF(ISNUMBER({self.at(months)}),{self.at(months)},"{self.rate_words[missing]}")'

    def target_to_date(self, months: str) -> str:
        """Σ of a flow's targets; unknown where one of them is blank."""
        span, count = self.to_date(months), self.names["report_month"]
        return f'IF(COUNT({span})={count},ROUND(SUM({span}),{SUM_PLACES}),"{self.rate_words[RateWord.NO_TARGET]}")'

    def actual_to_date(self, months: str) -> str:
        """Σ of what was reported of a flow; unknown where nothing was."""
        span = self.to_date(months)
        return f'IF(COUNT({span})=0,"{self.rate_words[RateWord.NO_ACTUAL]}",ROUND(SUM({span}),{SUM_PLACES}))'

    def latest(self, months: str) -> str:
        """The last figure up to the report month.

        Its place is found without LOOKUP or MATCH, which programs do not agree on where blanks stand between.
        """
        first, month = months.split(":")[0], self.names["report_month"]
        place = f"COLUMN({months})-COLUMN({first})+1"
        last = f"SUMPRODUCT(MAX(ISNUMBER({months})*({place}<={month})*({place})))"
        return f'IF(COUNT({self.to_date(months)})=0,"{self.rate_words[RateWord.NO_ACTUAL]}",INDEX({months},{last}))'

    def ratio_to_date(self, numerators: str, denominators: str) -> str:
        """Σ numerators ÷ Σ denominators up to the report month."""
        above, below = self.to_date(numerators), self.to_date(denominators)
        return (
            f'IF(SUM({below})=0,"{self.rate_words[RateWord.NO_ACTUAL]}",SUM({above})/SUM({below}))'
        )

    def difference(self, actual: str, target: str, *, percent: bool, adds: bool) -> str:
        """Actual − target; of percentages in points."""
        gap = (
            f"ROUND(({actual}-{target})/1%,{GAP_PLACES})"
            if percent
            else f"ROUND({actual}-{target},{SUM_PLACES if adds else GAP_PLACES})"
        )
        return f'IF(AND(ISNUMBER({target}),ISNUMBER({actual})),{gap},"{self.dash}")'

    def rate(self, target: str, actual: str, *, sign: int, base: str = "") -> str:
        """Completion rate (SPEC 5): 1 + s(A − T)/|T|, or (A − B)/(T − B) where ``base`` is given and the target better; words where there is no number."""
        ahead = f"{actual}-{target}" if sign > 0 else f"{target}-{actual}"
        if base:
            number = f"ROUND(({actual}-{base})/({target}-{base}),{RATE_PLACES})"
            inner = f"IF({target}{'<=' if sign > 0 else '>='}{base},{self._word(ahead)},{number})"
        else:
            inner = (
                f"IF({target}=0,{self._word(ahead)},ROUND(1+({ahead})/ABS({target}),{RATE_PLACES}))"
            )
        return f"IF(ISNUMBER({target}),IF(ISNUMBER({actual}),{inner},{actual}),{target})"

    def light(self, rate: str, gap: str, *, always_gap: bool = False) -> str:
        """The light: by the progress gap in a running month (or always), else by the rate (SPEC 5)."""
        words, names = self.rate_words, self.names
        judged = ",".join(
            [
                f"ISNUMBER({rate})",
                *(
                    f'{rate}="{words[word]}"'
                    for word in (RateWord.EXCEEDED, RateWord.MET, RateWord.MISSED)
                ),
            ]
        )
        by_gap = self._ladder(gap, names["gap_green"], names["gap_yellow"])
        by_rate = self._ladder(rate, names["green"], names["yellow"])
        by_word = f'IF({rate}="{words[RateWord.MISSED]}","{self.lights[Light.RED]}","{self.lights[Light.GREEN]}")'
        counts = (
            f"ISNUMBER({gap})" if always_gap else f"AND({names['month_closed']}=0,ISNUMBER({gap}))"
        )
        return f'IF(OR({judged}),IF({counts},{by_gap},IF(ISNUMBER({rate}),{by_rate},{by_word})),"{self.dash}")'

    def expected(self, months: str, year: str) -> str:
        """应达进度 (SPEC 6): closed months whole, the report month by 时间进度, ÷ the year's target."""
        span, count = self.to_date(months), self.names["report_month"]
        inner = f'IF({year}=0,"{self.dash}",({self._due(months)})/{year})'
        return f'IF(AND(ISNUMBER({year}),COUNT({span})={count}),{inner},"{self.dash}")'

    def progress_gap(self, actual: str, year: str, expected: str, *, sign: int) -> str:
        """进度差 in percentage points: actual ÷ year's target − 应达进度."""
        gap = f"{'-' if sign < 0 else ''}({actual}-{expected}*{year})/ABS({year})/1%"
        return f'IF(AND(ISNUMBER({expected}),ISNUMBER({actual})),ROUND({gap},{GAP_PLACES}),"{self.dash}")'

    def daily_need(self, target: str, actual: str, *, sign: int, closed: str) -> str:
        """日均需完成 (SPEC 6), or the word that no day is left."""
        left = f"{self.names['days_in_month']}-{self.names['days_elapsed']}"
        short = f"{actual}<{target}" if sign > 0 else f"{actual}>{target}"
        inner = f'IF({left}>0,MAX(0,{target}-{actual})/({left}),IF({short},"{closed}",0))'
        return f'IF(AND(ISNUMBER({target}),ISNUMBER({actual})),{inner},"{self.dash}")'

    def landing_by_pace(self, actual: str, expected: str) -> str:
        return f'IF(AND(ISNUMBER({actual}),ISNUMBER({expected})),IF({expected}=0,"{self.dash}",{actual}/{expected}),"{self.dash}")'

    def landing_by_plan(self, actual: str, months: str, year: str) -> str:
        known = f"ISNUMBER({actual}),ISNUMBER({year}),COUNT({self.to_date(months)})={self.names['report_month']}"
        return f'IF(AND({known}),{actual}+{year}-({self._due(months)}),"{self.dash}")'

    def extreme(self, function: str, span: str) -> str:
        """MIN or MAX of the numbers in ``span``."""
        return f'IF(COUNT({span})=0,"{self.dash}",{function}({span}))'

    def score(self, rate: str) -> str:
        """The rate within 0 … cap; of T = 0: 100 % or 0 (SPEC 5)."""
        words = self.rate_words
        good = f'OR({rate}="{words[RateWord.EXCEEDED]}",{rate}="{words[RateWord.MET]}")'
        return (
            f"IF(ISNUMBER({rate}),MAX(0,MIN({rate},{self.names['score_cap']})),"
            f'IF({good},1,IF({rate}="{words[RateWord.MISSED]}",0,"{self.dash}")))'
        )

    def weighted(self, weights: str, scores: str) -> str:
        """Σ w·score ÷ Σ w over the scores that are numbers."""
        below = f"SUMPRODUCT({weights},--ISNUMBER({scores}))"
        return f'IF({below}=0,"{self.dash}",ROUND(SUMPRODUCT({weights},{scores})/{below},{RATE_PLACES}))'

    def plain_rate(self, target: str, actual: str, *, sign: int) -> str:
        """The level rate beside an improvement's rate: 1 + s(A − T)/|T|."""
        ahead = f"{actual}-{target}" if sign > 0 else f"{target}-{actual}"
        number = f'IF({target}=0,"{self.dash}",ROUND(1+({ahead})/ABS({target}),{RATE_PLACES}))'
        return f'IF(AND(ISNUMBER({target}),ISNUMBER({actual})),{number},"{self.dash}")'

    def rank(self, cell: str, span: str) -> str:
        return f'IF(ISNUMBER({cell}),RANK({cell},{span}),"{self.dash}")'

    def outside(self, rate: str, words: tuple[str, str]) -> str:
        """Whether a rate asks for an explanation: ``words`` for yes and no."""
        low, high = self.names["explain_low"], self.names["explain_high"]
        return f'IF(ISNUMBER({rate}),IF(OR({rate}<{low},{rate}>{high}),"{words[0]}","{words[1]}"),"{self.dash}")'

    def share(self, part: str, whole: str) -> str:
        """``part`` ÷ ``whole``, a dash where there is nothing to divide."""
        return f'IF(AND(ISNUMBER({part}),ISNUMBER({whole})),IF({whole}=0,"{self.dash}",ROUND({part}/{whole},{RATE_PLACES})),"{self.dash}")'

    def _due(self, months: str) -> str:
        """What is due of the targets: closed months whole, the report month by 时间进度."""
        return f"SUM({self.to_date(months)})-{self.at(months)}*(1-{self.names['time_progress']})"

    def _word(self, ahead: str) -> str:
        words = self.rate_words
        return f'IF({ahead}>0,"{words[RateWord.EXCEEDED]}",IF({ahead}=0,"{words[RateWord.MET]}","{words[RateWord.MISSED]}"))'

    def _ladder(self, cell: str, green: str, yellow: str) -> str:
        lights = self.lights
        return f'IF({cell}>={green},"{lights[Light.GREEN]}",IF({cell}>={yellow},"{lights[Light.YELLOW]}","{lights[Light.RED]}"))'
