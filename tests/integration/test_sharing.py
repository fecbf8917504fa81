"""Several people and programs at one folder: whoever shared a workbook still shares it after a
colleague's save.
"""

from __future__ import annotations

import errno
import grp
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from salesplan import app
from salesplan.findings import Finding, SalesplanError
from salesplan.plan.model import Month
from salesplan.workbook.save.journal import FOLDER, copies, journal
from tests.accounts import Accounts, as_account, two_accounts
from tests.samples import new_sample, whole_sound

pytestmark = pytest.mark.skipif(os.name != "posix", reason="accounts and groups as POSIX has them")
FEBRUARY, MARCH = Month(2026, 2), Month(2026, 3)


@pytest.fixture(scope="module")
def accounts() -> Iterator[Accounts]:
    with two_accounts() as made:
        yield made


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A master as it is before any recalculation; the first run here also loads all that a run
    needs.
    """
    path = tmp_path_factory.mktemp("master") / "plan.xlsx"
    whole_sound(path)
    fresh = path.read_bytes()
    app.recalc(path, month=MARCH)
    app.undo(path)
    return fresh


@pytest.fixture(scope="module")
def sizeable(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The sample: to fill it takes long enough that programs get in each other's way."""
    return new_sample(tmp_path_factory.mktemp("sample") / "plan.xlsx", lang="zh").read_bytes()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that other accounts can reach, unlike those of the test run."""
    made = Path(tempfile.mkdtemp(prefix="sharing-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


def plans(folder: Path, accounts: Accounts, kind: str) -> Path:
    """A folder of the first account that both may write into: by its group, by its group and
    setgid, or by an access list.
    """
    shared = folder / "plans"
    shared.mkdir()
    owner = pwd.getpwnam(accounts.first)
    if kind == "access list":
        os.chown(shared, owner.pw_uid, owner.pw_gid)
        shared.chmod(0o700)
        acl(shared, f"u:{accounts.second}:rwx")
    else:
        os.chown(shared, owner.pw_uid, grp.getgrnam(accounts.team).gr_gid)
        shared.chmod(0o2770 if kind == "setgid" else 0o770)
    return shared


def master_in(shared: Path, accounts: Accounts, content: bytes, kind: str) -> Path:
    path = shared / "主计划.xlsx"
    path.write_bytes(content)
    owner = pwd.getpwnam(accounts.first)
    if kind == "access list":
        os.chown(path, owner.pw_uid, owner.pw_gid)
        path.chmod(0o600)
        acl(path, f"u:{accounts.second}:rw")
    else:
        os.chown(path, owner.pw_uid, grp.getgrnam(accounts.team).gr_gid)
        path.chmod(0o660)
    return path


def acl(path: Path, *entries: str) -> None:
    if shutil.which("setfacl") is None:
        pytest.skip("there is no setfacl on this machine")
    done = subprocess.run(
        ["setfacl", "-m", ",".join(entries), str(path)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"no access lists here: {done.stderr.strip()}")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def recalc(path: Path, month: Month) -> bool:
    return app.recalc(path, month=month).written is not None


class TestTwoAccounts:
    @pytest.mark.parametrize("kind", ["group", "setgid", "access list"])
    def test_both_go_on_working_in_turn(
        self, accounts: Accounts, folder: Path, filled: bytes, kind: str
    ) -> None:
        path = master_in(plans(folder, accounts, kind), accounts, filled, kind)
        for number, month in enumerate((MARCH, FEBRUARY, MARCH, FEBRUARY)):
            name = (accounts.first, accounts.second)[number % 2]
            assert as_account(name, lambda month=month: recalc(path, month))
        assert as_account(accounts.first, lambda: app.undo(path).kind) == "save"
        assert [entry.kind for entry in app.history(path)] == ["save"] * 4 + ["undo"]
        assert {entry.who for entry in app.history(path)} == {accounts.first, accounts.second}

    @pytest.mark.parametrize("kind", ["group", "setgid"])
    def test_the_group_and_the_mode_stay(
        self, accounts: Accounts, folder: Path, filled: bytes, kind: str
    ) -> None:
        shared = plans(folder, accounts, kind)
        path = master_in(shared, accounts, filled, kind)
        as_account(accounts.second, lambda: recalc(path, MARCH))
        team = grp.getgrnam(accounts.team).gr_gid
        assert (path.stat().st_gid, mode(path)) == (team, 0o660)
        assert mode(shared / FOLDER) == mode(shared)
        for one in (shared / FOLDER, *copies(path), journal(path)):
            assert one.stat().st_gid == team
        assert {mode(one) for one in (*copies(path), journal(path))} == {0o660}

    def test_a_private_master_has_private_backups(
        self, accounts: Accounts, folder: Path, filled: bytes
    ) -> None:
        shared = plans(folder, accounts, "setgid")
        path = master_in(shared, accounts, filled, "setgid")
        path.chmod(0o600)
        as_account(accounts.first, lambda: recalc(path, MARCH))
        assert mode(path) == 0o600
        assert {mode(one) for one in (shared / FOLDER).iterdir()} == {0o600}
        with pytest.raises(PermissionError):
            as_account(accounts.second, lambda: copies(path)[0].read_bytes())

    def test_a_private_and_a_shared_master_in_one_folder(
        self, accounts: Accounts, folder: Path, filled: bytes
    ) -> None:
        """The first one's private master came first: the colleague's backups still find their
        place.
        """
        shared = plans(folder, accounts, "group")
        private = master_in(shared, accounts, filled, "group").rename(shared / "mine.xlsx")
        private.chmod(0o600)
        as_account(accounts.first, lambda: recalc(private, MARCH))
        path = master_in(shared, accounts, filled, "group")
        assert as_account(accounts.second, lambda: recalc(path, MARCH))

    def test_a_backup_folder_that_is_the_others_alone_is_named(
        self, accounts: Accounts, folder: Path, filled: bytes
    ) -> None:
        """As an earlier version of the program left it."""
        shared = plans(folder, accounts, "group")
        path = master_in(shared, accounts, filled, "group")
        as_account(accounts.first, lambda: (shared / FOLDER).mkdir(0o755))

        def refused() -> tuple[str, int, object]:
            with pytest.raises(SalesplanError) as caught:
                recalc(path, MARCH)
            error = caught.value
            return error.finding.code, error.exit_code, error.finding.params["owner"]

        assert as_account(accounts.second, refused) == ("backup-folder-closed", 3, accounts.first)
        assert as_account(accounts.first, lambda: recalc(path, MARCH))  # which opens it
        assert as_account(accounts.second, lambda: recalc(path, FEBRUARY))

    def test_who_would_be_shut_out_stops_the_save(
        self,
        accounts: Accounts,
        folder: Path,
        filled: bytes,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """A file of a group that its owner is not in: where there are no access lists, a
        colleague's save would leave the owner nothing.
        """
        shared = plans(folder, accounts, "group")
        path = master_in(shared, accounts, filled, "group")
        os.chown(path, -1, pwd.getpwnam(accounts.second).pw_gid)
        before = path.read_bytes()
        monkeypatch.delattr(os, "setxattr")
        monkeypatch.delattr(os, "getxattr")

        def codes() -> tuple[str, int, object]:
            with pytest.raises(SalesplanError) as caught:
                recalc(path, MARCH)
            error = caught.value
            return error.finding.code, error.exit_code, error.finding.params["names"]

        assert as_account(accounts.second, codes) == ("save-shuts-out", 3, (accounts.first,))
        assert path.read_bytes() == before


class TestAtOnce:
    def test_four_masters_of_one_folder(self, sizeable: bytes, tmp_path: Path) -> None:
        masters = [tmp_path / f"plan-{number}.xlsx" for number in range(4)]
        for one in masters:
            one.write_bytes(sizeable)
        runs = [started(one, "--month", "2026-06") for one in masters]
        assert [run.wait() for run in runs] == [runs[0].wait()] * 4 and runs[0].wait() in (0, 1)
        assert [len(app.history(one)) for one in masters] == [1] * 4
        assert not list(tmp_path.glob(".salesplan-*.tmp"))

    def test_one_master_by_two_programs(self, sizeable: bytes, tmp_path: Path) -> None:
        """Whoever comes second waits, reads again and fills what the first one left."""
        path = tmp_path / "plan.xlsx"
        path.write_bytes(sizeable)
        runs = [started(path, "--month", month) for month in ("2026-05", "2026-06")]
        assert not {run.wait() for run in runs} - {0, 1}
        assert len(app.history(path)) == 2

    def test_watching_beside_a_button(self, sizeable: bytes, tmp_path: Path) -> None:
        path = tmp_path / "plan.xlsx"
        path.write_bytes(sizeable)
        watching = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "salesplan",
                "watch",
                str(path),
                "--no-report",
                "--every",
                "0.1",
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        try:
            assert started(path, "--month", "2026-05").wait() in (0, 1)
            until = time.monotonic() + 60
            while len(app.history(path)) < 2 and time.monotonic() < until:
                time.sleep(0.1)
        finally:
            watching.terminate()
            said = watching.communicate()[0]
        assert len(app.history(path)) >= 2
        assert "Traceback" not in said and "另一个 salesplan" not in said


class TestWhatCannotBeKept:
    def test_another_name_of_the_file_is_said_before_it_is_written(
        self, filled: bytes, tmp_path: Path
    ) -> None:
        path = tmp_path / "plan.xlsx"
        path.write_bytes(filled)
        os.link(path, tmp_path / "other name.xlsx")
        said: list[tuple[Finding, bytes]] = []
        app.recalc(path, month=MARCH, say=lambda one: said.append((one, path.read_bytes())))
        ((finding, then),) = said
        assert (finding.code, finding.params["count"], then) == ("save-parts-names", 1, filled)

    @pytest.mark.skipif(not hasattr(os, "setxattr"), reason="extended attributes as Linux has them")
    def test_attributes_of_the_file_stay(self, filled: bytes, tmp_path: Path) -> None:
        path = tmp_path / "plan.xlsx"
        path.write_bytes(filled)
        try:
            os.setxattr(path, "user.mark", b"checked")
        except OSError:
            pytest.skip("this file system keeps no attributes")
        app.recalc(path, month=MARCH)
        assert os.getxattr(path, "user.mark") == b"checked"

    @pytest.mark.skipif(not hasattr(os, "setxattr"), reason="extended attributes as Linux has them")
    def test_an_attribute_that_cannot_be_set_is_said(
        self, filled: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """No test can fill a disk's room for attributes and no more, so the call is made to fail as
        it does then.
        """
        path = tmp_path / "plan.xlsx"
        path.write_bytes(filled)
        try:
            os.setxattr(path, "user.mark", b"checked")
        except OSError:
            pytest.skip("this file system keeps no attributes")

        def full(*_: object) -> None:
            raise OSError(errno.ENOSPC, "no room for attributes")

        monkeypatch.setattr(os, "setxattr", full)
        said: list[Finding] = []
        app.recalc(path, month=MARCH, say=said.append)
        assert [(one.code, one.params["names"]) for one in said] == [
            ("save-drops-attributes", ["user.mark"])
        ]

    def test_a_folder_for_backups_that_leads_elsewhere_is_refused(
        self, filled: bytes, tmp_path: Path
    ) -> None:
        (tmp_path / "elsewhere").mkdir()
        path = tmp_path / "plan.xlsx"
        path.write_bytes(filled)
        (tmp_path / FOLDER).symlink_to(tmp_path / "elsewhere")
        with pytest.raises(SalesplanError) as caught:
            app.recalc(path, month=MARCH)
        assert (caught.value.finding.code, caught.value.exit_code) == ("backup-folder-odd", 3)
        assert path.read_bytes() == filled and not list((tmp_path / "elsewhere").iterdir())


def started(path: Path, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "salesplan", "recalc", str(path), *more],
        stdout=subprocess.DEVNULL,
        text=True,
    )
