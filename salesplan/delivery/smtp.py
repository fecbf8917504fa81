"""SMTP, one recipient a message: the server checked before anything is said to it, and its answers
read one by one.

TLS is never optional and the server's certificate and name are always checked; a password is given
only over it (RFC 8314). What an answer means: 2xx taken, 4xx later perhaps, 5xx never (RFC 5321,
4.2.1). Once the message itself has begun to flow, a connection that breaks leaves it unknown
whether the server took it (RFC 1047).
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import suppress
from enum import Enum
from pathlib import Path

from salesplan.dataclass import dataclass
from salesplan.delivery.outbox import State
from salesplan.delivery.secrets import Secret
from salesplan.findings import Finding, Place, SalesplanError

PORTS = {"starttls": 587, "tls": 465}
HELLO = "[127.0.0.1]"
"""How this machine names itself: its own name may be in Chinese, which SMTP cannot carry, and is
nobody's business.
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server. ``security`` is starttls or tls; ``user`` is empty where it asks for none;
    ``ca_file`` names certificates of a company's own authority, beside the system's. ``timeout`` in
    seconds."""

    host: str
    port: int
    security: str
    user: str = ""
    ca_file: Path | None = None
    timeout: float = 60.0


class Outcome(Enum):
    """What the server made of one message."""

    SENT = "sent"
    REFUSED = "refused"
    LATER = "later"
    UNKNOWN = "unknown"


STATES = {
    Outcome.SENT: State.SENT,
    Outcome.REFUSED: State.REFUSED,
    Outcome.LATER: State.QUEUED,
    Outcome.UNKNOWN: State.UNKNOWN,
}
"""How each outcome is written down."""


@dataclass(frozen=True, slots=True)
class Answer:
    """``detail`` is what the server said, or what happened instead."""

    outcome: Outcome
    detail: str


class Connection:
    """An open, checked and authenticated connection; :meth:`send` may be called many times."""

    def __init__(self, server: Server, secret: Secret | None) -> None:
        """Raises SalesplanError, exit 2 for what has to be set right (mail-certificate,
        mail-no-tls, mail-login-refused, mail-login-letters, mail-password-missing), exit 3 for what
        may pass (mail-server-unreachable)."""
        self._smtp = _connected(server)
        try:
            self._log_in(server, secret)
        except BaseException:
            self._smtp.close()
            raise
        self._size = _size_limit(self._smtp)

    def send(self, sender: str, addresses: Sequence[str], data: bytes) -> Answer:
        """Hand one message over, to all of the addresses or to none. Never raises for what the
        server or the line does: that is in the answer.
        """
        if self._size and len(data) > self._size:
            return Answer(Outcome.REFUSED, f"552 {len(data)} > SIZE {self._size}")
        try:
            for command, code, said in self._envelope(sender, addresses, len(data)):
                if code not in (250, 251, 252, 354):
                    self._reset()
                    return Answer(_judged(code), f"{code} {_text(said)}{command}")
        except (smtplib.SMTPException, OSError) as error:
            return Answer(Outcome.LATER, _reason(error))
        return self._body(data)

    def _envelope(
        self, sender: str, addresses: Sequence[str], size: int
    ) -> Iterator[tuple[str, int, bytes]]:
        """MAIL, RCPT and DATA, with what was answered and, of several addresses, which it is
        about; whoever hears of one that is not taken asks for no more.
        """
        yield "", *self._smtp.mail(sender, [f"SIZE={size}"] if self._smtp.has_extn("size") else [])
        for address in addresses:
            yield f" ({address})" if len(addresses) > 1 else "", *self._smtp.rcpt(address)
        yield "", *self._smtp.docmd("DATA")

    def _body(self, data: bytes) -> Answer:
        # Bytes as they are: lines end in CR LF already, and only a leading dot has to be doubled
        # (RFC 5321, 4.5.2).
        stuffed = data.replace(b"\r\n.", b"\r\n..")
        end = b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n"
        try:
            self._smtp.send(stuffed + end)
            code, said = self._smtp.getreply()
        except (smtplib.SMTPException, OSError) as error:
            return Answer(Outcome.UNKNOWN, _reason(error))
        if code < 0:
            return Answer(Outcome.UNKNOWN, _text(said))
        return Answer(Outcome.SENT if code == 250 else _judged(code), f"{code} {_text(said)}")

    def _reset(self) -> None:
        with suppress(smtplib.SMTPException, OSError):
            self._smtp.rset()

    def _log_in(self, server: Server, secret: Secret | None) -> None:
        if not server.user:
            return
        if secret is None:
            raise SalesplanError(Finding.of("mail-password-missing", Place(), user=server.user), 2)
        if not (server.user.isascii() and secret.reveal().isascii()):
            # smtplib cannot encode it, and the error that says so shows the letter.
            raise SalesplanError(Finding.of("mail-login-letters", Place(), host=server.host), 2)
        try:
            self._smtp.login(server.user, secret.reveal(), initial_response_ok=False)
        except smtplib.SMTPAuthenticationError as error:
            code = "mail-login-refused" if error.smtp_code >= 500 else "mail-server-unreachable"
            raise SalesplanError(
                Finding.of(
                    code,
                    Place(),
                    host=server.host,
                    user=server.user,
                    reason=_text(error.smtp_error),
                ),
                2,
            ) from None
        except smtplib.SMTPNotSupportedError:
            raise SalesplanError(
                Finding.of(
                    "mail-login-refused", Place(), host=server.host, user=server.user, reason="AUTH"
                ),
                2,
            ) from None
        except (smtplib.SMTPException, OSError) as error:
            raise _unreachable(server, error) from None

    def close(self) -> None:
        """Take leave of the server; a line that is gone already is no matter."""
        with suppress(smtplib.SMTPException, OSError):
            self._smtp.quit()
        self._smtp.close()

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _connected(server: Server) -> smtplib.SMTP:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        if server.ca_file is not None:
            context.load_verify_locations(server.ca_file)
    except (OSError, ssl.SSLError) as error:
        raise SalesplanError(
            Finding.of("mail-ca-file", Place(), file=str(server.ca_file), reason=str(error)), 2
        ) from error
    try:
        if server.security == "tls":
            return _greeted(
                smtplib.SMTP_SSL(
                    server.host, server.port, HELLO, timeout=server.timeout, context=context
                )
            )
        smtp = _greeted(smtplib.SMTP(server.host, server.port, HELLO, timeout=server.timeout))
        smtp.starttls(context=context)
        return _greeted(smtp)
    except ssl.SSLCertVerificationError as error:
        raise SalesplanError(
            Finding.of("mail-certificate", Place(), host=server.host, reason=error.verify_message),
            2,
        ) from error
    except smtplib.SMTPNotSupportedError as error:
        raise SalesplanError(
            Finding.of("mail-no-tls", Place(), host=server.host, port=str(server.port)), 2
        ) from error
    except (
        smtplib.SMTPException,
        OSError,
        UnicodeError,
    ) as error:  # the last for a name that can be no host's
        raise _unreachable(server, error) from error


def _greeted(smtp: smtplib.SMTP) -> smtplib.SMTP:
    try:
        smtp.ehlo_or_helo_if_needed()
    except BaseException:
        smtp.close()
        raise
    return smtp


def _unreachable(server: Server, error: Exception) -> SalesplanError:
    return SalesplanError(
        Finding.of(
            "mail-server-unreachable",
            Place(),
            host=f"{server.host}:{server.port}",
            reason=_reason(error),
        ),
        3,
    )


def _size_limit(smtp: smtplib.SMTP) -> int:
    said = smtp.esmtp_features.get("size", "")
    return int(said) if said.isdecimal() else 0


def _judged(code: int) -> Outcome:
    return Outcome.LATER if 400 <= code < 500 else Outcome.REFUSED


def _text(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:300]


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return _text(str(error)) or type(error).__name__
