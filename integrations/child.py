"""Exchanges one line with a child process, within a time limit."""

import os
import select
import subprocess
import time


def exchange(child: subprocess.Popen[bytes], line: bytes, timeout_s: float) -> bytes:
    """Sends `line` and returns the child's answer; with b"", returns the next line that it writes by itself. Raises
    TimeoutError after `timeout_s` seconds, and OSError or ValueError if the child has died."""
    assert child.stdin
    assert child.stdout
    child.stdin.write(line)
    child.stdin.flush()
    ends, came = time.monotonic() + timeout_s, bytearray()
    while not came.endswith(b"\n"):
        ready, _, _ = select.select([child.stdout], [], [], max(0.0, ends - time.monotonic()))
        if not ready:
            raise TimeoutError(f"nothing within {timeout_s:g} s")
        if not (chunk := os.read(child.stdout.fileno(), 1 << 16)):
            raise ValueError("it ended")
        came += chunk
    return bytes(came)
