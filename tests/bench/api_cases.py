"""Asks the API what its own OpenAPI document allows, and what it does not: made by schemathesis, for every operation.

    python -m tests.bench.api_cases [--count 5000] [--seed 1] [--json]
    {"cases", "broken", "operations", "wall_s", "seed"}

The program has a token that may do everything, at a tenant with a row of everything. Half of the cases are as the document says,
half are wrong in some place. `broken`: the answer is a 5xx, or has a status, a type or a form that the document does not name.
Each is told on standard error.
"""

import argparse
import json
import logging
import sys
import time
from collections import Counter

import tests.bench.ready  # noqa: F401  # isort: skip

import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test.utils import setup_test_environment
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from klark.wsgi import application
from tests.bench.stage import database
from tests.klark.api.program import Program
from tests.klark.companies import company

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


def run(count: int, number: int) -> Counter[str]:
    """Makes about so many cases; returns how many there were, how many broke something, and of how many operations."""
    load_all_checks()
    document = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
    document.app = application
    document.config.generation.codec = None  # "utf-8" means the same characters, but computing them takes over a second
    operations = [each.ok() for each in document.get_all_operations()]
    token = Program(company("alder").tenant, per_minute=10**9).token
    counted = Counter(operations=len(operations), cases=0, broken=0)
    each = max(1, round(count / (len(operations) * len(MODES))))
    how = settings(
        max_examples=each,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )

    def tried(case: Case) -> None:
        counted["cases"] += 1
        try:
            case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)
        except FailureGroup as failures:
            counted["broken"] += 1
            print(case.as_curl_command(), *failures.exceptions, sep="\n", file=sys.stderr)

    for signal in (request_started, request_finished):  # a case must not close the connection of the test around it
        signal.disconnect(close_old_connections)
    for operation in operations:
        for mode in MODES:
            seed(number)(how(given(case=operation.as_strategy(generation_mode=mode))(tried)))()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    return counted


def main() -> int:
    """Tries and prints; returns 1 if anything broke."""
    parser = argparse.ArgumentParser(prog="tests.bench.api_cases", description=__doc__)
    parser.add_argument("--count", type=int, default=5_000, help="cases (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives other cases (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="nothing but one JSON object")
    given_ = parser.parse_args()
    logging.disable(logging.WARNING)
    with database():
        setup_test_environment()
        started = time.monotonic()
        counted = run(given_.count, given_.seed)
        print(json.dumps({**counted, "wall_s": round(time.monotonic() - started, 1), "seed": given_.seed}))
    return 1 if counted["broken"] else 0


if __name__ == "__main__":
    sys.exit(main())
