"""What people sent or answered in a draft's place is compared with it once, by figures and by a judge, over real HTTP."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from integrations.sandbox.client import Sandbox
from klark.drafting.judge_qualification import WHICH
from klark.drafting.tenant_settings import judge_names
from klark.evidence import compared_outcomes
from klark.evidence.compared_outcomes import compare, compare_outcomes
from klark.evidence.kept_figures import figures_of
from klark.evidence.uncompared import uncompared
from klark.models import Aftermath, Charge, Connection, Draft, JudgeCheck, Outcome, Stop, policy_in_force, within
from klark.personal_data.erase import erase
from klark.stopping import release, stop
from tests.klark import billing, rows
from tests.klark.api.program import Program
from tests.klark.evidence import test_eval
from tests.klark.evidence.test_eval import ASKED, ASKER, Models, ask, desk, edited, look, models  # noqa: F401
from tests.klark.modelled import labels

pytestmark = pytest.mark.django_db
OTHER = "Dear Camille Durand, it is as you say, the carrier tells."


Told = Callable[[Draft], list[Any]]


class Judge:
    """A judge that says `word` of every sentence that a colleague wrote ("": nothing usable), and notes what it read."""

    word, relevant = "supported", True

    def __init__(self) -> None:
        self.read: list[str] = []

    def content_of(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        told, asked = (request["messages"][place]["content"] for place in (0, -1))
        if "You compare two replies" not in told:
            return billing.content_of(request)
        self.read.append(asked)
        one = {"verdict": self.word, "relevant": self.relevant}
        verdicts = [{"claim": each, **one} for each in labels(asked, "C")]
        return {"verdicts": verdicts, "answers": []} if self.word else {}


@pytest.fixture
def judge(desk: Connection, monkeypatch: pytest.MonkeyPatch) -> Judge:  # noqa: F811
    judge = Judge()
    monkeypatch.setattr(test_eval, "content_of", judge.content_of)
    return judge


def passed(desk: Connection) -> None:  # noqa: F811
    """The tenant's judge has passed its check."""
    with within(desk.tenant_id):
        (name,) = judge_names(policy_in_force(desk.tenant_id))
        JudgeCheck.objects.create(
            tenant_id=desk.tenant_id, judge=name, version=WHICH, wrong=9, caught=9, right=9, passed=9
        )


def answered(sandbox: Sandbox, desk: Connection, text: str = OTHER) -> Draft:  # noqa: F811
    """A draft that waits, and that a colleague was faster than."""
    number, draft = ask(sandbox, desk)
    sandbox.comment("zendesk", number, f"<p>{text}</p>", by="agent", webhook=False)
    look(desk, number)
    return draft


@pytest.fixture
def told(desk: Connection) -> Told:  # noqa: F811
    """What a program reads of one draft."""
    program = Program(desk.tenant_id)

    def read(draft: Draft) -> list[Any]:
        found = program.get(f"outcomes/{draft.pk}").json()
        return [found[name] for name in ("ending", "answer_compared", "values_changed", "facts_changed")]

    return read


def figures(desk: Connection) -> Mapping[str, tuple[int, int]]:  # noqa: F811
    with within(desk.tenant_id):
        found = figures_of(desk.tenant_id, timezone.now()).figures["all"]
    names = [name for name in found if name.startswith("answer_") or name.endswith("_changed")]
    return {name: (found[name]["hits"], found[name]["of"]) for name in names if found[name]["of"]}


def whys(desk: Connection) -> dict[str, list[int]]:  # noqa: F811
    """Why texts were not compared, with the drafts."""
    with within(desk.tenant_id):
        found = uncompared(desk.tenant_id, timezone.now() - timedelta(days=1), timezone.now())
    return {why: [pk for pk, _ticket in drafts] for why, drafts in found.items()}


def later() -> None:
    """As an hour later."""
    rows.change(Aftermath, compared_at=datetime.now(UTC) - timedelta(hours=1))


def test_an_answer_in_other_words_is_compared_once_a_judge_has_passed_its_check_and_there_is_a_budget(
    sandbox: Sandbox, desk: Connection, models: Models, judge: Judge, told: Told  # noqa: F811
) -> None:  # fmt: skip
    draft = answered(sandbox, desk)
    compare_outcomes()
    assert (told(draft), figures(desk), judge.read) == (["other_words", None, None, None], {}, [])
    assert whys(desk) == {"no_judge": [draft.pk]}
    passed(desk)
    assert whys(desk) == {"soon": [draft.pk]}
    rows.policy(desk.tenant_id, mode="queue", budget_day=0, **models.rules)
    compare(desk.tenant_id)
    assert rows.get(Aftermath).compared_at is None  # it is known before anything is asked
    assert whys(desk) == {"spent": [draft.pk]}
    rows.policy(desk.tenant_id, mode="queue", budget_day=Decimal("1"), **models.rules)
    rows.delete(Charge)
    rows.spend(desk.tenant_id, "0.99")
    asked = models.requests
    compare(desk.tenant_id)
    assert (told(draft)[1], models.requests, rows.get(Aftermath).compared_at is None) == (None, asked, False)
    rows.policy(desk.tenant_id, mode="queue", **models.rules)
    compare(desk.tenant_id)
    assert models.requests == asked  # as if another worker were asking
    later()
    judge.word = "contradicted"
    for _ in range(2):
        compare(desk.tenant_id)
        later()
    assert (told(draft), models.requests) == (["other_words", "contradicts", None, None], asked + 1)
    assert whys(desk) == {}
    assert figures(desk) == {name: (int(name == "answer_contradicts"), 1) for name in (
        "answer_same", "answer_partly", "answer_contradicts", "answer_beside")}  # fmt: skip
    assert rows.count(Charge, purpose="compare", state="settled", cost__gt=0) == 1
    (read,) = judge.read
    assert [words in read for words in ("it is as you say", "Camille", "Durand")] == [True, False, False]


def test_comparing_takes_its_own_share_of_a_budget_and_leaves_drafts_the_rest_and_a_policy_can_turn_it_off(
    sandbox: Sandbox, desk: Connection, models: Models, judge: Judge, told: Told  # noqa: F811
) -> None:  # fmt: skip
    passed(desk)
    answer, edit = answered(sandbox, desk), edited(sandbox, desk)
    rows.policy(desk.tenant_id, mode="queue", compare_percent=0, **models.rules)
    asked = models.requests
    compare(desk.tenant_id)
    assert (told(answer)[1], told(edit)[2:], models.requests) == (None, [True, None], asked)  # figures cost nothing
    assert rows.get(Aftermath, draft=answer).compared_at is None
    assert whys(desk) == {"off": [edit.pk, answer.pk]}
    rows.spend(desk.tenant_id, "0.9999", purpose="compare")
    rows.policy(desk.tenant_id, mode="queue", budget_month=Decimal(100), compare_percent=1, **models.rules)
    compare(desk.tenant_id)
    assert (told(answer)[1], judge.read) == (None, [])
    ask(sandbox, desk)
    assert models.requests > asked
    later()
    rows.policy(desk.tenant_id, mode="queue", budget_month=Decimal(100), compare_percent=2, **models.rules)
    compare(desk.tenant_id)
    assert (told(answer)[1], len(judge.read) > 0) == ("same", True)


def test_each_verdict_has_its_word_and_what_cannot_be_used_is_not_asked_again(
    sandbox: Sandbox, desk: Connection, models: Models, judge: Judge, told: Told  # noqa: F811
) -> None:  # fmt: skip
    passed(desk)
    verdicts = []
    for word, relevant in (("supported", True), ("not_stated", True), ("not_stated", False), ("", True)):
        draft = answered(sandbox, desk, f"Look at number {len(verdicts)}, please.")
        judge.word, judge.relevant = word, relevant
        compare(desk.tenant_id)
        later()
        asked = models.requests
        compare(desk.tenant_id)
        verdicts.append((told(draft)[1], models.requests - asked))
    assert verdicts == [("same", 0), ("partly", 0), ("beside", 0), (None, 0)]
    assert rows.count(Aftermath, agent_verdict="untold") == 1
    assert whys(desk) == {"untold": [draft.pk]}


def test_an_answer_after_two_turns_is_the_answer_to_the_last_alone_and_compared_once(
    sandbox: Sandbox, desk: Connection, models: Models, judge: Judge, told: Told  # noqa: F811
) -> None:  # fmt: skip
    passed(desk)
    number, first = ask(sandbox, desk)
    sandbox.comment("zendesk", number, f"<p>{ASKED}</p>", by="customer", webhook=False)
    look(desk, number)
    sandbox.comment("zendesk", number, f"<p>{OTHER}</p>", by="agent", webhook=False)
    look(desk, number)
    compare(desk.tenant_id)
    last = rows.get(Draft, pk__gt=first.pk)
    assert [told(each)[:2] for each in (first, last)] == [["ignored", None], ["other_words", "same"]]
    assert (len(judge.read), rows.count(Aftermath, agent_at__isnull=False)) == (1, 2)
    with within(desk.tenant_id):
        Draft.objects.filter(pk=last.pk).update(turn="correction:1")  # one of klark's own is no turn
    assert told(first)[0] == "other_words"


def test_an_edit_is_compared_by_its_figures_without_a_judge_and_by_its_facts_with_one(
    sandbox: Sandbox, desk: Connection, models: Models, judge: Judge, told: Told  # noqa: F811
) -> None:  # fmt: skip
    figure = edited(sandbox, desk)
    words = edited(sandbox, desk, f"Good day! {rows.ANSWER}")
    asked = models.requests
    compare(desk.tenant_id)
    assert [told(each) for each in (figure, words)] == [["edited", None, True, None], ["edited", None, False, None]]
    assert (figures(desk), models.requests) == ({"values_changed": (1, 2)}, asked)
    passed(desk)
    for _ in range(2):
        compare(desk.tenant_id)
    assert [told(each)[-1] for each in (figure, words)] == [True, False]
    assert (figures(desk), models.requests) == ({"values_changed": (1, 2), "facts_changed": (1, 2)}, asked + 2)


def test_what_was_erased_stays_unknown_and_what_was_found_before_stays_a_number(
    sandbox: Sandbox, desk: Connection, models: Models, judge: Judge, told: Told  # noqa: F811
) -> None:  # fmt: skip
    passed(desk)
    judge.word = "contradicted"
    before = answered(sandbox, desk)
    compare(desk.tenant_id)
    after = answered(sandbox, desk)
    edit = edited(sandbox, desk)
    erase(desk.tenant_id, ASKER["email"])
    asked = models.requests
    compare(desk.tenant_id)
    assert [told(each)[1:] for each in (before, after, edit)] == [["contradicts", None, None], [None] * 3, [None] * 3]
    assert models.requests == asked
    assert whys(desk) == {"gone": [edit.pk, after.pk]}
    assert rows.count(Outcome, verdict="", values_changed=None) == rows.count(Outcome)


def test_no_judge_is_asked_where_a_person_has_stopped_klark_or_of_a_ticket_that_the_policy_excludes_by_now(
    sandbox: Sandbox, desk: Connection, models: Models, judge: Judge, told: Told  # noqa: F811
) -> None:  # fmt: skip
    passed(desk)
    draft = answered(sandbox, desk)
    asked = models.requests
    for about in ({}, {"connection": desk}, {"topic": draft.topic or "none"}):
        rows.change(Draft, topic=draft.topic or "none")
        stop(desk.tenant_id, "alex", **about)  # type: ignore[arg-type]
        compare(desk.tenant_id)
        assert (models.requests, rows.get(Aftermath).compared_at) == (asked, None)
        assert whys(desk) == {"stopped": [draft.pk]}
        release(rows.get(Stop, released_at=None).pk, desk.tenant_id, "alex")
    rows.policy(desk.tenant_id, mode="queue", excluded_senders=[ASKER["email"]], **models.rules)
    compare(desk.tenant_id)
    assert (models.requests, rows.get(Aftermath).agent_verdict) == (asked, "untold")
    assert whys(desk) == {"excluded": [draft.pk]}


def test_of_an_answer_that_klark_kept_only_in_part_nobody_says_that_it_is_the_same(
    sandbox: Sandbox, desk: Connection, models: Models, judge: Judge  # noqa: F811
) -> None:  # fmt: skip
    passed(desk)
    draft = answered(sandbox, desk, f"{OTHER} {'So it is. ' * 200}")
    compare(desk.tenant_id)
    assert whys(desk) == {"in_part": [draft.pk]}
    assert (rows.get(Aftermath).agent_verdict, judge.read) == ("untold", [])


def test_of_a_person_who_is_erased_while_the_judge_reads_nothing_is_kept(
    sandbox: Sandbox, desk: Connection, models: Models, judge: Judge, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    passed(desk)
    answered(sandbox, desk)
    against = compared_outcomes.against

    def erased_meanwhile(*what: Any) -> Any:
        found = against(*what)
        erase(desk.tenant_id, ASKER["email"])
        return found

    monkeypatch.setattr(compared_outcomes, "against", erased_meanwhile)
    compare(desk.tenant_id)
    assert (len(judge.read), rows.get(Aftermath).agent_verdict) == (1, "")


def test_a_draft_that_cannot_be_read_keeps_no_other_from_being_compared(
    sandbox: Sandbox, desk: Connection, models: Models, judge: Judge, told: Told  # noqa: F811
) -> None:  # fmt: skip
    passed(desk)
    draft, broken = answered(sandbox, desk), answered(sandbox, desk, "Look at number 7, please.")
    rows.change(Draft, {"pk": broken.pk}, record={**broken.record, "triage": {"of": "another klark"}})
    compare(desk.tenant_id)
    assert [told(each)[1] for each in (draft, broken)] == ["same", None]


def test_the_judge_reads_no_name_of_the_people_on_the_ticket_that_this_one_follows_up(
    sandbox: Sandbox, desk: Connection, models: Models, judge: Judge  # noqa: F811
) -> None:  # fmt: skip
    passed(desk)
    draft = answered(sandbox, desk, "It is as Quinnell wrote, the carrier tells.")
    people = [{"kind": "NAME", "value": "Quinnell", "returns": False}]
    rows.change(Draft, record={**draft.record, "settings": {**draft.record["settings"], "people": people}})
    compare(desk.tenant_id)
    assert ["Quinnell" in read for read in judge.read] == [False]


def test_finding_out_why_takes_as_many_queries_for_many_drafts_as_for_few(
    sandbox: Sandbox, desk: Connection, models: Models, judge: Judge  # noqa: F811
) -> None:  # fmt: skip
    passed(desk)
    drafts: list[int] = []
    taken = set()
    for _ in range(2):
        drafts += [edited(sandbox, desk).pk, answered(sandbox, desk).pk]
        with CaptureQueriesContext(connection) as asked:
            assert whys(desk) == {"soon": drafts[::-1]}
        taken.add(len(asked))
    assert len(taken) == 1
