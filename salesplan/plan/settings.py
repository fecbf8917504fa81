"""The 设置 table: names and values to :class:`~salesplan.plan.model.Settings`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from salesplan.dataclass import dataclass, field_names
from salesplan.findings import Finding, Place
from salesplan.plan.header_checks import differs, unit_differs
from salesplan.plan.model import AmountUnit, Origin, Settings
from salesplan.plan.model.currencies import home_of
from salesplan.plan.normalize import folded
from salesplan.plan.parse import parse
from salesplan.plan.parse_text import EPOCH_1900, Bad, Reading, as_text, refuse
from salesplan.plan.schema import RETIRED_SETTINGS, SETTINGS, Setting
from salesplan.wording import either
from salesplan.workbook.read.cells import CellValue
from salesplan.workbook.read.headers import called, normal
from salesplan.workbook.read.tables import FoundTable


def _by_name() -> Mapping[str, Setting]:
    found: dict[str, Setting] = {}
    for one in SETTINGS:
        found |= dict.fromkeys(map(normal, (one.zh, one.en, *one.aliases)), one)
    return found


_BY_NAME = _by_name()
_RETIRED = frozenset(normal(name) for name in RETIRED_SETTINGS)


def setting_called(text: str) -> Setting | None:
    """The setting of that name, in either language, with a unit or a colon behind it or not."""
    return _BY_NAME.get(called(text, _BY_NAME))


_LIMITS: Mapping[str, tuple[Decimal, Decimal]] = {
    "year": (Decimal(1990), Decimal(2100)),
    "fiscal_start": (Decimal(1), Decimal(12)),
    "cross_department_days": (Decimal(0), Decimal(60)),
    "technical_days": (Decimal(0), Decimal(60)),
    "reply_days": (Decimal(0), Decimal(60)),
    "reserve_share": (Decimal(0), Decimal(1)),
    "budget_total": (Decimal(0), Decimal(10**15)),
    "green": (Decimal(0), Decimal(5)),
    "amber": (Decimal(0), Decimal(5)),
    "swing": (Decimal(0), Decimal(1)),
    "stale_days": (Decimal(1), Decimal(3650)),
    "repurchase_days": (Decimal(0), Decimal(3650)),
    "execution_met": (Decimal(0), Decimal(5)),
    "kpi_met": (Decimal(0), Decimal(5)),
    "high_margin_from": (Decimal(-1), Decimal(1)),
    "score_cap": (Decimal(1), Decimal(5)),
    "detail_limit": (Decimal(0), Decimal(1_000_000)),
}
_LANGUAGES = {
    "zh": "zh",
    "zh-cn": "zh",
    "中文": "zh",
    "汉语": "zh",
    "chinese": "zh",
    "en": "en",
    "english": "en",
    "英文": "en",
    "英语": "en",
}


@dataclass(frozen=True, slots=True)
class Given:
    """What the settings sheet says: values by key, their cells and names, and which could not be
    read.
    """

    values: Mapping[str, object]
    places: Mapping[str, Place]
    names: Mapping[str, str]
    """Each setting's name as it was typed."""
    broken: frozenset[str]
    findings: tuple[Finding, ...]
    origin: Origin


def read_settings(found: FoundTable | None, workbook: str, epoch: date = EPOCH_1900) -> Given:
    """The settings that the sheet gives. Unknown names are noted; a second row of one setting is an
    error.
    """
    if found is None or "name" not in found.columns or "value" not in found.columns:
        return Given({}, {}, {}, frozenset(), (), Origin(workbook))
    values: dict[str, object] = {}
    places: dict[str, Place] = {}
    names: dict[str, str] = {}
    broken: set[str] = set()
    findings: list[Finding] = []
    for number, name, value in zip(
        found.row_numbers, found.column("name"), found.column("value"), strict=True
    ):
        origin = Origin(workbook, found.sheet, number, found.columns)
        setting = _setting(name, origin, findings)
        if setting is None:
            continue
        if setting.key in places:
            findings.append(
                Finding.of(
                    "duplicate-code",
                    origin.place("name"),
                    name=as_text(name),
                    first=str(places[setting.key]),
                )
            )
            continue
        places[setting.key], names[setting.key] = origin.place("value"), as_text(name)
        read = _read(setting, value, Reading(epoch=epoch))
        if isinstance(read, Bad):
            findings.append(read.at(places[setting.key], setting))
            if read.broken:
                broken.add(setting.key)
            read = read.value
        if read is not None:
            values[setting.key] = read
    return Given(
        values,
        places,
        names,
        frozenset(broken),
        tuple(findings),
        Origin(workbook, found.sheet, found.header_row, found.columns),
    )


def reading_of(settings: Settings, epoch: date = EPOCH_1900) -> Reading:
    """What the settings say of cells that leave out the year or the currency; ``epoch`` is the
    workbook's day 0.
    """
    in_ones = settings.amount_unit is AmountUnit.YUAN and "amount_unit" not in settings.broken
    return Reading(settings.months, home_of(settings.currency) if in_ones else "", epoch=epoch)


def first_reading(given: Given, epoch: date = EPOCH_1900) -> Reading:
    """The same of settings as given; nothing where they do not say which year the plan is for."""
    known = {
        key: given.values[key]
        for key in ("year", "fiscal_start", "amount_unit", "currency")
        if key in given.values
    }
    if "year" not in known or "fiscal_start" in given.broken:
        return Reading(epoch=epoch)
    return reading_of(Settings(**known, broken=given.broken), epoch)  # type: ignore[arg-type]


def fiscal_year(day: date, start: int) -> int:
    """The fiscal year of a day, named after the calendar year in which it begins."""
    return day.year if day.month >= start else day.year - 1


def settings(given: Given, fallback: date, lang: str) -> tuple[Settings, tuple[Finding, ...]]:
    """The settings with their defaults; a missing year is taken from ``fallback``.

    That is an error where the sheet leaves the year out, and a note where there is no such sheet.

    ``lang`` is the language to use where the sheet gives none.
    """
    findings = []
    values = dict(given.values)
    if "year" not in values:
        start = int(str(values.get("fiscal_start", 1)))
        values["year"] = fiscal_year(fallback, start)
        if "year" not in given.broken:
            place = given.places.get("year", Place(given.origin.workbook, given.origin.sheet))
            code = "year-missing" if given.origin.sheet else "year-assumed"
            findings.append(Finding.of(code, place, year=str(values["year"])))
    low_high = values.pop("explain_range", None)
    if isinstance(low_high, tuple):
        values["explain_low"], values["explain_high"] = low_high
    values.setdefault("lang", lang)
    elsewhere = either(str(values["lang"]), False, True)
    if elsewhere and "country" not in values and "country" not in given.broken:
        place = given.places.get("country", Place(given.origin.workbook, given.origin.sheet))
        findings.append(Finding.of("country-assumed", place))
    known = field_names(Settings)
    made = Settings(
        **{k: v for k, v in values.items() if k in known},  # type: ignore[arg-type]
        origin=given.origin,
        broken=given.broken,
        places=given.places,
    )
    findings += [
        unit_differs(given.places[key], name, made)
        for key, name in given.names.items()
        if differs(name, made)
    ]
    return made, tuple(findings)


def _setting(name: CellValue, origin: Origin, findings: list[Finding]) -> Setting | None:
    if name is None:
        return None
    wanted = normal(as_text(name))
    setting = setting_called(wanted)
    if called(wanted, _RETIRED) in _RETIRED:
        if not any(one.code == "setting-retired" for one in findings):
            findings.append(Finding.of("setting-retired", origin.place("name"), name=as_text(name)))
        return None
    if setting is None and wanted:
        from difflib import get_close_matches

        near = get_close_matches(wanted, _BY_NAME, n=1)
        findings.append(
            Finding.of(
                "setting-unknown",
                origin.place("name"),
                name=as_text(name),
                near=_BY_NAME[near[0]] if near else "—",
            )
        )
    return setting


def _read(setting: Setting, value: CellValue, reading: Reading) -> object:
    read = parse(value, setting, reading)
    inner = read.value if isinstance(read, Bad) else read
    if inner is None:
        return read
    limits = _LIMITS.get(setting.key)
    if limits and isinstance(inner, (int, Decimal)) and not limits[0] <= inner <= limits[1]:
        return refuse(
            "setting-out-of-range", text=as_text(value), low=str(limits[0]), high=str(limits[1])
        )
    if setting.key == "explain_range" and (
        not isinstance(inner, tuple) or len(inner) != 2 or inner[0] >= inner[1]
    ):
        return refuse("explain-range-unreadable", text=as_text(value))
    if setting.key == "lang":
        return _LANGUAGES.get(folded(str(inner))) or refuse("language-unknown", text=inner)
    if setting.key == "time_zone":
        from salesplan.plan.time_zones import zone

        return read if zone(str(inner)) else refuse("time-zone-unknown", text=inner)
    if setting.key == "report_link":
        from salesplan.links import folder_link

        return folder_link(str(inner)) or refuse("report-link-unusable", text=inner)
    if setting.key == "country":
        return str(inner).upper()
    return read
