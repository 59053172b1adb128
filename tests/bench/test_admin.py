"""The bench of the admin counts what the pages ask of the database, and that does not grow with the drafts."""

import pytest

from tests.bench import admin

pytestmark = pytest.mark.django_db


def test_the_pages_ask_the_same_however_many_drafts_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admin, "WARM", 2)
    monkeypatch.setattr(admin, "MEASURED", 1)
    monkeypatch.setattr(admin, "analyze", lambda: None)
    few, many = admin.run(40, "alder"), admin.run(400, "birch")
    assert (few["waiting"] < many["waiting"], many["drafts"]) == (True, 400)
    queries = [(each["queries_list"], each["queries_detail"]) for each in (few, many)]
    assert queries[0] == queries[1]
    assert few["queries_overview"] == many["queries_overview"]
    assert few["queries_outcomes"] == many["queries_outcomes"] <= 30
    assert few["queries_policy"] == many["queries_policy"] <= 21
    assert max(queries[0]) - 1 <= 20  # within a test's transaction each request puts back which tenants were visible
