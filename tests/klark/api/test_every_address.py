"""Every address and method of the API: with another tenant's ids, and with what its own OpenAPI document allows."""

import logging
import re
from collections.abc import Iterator
from importlib import import_module

import pytest

from klark.api.urls import router, urlpatterns
from tests.bench.tenants_apart import THEIRS, Tenants

pytestmark = pytest.mark.django_db
CASES, SEED = 300, 1
METHODS = ("get", "post", "put", "patch", "delete")
PLACE = re.compile(r"<(?:\w+:)?\w+>|\(\?P<\w+>[^)]*\)")
BODY = {"reason": "mine", "text": "mine", "title": "mine", "body_html": "mine", "question": "Where is my parcel?"}


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)  # of each refusal
    yield
    logging.disable(logging.NOTSET)


def addresses() -> list[str]:
    """Each with a place for an id."""
    written = [str(one.pattern).strip("^$") for one in (*urlpatterns[:-2], *router.urls)]
    return [PLACE.sub("{}", one) for one in written]


def test_no_address_shows_or_changes_what_is_anothers() -> None:
    tenants = Tenants()
    tried = 0
    for address in addresses():
        for row in dict.fromkeys((*tenants.theirs.rows().values(), "returns") if "{}" in address else ("",)):
            for method in METHODS:
                answer = getattr(tenants.program, method)(f"/api/v1/{address.format(row)}", BODY, "application/json")
                shown = b"".join(answer.streaming_content) if answer.streaming else answer.content
                assert (THEIRS in shown.decode(), answer.status_code < 500) == (False, True), (method, address, row)
                tried += 1
    assert (tenants.changed(), tried > 100) == ("", True)


def test_what_the_document_allows_and_what_it_does_not_breaks_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    cases = import_module("tests.bench.api_cases")  # here: schemathesis takes a second to import
    counted = cases.run(CASES, SEED)
    assert (capsys.readouterr().err, counted["broken"], counted["cases"] > 0.8 * CASES) == ("", 0, True)
