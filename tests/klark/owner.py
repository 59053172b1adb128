"""A process to be killed: it starts children, prints what the test needs to know as one line of JSON, and waits.

python -m tests.klark.owner children ORPHAN_SIGNAL UID GID LOG PROGRAM [ARGUMENT…]
python -m tests.klark.owner embedded FOLDER
"""

import json
import signal
import sys
from pathlib import Path

from klark.runtime.processes import Account, spawn


def report(**facts: object) -> None:
    print(json.dumps(facts), flush=True)


def children(orphan_signal: str, uid: str, gid: str, log: str, *program: str) -> None:
    account = Account(int(uid), int(gid))
    child = spawn(program, account=account, log=Path(log), orphan_signal=signal.Signals(int(orphan_signal)))
    report(pids=[child.pid])
    sys.stdin.read()
    child.stop()


def embedded(folder: str) -> None:
    from klark.runtime.embedded_servers import CannotStart, start  # noqa: PLC0415  # slow to import, and children need none

    try:
        with start(Path(folder), durable=False) as running:
            report(pids=[child.pid for child in running.children], owner_url=running.engines.owner_url)
            sys.stdin.read()
    except CannotStart as refusal:
        report(refusal=str(refusal))


if __name__ == "__main__":
    {"children": children, "embedded": embedded}[sys.argv[1]](*sys.argv[2:])
