"""A real SMTP server on loopback that a test can make refuse, stall, or drop the line."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from salesplan.delivery.smtp import Server

USER, PASSWORD = "planner", "canary-5f3a-password"


@dataclass
class Post:
    """What arrived, and how the server answers: replies by address at RCPT, a list of replies used
    up one by one at DATA.
    """

    arrived: list[tuple[str, bytes]] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    at_data: list[str] = field(default_factory=list)
    logins: int = 0
    take: Callable[[str], None] = lambda address: None
    """Called with the address when a message has been taken, before the answer."""

    @property
    def addresses(self) -> list[str]:
        return [address for address, _ in self.arrived]

    @property
    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(data, policy=default) for _, data in self.arrived]  # type: ignore[misc]

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.refusals.get(address)
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.at_data.pop(0) if self.at_data else "250 taken"
        if answer.startswith("250") or answer == "cut after":
            self.arrived.extend(
                (address, bytes(envelope.content or b"")) for address in envelope.rcpt_tos
            )
            for address in envelope.rcpt_tos:
                self.take(address)
        if answer.startswith("cut"):
            server.transport.abort()  # type: ignore[union-attr]
        return answer if not answer.startswith("cut") else "250 never heard"


@dataclass(frozen=True)
class Running:
    post: Post
    server: Server


@contextmanager
def smtp_server(
    folder: Path,
    *,
    security: str = "starttls",
    trusted: bool = True,
    size: int = 0,
    tls: bool = True,
) -> Iterator[Running]:
    """A server with its own certificate authority; ``trusted`` puts that authority into the
    settings of those who send.

    ``tls`` False: the server offers no STARTTLS at all.
    """
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    certificates = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(certificates))
    post = Post()

    def authenticate(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        post.logins += 1
        good = isinstance(data, LoginPassword) and (data.login, data.password) == (
            USER.encode(),
            PASSWORD.encode(),
        )
        return AuthResult(success=good, handled=False)

    kind: dict[str, Any] = {
        "authenticator": authenticate,
        "auth_required": True,
        "data_size_limit": size or None,
    }
    if not tls:
        kind |= {"auth_required": False}
    elif security == "starttls":
        kind |= {"tls_context": context, "require_starttls": True}
    else:
        kind |= {
            "ssl_context": context,
            "auth_require_tls": False,
        }  # the line itself is TLS, which aiosmtpd does not see
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(post, hostname="127.0.0.1", port=port, **kind)
    controller.start()
    try:
        yield Running(
            post,
            Server(
                "127.0.0.1",
                port,
                security,
                USER if tls else "",
                certificates if trusted else None,
                10.0,
            ),
        )
    finally:
        controller.stop()
