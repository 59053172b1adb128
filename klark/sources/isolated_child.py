"""The child process of klark.sources.isolated: `python -m klark.sources.isolated_child PATH`. Does not use Django."""

import resource
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from klark.sources.base import BadDocument
from klark.sources.isolated import BAD, SECONDS, written

MEMORY = 3 * 1024**3
READERS: Mapping[str, str] = {".pdf": "pdf", ".docx": "word", ".xlsx": "workbook", ".xlsm": "workbook"}
"""The module that reads each kind of file. Only one is imported: together, their packages take longer than most files."""


def main(path: Path) -> int:
    """Reads the file, prints one line per article, and returns the exit status: 0, or BAD for a BadDocument.

    Any other exception ends the process with its traceback.
    """
    with suppress(
        OSError
    ):  # Linux: where memory runs out, this process is killed, and not the worker that waits for it
        Path("/proc/self/oom_score_adj").write_text("1000")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (int(SECONDS), int(SECONDS)))
    try:
        for one in import_module(f"klark.sources.{READERS[path.suffix.lower()]}").read(path):
            print(written(one))
    except BadDocument as error:
        print(error, file=sys.stderr)
        return BAD
    print('"end"')
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
