"""The drafter's bench: how it judges an answer, what it counts, and what it refuses."""

import json
from pathlib import Path

import pytest

from klark.steps.cut import Part
from tests.bench.drafter import Index, Judged, figures, judge, main, trades

ARTICLE = {"id": "a", "title": "Delivery", "lang": "en", "body_html": "<p>Delivery to Belgium costs 5 €.</p>"}


def ticket(
    body: str, answer: str = "all", must: tuple[str, ...] = (), must_not: tuple[str, ...] = ()
) -> dict[str, object]:
    return {"id": "1", "body": body, "answer": answer, "must": list(must), "must_not": list(must_not)}


def folder(path: Path, *tickets: dict[str, object]) -> Path:
    (path / "articles-shop-en.jsonl").write_text(json.dumps(ARTICLE) + "\n")
    (path / "tickets-shop-en.jsonl").write_text("".join(json.dumps(each) + "\n" for each in tickets))
    return path


def one(path: Path, given: dict[str, object]) -> Judged:
    (judged,) = judge(folder(path, given), "shop-en")
    return judged


@pytest.mark.parametrize(
    ("given", "coverage", "fault"),
    [
        (ticket("How much is delivery to Belgium?", must=("5 €",)), "all", ""),
        (ticket("How much is delivery to Belgium?", must=("6 €|5 €",)), "all", ""),
        (ticket("How much is delivery to Belgium?", must=("Belgium & 5 €",)), "all", ""),
        (ticket("How much is delivery to Belgium?", must=("6 €",)), "all", "lacks ['6 €']"),
        (ticket("How much is delivery to Belgium?", must=("5 €",), must_not=("Belgium",)), "all", "says ['Belgium']"),
        (ticket("How much is delivery to Belgium?", "part", ("5 €",)), "all", "called complete"),
        (ticket("How much is delivery to Belgium?", "none"), "all", "called complete"),
        (ticket("How much is delivery to Belgium?", "none", ("5 €",)), "all", ""),
        (ticket("Do you repair bikes?", must=("bikes",)), "none", ""),
        (ticket("How much is delivery to Belgium and do you repair bikes?", "part", ("5 €",)), "part", ""),
    ],
)
def test_an_answer_is_judged_by_its_words(tmp_path, given, coverage, fault):
    judged = one(tmp_path, given)
    assert (judged.coverage, judged.fault, judged.held) == (coverage, fault, "")


def test_a_number_is_not_found_within_another(tmp_path):
    assert (
        one(
            tmp_path, ticket("How much is delivery to Belgium?", must=("Belgium costs",), must_not=("€.5", "elgium"))
        ).fault
        == ""
    )


def test_figures_count_what_was_answered_and_what_was_wrong(tmp_path):
    given = folder(
        tmp_path,
        ticket("How much is delivery to Belgium?", must=("5 €",)),
        ticket("How much is delivery to Belgium?", "none"),
        ticket("Do you repair bikes?", must=("bikes",)),
        ticket("How much is delivery to Belgium and do you repair bikes?", "part", ("5 €",), ("Belgium",)),
    )
    assert figures(judge(given, "shop-en")) == {
        "tickets": 4, "answerable": 2, "answered": 1, "answered_share": 0.5, "wrong": 1, "wrong_share": 0.25,
        "wrong_notes": 1, "held": 0,
    }  # fmt: skip


def test_nothing_judged_has_no_shares():
    assert figures([])["answered_share"] == 0.0


def test_passages_are_found_by_their_words_titles_first():
    index = Index(
        [Part("Returns", ("Send it back.",)), Part("Delivery", ("It takes 3 days.",)), Part("Lamps", ("Red.",))], "en"
    )
    assert [part.title for part in index.best(["How long does delivery take?"], 1)] == ["Delivery"]
    assert [part.title for part in index.best(["delivery", "lamps"], 1)] == ["Delivery", "Lamps"]


def test_one_json_object_comes_last(tmp_path, capsys):
    main(["--data", str(folder(tmp_path, ticket("How much is delivery to Belgium?", must=("5 €",)))), "--json"])
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (sorted(found), found["all"]["answered"]) == (["all", "shop-en"], 1)


def test_what_was_not_answered_can_be_shown(tmp_path, capsys):
    main(["--data", str(folder(tmp_path, ticket("Do you repair bikes?", must=("bikes",)))), "--show"])
    assert "shop-en 1 lost (none)" in capsys.readouterr().out


def test_a_folder_without_tickets_is_refused(tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        trades(tmp_path)
    assert (ended.value.code, "no tickets-*.jsonl" in capsys.readouterr().err) == (2, True)


def test_a_malformed_line_is_refused(tmp_path):
    folder(tmp_path)
    (tmp_path / "tickets-shop-en.jsonl").write_text('{"id": 1}\n')
    with pytest.raises(SystemExit) as ended:
        judge(tmp_path, "shop-en")
    assert ended.value.code == 2
