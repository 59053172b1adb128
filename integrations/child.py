"""One line to a child process, one line back, within a time."""

import os
import select
import subprocess
import time


def exchange(child: subprocess.Popen[bytes], line: bytes, timeout_s: float) -> bytes:
    """What the child answers to `line`; to b"", the line that it writes by itself. Raises TimeoutError; OSError or
    ValueError where it has died."""
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
