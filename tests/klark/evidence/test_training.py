"""What people made of drafts is written as masked examples, with a card; what must not be learned is left out and counted."""

import gc
import hashlib
import json
import stat
from collections.abc import Callable, Set
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from integrations.llms.base import REPLY_SCHEMA
from integrations.sandbox.client import Sandbox
from klark import pipeline, review
from klark.evidence.training import split
from klark.evidence.training.candidates import LEFT_OUT
from klark.evidence.training.examples import Example
from klark.evidence.training.files import NotAllowed, PolicyChanged, export
from klark.models import Aftermath, AuditDetail, Delivery, Draft, Judgement, Policy, Tenant, within
from klark.personal_data.erase import erase
from tests.klark import rows
from tests.klark.modelled import Model, furnished, with_meaning, with_model
from tests.klark.rows import ANSWER, ASKED
from tests.klark.said import completion

pytestmark = pytest.mark.django_db

FREE = "Delivery above 50 € is free."
PAGE = f"<p>{ANSWER}</p><p>{FREE}</p>"
GOOD = completion((ANSWER, ["P1.1"]))
ROLES = ["system", "user", "assistant"]


@pytest.fixture
def played(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Callable[..., int]:
    """A ticket is drafted for, and waits in the queue; the draft's id."""
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)
    with_meaning(monkeypatch)
    with_model(monkeypatch, settings, Model(GOOD))
    tenant = rows.tenant(mode="queue", training_export=True, sign_off={"en": "The Acme team"})
    rows.article(tenant, html=PAGE)
    furnished(tenant)
    desk = rows.connection(tenant, "zendesk", sandbox)

    def one(number: int, body: str = ASKED, name: str = "Camille Durand") -> int:
        asker = {"name": name, "email": f"customer{number}@example.org"}
        rows.event(desk, sandbox.ticket("zendesk", subject="Delivery", body=body, requester=asker))
        rows.make_due(rows.WebhookEvent)
        pipeline.answer(rows.claim())
        with within(tenant):
            return Draft.of(tenant).latest("pk").pk

    return one


def waiting(draft: int) -> review.Reviewed:
    row = rows.get(Delivery, draft=draft, kind="reply")
    return review.Reviewed(row.pk, row.tenant_id, "ada")


def sent(draft: int, text: str | None = None, singly: bool = True) -> int:
    """The draft is approved, with another text if one is given, and the reply is on the ticket."""
    who = waiting(draft)
    review.approve(review.Reviewed(who.delivery_id, who.tenant_id, who.by, singly=singly), text, overrule="I asked.")
    rows.change(Delivery, {"draft": draft, "kind": "reply"}, state="sent", sending_at=timezone.now())
    return draft


def exported(folder: Path) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """The card, and the lines of each file."""
    call_command("training", "--output", str(folder), stdout=StringIO())
    lines = {
        file.name: [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        for file in folder.glob("*.jsonl")
    }
    return json.loads((folder / "card.json").read_text("utf-8")), lines


def taken_by_a_provider(line: dict[str, Any]) -> None:
    """As OpenAI and Mistral check a line of the chat form before they train on it."""
    assert (list(line), [one["role"] for one in line["messages"]]) == (["messages"], ROLES)
    assert all(set(one) == {"role", "content"} and one["content"].strip() for one in line["messages"])
    jsonschema.validate(json.loads(line["messages"][-1]["content"]), REPLY_SCHEMA)


def test_what_a_person_sent_is_an_example_masked_and_in_the_form_that_providers_take(
    played: Callable[..., int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(split, "VALIDATION", 2**256)  # the lot falls on nobody
    asked = "How long does delivery to Belgium take? I am Camille Durand, order 558812, +32 470 12 34 56."
    first = sent(played(1, asked))
    edited = sent(played(2), f"Hello Camille,\n\n{ANSWER} {FREE}\n\nBest regards,\nAda from Acme")
    prompts = {pk: rows.get(Draft, pk=pk).record["answer"] for pk in (first, edited)}
    card, files = exported(tmp_path / "out")
    chats = [*files["train.jsonl"], *files["validation.jsonl"]]
    for line in chats:
        taken_by_a_provider(line)
    assert card["left_out"] == {}
    by_user = {line["messages"][1]["content"]: json.loads(line["messages"][2]["content"]) for line in chats}
    assert by_user == {
        prompts[first]["user"]: {"answerable": True, "sentences": [{"text": ANSWER, "cites": ["P1.1"]}]},
        prompts[edited]["user"]: {
            "answerable": True,
            "sentences": [{"text": ANSWER, "cites": ["P1.1"]}, {"text": FREE, "cites": ["P1.2"]}],
        },
    }
    everything = "".join(file.read_text("utf-8") for file in (tmp_path / "out").iterdir())
    assert [word for word in ("Camille", "Durand", "558812", "470 12", "example.org") if word in everything] == []
    (pair,) = files["preference.jsonl"]
    assert set(pair) == {"input", "preferred_output", "non_preferred_output"}
    answers = [json.loads(pair[side][0]["content"]) for side in ("preferred_output", "non_preferred_output")]
    assert answers == [by_user[prompts[edited]["user"]], by_user[prompts[first]["user"]]]
    assert (card["examples"], card["customers"], card["by"]["outcome"]) == (2, 2, {"edited": 1, "unchanged": 1})
    assert sum(each["lines"] for name, each in card["files"].items() if name != "preference.jsonl") == 2
    for name, each in card["files"].items():
        assert hashlib.sha256((tmp_path / "out" / name).read_bytes()).hexdigest() == each["sha256"]
    (entry,) = audited()
    assert (entry["files"]["train.jsonl"], entry["since"]) == (card["files"]["train.jsonl"]["sha256"], card["since"])
    again, _ = exported(tmp_path / "again")
    assert again["files"] == card["files"]
    monkeypatch.setattr(split, "VALIDATION", 1)  # the lot falls on everybody
    validated, _ = exported(tmp_path / "validated")
    lines = {name: each["lines"] for name, each in validated["files"].items()}
    assert lines == {"train.jsonl": 0, "validation.jsonl": 2, "preference.jsonl": 0}


def test_a_customer_known_by_address_here_and_by_id_there_is_in_one_file_only(
    played: Callable[..., int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved, by_address, by_both, before, another = (sent(played(number)) for number in (1, 1, 1, 1, 2))
    asker = rows.get(Draft, pk=by_both).record["ticket"]["requester"]
    recorded(moved, "ticket", requester={**asker, "email": "before@example.org"})
    recorded(by_address, "ticket", requester={**asker, "id": ""})
    recorded(before, "ticket", requester={**asker, "id": "", "email": "before@example.org"})
    theirs = (moved, by_address, by_both, before)
    prompts = {pk: rows.get(Draft, pk=pk).record["answer"]["user"] for pk in (*theirs, another)}
    for drawn in theirs:
        monkeypatch.setattr(split, "is_drawn", falls_on(drawn))
        _, files = exported(tmp_path / str(drawn))
        train, validation = (asked_in(files[name]) for name in ("train.jsonl", "validation.jsonl"))
        assert (train, validation) == ({prompts[another]}, {prompts[pk] for pk in theirs})


def asked_in(lines: list[dict[str, Any]]) -> set[str]:
    return {line["messages"][1]["content"] for line in lines}


def falls_on(draft: int) -> Callable[[str, Set[str]], bool]:
    """Draws lots so that one falls on whoever asked what this draft answers."""
    address = rows.get(Draft, pk=draft).record["ticket"]["requester"]["email"]
    return lambda tenant, names: address in names


def recorded(draft: int, part: str, **told: Any) -> None:
    """The draft's record says something else of a part."""
    record = rows.get(Draft, pk=draft).record
    rows.change(Draft, {"pk": draft}, record={**record, part: {**record[part], **told}})


def audited() -> list[dict[str, Any]]:
    with within("*"):
        return list(AuditDetail.objects.filter(entry__act="training").values_list("content", flat=True))


def test_what_must_not_be_learned_is_left_out_and_counted(played: Callable[..., int], tmp_path: Path) -> None:
    sent(played(1), f"Hello Camille,\n\n{ANSWER} Ring the bell three times at the depot.")
    sent(played(2), f"Hello Camille,\n\n{ANSWER} {FREE} Delivery is free for Otto Lindqvist above 50 €.")
    sent(played(3), singly=False)
    review.reject(waiting(played(4)), "wrong article")
    bad, _excluded, gone, _erased, older, wrong = (sent(played(number)) for number in range(5, 11))
    grave, orders, quoted = (sent(played(number)) for number in range(11, 14))
    sent(played(14, f"{ASKED} Kowalczyk from the depot told me."))  # beside a known customer, masked only if it is sure
    played(15)  # still waits
    rows.change(Draft, {"pk": gone}, created_at=timezone.now() - timedelta(days=400))
    with within("*"):
        tenant = rows.get(Draft, pk=bad).tenant_id
        Aftermath.objects.create(draft_id=bad, tenant_id=tenant, satisfaction="bad")
        Judgement.objects.create(draft_id=wrong, tenant_id=tenant, via="queue", verdict="wrong", by="ada")
        Policy.objects.update(excluded_senders=["customer6@example.org"])
    masked_otherwise = rows.get(Draft, pk=older).record["answer"]["user"] + " "
    recorded(older, "answer", user=masked_otherwise)
    recorded(grave, "triage", sensitive=["legal"])
    recorded(orders, "triage", injection=True)
    recorded(quoted, "answer", server="")
    erase(tenant, "customer8@example.org")
    card, files = exported(tmp_path / "out")
    told = {why: each["drafts"] for why, each in card["left_out"].items()}
    assert told == {
        "not_in_passages": 1, "unknown_data": 1, "not_judged": 1, "rejected": 1, "rated_bad": 1, "excluded": 1, "deleted": 1,
        "judged_wrong": 1, "older_klark": 1, "sensitive": 1, "orders": 1, "no_model": 1, "unmasked": 1,
    }  # fmt: skip
    assert told.keys() == LEFT_OUT.keys()
    assert (card["examples"], card["first"], card["delete_by"], len(files["train.jsonl"])) == (0, None, None, 0)
    assert card["since"] == (timezone.now() - timedelta(days=365)).date().isoformat()


def test_without_the_leads_consent_nothing_is_written(played: Callable[..., int], tmp_path: Path) -> None:
    sent(played(1))
    rows.change(Policy, training_export=False)
    with pytest.raises(CommandError, match="A lead allows it in the policy"):
        call_command("training", "--output", str(tmp_path / "out"))
    assert (list((tmp_path / "out").iterdir()), audited()) == ([], [])
    (tmp_path / "out" / "notes.txt").write_text("mine")
    with pytest.raises(CommandError, match="is not empty"):
        call_command("training", "--output", str(tmp_path / "out"))


def acme() -> Tenant:
    return cast("Tenant", rows.get(Tenant))


def when_read(act: Callable[[], object]) -> Callable[[int, int], None]:
    """Acts once all drafts have been read, and before anything is written."""
    return lambda done, of: act() if done == of else None  # type: ignore[func-returns-value]  # what it returns is not used


def test_what_is_erased_or_forbidden_while_drafts_are_read_is_not_written(
    played: Callable[..., int], tmp_path: Path
) -> None:
    sent(played(1))
    sent(played(2))
    owner = acme()
    card = export(owner, tmp_path, when_read(lambda: erase(owner.pk, "customer2@example.org")))
    assert (card["examples"], card["left_out"]["deleted"]["drafts"], card["looked_at"]) == (1, 1, 2)
    assert sum((tmp_path / name).read_text().count("\n") for name in ("train.jsonl", "validation.jsonl")) == 1
    again = tmp_path / "again"
    again.mkdir()
    with pytest.raises(PolicyChanged):
        export(owner, again, when_read(lambda: rows.policy(owner.pk, training_export=True)))
    with pytest.raises(NotAllowed):
        export(owner, again, when_read(lambda: rows.change(Policy, training_export=False)))
    assert (list(again.iterdir()), len(audited())) == ([], 1)


def test_files_are_their_owners_alone_and_have_their_names_once_the_export_is_audited(
    played: Callable[..., int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(played(1))
    tmp_path.chmod(0o755)
    names: list[str] = []

    def failing(*_: Any, **__: Any) -> None:
        names.extend(path.name for path in tmp_path.iterdir())
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr("klark.evidence.training.files.record", failing)
        with pytest.raises(CommandError):
            call_command("training", "--output", str(tmp_path), stdout=StringIO())
    assert {name.rpartition(".")[2] for name in names} == {"new"}
    assert (list(tmp_path.iterdir()), audited()) == ([], [])
    exported(tmp_path)
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == dict.fromkeys(
        ("train.jsonl", "validation.jsonl", "preference.jsonl", "card.json", "card.md"), 0o600
    )


def test_what_the_model_said_is_no_preference_if_it_looks_like_personal_data(
    played: Callable[..., int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(split, "VALIDATION", 2**256)  # all are for training
    edits = [sent(played(number), f"Hello Camille,\n\n{ANSWER} {FREE}") for number in (1, 2)]
    said = rows.get(Draft, pk=edits[0]).record["answer"]["completion"]
    more = {"text": "Write to margaret.thatcherson@example.org.", "cites": ["P1.1"]}
    recorded(edits[0], "answer", completion={**said, "sentences": [*said["sentences"], more]})
    card, files = exported(tmp_path / "out")
    assert (card["examples"], card["without_preference"], card["left_out"]) == (2, 1, {})
    assert [len(files[name]) for name in ("train.jsonl", "preference.jsonl")] == [2, 1]
    assert "margaret" not in "".join(file.read_text() for file in (tmp_path / "out").iterdir())
    assert "No preference is made of 1 more edits" in (tmp_path / "out" / "card.md").read_text()


def test_no_example_is_held_in_memory_while_the_next_is_read(played: Callable[..., int], tmp_path: Path) -> None:
    for number in (1, 2, 3):
        sent(played(number))
    held: list[int] = []
    gc.collect()
    export(acme(), tmp_path, lambda *_: held.append(sum(type(one) is Example for one in gc.get_objects())))
    assert held[-1] <= held[0]


def test_a_customer_known_by_two_names_is_one_with_each_example_once() -> None:
    both = frozenset({"camille@example.org", "1/7"})
    known_by = [frozenset({"camille@example.org"}), frozenset({"1/7"}), *[both] * 10, frozenset({"other@example.org"})]
    found = split.groups(known_by)
    assert [(names, sorted(places)) for names, places in found] == [
        (set(both), list(range(12))), ({"other@example.org"}, [12])
    ]  # fmt: skip
