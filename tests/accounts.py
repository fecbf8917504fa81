"""Two real accounts of this machine, made for a test and removed after it, and work done as one of
them.
"""

from __future__ import annotations

import os
import pickle
import pwd
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import pytest

T = TypeVar("T")


@dataclass(frozen=True)
class Accounts:
    """Two colleagues, by account name, each with a group of their own, and the group that they
    share.
    """

    first: str
    second: str
    team: str


@contextmanager
def two_accounts() -> Iterator[Accounts]:
    """Make the accounts; skips the test with the reason where this machine cannot."""
    if os.name != "posix" or os.geteuid():
        pytest.skip("only the superuser can make accounts")
    if not all(map(shutil.which, ("useradd", "userdel", "groupadd", "groupdel"))):
        pytest.skip("there is no useradd on this machine")
    sign = os.getpid()
    made = Accounts(f"spa{sign}", f"spb{sign}", f"spt{sign}")
    try:
        _run("groupadd", made.team)
        for name in (made.first, made.second):
            _run("useradd", "--no-create-home", "--user-group", "--groups", made.team, name)
        yield made
    finally:
        for command in (["userdel", made.first], ["userdel", made.second], ["groupdel", made.team]):
            subprocess.run(command, capture_output=True, check=False)


def as_account(name: str, work: Callable[[], T]) -> T:
    """What ``work`` gives, done in a process of its own that belongs to the account; what it raises
    is raised here.
    """
    known = pwd.getpwnam(name)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.initgroups(name, known.pw_gid)
        os.setgid(known.pw_gid)
        os.setuid(known.pw_uid)
        os.environ["LOGNAME"] = name
        os.umask(0o022)
        try:
            said: tuple[bool, object] = (True, work())
        except BaseException as error:
            said = (False, error)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(_packed(said))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    done, value = pickle.loads(answer)
    if not done:
        raise value
    return value  # type: ignore[no-any-return]


def _packed(said: tuple[bool, object]) -> bytes:
    try:
        return pickle.dumps(said)
    except Exception:  # an error that holds what cannot be packed is told by its words
        return pickle.dumps((False, RuntimeError(repr(said[1]))))


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no accounts can be made here: {done.stderr.strip()}")
