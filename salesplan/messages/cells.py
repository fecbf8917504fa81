"""Messages of one area; see the package."""

from __future__ import annotations

from salesplan.messages import Message

MESSAGES: dict[str, Message] = {}
