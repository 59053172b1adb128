"""A script that replaces itself with another program, which gets a signal when the process that started it ends.

    python -I -S parent_death_signal.py OWNER SIGNAL UID GID PROGRAM [ARGUMENT…]

OWNER is a process id. SIGNAL is the number of the signal that the kernel sends to PROGRAM (a path) when OWNER ends, even
by SIGKILL. UID and GID are the account to run as, or -1 to keep the present one. This is a separate script that uses only
the standard library, because running Python code between fork and exec is unsafe where there are threads (`preexec_fn`
in https://docs.python.org/3/library/subprocess.html).
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
# A shell ignores the first for background jobs, Python the other two when it starts, and exec would pass that on.
SIGNALS_TO_RESET = (signal.SIGINT, signal.SIGPIPE, signal.SIGXFSZ)


def drop_to(uid: int, gid: int) -> None:
    """Drops root's privileges for the given account; does nothing if `uid` is negative."""
    if uid < 0:
        return
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def tie_to(owner: int, orphan_signal: int) -> None:
    """Has the kernel send `orphan_signal` to this process when its parent `owner` ends.

    Raises OSError if the kernel refuses, and ProcessLookupError if `owner` has ended already.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, orphan_signal, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the parent-death signal was refused")
    # If the owner died before the call above, the signal will never be sent.
    if os.getppid() != owner:
        raise ProcessLookupError("the owner has ended already")


def main(arguments: list[str]) -> None:
    """Becomes PROGRAM, given the command line's arguments; exits with a message if that fails."""
    owner, orphan_signal, uid, gid = map(int, arguments[:4])
    program = arguments[4:]
    for number in SIGNALS_TO_RESET:
        signal.signal(number, signal.SIG_DFL)
    try:
        drop_to(uid, gid)  # first, because a change of uid clears the parent-death signal (prctl(2))
        tie_to(owner, orphan_signal)
        # Nothing may be imported from here on, because the account may be unable to read the standard library.
        os.execv(program[0], program)  # noqa: S606 — no shell is the point
    except OSError as error:
        sys.exit(f"cannot run {program[0]}: {error}")


if __name__ == "__main__":
    main(sys.argv[1:])
