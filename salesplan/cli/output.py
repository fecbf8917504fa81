"""Output that cannot be written: a full disk or a closed pipe ends no command halfway.

What a command does to a master does not depend on who hears of it. So the rest of its output is
dropped, it comes to its end, and then one line and the exit code say what became of both.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import TextIO

import click

LOST = 3
"""Exit code of a command that did its work, but whose output could not be written: that of a full
disk elsewhere.
"""


class Enduring(io.RawIOBase):
    """A stream that takes everything; :attr:`failure` is why it could not pass it on, if it could
    not.
    """

    def __init__(self, raw: io.RawIOBase) -> None:
        self._raw = raw
        self.failure: OSError | None = None

    def writable(self) -> bool:
        """Always: see :meth:`write`."""
        return True

    def fileno(self) -> int:
        """That of the stream behind it."""
        return self._raw.fileno()

    def isatty(self) -> bool:
        """Whether a person looks on."""
        return self._raw.isatty()

    def write(self, data: object) -> int:
        """Write, and keep the first failure; after it everything counts as written."""
        piece = memoryview(data)  # type: ignore[arg-type]
        if self.failure is not None:
            return piece.nbytes
        try:
            return self._raw.write(piece) or 0
        except OSError as problem:
            self.failure = problem
            return piece.nbytes


def endured(stream: TextIO) -> tuple[TextIO, Enduring | None]:
    """The stream as one that never fails; a terminal, or a stream without a file behind it, as it
    is.
    """
    buffer = getattr(stream, "buffer", None)
    raw = getattr(buffer, "raw", buffer)  # without a buffer where Python runs unbuffered
    if stream.isatty() or not isinstance(raw, io.RawIOBase):
        return stream, None
    stream.flush()
    kept = Enduring(raw)
    written = io.BufferedWriter(kept)
    text = io.TextIOWrapper(written, stream.encoding, stream.errors, line_buffering=True)
    return text, kept


def exit_code(own: int, output: Enduring | None) -> int:
    """The command's own exit code, or :data:`LOST` where it went well and its output did not; that
    is said in one line.

    A reader that has seen enough (``salesplan check | head``) has lost nothing.
    """
    if sys.stdout is not None:
        sys.stdout.flush()
    if output is None or output.failure is None or _went_away(output.failure):
        return own
    reason = output.failure.strerror or str(output.failure)
    if output.failure.errno == errno.ENOSPC:
        reason = "磁盘已满 / the disk is full"
    what = (
        "命令已照常完成, 写入的内容已保存 / the command completed, and what it wrote is saved"
        if own in (0, 1)
        else f"退出码 {own} / exit code {own}"
    )
    click.secho(f"输出没有写完 / output lost ({reason}): {what}", fg="red", err=True)
    return own or LOST


def _went_away(failure: OSError) -> bool:
    return failure.errno == errno.EPIPE or (os.name == "nt" and failure.errno == errno.EINVAL)


def outlast() -> Enduring | None:
    """Make standard output and standard error such streams; gives standard output's."""
    output = None
    if sys.stdout is not None:
        sys.stdout, output = endured(sys.stdout)
    if sys.stderr is not None:
        sys.stderr, _ = endured(sys.stderr)
    return output
