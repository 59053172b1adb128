"""Reads damaged PDF, Word and Excel files as klark reads documents, and counts how that ends.

    python -m tests.bench.hostile_files [--count 300] [--seed 1] [--json]
    {"files", "read", "refused", "killed", "hung", "crashed", "most_mib", "wall_s", "seed"}

Each file is a small real one, damaged as bytes or inside its archive. One in ISOLATED_EACH is read by klark.sources.isolated,
the others by the same code with the same limits in a fork of this process, which is much faster. `read`: articles or nothing came
out; `refused`: left out with a reason; `killed`: the reader ended by a signal, which costs that document only; `hung`: it took
longer than HUNG_S seconds; `crashed`: the process that asked broke. `most_mib`: the most memory that a fork used. What was
killed, hung or crashed is told on standard error with what repeats it: `--seed S --only NUMBER`.
"""

import argparse
import json
import os
import re
import signal
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from random import Random

from klark.sources import isolated, isolated_child, pdf, word, workbook  # noqa: F401  the readers, for all forks
from klark.sources.base import BadDocument
from tests.bench.mutations import mutated
from tests.klark.sources import papers

ENDS = ("read", "refused", "killed", "hung", "crashed")
ISOLATED_EACH = 50
HUNG_S = 20
BOMB = b"0" * 30_000_000
ODD_NUMBERS = (b"0", b"-1", b"1", b"65536", b"2147483648", b"99999999999999999999", b"1e309", b"0.0000001")
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%s">' % (letter + 1, b"&%c;" % letter * 10) for letter in range(97, 107)
) + b"]>"  # fmt: skip
NESTED = b"<w:tbl><w:tr><w:tc>" * 20_000


def whole(folder: Path) -> Mapping[str, bytes]:
    """Returns a small file of each kind, by suffix."""
    lines = [papers.written(f"Delivery takes {days} days.", 700 - 20 * days) for days in range(1, 6)]
    table = "<w:tbl><w:tr><w:tc>" + papers.paragraph(papers.run("Tea")) + "</w:tc></w:tr></w:tbl>"
    body = papers.paragraph(papers.run("Returns"), properties='<w:pStyle w:val="T1"/>') + table
    rows = [["name", "price", "since"], *([f"Tea {number}", number / 7, "2026-11-29"] for number in range(30))]
    made = (
        papers.pdf(
            folder / "a.pdf", ["".join(lines), lines[0]], outline={"One": 0, "Two": 1}, title="Delivery", picture=True
        ),
        papers.word(folder / "a.docx", body + papers.paragraph(papers.run("Thirty days.", "<w:b/>"))),
        papers.workbook(folder / "a.xlsx", {"Prices": rows, "More": rows}, {"B2": "0.00"}),
    )
    return {path.suffix: path.read_bytes() for path in made}


def damaged(seed: int, number: int, files: Mapping[str, bytes]) -> tuple[str, bytes]:
    """Returns the suffix and the bytes of the file of this number."""
    chance = Random(f"{seed}-{number}")
    suffix = chance.choice(sorted(files))
    ways = (mutated, _numbers) if suffix == ".pdf" else (mutated, _inside, _inside, _inside)
    return suffix, chance.choice(ways)(chance, files[suffix])


def _numbers(chance: Random, raw: bytes) -> bytes:
    """Other numbers, so that lengths, places and references lie; also references that go round in circles."""
    for _ in range(chance.randint(1, 6)):
        places = [found.span() for found in re.finditer(rb"\d+", raw)]
        start, end = chance.choice(places)
        other_start, other_end = chance.choice(places)
        number = chance.choice((*ODD_NUMBERS, raw[other_start:other_end], raw[other_start:other_end]))
        raw = raw[:start] + number + raw[end:]
    return raw


def _inside(chance: Random, raw: bytes) -> bytes:
    """Damage to one part of an archive, or to the archive itself."""
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(sorted(parts))
    parts[name] = chance.choice(PARTS)(chance, parts[name])
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for part, content in parts.items():
            if chance.random() < 0.97:
                archive.writestr(part if chance.random() < 0.97 else f"../{part}", content)
    return packed.getvalue()


PARTS: Sequence[Callable[[Random, bytes], bytes]] = (
    mutated, mutated, _numbers, _numbers,
    lambda chance, part: BOMB,
    lambda chance, part: part + BOMB,
    lambda chance, part: ENTITIES + re.sub(rb"<\?xml.*?\?>", b"", part).replace(b">", b">&k;", 3),
    lambda chance, part: part.replace(b"<w:body>", b"<w:body>" + NESTED).replace(b"<row ", NESTED + b"<row ", 1),
    lambda chance, part: re.sub(rb'r="[A-Z]+\d+"', b'r="XFD1048576"', part),
)  # fmt: skip


def ended(path: Path, apart: bool) -> tuple[str, int]:
    """Reads a file; returns how that ended, and the most memory in MiB (0 where it is not known)."""
    if not apart:
        return _in_fork(path)
    try:
        list(isolated.read(path))
    except BadDocument:
        return "refused", 0
    except Exception as error:
        print(repr(error), file=sys.stderr)
        return "crashed", 0
    return "read", 0


def _in_fork(path: Path) -> tuple[str, int]:
    pid = os.fork()
    if not pid:
        _child(path)
    _, status, used = os.wait4(pid, 0)
    by, mib = status & 0x7F, used.ru_maxrss // 1024
    if by:
        return ("hung" if by == signal.SIGALRM else "killed"), mib
    return ("read" if status == 0 else "refused"), mib


def _child(path: Path) -> None:
    """Never returns: the process ends with the status that klark's own child would have."""
    status = 1  # of an exception
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        signal.alarm(HUNG_S)
        status = isolated_child.main(path)
    finally:
        os._exit(status)


def main() -> int:
    """Reads and prints; returns 1 if anything hung or crashed."""
    parser = argparse.ArgumentParser(prog="tests.bench.hostile_files", description=__doc__)
    parser.add_argument("--count", type=int, default=300, help="files (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives other files (default: %(default)s)")
    parser.add_argument("--only", type=int, help="read the file of this number alone")
    parser.add_argument("--json", action="store_true", help="nothing but one JSON object")
    given = parser.parse_args()
    numbers = range(given.count) if given.only is None else [given.only]
    ends, most, started = Counter(dict.fromkeys(ENDS, 0)), 0, time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        files = whole(Path(folder))
        for number in numbers:
            suffix, raw = damaged(given.seed, number, files)
            path = Path(folder, f"damaged{suffix}")
            path.write_bytes(raw)
            end, mib = ended(path, apart=number % ISOLATED_EACH == 0)
            ends[end], most = ends[end] + 1, max(most, mib)
            if end in {"killed", "hung", "crashed"}:
                print(f"--seed {given.seed} --only {number}: {end}, {suffix}, {mib} MiB", file=sys.stderr)
    wall_s = round(time.monotonic() - started, 1)
    print(json.dumps({"files": len(numbers), **ends, "most_mib": most, "wall_s": wall_s, "seed": given.seed}))
    return 1 if ends["hung"] or ends["crashed"] else 0


if __name__ == "__main__":
    sys.exit(main())
