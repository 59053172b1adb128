"""The seconds of CPU that this process's descendants have used, by what they are."""

import os
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def seconds(pid: int) -> float:
    """Returns the seconds that a process has used, all its threads together."""
    used = _columns(pid)
    return (int(used[11]) + int(used[12])) / TICKS


def seconds_by_part(parts: Mapping[str, Callable[[str], bool]]) -> Mapping[str, float]:
    """Returns the seconds of all descendants by part: the first whose function takes a process's command line. What ended
    meanwhile counts with its parent."""
    running = {pid: columns for pid in _pids() if (columns := _columns(pid))}
    parents = {pid: int(columns[1]) for pid, columns in running.items()}
    used: Counter[str] = Counter(dict.fromkeys(parts, 0.0))
    for pid, columns in running.items():
        line = _read(pid, "cmdline").replace("\0", " ")
        part = next((name for name, takes in parts.items() if takes(line)), "")
        if part and _descends(pid, os.getpid(), parents):
            used[part] += sum(int(columns[at]) for at in (11, 12, 13, 14)) / TICKS
    return used


def _descends(pid: int, ancestor: int, parents: Mapping[int, int]) -> bool:
    while pid in parents and pid != ancestor:
        pid = parents[pid]
    return pid == ancestor


def _pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").glob("[0-9]*")]


def _columns(pid: int) -> list[str]:
    """Returns what /proc/PID/stat says behind the command, as in proc(5): the state is the first. Empty if it has ended."""
    return _read(pid, "stat").rsplit(")", 1)[-1].split()


def _read(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
