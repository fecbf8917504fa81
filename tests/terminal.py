"""A terminal with somebody at it: a command run on a pseudo-terminal, its questions answered, and
Ctrl+C heard.
"""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import termios
from collections.abc import Mapping, Sequence
from pathlib import Path

CTRL_C = "\x03"
AGAIN = 2.0
"""Seconds after which a person presses Ctrl+C once more."""
PRESSES = 10
"""How often before the command is taken not to hear it."""
PATIENCE = 60.0
"""Seconds without a word after which the command is taken to hang."""


def answered(
    arguments: Sequence[str],
    answers: Sequence[str],
    folder: Path,
    environment: Mapping[str, str] | None = None,
    *,
    prompt: str = ":",
) -> tuple[int, str]:
    """Run ``salesplan`` in ``folder`` with a terminal for all its streams: each answer is typed
    once the next question stands there. Returns the exit code and everything that was shown.

    An answer of :data:`CTRL_C` is pressed, again and again until the command hears it.
    """
    master, worker = pty.openpty()
    plain = termios.tcgetattr(worker)
    plain[3] &= ~termios.ECHO
    termios.tcsetattr(worker, termios.TCSANOW, plain)
    process = subprocess.Popen(
        [sys.executable, "-m", "salesplan", *arguments],
        stdin=worker,
        stdout=worker,
        stderr=worker,
        cwd=folder,
        start_new_session=True,
        preexec_fn=_take_terminal,
        env={**os.environ, "TERM": "dumb", "PYTHONUTF8": "1", **(environment or {})},
    )
    os.close(worker)
    shown, waiting = b"", list(answers)
    asked, answer, pressed = 0, "", 0
    while True:
        ready, _, _ = select.select([master], [], [], AGAIN if answer == CTRL_C else PATIENCE)
        if not ready and answer == CTRL_C and pressed < PRESSES:
            # The one before came in the moment before the line was read.
            os.write(master, CTRL_C.encode())
            pressed += 1
            continue
        if not ready:
            process.kill()
            raise AssertionError(f"not another word after: {shown.decode()[-500:]}")
        try:
            read = os.read(master, 65536)
        except OSError:  # the other end is closed
            break
        if not read:
            break
        shown += read
        if waiting and shown[asked:].rstrip(b" ").endswith(prompt.encode()):
            asked = len(shown)
            answer = waiting.pop(0)
            os.write(master, answer.encode() if answer == CTRL_C else f"{answer}\n".encode())
    os.close(master)
    return process.wait(), shown.decode().replace("\r\n", "\n")


def _take_terminal() -> None:
    """Make the stream a controlling terminal, so that Ctrl+C reaches the command."""
    import fcntl

    hear_ctrl_c()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def hear_ctrl_c() -> None:
    """What a command that is to be stopped does before it starts (``preexec_fn``): a shell that
    runs the tests in the background has them ignore Ctrl+C, and what they start inherits that.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
