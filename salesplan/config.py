"""A user's own settings of the program, each with where its value comes from.

An environment variable ``SALESPLAN_<SECTION>_<KEY>`` wins over ``config.toml`` in the user's
configuration folder (``SALESPLAN_CONFIG`` names another file), and that over the default. What is
wrong in either is a finding, and the value then comes from the next below. A secret has no place
here: it is neither read nor shown.
"""

from __future__ import annotations

import math
import os
import re
import sys
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from salesplan.dataclass import dataclass
from salesplan.findings import Finding, Place
from salesplan.pattern import pattern

FILE_VARIABLE = "SALESPLAN_CONFIG"
STATE_VARIABLE = "SALESPLAN_STATE"
"""Environment variable that names another folder for what the program remembers than the user's
own.
"""
LARGEST_FILE = 2**20

_UNITS = {"": 1, "b": 1, "kb": 2**10, "mb": 2**20, "gb": 2**30}
_SIZE = pattern(r"\s*(\d[\d_,]*)\s*([kmg]?b)?\s*", re.I | re.A)
_SECRET = pattern(
    r"pass(?!es)|pwd|secret|token|credential|api_?-?key|auth_?-?code|密码|口令|授权码|密钥", re.I
)


Value = int | float | str


class Kind(Enum):
    """What a setting holds: a number of things, or of bytes (in the file also as "300 MB"), any
    number, a text, one of several words.
    """

    COUNT = "count"
    SIZE = "size"
    NUMBER = "number"
    TEXT = "text"
    CHOICE = "choice"


class Source(Enum):
    """Where a value comes from."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class Limits:
    """What an honest workbook stays within; sizes in bytes.

    ``max_ratio`` (inflated ÷ stored) is tested on entries larger than ``ratio_from``: small parts
    of repeated XML pack very well. ``max_area`` bounds rows × columns of one sheet's used range,
    ``max_live_area`` the same in an open workbook, where each cell costs more. ``max_depth`` bounds
    the levels of the organisation, ``max_target_rows`` KPIs × units.
    """

    max_file: int = 300 * 2**20
    max_entry: int = 2**30
    max_total: int = 2 * 2**30
    max_entries: int = 10_000
    max_ratio: int = 400
    ratio_from: int = 10 * 2**20
    max_area: int = 40_000_000
    max_live_area: int = 5_000_000
    max_depth: int = 200
    max_target_rows: int = 200_000


@dataclass(frozen=True, slots=True)
class Ring:
    """How much of a workbook's past is kept: at most ``count`` copies of at most ``size`` bytes
    together, at least one.
    """

    count: int = 30
    size: int = 300 * 2**20


@dataclass(frozen=True, slots=True)
class Option:
    """One setting: its place, its kind, its default and the least it may be (or its words), and
    what it is in both languages.
    """

    section: str
    key: str
    kind: Kind
    default: Value
    zh: str
    en: str
    least: float = 1
    choices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its section and key: ``limits.rows``."""
        return f"{self.section}.{self.key}"

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"SALESPLAN_{self.section}_{self.key}".upper()


_LIMITS, _RING = Limits(), Ring()
_WRONG = {
    Kind.COUNT: "config-not-number",
    Kind.SIZE: "config-not-size",
    Kind.NUMBER: "config-not-number",
    Kind.TEXT: "config-not-text",
    Kind.CHOICE: "config-not-choice",
}

OPTIONS = (
    Option(
        "limits",
        "max_file",
        Kind.SIZE,
        _LIMITS.max_file,
        "工作簿文件的大小",
        "size of a workbook file",
    ),
    Option(
        "limits",
        "max_entry",
        Kind.SIZE,
        _LIMITS.max_entry,
        "其中一个部件解压后的大小",
        "unpacked size of one part in it",
    ),
    Option(
        "limits",
        "max_total",
        Kind.SIZE,
        _LIMITS.max_total,
        "全部部件解压后的大小",
        "unpacked size of all its parts",
    ),
    Option(
        "limits",
        "max_entries",
        Kind.COUNT,
        _LIMITS.max_entries,
        "部件的个数",
        "number of its parts",
        10,
    ),
    Option(
        "limits",
        "max_ratio",
        Kind.COUNT,
        _LIMITS.max_ratio,
        "一个部件的解压倍数",
        "how many times larger a part may unpack",
        2,
    ),
    Option(
        "limits",
        "ratio_from",
        Kind.SIZE,
        _LIMITS.ratio_from,
        "超过此大小的部件才看解压倍数",
        "size from which that is tested",
    ),
    Option(
        "limits",
        "max_area",
        Kind.COUNT,
        _LIMITS.max_area,
        "一张工作表的使用区域 (行 × 列)",
        "used range of one sheet (rows × columns)",
        1000,
    ),
    Option(
        "limits",
        "max_live_area",
        Kind.COUNT,
        _LIMITS.max_live_area,
        "已打开的工作簿中, 一张工作表的使用区域",
        "the same in an open workbook",
        1000,
    ),
    Option(
        "limits",
        "max_depth",
        Kind.COUNT,
        _LIMITS.max_depth,
        "组织的层数",
        "levels of the organisation",
        3,
    ),
    Option(
        "limits",
        "max_target_rows",
        Kind.COUNT,
        _LIMITS.max_target_rows,
        "目标的行数 (指标 × 组织单元)",
        "rows of targets (KPIs × units)",
        100,
    ),
    Option(
        "backups",
        "count",
        Kind.COUNT,
        _RING.count,
        "每个工作簿保留的备份个数",
        "backups kept of each workbook",
    ),
    Option(
        "backups", "size", Kind.SIZE, _RING.size, "每个工作簿的备份总大小", "size of them together"
    ),
    Option(
        "sources",
        "fresh_minutes",
        Kind.COUNT,
        15,
        "连接的数据源读取后多少分钟内不再读取",
        "minutes for which a linked source is not read again",
        0,
    ),
    Option(
        "sources",
        "detail_rows",
        Kind.COUNT,
        2_000,
        "报告明细中每个指标最多列出数据源的多少条记录; 0 为只列汇总",
        "records of a linked source that a report's details show of a KPI at most; 0: groups only",
        0,
    ),
    Option("mail", "host", Kind.TEXT, "", "邮件服务器 (SMTP)", "mail server (SMTP)"),
    Option(
        "mail",
        "port",
        Kind.COUNT,
        0,
        "端口; 0 为通常的 587 或 465",
        "port; 0 is the usual 587 or 465",
        0,
    ),
    Option(
        "mail",
        "security",
        Kind.CHOICE,
        "starttls",
        "加密方式",
        "how it is encrypted",
        choices=("starttls", "tls"),
    ),
    Option(
        "mail",
        "user",
        Kind.TEXT,
        "",
        "登录名; 密码存入系统钥匙串",
        "login; the password goes into the keyring",
    ),
    Option(
        "mail", "from", Kind.TEXT, "", "发件地址; 空为登录名", "sender's address; blank: the login"
    ),
    Option("mail", "name", Kind.TEXT, "", "发件人姓名", "sender's name"),
    Option("mail", "reply_to", Kind.TEXT, "", "回复地址", "where answers go"),
    Option(
        "mail",
        "domains",
        Kind.TEXT,
        "",
        "允许的邮箱域名, 用逗号分隔; 空为主计划工作簿里的",
        "allowed mail domains, separated by commas; blank: those of the master",
    ),
    Option(
        "mail",
        "ca_file",
        Kind.TEXT,
        "",
        "公司自建证书的文件",
        "certificates of a company's own authority",
    ),
    Option(
        "mail", "timeout", Kind.NUMBER, 60, "等待服务器的秒数", "seconds to wait for the server", 1
    ),
    Option(
        "mail",
        "per_minute",
        Kind.NUMBER,
        30,
        "每分钟最多封数",
        "messages a minute at the most",
        0.1,
    ),
    Option(
        "mail",
        "retries",
        Kind.COUNT,
        3,
        "暂时出错时再试的次数",
        "times to try again after a temporary error",
        0,
    ),
    Option(
        "mail",
        "backoff",
        Kind.NUMBER,
        5,
        "第一次再试之前的秒数, 之后加倍",
        "seconds before the first of these, then doubling",
        0,
    ),
)


@dataclass(frozen=True, slots=True)
class Given:
    """The value of a setting and where it comes from."""

    option: Option
    value: Value
    source: Source = Source.DEFAULT


@dataclass(frozen=True, slots=True)
class Config:
    """All settings in order, the file that was looked for, whether it is there, and what was
    wrong.
    """

    path: Path
    found: bool
    settings: tuple[Given, ...]
    findings: tuple[Finding, ...]

    @property
    def limits(self) -> Limits:
        """How large a workbook may be that is read."""
        return Limits(**self._numbers("limits"))

    @property
    def ring(self) -> Ring:
        """How many copies of a master are kept, and for how long."""
        return Ring(**self._numbers("backups"))

    def section(self, name: str) -> dict[str, Value]:
        """The values of a section by key."""
        return {one.option.key: one.value for one in self.settings if one.option.section == name}

    def _numbers(self, name: str) -> dict[str, int]:
        return {key: value for key, value in self.section(name).items() if isinstance(value, int)}


@cache
def load() -> Config:
    """The settings of this process, read once."""
    return read(os.environ)


def read(environment: Mapping[str, str]) -> Config:
    """The settings that the environment and the file it points to give. Never raises for what
    stands in them.
    """
    path = Path(environment[FILE_VARIABLE]) if environment.get(FILE_VARIABLE) else _usual_path()
    document, findings = _document(path)
    written = document or {}
    findings += _strangers(written, path)
    settings = []
    for option in OPTIONS:
        section = written.get(option.section)
        candidates = (
            (environment.get(option.variable), Source.ENVIRONMENT, Place(option.variable)),
            (
                section.get(option.key) if isinstance(section, dict) else None,
                Source.FILE,
                Place(str(path)),
            ),
        )
        settings.append(_given(option, candidates, findings))
    return Config(path, document is not None, tuple(settings), tuple(findings))


def size_text(size: int) -> str:
    """Bytes in the largest unit in which they are a whole number: "300 MB"."""
    for unit in ("gb", "mb", "kb"):
        if size and size % _UNITS[unit] == 0:
            return f"{size // _UNITS[unit]:,} {unit.upper()}"
    return f"{size:,} B"


def _given(
    option: Option, candidates: tuple[tuple[object, Source, Place], ...], findings: list[Finding]
) -> Given:
    for raw, source, place in candidates:
        if raw is None:
            continue
        value = _value(raw, option)
        if value is None:
            shown = {"choices": option.choices} if option.kind is Kind.CHOICE else {}
            findings.append(
                Finding.of(_WRONG[option.kind], place, name=option.name, text=str(raw), **shown)
            )
        elif isinstance(value, (int, float)) and value < option.least:
            findings.append(
                Finding.of(
                    "config-too-small",
                    place,
                    name=option.name,
                    text=str(raw),
                    least=str(option.least),
                )
            )
        else:
            return Given(option, value, source)
    return Given(option, option.default)


def _value(raw: object, option: Option) -> Value | None:
    """What was given, as its option wants it; None where it cannot be."""
    if option.kind in (Kind.TEXT, Kind.CHOICE):
        fits = (
            isinstance(raw, str)
            and raw.isprintable()
            and (option.kind is Kind.TEXT or raw in option.choices)
        )
        return raw if fits and isinstance(raw, str) else None
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    if option.kind is Kind.NUMBER:
        return _plain_number(raw)
    match = _SIZE.fullmatch(raw) if isinstance(raw, str) else None
    if match is None or (match[2] and option.kind is not Kind.SIZE):
        return None
    return int(re.sub("[_,]", "", match[1])) * _UNITS[(match[2] or "").lower()]


def _plain_number(raw: object) -> float | None:
    try:
        value = float(raw) if isinstance(raw, (float, str)) else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _usual_path() -> Path:
    folder = _on_linux("XDG_CONFIG_HOME", ".config")
    if folder is None:
        from platformdirs import user_config_path

        folder = user_config_path("salesplan", appauthor=False, roaming=True)
    return folder / "config.toml"


def _on_linux(variable: str, usual: str) -> Path | None:
    """The program's folder as the XDG base directories have it, for which platformdirs would read
    ten modules at each start; None on other systems.
    """
    if not sys.platform.startswith("linux"):
        return None
    given = Path(os.environ.get(variable, ""))
    return (given if given.is_absolute() else Path.home() / usual) / "salesplan"


def _document(path: Path) -> tuple[dict[str, Any] | None, list[Finding]]:
    """What the file says; None if it is not there or cannot be read."""
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise ValueError(f"> {size_text(LARGEST_FILE)}")
        import tomllib

        return tomllib.loads(content.decode("utf-8-sig")), []
    except (FileNotFoundError, NotADirectoryError):
        return None, []
    except OSError as error:
        reason = error.strerror or str(error)
    except UnicodeDecodeError:
        reason = "UTF-8"
    except ValueError as error:  # also what is no TOML, with line and column
        reason = str(error)
    return None, [Finding.of("config-unreadable", Place(str(path)), path=str(path), reason=reason)]


def _strangers(document: Mapping[str, Any], path: Path) -> list[Finding]:
    """What the file holds that is no setting, and what it must not hold. A value is never repeated:
    it may be a secret.
    """
    sections = {option.section for option in OPTIONS}
    known = {option.name for option in OPTIONS} | sections
    findings = []
    for name, value in _names(document):
        if _SECRET.search(name.rpartition(".")[2]):
            findings.append(Finding.of("config-secret", Place(str(path)), name=name))
        elif name not in known and ("." not in name or name.partition(".")[0] in sections):
            findings.append(Finding.of("config-unknown", Place(str(path)), name=name))
        elif name in sections and not isinstance(value, dict):
            findings.append(Finding.of("config-not-section", Place(str(path)), name=name))
    return findings


def _names(document: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """Every section and every key in it, by its full name."""
    for section, value in document.items():
        yield section, value
        if isinstance(value, dict):
            for key, inner in value.items():
                yield f"{section}.{key}", inner


def state_folder() -> Path:
    """Where the program keeps what it remembers for this account: what was sent, what it wrote
    where.
    """
    given = os.environ.get(STATE_VARIABLE)
    if given:
        return Path(given)
    folder = _on_linux("XDG_STATE_HOME", ".local/state")
    if folder is not None:
        return folder
    from platformdirs import user_state_path

    return user_state_path("salesplan", appauthor=False)
