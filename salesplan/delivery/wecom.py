"""The WeCom group robot (企业微信群机器人): a short summary, and the workbook of the whole team.

The robot's address is a secret: whoever has it can write to the group. It is never shown, not in an
error either. Facts of the interface: https://developer.work.weixin.qq.com/document/path/91770
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from salesplan.dataclass import dataclass, field
from salesplan.delivery.message import Attachment
from salesplan.delivery.outbox import Entry, Key, Outbox, State
from salesplan.delivery.secrets import Secret
from salesplan.delivery.smtp import STATES, Answer, Outcome
from salesplan.findings import Finding, Place, SalesplanError

if TYPE_CHECKING:
    import requests

LONGEST_MARKDOWN = 4096
"""Bytes of UTF-8 that a markdown message may have."""

SMALLEST_FILE, LARGEST_FILE = 5, 20 * 2**20
"""Bytes that a file may have: more than five, and 20 MB."""

PER_MINUTE = 20
TOO_OFTEN, NO_ROBOT, BAD_SIZE = 45009, (93000, 40001, 40014), (40006, 45001, 301019)
_TIMEOUT = 60.0
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass
class Robot:
    """A group's robot. Twenty messages a minute, no matter how often it is called; ``sleep`` and
    ``clock`` are seconds.
    """

    webhook: Secret
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _recent: deque[float] = field(default_factory=deque)

    def __post_init__(self) -> None:
        """Raises SalesplanError (exit 2) ``wecom-webhook-wrong`` for what is no robot's address."""
        if not _is_robot(self.webhook.reveal()):
            raise SalesplanError(Finding.of("wecom-webhook-wrong", Place()), 2)

    @property
    def group(self) -> str:
        """A short name that tells this group from others in the outbox; nothing of the address can
        be told from it.
        """
        key = parse_qs(urlsplit(self.webhook.reveal()).query)["key"][0]
        return sha256(b"wecom group " + key.encode()).hexdigest()[:8]

    def say(self, markdown: str) -> Answer:
        """Send a markdown message, cut at the last whole line that fits."""
        return self._post({"msgtype": "markdown", "markdown": {"content": fitted(markdown)}})

    def upload(self, attachment: Attachment) -> str:
        """Put a file where the robot can send it from; gives its media id.

        Raises SalesplanError: ``wecom-file-size`` (exit 2), ``wecom-refused`` or
        ``wecom-unreachable`` (exit 3). Nothing has been said to the group then.
        """
        size = len(attachment.data)
        if not SMALLEST_FILE < size <= LARGEST_FILE:
            raise SalesplanError(
                Finding.of(
                    "wecom-file-size",
                    Place(),
                    file=attachment.name,
                    size=size,
                    least=SMALLEST_FILE,
                    most=LARGEST_FILE,
                ),
                2,
            )
        url = (
            self.webhook.reveal().replace("/webhook/send", "/webhook/upload_media", 1)
            + "&type=file"
        )
        answer, said = self._call(
            url, files={"media": (attachment.name, attachment.data, "/".join(attachment.kind))}
        )
        media = said.get("media_id")
        if answer.outcome is not Outcome.SENT or not isinstance(media, str):
            # Without a word from WeCom nothing was refused: no connection, or an answer that is
            # none.
            unreachable = answer.outcome is Outcome.UNKNOWN or (
                answer.outcome is Outcome.LATER and not said
            )
            raise SalesplanError(
                Finding.of(
                    "wecom-unreachable" if unreachable else "wecom-refused",
                    Place(),
                    reason=answer.detail,
                ),
                3,
            )
        return media

    def send_file(self, media: str) -> Answer:
        """Send an uploaded file to the group."""
        return self._post({"msgtype": "file", "file": {"media_id": media}})

    def _post(self, body: Mapping[str, object]) -> Answer:
        return self._call(self.webhook.reveal(), json=body)[0]

    def _call(self, url: str, **request: Any) -> tuple[Answer, Mapping[str, object]]:
        import requests
        from urllib3.exceptions import HTTPError

        self._wait()
        try:
            response = requests.post(url, timeout=_TIMEOUT, allow_redirects=False, **request)
        except (requests.exceptions.RequestException, HTTPError) as error:
            # Its text holds the address; what failed is told by its kind.
            return Answer(
                Outcome.LATER if _never_connected(error) else Outcome.UNKNOWN, type(error).__name__
            ), {}
        return _judged(response)

    def _wait(self) -> None:
        now = self.clock()
        while self._recent and now - self._recent[0] >= 60:
            self._recent.popleft()
        if len(self._recent) >= PER_MINUTE:
            self.sleep(60 - (now - self._recent[0]))
            self._recent.popleft()
        self._recent.append(self.clock())


def _is_robot(address: str) -> bool:
    try:
        parts = urlsplit(address)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        return (
            safe
            and parts.port != 0
            and parts.path.endswith("/webhook/send")
            and bool(parse_qs(parts.query).get("key"))
        )
    except ValueError:  # brackets or a port that can be none; its text may hold the address
        return False


def told(
    robot: Robot,
    outbox: Outbox,
    keys: Sequence[Key],
    markdown: str,
    files: Mapping[Key, Attachment],
) -> Iterator[Entry]:
    """Say what is still to be said, in the order of ``keys``: the summary, then each of its
    ``files``; each step in the outbox before and after it.

    The files are uploaded first: if that fails, the group has not been told of a book that does not
    come.
    """
    media = {key: robot.upload(files[key]) for key in keys if key in files}
    for key in keys:
        outbox.note(key, State.SENDING)
        answer = robot.send_file(media[key]) if key in media else robot.say(markdown)
        yield outbox.note(key, STATES[answer.outcome], answer.detail)


def fitted(markdown: str) -> str:
    """The text, cut at the last whole line that fits into a message, with a mark that it was."""
    if len(markdown.encode()) <= LONGEST_MARKDOWN:
        return markdown
    lines, size = [], len("\n…".encode())
    for line in markdown.splitlines():
        size += len(line.encode()) + 1
        if size > LONGEST_MARKDOWN:
            break
        lines.append(line)
    return "\n".join([*lines, "…"])


def _never_connected(error: Exception) -> bool:
    import requests
    from urllib3.exceptions import LocationParseError, NewConnectionError

    cause = getattr(error.args[0], "reason", None) if error.args else None
    never = (
        requests.exceptions.ConnectTimeout,
        requests.exceptions.SSLError,
        requests.exceptions.InvalidURL,
        LocationParseError,
    )
    return isinstance(error, never) or isinstance(cause, NewConnectionError)


def _judged(response: requests.Response) -> tuple[Answer, Mapping[str, object]]:
    try:
        said = response.json()
        code, text = int(said["errcode"]), str(said.get("errmsg", ""))[:200]
    except (ValueError, KeyError, TypeError, AttributeError):
        outcome = (
            Outcome.UNKNOWN
            if response.status_code >= 500 or response.status_code == 200
            else Outcome.REFUSED
        )
        return Answer(outcome, f"HTTP {response.status_code}"), {}
    if code == 0:
        return Answer(Outcome.SENT, "0 ok"), said
    return Answer(
        Outcome.LATER if code in (-1, TOO_OFTEN) else Outcome.REFUSED,
        f"{code} {text.partition(', hint')[0]}",
    ), said
