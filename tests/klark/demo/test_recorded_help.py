"""What the demo's model plays to help an agent: all that was written in advance is right, is confirmed, and nothing else is."""

import json

import pytest

from integrations.llms.base import REPLY_SCHEMA
from klark.assistance.translation import SCHEMA as LINES
from klark.assistance.variants import SYSTEM, WISHES
from klark.demo.model_server import CLAIMS, RECORDED
from klark.demo.recorded_model import RecordedModel
from klark.demo.recordings import load
from klark.drafting.judge import SCHEMA as VERDICTS

MARK = "0123456789abcdef"
MODEL = RecordedModel(load([RECORDED], CLAIMS))


def blocks(**texts: str) -> str:
    return "\n".join(f"<{MARK} {name}>\n{text}\n</{MARK}>" for name, text in texts.items())


def test_every_wish_of_the_recordings_is_one_of_klarks() -> None:
    asked = [SYSTEM.format(today="", wish=wish, language="en", mark=MARK) for wish in WISHES.values()]
    assert [each.id for each in MODEL.recordings.wordings if not any(each.wish in system for system in asked)] == []


def test_whoever_tries_a_reply_that_waits_finds_it_in_every_wording() -> None:
    known = {
        each.id: {one.wish for one in MODEL.recordings.wordings if one.id == each.id}
        for each in MODEL.recordings.wordings
    }
    assert {len(wishes) for wishes in known.values()} == {len(WISHES)}


@pytest.mark.parametrize(("wish", "begins"), [
    ("Shorter, please", "The link stays valid"), ("moins formel svp", "The link's good"),
    ("More formal", "The link for changing a password remains"), ("Name the workshop", "The link for changing a password stays"),
])  # fmt: skip
def test_a_reviewers_own_wish_is_followed_where_its_wording_was_written(wish: str, begins: str) -> None:
    ticket = (
        "Password link no good any more: how long is the password link valid? I asked for a new password last night"
    )
    lines = (
        "P1.1 The link for changing a password stays valid for 45 minutes.\nP1.2 A password has 12 characters at least."
    )
    said = MODEL.answer(
        blocks(ticket=ticket, P1=f"Password\n{lines}"), REPLY_SCHEMA, f"Draft.\nThe reviewer asks: {wish}"
    )
    assert said is not None
    assert said["sentences"][0]["text"].startswith(begins)


def test_a_wording_cites_its_source_and_the_judge_confirms_it() -> None:
    ticket = (
        "I asked for a new password last night, the password link has run out. How long is the password link valid?"
    )
    line = "The link for changing a password stays valid for 45 minutes."
    passages = {"P1": f"Password\nP1.1 {line}\nP1.2 A new password is chosen on https://fanalou.example/mot-de-passe."}
    system = SYSTEM.format(today="", wish=WISHES["shorter"], language="en", mark=MARK)
    prompt = blocks(
        ticket=f"Password link no good any more\nHiya, I can't log in. {ticket}", **passages, draft="Hello."
    )
    said = MODEL.answer(prompt, REPLY_SCHEMA, system)
    assert said is not None
    assert [each["cites"] for each in said["sentences"]] == [["P1.1"], ["P1.2"]]
    claims = "\n".join(f"C{at} {each['text']}" for at, each in enumerate(said["sentences"], 1))
    judged = MODEL.answer(blocks(ticket=ticket, asked="A1 all", **passages, claims=claims), VERDICTS)
    assert judged is not None
    assert ({each["verdict"] for each in judged["verdicts"]}, judged["answers"]) == (
        {"supported"},
        [{"ask": "A1", "answered": True}],
    )


def test_a_line_is_translated_with_its_placeholders_and_only_that_translation_is_confirmed() -> None:
    said = MODEL.answer(blocks(original="L1 Bonjour [NAME_2],\nL2 [NAME_1]"), LINES)
    assert said == {"lines": [{"line": "L1", "text": "Hello [NAME_2],"}, {"line": "L2", "text": "[NAME_1]"}]}
    judged = MODEL.answer(
        blocks(original="A1 Bonjour [NAME_2],\nA2 [NAME_1]", claims="C1 Hello [NAME_2],\nC2 Bye."), VERDICTS
    )
    assert json.dumps(judged).count("supported") == 1


@pytest.mark.parametrize(
    ("prompt", "schema"), [(blocks(original="L1 Autre chose."), LINES), (blocks(ticket="?", draft="Hi."), REPLY_SCHEMA)]
)
def test_what_was_not_written_in_advance_is_refused(prompt: str, schema: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="knows no"):
        MODEL.answer(prompt, schema, "Make it warmer")
