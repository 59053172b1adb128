"""Each way in which a file of the demo's shop may be wrong, and the plain sentence that names it: file, entry, key."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from klark.demo.content import (
    ContentError,
    by_language,
    checked,
    complain,
    one_of,
    parsed,
    texts,
    unlike,
    words_by_language,
)
from klark.demo.shop import read_article
from klark.demo.tickets import (
    EVENTS,
    TICKET,
    ScriptEvent,
    ScriptPerson,
    read_event,
    read_expect,
    read_person,
    read_script,
    read_ticket,
)


def complaint(read: Callable[..., object], *given: object) -> str:
    """What is said of a value; "" where it is taken."""
    try:
        read(*given)
    except ContentError as error:
        return str(error)
    return ""


# The words of the rules

SHAPE: Mapping[str, type] = {"name": str, "times": int}
OBJECTS: dict[str, tuple[object, str]] = {
    "good": ({"name": "a", "times": 1}, ""),
    "good with more": ({"name": "a", "times": 1, "tags": []}, ""),
    "nothing": (None, "here: an object is expected, not NoneType"),
    "a text": ("x", "here: an object is expected, not str"),
    "a number": (7, "here: an object is expected, not int"),
    "one key is missing": ({"name": "a"}, "here: lacks times"),
    "all are": ({}, "here: lacks name, times"),
    "one is unknown": ({"name": "a", "times": 1, "nmae": "b"}, "here: does not know nmae"),
    "two are unknown": ({"name": "a", "times": 1, "x": 1, "y": 2}, "here: does not know x, y"),
    "a text for a number": ({"name": "a", "times": "1"}, "here: has the wrong type in times"),
    "a yes for a number": ({"name": "a", "times": True}, "here: has the wrong type in times"),
    "a fraction for a number": ({"name": "a", "times": 1.0}, "here: has the wrong type in times"),
    "null": ({"name": None, "times": 1}, "here: has the wrong type in name"),
    "an object for a list": ({"name": "a", "times": 1, "tags": {}}, "here: has the wrong type in tags"),
    "empty": ({"name": "", "times": 1}, "here: leaves empty name"),
    "nought is not empty": ({"name": "a", "times": 0}, ""),
}


def test_an_object_has_what_it_must_and_nothing_else() -> None:
    got = {name: complaint(checked, raw, "here", SHAPE, {"tags": list}) for name, (raw, _) in OBJECTS.items()}
    assert got == {name: words for name, (_, words) in OBJECTS.items()}


def test_json_that_is_none_says_where_it_ends_to_be() -> None:
    said = {text: complaint(parsed, text, "a.json") for text in ("{", "", "{'a': 1}", "[1,]", "nul")}
    assert {text: words.startswith("a.json: not JSON: ") for text, words in said.items()} == dict.fromkeys(said, True)
    assert "line 1 column 2" in said["{"]
    assert [parsed(text, "a.json") for text in ("[]", "null", '"é"')] == [[], None, "é"]


def test_lists_languages_and_choices_are_told_by_what_is_wrong_with_them() -> None:
    assert [complaint(texts, raw, "t") for raw in ([], ["a"], [""], [" "], ["a", None], [["a"]])] == [
        "", "", *["t: a list of texts is expected"] * 4]  # fmt: skip
    assert [complaint(one_of, word, ("b", "a"), "w") for word in ("a", "c", "A", "")] == [
        "", "w: 'c' is none of a, b", "w: 'A' is none of a, b", "w: '' is none of a, b"]  # fmt: skip
    assert [complaint(by_language, raw, "l") for raw in ({"en": "a", "fr": "b"}, {"en": "a"}, {"en": "a", "fr": "b",
        "de": "c"})] == [
        "", "l: lacks fr", "l: does not know de"]  # fmt: skip
    assert (
        complaint(words_by_language, {"en": ["a"], "fr": [1]}, "topic k") == "topic k, fr: a list of texts is expected"
    )
    assert words_by_language({"en": ["a", "b"], "fr": ["c"]}, "k") == {"en": ("a", "b"), "fr": ("c",)}
    assert complaint(unlike, ["b", "a", "b", "c", "a", "b"], "here") == "here: has more than once a, b"
    assert (complaint(complain, "here", "lacks", []), complaint(unlike, [], "here")) == ("", "")


# Tickets

GOOD: dict[str, Any] = {
    "id": "T1", "shows": ["answerable"], "desk": "zendesk", "topic": "delivery", "subject": "Hello", "body_html": "<p>Hello?</p>",
    "requester": {"name": "Ada Quill", "email": "ada@example.com"}, "expect": {"decision": "REPLY", "reason": "ready"},
}  # fmt: skip
HISTORY = {"from": "customer", "public": True, "body_html": "a"}


def test_each_part_that_a_ticket_needs_is_asked_for_by_its_name() -> None:
    missing = {
        key: complaint(read_ticket, {name: GOOD[name] for name in GOOD if name != key}, "1.json, entry 3")
        for key in TICKET
    }
    assert missing == {key: f"1.json, entry 3: lacks {key}" for key in TICKET}
    empty = {key: complaint(read_ticket, {**GOOD, key: type(GOOD[key])()}, "e") for key in TICKET}
    assert empty == {key: f"e: leaves empty {key}" for key in TICKET}


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "a number as id": ({"id": 1}, "e: has the wrong type in id"),
    "several wrong types": ({"shows": "x", "cc": {}}, "e: has the wrong type in shows, cc"),
    "two unknown scenes": ({"shows": ["x", "answerable", "a"]}, "ticket T1: shows the unknown a, x"),
    "an empty tag": ({"tags": [""]}, "ticket T1, tags: a list of texts is expected"),
    "a subject that is no text": ({"answered_by": [7]}, "ticket T1, answered_by: a list of texts is expected"),
    "someone in copy without a name": ({"cc": [{"email": "b@example.com"}]}, "ticket T1, person: lacks name"),
    "someone in copy as a text": ({"cc": ["b@example.com"]}, "ticket T1, person: an object is expected, not str"),
    "a requester with a phone": ({"requester": {"name": "A", "email": "b",
    "phone": "1"}}, "ticket T1, person: does not know phone"),
    "history by nobody": ({"history": [{**HISTORY, "from": "boss"}]}, "ticket T1, history: 'boss' is none of agent, customer"),
    "history neither public nor not": ({"history": [{**HISTORY, "public": "no"}]},
        "ticket T1, history: has the wrong type in public"),
    "history without words": ({"history": [{**HISTORY, "body_html": ""}]}, "ticket T1, history: leaves empty body_html"),
    "headers as a list": ({"headers": []}, "e: has the wrong type in headers"),
    "an expectation of nothing": ({"expect": {"decision": [], "reason": []}}, "ticket T1, expect: leaves empty decision, reason"),
    "an expectation without a reason": ({"expect": {"decision": "REPLY"}}, "ticket T1, expect: lacks reason"),
    "an expectation that is unknown": ({"expect": {**GOOD["expect"], "mood": "x"}}, "ticket T1, expect: does not know mood"),
    "replies that are no number": ({"expect": {**GOOD["expect"], "replies": "1"}},
        "ticket T1, expect: has the wrong type in replies"),
    "a word that must be said and is none": ({"expect": {**GOOD["expect"], "must_contain": [3]}},
        "ticket T1, expect: a list of texts"),
    "a decision and a reason unknown": ({"expect": {"decision": "X", "reason": "y"}}, "ticket T1, expect: does not know X, y"),
}  # fmt: skip


def test_what_is_wrong_with_a_ticket_is_said_in_one_sentence() -> None:
    got = {name: complaint(read_ticket, {**GOOD, **change}, "e") for name, (change, _) in WRONG.items()}
    assert {name: words for name, words in got.items() if not words.startswith(WRONG[name][1])} == {}


EVENT: dict[str, dict[str, Any]] = {
    "webhook_times": {"times": 3}, "hold_and_release_reversed": {}, "agent_replies": {"when": "drafting", "body": "<p>I do.</p>"},
    "customer_writes_again": {"when": "after", "body": "<p>And?</p>"}, "fault": {"kind": "drop", "on": "write"},
    "own_comment_back": {},
}  # fmt: skip


def test_an_event_needs_what_its_kind_needs_and_takes_nothing_else() -> None:
    assert set(EVENT) == set(EVENTS)
    assert {do: read_event({"do": do, **more}, "T") for do, more in EVENT.items()} == {
        do: ScriptEvent(do, **more) for do, more in EVENT.items()
    }
    lacks = {do: complaint(read_event, {"do": do}, "T") for do, more in EVENT.items() if more}
    assert lacks == {do: f"T, {do}: lacks {', '.join(more)}" for do, more in EVENT.items() if more}
    more = {do: complaint(read_event, {"do": do, **some, "colour": "red"}, "T") for do, some in EVENT.items()}
    assert more == {do: f"T, {do}: does not know colour" for do in EVENT}


def test_an_event_of_no_known_kind_or_moment_is_named() -> None:
    known = ", ".join(sorted(EVENTS))
    odd = {"a text": "boom", "no kind": {}, "a list as kind": {"do": []}, "a kind in capitals": {"do": "Fault"}}
    assert {name: complaint(read_event, raw, "T") for name, raw in odd.items()} == {
        "a text": f"T, event: '' is none of {known}", "no kind": f"T, event: '' is none of {known}",
        "a list as kind": f"T, event: [] is none of {known}", "a kind in capitals": f"T, event: 'Fault' is none of {known}",
    }  # fmt: skip
    assert complaint(read_event, {"do": "agent_replies", "when": "later", "body": "x"}, "T") == (
        "T, agent_replies: 'later' is none of , after, drafting")  # fmt: skip
    assert (
        complaint(read_event, {"do": "fault", "kind": "429", "on": "look"}, "T")
        == "T, fault: 'look' is none of , read, write"
    )


def test_what_is_expected_has_a_reason_for_each_turn_and_counts_its_replies() -> None:
    turns = {"decision": ["REPLY", "NOTE", "REPLY"], "reason": ["ready", "note_by_policy", "ready"]}
    read = read_expect({**turns, "must_contain": ["3 days"], "language": "fr", "category": "self_harm"}, "T")
    assert (read.decisions, read.replies, read.must_contain, read.must_not_contain, read.language, read.category) == (
        ("REPLY", "NOTE", "REPLY"), 2, ("3 days",), (), "fr", "self_harm")  # fmt: skip
    assert read_expect({**turns, "replies": 0}, "T").replies == 0
    short = complaint(read_expect, {**turns, "reason": ["ready"]}, "T")
    assert short == "T, expect: needs as many reasons as decisions"


def test_a_person_is_a_name_and_an_address() -> None:
    assert read_person({"name": "Ada", "email": "ada@example.com"}, "T") == ScriptPerson("Ada", "ada@example.com")


def test_a_script_names_its_file_and_the_number_of_the_entry(tmp_path: Path) -> None:
    path = tmp_path / "3-odd.json"
    said = {}
    for text in ('"tickets"', "null", json.dumps([GOOD, 7]), json.dumps([GOOD, {**GOOD, "id": ""}]), "[]"):
        path.write_text(text, encoding="utf-8")
        said[text[:9]] = complaint(read_script, path)
    assert list(said.values()) == [
        "3-odd.json: is not a list of tickets", "3-odd.json: is not a list of tickets",
        "3-odd.json, entry 2: leaves empty id", ""]  # fmt: skip
    path.write_text(json.dumps([7]), encoding="utf-8")
    assert complaint(read_script, path) == "3-odd.json, entry 1: an object is expected, not int"


def test_a_file_that_is_not_in_utf_8_is_named(tmp_path: Path) -> None:
    script, article = tmp_path / "1.json", tmp_path / "x-fr.html"
    script.write_bytes('["é"]'.encode("latin-1"))
    article.write_bytes("<p>é</p>".encode("latin-1"))
    assert (complaint(read_script, script), complaint(read_article, article)) == (
        "1.json: is not in UTF-8", "x-fr.html: is not in UTF-8")  # fmt: skip
