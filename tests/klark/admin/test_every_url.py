"""Nobody sees or changes anything of another tenant's at any URL: some hundred attempts here, any number by
`python -m tests.bench.tenants_apart`."""

import logging
from collections.abc import Iterator

import pytest

from klark.admin.access import Access
from klark.models import EVERY_TENANT
from tests.bench.tenants_apart import Tenants, run

pytestmark = pytest.mark.django_db
SEED = 1


@pytest.fixture
def tenants() -> Iterator[Tenants]:
    logging.disable(logging.CRITICAL)  # of each refusal
    yield Tenants()
    logging.disable(logging.NOTSET)


def test_no_attempt_at_any_url_goes_through(tenants: Tenants, capsys: pytest.CaptureFixture[str]) -> None:
    counted = run(tenants, SEED, range(2 * len(tenants.paths)))
    assert capsys.readouterr().err == ""
    assert counted == {"through": 0, "errors_5xx": 0}


def test_what_gets_through_is_told(
    tenants: Tenants, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Access, "visible", lambda access: (EVERY_TENANT,))
    monkeypatch.setattr(Access, "tenants", lambda access, power: [tenants.ours.tenant, tenants.theirs.tenant])
    monkeypatch.setattr(Access, "may", lambda access, power, tenant_id=None: True)
    about_topics = [number for number, path in enumerate(tenants.paths) if "/klark/topic/" in path]
    through = run(tenants, SEED, [number + 100 * len(tenants.paths) for number in about_topics * 2])["through"]
    told = capsys.readouterr().err
    assert through == told.count("it is shown") + told.count("a row was changed") > 0
