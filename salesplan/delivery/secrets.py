"""Secrets: from the environment or the system's keyring, never from a file, and never shown."""

from __future__ import annotations

import os
from enum import Enum

from salesplan.findings import Finding, Place, SalesplanError

SERVICE = "salesplan"


class Name(Enum):
    """The secrets there are; the value names each in the keyring."""

    MAIL_PASSWORD = "mail-password"
    WECOM_WEBHOOK = "wecom-webhook"
    DATABASE_PASSWORD = "database-password"

    @property
    def variable(self) -> str:
        """The environment variable that gives it."""
        return f"SALESPLAN_{self.name}"


class Secret:
    """A text that shows itself only when asked to."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The secret itself, for the one place that has to say it."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"

    def __reduce__(self) -> str:
        raise TypeError("a secret is not stored")


def find(name: Name) -> tuple[Secret | None, str]:
    """The secret and where it came from: "environment", "keyring", or None and "" where nobody has
    it.
    """
    given = os.environ.get(name.variable)
    if given:
        return Secret(given), "environment"
    import keyring
    from keyring.errors import KeyringError

    try:
        kept = keyring.get_password(SERVICE, name.value)
    except KeyringError:
        kept = None
    return (Secret(kept), "keyring") if kept else (None, "")


def store(name: Name, text: str) -> None:
    """Put a secret into the system's keyring. Raises SalesplanError (exit 2) ``keyring-unusable``
    where there is none.
    """
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(SERVICE, name.value, text)
    except KeyringError as error:
        raise SalesplanError(
            Finding.of(
                "keyring-unusable", Place(), reason=type(error).__name__, variable=name.variable
            ),
            2,
        ) from error
