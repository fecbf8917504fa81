"""Is everything there that salesplan needs, and what to do where it is not: a visible list of
checks.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from salesplan.dataclass import dataclass
from salesplan.findings import Finding, Place, SalesplanError

if TYPE_CHECKING:
    from salesplan.addin import Machine
    from salesplan.plan.loader import Loaded

LEAST_PYTHON = (3, 11)
SPOKEN = "销售计划 ●■▲▼→≥—"
"""What every console has to show."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What the checks look at: the machine, the console's encoding, folders that are written to,
    and a master if one was named.
    """

    machine: Machine
    encoding: str
    folders: tuple[Path, ...]
    file: Path | None
    loaded: Loaded | None


def doctor(
    file: Path | None = None, *, machine: Machine | None = None, encoding: str = "utf-8"
) -> tuple[Finding, ...]:
    """One finding or more from every check, in the order of :data:`CHECKS`; a note without a fix is
    in order.

    Never raises for a master that cannot be read: why it cannot is among the findings.
    """
    from tempfile import gettempdir

    from salesplan.addin import this_machine

    loaded: Loaded | None = None
    unread: tuple[Finding, ...] = ()
    if file is not None:
        from salesplan.plan.loader import load

        try:
            loaded = load(file)
        except SalesplanError as error:
            unread = (error.finding,)
    folders = (Path.cwd() if file is None else file.resolve().parent, Path(gettempdir()))
    patient = Setup(machine or this_machine(), encoding, folders, file, loaded)
    return (*chain.from_iterable(check(patient) for check in CHECKS), *unread)


def python(patient: Setup) -> Iterator[Finding]:
    """The interpreter is new enough."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < LEAST_PYTHON:
        yield Finding.of(
            "doctor-python-old", version=version, needed=".".join(map(str, LEAST_PYTHON))
        )
    else:
        yield Finding.of("doctor-python", version=version, path=str(patient.machine.python))


def packages(_: Setup) -> Iterator[Finding]:
    """Every package that salesplan asks for is there, and not below the version it asks for."""
    from importlib import metadata

    try:
        asked = metadata.requires("salesplan") or []
    except metadata.PackageNotFoundError:
        yield Finding.of("doctor-not-installed")
        return
    found, faults = [], []
    for name, needed in needed_here(asked):
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            faults.append(Finding.of("doctor-package-missing", name=name, needed=needed or "—"))
            continue
        if numbers(version) < numbers(needed):
            faults.append(
                Finding.of("doctor-package-old", name=name, version=version, needed=needed)
            )
        found.append(f"{name} {version}")
    yield from faults or [
        Finding.of("doctor-packages", version=metadata.version("salesplan"), packages=found)
    ]


def programs(patient: Setup) -> Iterator[Finding]:
    """A spreadsheet program is on the machine."""
    from salesplan.workbook.soffice import libreoffice

    there = {"Excel": patient.machine.excel, "LibreOffice": libreoffice()}
    for name, path in there.items():
        if path is not None:
            yield Finding.of("doctor-program", program=name, path=str(path))
    if not any(there.values()):
        yield Finding.of("doctor-program-missing")


def addin(patient: Setup) -> Iterator[Finding]:
    """The add-in is installed, of this version, and starts this interpreter."""
    from salesplan.addin import status

    try:
        installed = status(patient.machine)
    except SalesplanError:
        yield Finding.of("doctor-addin-elsewhere", system=patient.machine.system)
        return
    if installed.version and not installed.findings:
        yield Finding.of("doctor-addin", version=installed.version, path=str(installed.path))
    yield from installed.findings


def folders(patient: Setup) -> Iterator[Finding]:
    """A file can be made where files are made."""
    from tempfile import TemporaryFile

    for folder in patient.folders:
        try:
            with TemporaryFile(dir=folder):
                yield Finding.of("doctor-folder", folder=str(folder))
        except OSError as error:
            yield Finding.of(
                "doctor-folder-refused",
                Place(str(folder)),
                folder=str(folder),
                cause=error.strerror or str(error),
            )


def console(patient: Setup) -> Iterator[Finding]:
    """The terminal can show what is said."""
    try:
        SPOKEN.encode(patient.encoding)
    except (UnicodeEncodeError, LookupError):
        yield Finding.of("doctor-console-poor", encoding=patient.encoding)
    else:
        yield Finding.of("doctor-console", encoding=patient.encoding)


def settings(_: Setup) -> Iterator[Finding]:
    """The settings file of the program can be read, where there is one."""
    from salesplan.config import load

    known = load()
    if not known.findings:
        yield Finding.of(
            "doctor-settings" if known.found else "doctor-settings-default", file=str(known.path)
        )
    yield from known.findings


def mail_server(_: Setup) -> Iterator[Finding]:
    """A server to send through, a sender, and a password where a login is given. Nothing is
    connected to.
    """
    from salesplan.app.sending import mail_settings
    from salesplan.delivery.secrets import Name, find

    given = mail_settings()
    if not given.host:
        yield Finding.of("doctor-mail-none")
        return
    try:
        server, sender = given.server(), given.sender()
    except SalesplanError as error:
        yield error.finding
        return
    if given.user and find(Name.MAIL_PASSWORD)[0] is None:
        yield Finding.of(
            "doctor-mail-password",
            user=given.user,
            name=Name.MAIL_PASSWORD.value,
            variable=Name.MAIL_PASSWORD.variable,
        )
    else:
        yield Finding.of(
            "doctor-mail-server",
            host=server.host,
            port=str(server.port),
            security=server.security,
            sender=sender.address,
        )


def mail_addresses(patient: Setup) -> Iterator[Finding]:
    """The master says who gets mail and where mail may go."""
    if patient.loaded is None:
        return
    plan = patient.loaded.plan
    people = sum(1 for unit in plan.units if unit.email)
    if not people:
        yield Finding.of("doctor-mail-nobody", units=len(plan.units))
    elif not plan.settings.mail_domains:
        yield Finding.of("doctor-mail-domains-blank")
    else:
        yield Finding.of("doctor-mail-addresses", people=people, domains=plan.settings.mail_domains)


def template(patient: Setup) -> Iterator[Finding]:
    """The master was made from this version of the template."""
    from salesplan.plan.schema import TEMPLATE_VERSION

    if patient.loaded is None or patient.file is None:
        return
    version, name = patient.loaded.plan.settings.template_version, patient.file.name
    if not version:
        yield Finding.of("doctor-template-blank", file=name)
    elif version != TEMPLATE_VERSION:
        yield Finding.of("doctor-template-other", file=name, version=version, ours=TEMPLATE_VERSION)
    else:
        yield Finding.of("doctor-template", file=name, version=version)


CHECKS: tuple[Callable[[Setup], Iterator[Finding]], ...] = (
    python,
    packages,
    programs,
    addin,
    folders,
    console,
    settings,
    mail_server,
    mail_addresses,
    template,
)


def needed_here(asked: list[str]) -> Iterator[tuple[str, str]]:
    """Names and lower bounds (">=1.2", or empty) of the requirements that hold on this system,
    extras left out.
    """
    for line in asked:
        requirement, _, marker = line.partition(";")
        systems = re.findall(r"sys_platform\s*([=!]=)\s*[\"']([^\"']+)[\"']", marker)
        if "extra" in marker or any(
            (sys.platform == name) != (sign == "==") for sign, name in systems
        ):
            continue
        name = re.match(r"\s*([\w.-]+)", requirement)
        bound = re.search(r">=\s*[\w.]+", requirement)
        if name:
            yield name[1], bound[0].replace(" ", "") if bound else ""


def numbers(version: str) -> tuple[int, ...]:
    """The leading numbers of a version, to be compared; ">=1.2" counts as 1.2."""
    leading = re.match(r"[>=\s]*((?:\d+\.?)*)", version)
    parts = [int(part) for part in leading[1].split(".") if part] if leading else []
    while parts and not parts[-1]:
        parts.pop()
    return tuple(parts)
