"""What a trial takes in: documents of a folder as well as lines of a file."""

import io
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError
from rich.console import Console
from rich.progress import Progress

from klark.management import trial
from klark.models import Article, within
from tests.klark import rows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def by_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "embedders", tuple)


def take(tenant_id: int, path: Path) -> tuple[set[str], Counter[str], str]:
    said, tally = io.StringIO(), Counter[str]()
    with Progress(console=Console(file=io.StringIO())) as progress:
        domains = trial.take_articles(tenant_id, path, progress, tally, Console(file=said))
    return domains, tally, said.getvalue()


def test_a_folder_of_documents_is_read_whole_and_what_it_names_is_trusted(tmp_path: Path) -> None:
    (tmp_path / "delivery.md").write_text("# Delivery\n\nIt takes 3 days. See https://help.acme.example/delivery.")
    (tmp_path / "broken.pdf").write_bytes(b"no PDF")
    tenant_id = rows.tenant()
    domains, tally, said = take(tenant_id, tmp_path)
    with within(tenant_id):
        assert [one.title for one in Article.objects.filter(current=True)] == ["Delivery"]
    assert (domains, tally, "broken.pdf: " in said) == ({"help.acme.example"}, {"bad": 1}, True)


def test_a_folder_that_klark_can_read_nothing_of_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="it holds no document that klark can read"):
        take(rows.tenant(), tmp_path)
