"""What the mail settings mean: a server, a sender, a pace. Where they are kept is not known here;
passwords are not among them.
"""

from __future__ import annotations

import re
from pathlib import Path

from salesplan.addresses import domain
from salesplan.dataclass import dataclass
from salesplan.delivery.dispatch import Pace
from salesplan.delivery.message import Sender
from salesplan.delivery.smtp import PORTS, Server
from salesplan.findings import Finding, Place, SalesplanError


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The section [mail] of the settings; ``port`` 0 is the usual one of ``security`` (starttls or
    tls).
    """

    host: str = ""
    port: int = 0
    security: str = "starttls"
    user: str = ""
    sender_address: str = ""
    sender_name: str = ""
    reply_to: str = ""
    domains: str = ""
    ca_file: str = ""
    timeout: float = 60.0
    per_minute: float = 30.0
    retries: int = 3
    backoff: float = 5.0

    @property
    def allowed_domains(self) -> tuple[str, ...]:
        """The mail domains that the user allows; none: the master says."""
        return tuple(filter(None, re.split(r"[\s,，;；、]+", self.domains.casefold())))

    def server(self) -> Server:
        """Raises SalesplanError (exit 2) ``mail-not-set-up`` where host or security are not
        usable.
        """
        if not self.host or self.security not in PORTS:
            raise SalesplanError(
                Finding.of("mail-not-set-up", Place(), names=("mail.host", "mail.security")), 2
            )
        return Server(
            self.host,
            self.port or PORTS[self.security],
            self.security,
            self.user,
            Path(self.ca_file) if self.ca_file else None,
            self.timeout,
        )

    def sender(self) -> Sender:
        """Raises SalesplanError (exit 2) ``mail-not-set-up`` where the sender is not exactly one
        address.
        """
        address = self.sender_address or self.user
        if domain(address) is None:
            raise SalesplanError(Finding.of("mail-not-set-up", Place(), names=("mail.from",)), 2)
        return Sender(address, self.sender_name, self.reply_to)

    def pace(self) -> Pace:
        """How fast messages go, and how often one is tried."""
        return Pace(self.per_minute, self.retries, self.backoff)
