"""What a person changed in a draft before sending it: the greeting, the farewell, and typed values."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from guardrails.pii.mask import Known, find
from guardrails.text.sentences import split_sentences
from integrations.helpdesks.base import Person
from klark.evidence.comparison import by_values
from klark.evidence.letters import around
from klark.values.people import first_name

NAME = "{name}"
_TAG = re.compile(r"(<[^>]*>)")


@dataclass(frozen=True, slots=True)
class Edit:
    """A draft that a person changed. `sentences`: each with the keys of the articles that it cites; `signs`: whether the helpdesk
    adds a signature of its own."""

    draft_id: int
    by: str
    language: str
    requester: str
    drafted: str
    sent: str
    sentences: tuple[tuple[str, frozenset[str]], ...]
    signs: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """What an edit changed, as (was, now) each; a greeting or sign-off that names somebody is none, since it would be said to
    everybody. `values` by article: (its key, was, now)."""

    edit: Edit
    greeting: tuple[str, str] | None = None
    sign_off: tuple[str, str] | None = None
    values: tuple[tuple[str, str, str], ...] = ()


def changed(edit: Edit) -> Changed:
    """Returns what an edit changed. Of what was written anew nobody can say."""
    texts = [text for text, _ in edit.sentences]
    before, after = around(edit.drafted, texts), around(edit.sent, texts)
    if before is None or after is None:
        return Changed(edit)
    (was, signed), (now, signs) = before, after
    name, known = first_name(Person("", edit.requester)), (Known("NAME", edit.requester),)
    greeting = _pair(_for_anybody(was, name), _for_anybody(now, name), (), known)
    own = edit.signs or (name and says(signs, name))  # the masking leaves short names such as Al
    return Changed(edit, greeting, None if own else _pair(signed, signs, known), _values(edit))


def _for_anybody(greeting: str, name: str) -> str:
    return re.sub(rf"\b{re.escape(name)}\b", NAME, greeting) if name else greeting


def _pair(was: str, now: str, *people: tuple[Known, ...]) -> tuple[str, str] | None:
    """Returns None where nothing is changed, or the masking finds a name, with any of these people known."""
    if flat(was) == flat(now):
        return None
    names = (span for known in people for span in find(now, known) if span.kind == "NAME")
    return None if any(names) else (was, now)


def _values(edit: Edit) -> tuple[tuple[str, str, str], ...]:
    """Returns the typed values for which another stands in what was sent, each with the articles that its sentence cites."""
    gone = {text: articles for text, articles in edit.sentences if text not in edit.sent}
    drafted = {text for text, _ in edit.sentences}
    new = [one for line in edit.sent.splitlines() for one in split_sentences(line, edit.language) if one not in drafted]
    before, after = _figures(gone), _figures(new)
    if not before - after or not after - before:  # nearly always, and cheap to tell
        return ()
    pairs = by_values(list(gone), new, "", edit.language, None).contradicting
    return tuple(
        (key, flat(was), flat(now))
        for was, now in pairs
        for text in gone
        if says(text, flat(was))
        for key in sorted(gone[text])
    )


def _figures(texts: Iterable[str]) -> set[str]:
    return set(re.findall(r"\d+", " ".join(texts)))


def says(text: str, value: str) -> bool:
    """Returns whether a value stands in a text: "4 days" does not in "14 days", nor "500 €" in "1,500 €"."""
    return re.search(_apart(re.escape(value)), flat(text)) is not None


def in_place_of(was: str, now: str, html: str) -> tuple[str, int]:
    """Returns an article's text with another value in each place where the old one stands, and in how many."""
    if not was.split():
        return html, 0
    pattern, new = _apart(r"(?:\s|&nbsp;)+".join(map(re.escape, was.split()))), escape(now, quote=False)
    parts = [(part, 0) if part.startswith("<") else re.subn(pattern, lambda _: new, part) for part in _TAG.split(html)]
    return "".join(part for part, _ in parts), sum(places for _, places in parts)


def _apart(pattern: str) -> str:
    """Returns a pattern that does not match inside a word, or where a number or its sign began before."""
    begun = r"(?<!\d[.,'’\s])(?<!\d&nbsp;)(?<!-)" if pattern[:1].isdecimal() else ""
    return rf"(?<!\w){begun}{pattern}(?!\w)"


def flat(text: str) -> str:
    """Returns a text with single blanks, by which two are the same."""
    return " ".join(text.split())


def articles_of(sentences: Sequence[dict[str, object]]) -> tuple[tuple[str, frozenset[str]], ...]:
    """Returns a draft's sentences, as they are kept, with the keys of the articles that each cites."""
    return tuple(
        (str(each["text"]), frozenset(str(source["article"]) for source in each.get("sources", ())))  # type: ignore[attr-defined]
        for each in sentences
    )
