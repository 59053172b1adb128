"""The seconds of CPU that this process's descendants have used, and the memory that they took at most, by what they are."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
Parts = Mapping[str, Callable[[str], bool]]
"""For each part the function that takes a process's command line; the first that takes it decides."""


def seconds(pid: int) -> float:
    """Returns the seconds that a process has used, all its threads together."""
    used = _columns(pid)
    return (int(used[11]) + int(used[12])) / TICKS


def seconds_by_part(parts: Parts) -> Mapping[str, float]:
    """Returns the seconds of all descendants by part. What ended meanwhile counts with its parent."""
    used: Counter[str] = Counter(dict.fromkeys(parts, 0.0))
    for part, pid in _descendants(parts):
        used[part] += sum(int(each) for each in _columns(pid)[11:15]) / TICKS
    return used


def peak_mib_by_part(parts: Parts) -> Mapping[str, int]:
    """Returns the most memory that the descendants of each part had at a time, in MiB; what several share counts for each."""
    used: Counter[str] = Counter(dict.fromkeys(parts, 0))
    for part, pid in _descendants(parts):
        peak = next((line for line in _read(pid, "status").splitlines() if line.startswith("VmHWM")), "")
        used[part] += int(peak.split()[1]) // 1024 if peak else 0
    return used


def _descendants(parts: Parts) -> Iterator[tuple[str, int]]:
    running = {pid: columns for pid in _pids() if (columns := _columns(pid))}
    parents = {pid: int(columns[1]) for pid, columns in running.items()}
    for pid in running:
        line = _read(pid, "cmdline").replace("\0", " ")
        part = next((name for name, takes in parts.items() if takes(line)), "")
        if part and _descends(pid, os.getpid(), parents):
            yield part, pid


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
