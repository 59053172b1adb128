"""How long one tenant's ticket waits behind another tenant's burst.

    python -m tests.bench.fairness [--tickets 1000] --json
    {"alone_s", "behind_s", "ratio"}

From the webhook to the decision, on the idle machine and in the middle of the burst, with the processes and the burst of
tests.bench.throughput. The burst is not waited for.
"""

import json
import sys

from tests.bench.burst import arguments, scene


def main() -> int:
    """Measure and print."""
    given = arguments("tests.bench.fairness", __doc__).parse_args()
    with scene(given) as ready:
        alone = ready.waited()
        ready.burst(given.tickets)
        behind = ready.waited()
        if not ready.open(ready.seeded.tenant_id):
            raise SystemExit("the burst was over too soon: give more --tickets")
    print(json.dumps({"alone_s": round(alone, 2), "behind_s": round(behind, 2), "ratio": round(behind / alone, 2)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
