"""A user's own settings: where each value comes from, what is wrong is said, and a secret is never
read.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

from salesplan.config import OPTIONS, Config, Limits, Source, read, size_text, state_folder
from salesplan.messages import text
from tests.unit.raw_xlsx import parts, sheet, write


def config(folder: Path, content: str | bytes | None = None, **environment: str) -> Config:
    path = folder / "config.toml"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read({"SALESPLAN_CONFIG": str(path), **environment})


def sources(known: Config) -> dict[str, tuple[int, Source]]:
    return {one.option.name: (one.value, one.source) for one in known.settings}


def codes(known: Config) -> list[str]:
    return sorted(finding.code for finding in known.findings)


def test_without_a_file_every_default_holds(tmp_path: Path) -> None:
    known = config(tmp_path)
    assert not known.found and known.findings == () and known.limits == Limits()
    assert {one.source for one in known.settings} == {Source.DEFAULT}
    assert len({option.variable for option in OPTIONS}) == len(OPTIONS)


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    known = config(
        tmp_path,
        '[limits]\nmax_file = "2 GB"\nmax_entries = 20_000\n',
        SALESPLAN_LIMITS_MAX_ENTRIES="30,000",
    )
    found = sources(known)
    assert found["limits.max_file"] == (2 * 2**30, Source.FILE)
    assert found["limits.max_entries"] == (30_000, Source.ENVIRONMENT)
    assert found["limits.max_ratio"] == (400, Source.DEFAULT)
    assert known.limits.max_file == 2 * 2**30 and known.findings == ()


@pytest.mark.parametrize(
    ("content", "code", "name"),
    [
        ("[limits]\nmax_files = 3", "config-unknown", "limits.max_files"),
        ("[other]\na = 1", "config-unknown", "other"),
        ("[limits]\nmax_entries = true", "config-not-number", "limits.max_entries"),
        ('[limits]\nmax_ratio = "3 MB"', "config-not-number", "limits.max_ratio"),
        ("[limits]\nmax_ratio = 1.5", "config-not-number", "limits.max_ratio"),
        ('[limits]\nmax_file = "large"', "config-not-size", "limits.max_file"),
        ("[limits]\nmax_file = -5", "config-too-small", "limits.max_file"),
        ("limits = 3", "config-not-section", "limits"),
        ("[mail]\nhost = 25", "config-not-text", "mail.host"),
        ('[mail]\nname = "a\\u0007b"', "config-not-text", "mail.name"),
        ('[mail]\nsecurity = "none"', "config-not-choice", "mail.security"),
        ("[mail]\nsecurity = 1", "config-not-choice", "mail.security"),
        ("[limits\nmax_file = 1", "config-unreadable", ""),
        (b"\xff\xfe[\x00", "config-unreadable", ""),
        ("#" * (2**20 + 1), "config-unreadable", ""),
    ],
)
def test_what_is_wrong_is_said_and_the_default_holds(
    tmp_path: Path, content: str | bytes, code: str, name: str
) -> None:
    known = config(tmp_path, content)
    assert code in codes(known) and known.limits == Limits()
    said = next(finding for finding in known.findings if finding.code == code)
    assert name in text(said, "zh") and name in text(said, "en")


def test_a_wrong_variable_falls_back_to_the_file(tmp_path: Path) -> None:
    known = config(tmp_path, '[limits]\nmax_file = "1 GB"', SALESPLAN_LIMITS_MAX_FILE="much")
    assert sources(known)["limits.max_file"] == (2**30, Source.FILE)
    assert [finding.place.workbook for finding in known.findings] == ["SALESPLAN_LIMITS_MAX_FILE"]


@pytest.mark.parametrize(
    "line",
    [
        'password = "s3cr3t-x"',
        'smtp_pwd = "s3cr3t-x"',
        'token = "s3cr3t-x"',
        'api_key = "s3cr3t-x"',
        '"授权码" = "s3cr3t-x"',
    ],
)
@pytest.mark.parametrize("section", ["", "[limits]\n", "[mail]\n"])
def test_a_secret_is_refused_and_never_repeated(tmp_path: Path, section: str, line: str) -> None:
    known = config(tmp_path, section + line)
    assert "config-secret" in codes(known)
    assert "s3cr3t-x" not in repr(known)


def test_notepad_s_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    known = config(tmp_path, b"\xef\xbb\xbf[backups]\r\ncount = 3\r\n")
    assert known.findings == () and known.ring.count == 3


@pytest.mark.parametrize(
    ("size", "said"),
    [(300 * 2**20, "300 MB"), (2**30, "1 GB"), (1536, "1,536 B"), (2048, "2 KB"), (3, "3 B")],
)
def test_sizes_as_people_write_them(size: int, said: str) -> None:
    assert size_text(size) == said


def salesplan(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "salesplan", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
    )


def test_the_command_lists_each_setting_and_its_origin(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[limits]\nmax_file = "100 MB"\n[backup]\ncount = 1\n', "utf-8")
    given = {"SALESPLAN_CONFIG": str(path), "SALESPLAN_BACKUPS_COUNT": "7"}
    zh, en, raw = (
        salesplan("config", **given),
        salesplan("config", "--lang", "en", **given),
        salesplan("config", "--json", **given),
    )
    assert zh.returncode == en.returncode == raw.returncode == 0
    for said, origins in (
        (zh.stdout, ("配置文件", "环境变量 SALESPLAN_BACKUPS_COUNT", "默认")),
        (en.stdout, ("settings file", "environment SALESPLAN_BACKUPS_COUNT", "default")),
    ):
        lines = {line.split()[0]: line for line in said.splitlines() if line.startswith("  ")}
        assert "100 MB" in lines["max_file"] and origins[0] in lines["max_file"]
        assert (
            " 7 " in lines["count"]
            and origins[1] in lines["count"]
            and origins[2] in lines["max_ratio"]
        )
        assert "config-unknown" in said and str(path) in said
    document = json.loads(raw.stdout)
    assert (
        len(document["settings"]) == len(OPTIONS)
        and document["found"]
        and document["counts"]["warning"] == 1
    )
    assert next(one for one in document["settings"] if one["key"] == "max_file")["source"] == "file"


def test_a_limit_that_stands_in_the_way_is_named_and_can_be_raised(tmp_path: Path) -> None:
    book = write(tmp_path, parts({"a": sheet('<row r="1"><c r="A1"><v>1</v></c></row>')}))
    refused = salesplan(
        "check", str(book), SALESPLAN_LIMITS_MAX_FILE="1 KB", SALESPLAN_LIMITS_MAX_RATIO="x"
    )
    assert refused.returncode == 4 and refused.stderr.count("limits.max_file") == 2, refused.stderr
    assert refused.stderr.count("limits.max_ratio") == 2, (
        "what is wrong in the settings is said beside"
    )
    assert "not-a-master" not in refused.stderr
    raised = salesplan("check", str(book), SALESPLAN_LIMITS_MAX_FILE="1 MB")
    assert raised.returncode == 4 and "limits.max_file" not in raised.stderr


@pytest.mark.parametrize("given", [None, "", "elsewhere", "/srv/elsewhere"])
def test_the_account_s_folders_are_those_that_platformdirs_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: str | None
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SALESPLAN_STATE", raising=False)
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
        if given is not None:
            monkeypatch.setenv(name, given)
    folder = platformdirs.user_config_path("salesplan", appauthor=False, roaming=True)
    assert read({}).path == folder / "config.toml"
    assert state_folder() == platformdirs.user_state_path("salesplan", appauthor=False)
