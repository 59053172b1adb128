"""A body that is too large, cut off, of another type or no JSON is refused in plain words, and nothing is done."""

from typing import Any

import pytest

from klark.models import Outcome
from tests.klark import rows
from tests.klark.api.program import HOME, Program
from tests.klark.companies import company

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.mark.parametrize(
    ("body", "kind", "status", "says"),
    [
        (b'{"reason": "' + b"x" * 2**20 + b'"}', JSON, 413, "1048576 bytes"),
        (b"[" * 100_000, JSON, 400, "nested too deeply"),
        (b"[]", JSON, 400, "not a JSON object"),
        (b"{", JSON, 400, "not JSON"),
        (b'{"reason": NaN}', JSON, 400, "not JSON"),
        (b'{"reason": "\xff"}', JSON, 400, "not JSON"),
        (b'{"reason": ' + b"9" * 5000 + b"}", JSON, 400, "not JSON"),
        (b'{"reason": "\\ud800"}', JSON, 400, "urrogate"),
        (b"reason=no", "application/x-www-form-urlencoded", 415, "media type"),
        (b"<a/>", "text/xml", 415, "media type"),
        (b"", JSON, 400, "required"),
    ],
)
def test_it_is_refused_and_the_words_say_why(body: bytes, kind: str, status: int, says: str) -> None:
    ours = company("alder")
    answer: Any = Program(ours.tenant).client.post(f"{HOME}drafts/{ours.draft}/reject", body, kind)
    told = answer.json()
    assert (answer.status_code, answer["content-type"], rows.count(Outcome)) == (status, "application/problem+json", 0)
    assert says in told["detail"]


def test_the_words_are_in_the_language_that_the_program_asks_for() -> None:
    ours = company("alder")
    client = Program(ours.tenant).client
    answer = client.post(f"{HOME}drafts/{ours.draft}/reject", b"[]", JSON, headers={"accept-language": "fr"})
    assert answer.json()["detail"] == "Le corps n'est pas un objet JSON."


def test_a_method_that_an_address_does_not_take_is_refused_in_json() -> None:
    answer = Program(rows.tenant()).client.delete(f"{HOME}decisions")
    assert (answer.status_code, answer.json()["title"]) == (405, "Method Not Allowed")
