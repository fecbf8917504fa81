"""Damaged masters: whatever bytes are wrong, the answer is findings or one clear error, soon, and
nothing is written.

``python -m tests.integration.test_fuzz COUNT`` runs that many cases and prints what came of them; a
case is its number and nothing else, so any of them can be run again by ``… COUNT FIRST``.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import traceback
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from queue import Empty, Queue
from tempfile import TemporaryDirectory
from threading import Thread

import pytest

from salesplan import app
from salesplan.findings import Finding, SalesplanError
from salesplan.messages import fix, text
from salesplan.plan.loader import load
from salesplan.workbook import CellChange, patch_workbook
from tests.samples import filled_sample, new_sample
from tests.unit.masters import SOUND, write

SECONDS = 120
"""What one case may take on a busy machine; an undamaged master takes a tenth of one."""

MEMORY = 6 * 2**30
"""Address space of the process that runs the cases: a few damaged bytes must not ask for more."""

TELLING = b"<>/\"'&; =:0123456789ABZaetv$-.\x00\xff\xc3"
"""Bytes that mean something in a workbook's XML."""

KINDS = ("flip", "cut", "part-flip", "part-text", "part-cut", "part-zero")


@dataclass(frozen=True)
class Original:
    """A sound master: its bytes and its parts."""

    data: bytes
    parts: Mapping[str, bytes]


def originals(folder: Path) -> list[Original]:
    """The worked example as written, and as filled and with formulas; a small master by another
    library.
    """
    fresh, filled, formulas, small = (
        folder / f"{name}.xlsx" for name in ("fresh", "filled", "formulas", "small")
    )
    new_sample(fresh, lang="zh")
    filled_sample(filled, lang="zh")
    budget = load(filled).tables["budget"]
    least = budget.columns["least"]
    patch_workbook(
        filled,
        formulas,
        [
            CellChange(
                budget.sheet,
                f"{budget.columns['requested']}{row}",
                5,
                f"MAX({least}{row}:{least}{row + 1},2)",
            )
            for row in budget.row_numbers
        ],
    )
    write(small, SOUND)
    found = []
    for path in (fresh, formulas, small):
        with zipfile.ZipFile(path) as opened:
            found.append(
                Original(path.read_bytes(), {name: opened.read(name) for name in opened.namelist()})
            )
    return found


def damaged(case: int, sound: Sequence[Original]) -> tuple[str, bytes]:
    """(kind of damage, the damaged file) of a case: a few bytes of the file or of one part, or an
    end cut off.
    """
    chance = random.Random(case)
    kind, original = chance.choice(KINDS), chance.choice(sound)
    if kind == "cut":
        return kind, original.data[: chance.randrange(len(original.data))]
    if kind == "flip":
        return kind, _flipped(chance, original.data)
    part = chance.choice(sorted(original.parts))
    content = original.parts[part]
    if kind == "part-flip":
        content = _flipped(chance, content)
    elif kind == "part-text":
        content = _retyped(chance, content)
    elif kind == "part-cut":
        content = content[: chance.randrange(len(content))]
    else:
        start = chance.randrange(len(content))
        content = (
            content[:start]
            + bytes(min(chance.choice((1, 40, 512, 4096)), len(content) - start))
            + content[start + 4096 :]
        )
    return f"{kind} {part}", _packed(dict(original.parts) | {part: content})


def _flipped(chance: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16, 64))):
        changed[chance.randrange(len(changed))] ^= chance.randrange(1, 256)
    return bytes(changed)


def _retyped(chance: random.Random, data: bytes) -> bytes:
    """Bytes replaced, put in or taken out, so that much of it stays XML."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(changed))
        changed[at : at + chance.choice((0, 1, 1, 1, 3))] = bytes(
            chance.choices(TELLING, k=chance.choice((0, 1, 1, 1, 6)))
        )
    return bytes(changed)


def _packed(parts: Mapping[str, bytes]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as out:
        for name, content in parts.items():
            out.writestr(zipfile.ZipInfo(name), content)
    return stream.getvalue()


def outcome(path: Path, content: bytes) -> str:
    """What recalc makes of a damaged file: refused with nothing written, or filled into a copy that
    can be read too.

    AssertionError if it is neither.
    """
    path.write_bytes(content)
    out = path.with_name("out.xlsx")
    try:
        done = app.recalc(path, out=out)
    except SalesplanError as error:
        _said(error.finding)
        assert error.exit_code in (1, 3, 4), error.exit_code
        result = (
            error.finding.code if error.exit_code > 1 else f"read, not filled: {error.finding.code}"
        )
    else:
        for finding in done.run.findings:
            _said(finding)
        load(out)
        out.unlink()
        result = "read and filled"
    assert sha256(path.read_bytes()).digest() == sha256(content).digest(), "the master was changed"
    assert {file.name for file in path.parent.iterdir()} == {path.name}, (
        "something was written beside it"
    )
    return result


def _said(finding: Finding) -> None:
    for lang in ("zh", "en"):
        assert text(finding, lang).strip(), finding
        fix(finding, lang)


def work(folder: Path, first: int, step: int, cases: int) -> None:
    """Run every ``step``-th case from ``first``, telling each one's number before it and its
    outcome after it.
    """
    with suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    home = folder / f"worker{first % step}-{first}"
    home.mkdir()
    (home / "sound").mkdir()
    sound = originals(home / "sound")
    place = home / "case"
    place.mkdir()
    for case in range(first, cases, step):
        kind, content = damaged(case, sound)
        print(f"{case}\t{kind}", flush=True)
        try:
            said = outcome(place / "plan.xlsx", content)
        except BaseException as error:
            said = f"ESCAPED {type(error).__name__}: {error} | " + " < ".join(
                f"{f.filename.rsplit('/', 2)[-1]}:{f.lineno}"
                for f in traceback.extract_tb(error.__traceback__)[::-1][:4]
            )
            for file in place.iterdir():
                file.unlink()
        print(f"\t{said}".replace("\n", " "), flush=True)


def outcomes(cases: int, first: int = 0) -> tuple[Counter[str], list[str]]:
    """How often what came of the cases, and every case that escaped, hung or ended the process."""
    step = min(os.cpu_count() or 1, max(1, cases // 200))
    counted: Counter[str] = Counter()
    escaped: list[str] = []
    with TemporaryDirectory() as folder:
        threads = [
            Thread(
                target=_watch,
                args=(Path(folder), first + at, step, first + cases, counted, escaped),
            )
            for at in range(step)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return counted, sorted(escaped)


def _watch(
    folder: Path, first: int, step: int, cases: int, counted: Counter[str], escaped: list[str]
) -> None:
    """Run a worker to its end; where it hangs or dies in a case, note it and go on with the next
    one.
    """
    while first < cases:
        with subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.integration.test_fuzz",
                "work",
                str(folder),
                str(first),
                str(step),
                str(cases),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            cwd=Path(__file__).parents[2],
        ) as worker:
            running = ""
            for line in _lines(worker):
                if line is None:
                    worker.kill()
                    escaped.append(f"{running}: more than {SECONDS} s")
                    break
                name, _, rest = line.rstrip("\n").partition("\t")
                if name:
                    running, first = line.strip(), int(name) + step
                else:
                    counted[rest.split(" ")[0] if rest.startswith("ESCAPED") else rest] += 1
                    escaped += [f"{running}: {rest}"] if rest.startswith("ESCAPED") else []
                    running = ""
        if running and not (escaped and escaped[-1].startswith(running)):
            escaped.append(f"{running}: the process ended with {worker.returncode}")
        elif not running and first < cases and worker.returncode:
            escaped.append(f"before case {first}: the process ended with {worker.returncode}")
            return


def _lines(worker: subprocess.Popen[str]) -> Iterator[str | None]:
    """The worker's lines; None once it says nothing for :data:`SECONDS`."""
    lines: Queue[str] = Queue()

    def read() -> None:
        assert worker.stdout is not None
        for line in worker.stdout:
            lines.put(line)
        lines.put("")

    Thread(target=read, daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=SECONDS)
        except Empty:
            yield None
            return
        if not line:
            return
        yield line


@pytest.mark.parametrize("cases", [10_000 if os.environ.get("SALESPLAN_THOROUGH") else 150])
def test_damage_gives_findings_or_one_clear_error(cases: int) -> None:
    counted, escaped = outcomes(cases)
    assert not escaped, "\n".join(escaped)
    assert counted.total() == cases
    # The damage must be neither all harmless nor all noticed at the door.
    assert counted["read and filled"] > cases // 20
    assert (
        len(counted) > 5
        and sum(n for code, n in counted.items() if code.startswith("file-damaged")) > cases // 20
    )


def test_the_damage_of_a_case_is_always_the_same(tmp_path: Path) -> None:
    sound = originals(tmp_path)
    assert [damaged(case, sound) for case in range(20)] == [
        damaged(case, sound) for case in range(20)
    ]
    assert {damaged(case, sound)[0].split()[0] for case in range(100)} == set(KINDS)


def main(arguments: Sequence[str]) -> int:
    if arguments[:1] == ["work"]:
        work(Path(arguments[1]), *map(int, arguments[2:]))
        return 0
    counted, escaped = outcomes(*map(int, arguments))
    for name, number in counted.most_common():
        print(f"{number:7,}  {name}")
    print(*escaped, sep="\n")
    return 1 if escaped else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
