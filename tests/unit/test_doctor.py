"""The doctor: each check on machines, packages, consoles and masters made up for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import pytest

from salesplan.addin import Machine, install
from salesplan.addin.machine import this_machine
from salesplan.app import doctor
from salesplan.app.diagnosis import CHECKS, LEAST_PYTHON, needed_here, numbers
from salesplan.cli.doctor import in_order
from salesplan.config import load as settings
from salesplan.findings import Finding
from tests.unit.masters import SOUND, edited, settings_edit, write

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No settings of the account at work, and none kept from one test to the next."""
    monkeypatch.setenv("SALESPLAN_CONFIG", str(tmp_path / "config.toml"))
    settings.cache_clear()
    yield
    settings.cache_clear()


def codes(found: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in found]


def salesplan(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "salesplan", "doctor", *map(str, arguments)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )


def test_here_everything_is_in_order() -> None:
    done = salesplan("--lang", "en")
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert all(
        line.startswith("● OK  ") for line in lines[:-1] if "LibreOffice" not in line
    ) and lines[-1].endswith("to look at.")
    assert len(lines) > 7


def test_json_has_every_line_in_both_languages() -> None:
    found = json.loads(salesplan("--json").stdout)["findings"]
    assert {"doctor-python", "doctor-packages", "doctor-console"} <= {one["code"] for one in found}
    assert all(one["message_zh"] and one["message_en"] for one in found)


def test_every_check_says_something_about_a_sound_installation(tmp_path: Path) -> None:
    master = write(tmp_path / "plan.xlsx", edited(settings_edit(template_version="1")))
    found = doctor(master)
    assert len(found) >= len(CHECKS) and not [
        finding
        for finding in found
        if not in_order(finding) and finding.code != "doctor-program-missing"
    ]


class TestPackages:
    def test_the_bounds_are_those_of_the_package(self) -> None:
        bounds = dict(needed_here(metadata.requires("salesplan") or []))
        assert bounds["click"] == ">=8.1.7" and "pytest" not in bounds

    @pytest.mark.parametrize(
        ("asked", "here"),
        [
            ("some-thing[extra]>=1.2,<3", [("some-thing", ">=1.2")]),
            ("plain", [("plain", "")]),
            ("other >= 2 ; sys_platform == 'no-such'", []),
            ("other>=2; sys_platform != 'no-such'", [("other", ">=2")]),
            ('dev>=1; extra == "test"', []),
        ],
    )
    def test_requirements(self, asked: str, here: list[tuple[str, str]]) -> None:
        assert list(needed_here([asked])) == here

    @pytest.mark.parametrize(
        ("older", "newer"),
        [("1.9", "1.10"), ("1.2", "1.2.1"), ("0.46", "3"), ("8.1.7rc1", "8.2"), ("", "0.1")],
    )
    def test_versions_are_compared_as_numbers(self, older: str, newer: str) -> None:
        assert numbers(older) < numbers(newer) and numbers(f">={newer}") == numbers(newer)

    def test_equal_versions(self) -> None:
        assert numbers("1.0") == numbers("1") == numbers("1.0.0")

    def test_missing_and_old(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(
            metadata, "requires", lambda _: ["no-such-package>=1", "click>=999", "holidays"]
        )
        found = [finding for finding in doctor() if finding.code.startswith("doctor-package")]
        assert [(finding.code, finding.params["name"]) for finding in found] == [
            ("doctor-package-missing", "no-such-package"),
            ("doctor-package-old", "click"),
        ]

    def test_not_installed_at_all(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def absent(_: str) -> list[str]:
            raise metadata.PackageNotFoundError

        monkeypatch.setattr(metadata, "requires", absent)
        assert "doctor-not-installed" in codes(doctor())

    def test_least_python_is_what_the_package_says(self) -> None:
        assert (
            f"python_requires = >={LEAST_PYTHON[0]}.{LEAST_PYTHON[1]}\n"
            in (ROOT / "setup.cfg").read_text()
        )


def test_an_old_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[doctor.__module__], "LEAST_PYTHON", (99, 0))
    assert "doctor-python-old" in codes(doctor())


@pytest.mark.parametrize(
    ("encoding", "code"),
    [
        ("utf-8", "doctor-console"),
        ("gbk", "doctor-console"),
        ("cp1252", "doctor-console-poor"),
        ("ascii", "doctor-console-poor"),
        ("no-such", "doctor-console-poor"),
    ],
)
def test_consoles(encoding: str, code: str) -> None:
    assert code in codes(doctor(encoding=encoding))


class TestMachines:
    @pytest.fixture
    def windows(self, tmp_path: Path) -> Machine:
        program = tmp_path / "__main__.py"
        program.touch()
        return replace(
            this_machine(),
            system="win32",
            home=tmp_path,
            appdata=tmp_path / "Roaming",
            program=program,
            excel=tmp_path / "EXCEL.EXE",
        )

    def test_excel_and_the_add_in(self, windows: Machine) -> None:
        assert "addin-not-installed" in codes(doctor(machine=windows))
        install(windows)
        found = doctor(machine=windows)
        assert "doctor-addin" in codes(found) and "doctor-addin-elsewhere" not in codes(found)
        assert "Excel" in [
            finding.params["program"] for finding in found if finding.code == "doctor-program"
        ]
        assert "addin-other-version" in codes(doctor(machine=replace(windows, version="99")))

    def test_elsewhere(self, windows: Machine) -> None:
        assert "doctor-addin-elsewhere" in codes(doctor(machine=replace(windows, system="linux")))

    def test_no_spreadsheet_program(
        self, windows: Machine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("salesplan.workbook.soffice.libreoffice", lambda: None)
        assert "doctor-program-missing" in codes(doctor(machine=replace(windows, excel=None)))


class TestMasters:
    def test_a_folder_that_can_be_written_to(self, tmp_path: Path) -> None:
        found = doctor(write(tmp_path / "plan.xlsx", edited({})))
        assert str(tmp_path) in [
            finding.params["folder"] for finding in found if finding.code == "doctor-folder"
        ]
        assert [path.name for path in tmp_path.iterdir()] == ["plan.xlsx"], "the trial file is gone"

    def test_a_folder_that_cannot_be_written_to(self, tmp_path: Path) -> None:
        gone = tmp_path / "gone" / "plan.xlsx"
        found = doctor(gone)
        assert {"doctor-folder-refused", "file-not-found"} <= set(codes(found))
        done = salesplan(gone)
        assert done.returncode == 1 and "→" in done.stdout and "Traceback" not in done.stderr

    @pytest.mark.parametrize(
        ("version", "code"),
        [
            (None, "doctor-template-blank"),
            ("1", "doctor-template"),
            ("0", "doctor-template-other"),
            ("99", "doctor-template-other"),
        ],
    )
    def test_template_versions(self, tmp_path: Path, version: str | None, code: str) -> None:
        assert code in codes(
            doctor(write(tmp_path / "plan.xlsx", edited(settings_edit(template_version=version))))
        )

    def test_mail(self, tmp_path: Path) -> None:
        nobody = edited({"units": {row: {"email": None} for row in range(2, 7)}})
        cases = {
            "doctor-mail-addresses": SOUND,
            "doctor-mail-nobody": nobody,
            "doctor-mail-domains-blank": edited(settings_edit(mail_domains=None)),
        }
        for number, (code, rows) in enumerate(cases.items()):
            assert code in codes(doctor(write(tmp_path / f"{number}.xlsx", rows)))


class TestSettings:
    @pytest.mark.parametrize(
        ("toml", "password", "code"),
        [
            ("", "", "doctor-mail-none"),
            (
                '[mail]\nhost = "mail.example.com"\nfrom = "plan@example.com"',
                "",
                "doctor-mail-server",
            ),
            (
                '[mail]\nhost = "mail.example.com"\nuser = "plan@example.com"',
                "",
                "doctor-mail-password",
            ),
            (
                '[mail]\nhost = "mail.example.com"\nuser = "plan@example.com"',
                "x",
                "doctor-mail-server",
            ),
            ('[mail]\nhost = "mail.example.com"', "", "mail-not-set-up"),
            ("[mail", "", "config-unreadable"),
        ],
    )
    def test_mail_server(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toml: str, password: str, code: str
    ) -> None:
        (tmp_path / "config.toml").write_text(toml)
        monkeypatch.setenv("SALESPLAN_MAIL_PASSWORD", password)
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
        found = codes(doctor())
        assert code in found
        assert "doctor-settings" in found or code == "config-unreadable"

    def test_without_a_settings_file(self) -> None:
        assert "doctor-settings-default" in codes(doctor())
