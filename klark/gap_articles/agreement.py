"""What the answers to one question say for every customer: the sentences on which tickets agree, and where they do not.

A sentence is taken word for word. It may be said to any customer and has no figure of the customer's own, or it stands,
with the same values, in the answers of two tickets. A value that another answer contradicts in nearly the same words is
nobody's fact: both are shown.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from guardrails.grounding.claimed_actions import claimed
from guardrails.pii.mask import find
from guardrails.text.values import RIVALS, Value, find_values, stands_in
from klark.context.colleagues import is_impersonal, is_of_no_case
from klark.knowledge.changed_sentences import negations
from klark.knowledge.similarity import groups, likeness, stems_of, weights_of

SAME = 0.6
"""Likeness from which two sentences say the same, if their values agree, and contradict each other, if they do not."""
DENIED = 0.85
"""Likeness from which two sentences contradict each other if one of them denies what the other says."""
MOST_SENTENCES = 300
"""Sentences that are compared: each with each."""
Ticket = tuple[UUID, str]
"""The id of a connection, and a ticket's own."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person answered on one ticket, masked, in sentences; `asked` is what the `customer` had written, masked."""

    ticket: Ticket
    sentences: tuple[str, ...]
    asked: str = ""
    customer: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence, and the tickets whose answers say it."""

    text: str
    tickets: tuple[Ticket, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """A sentence on which tickets disagree: each value, or each sentence where one denies the other, with how many tickets give
    it, the most frequent first. `tickets`: all of these."""

    text: str
    values: tuple[tuple[str, int], ...]
    tickets: tuple[Ticket, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """`statements`: what an article may say, the most often said first. `readable`: what a model may read of each answer, which
    is more. `personal`: sentences left out because they speak of one customer. `single`: sentences left out because only one
    ticket has them and they may be about its customer; a model may read them."""

    statements: tuple[Statement, ...]
    disputes: tuple[Dispute, ...]
    readable: tuple[Answer, ...]
    personal: int
    single: int


@dataclass(frozen=True, slots=True)
class _Said:
    text: str
    ticket: Ticket
    stems: frozenset[str] = field(repr=False)
    values: tuple[Value, ...] = field(repr=False)


def agreement(answers: Sequence[Answer], language: str) -> Agreement:
    """Returns what the answers agree on. They come newest first: of several wordings the newest stands."""
    names = _shared_words(answers)
    said = [
        _Said(text, answer.ticket, stems_of(text, language), find_values(text, language))
        for answer in answers for text in answer.sentences if is_about_all(text, language, names)
    ]  # fmt: skip
    personal = sum(len(answer.sentences) for answer in answers) - len(said)
    said = said[:MOST_SENTENCES]
    weights = weights_of([one.stems for one in said])
    spoken = {answer.ticket: find_values("\n".join(answer.sentences), language) for answer in answers}
    disputed = {place for place, one in enumerate(said) if _rivals(one, said, weights, spoken)}
    agreed = [one for place, one in enumerate(said) if place not in disputed]
    readable = [
        replace(each, sentences=tuple(one.text for one in agreed if one.ticket == each.ticket)) for each in answers
    ]
    asked = {each.ticket: each.asked for each in answers}
    customers = {each.ticket: each.customer for each in answers}
    backed = [(one, _tickets(one, agreed, weights)) for one in agreed]
    public = [
        (one, tickets) for one, tickets in backed
        if len({customers[each] for each in tickets}) > 1 or _is_for_all(one, asked, language)
    ]  # fmt: skip
    return Agreement(
        tuple(_statements(public, weights)),
        tuple(_disputes([said[place] for place in sorted(disputed)], said, weights, spoken)),
        tuple(each for each in readable if each.sentences),
        personal,
        len(backed) - len(public),
    )


def is_about_all(text: str, language: str, public: Collection[str] = ()) -> bool:
    """Returns whether a sentence holds nothing personal, no deed and no promise. `public`: words that name nobody."""
    return is_impersonal(text, language) and not claimed(text, language) and not find(text, (), " ".join(public))


def _shared_words(answers: Sequence[Answer]) -> frozenset[str]:
    """Returns words that stand in the answers to two customers: the name of a product, and of no customer."""
    held = {(word, answer.customer) for answer in answers for text in answer.sentences for word in text.split()}
    counts = Counter(word for word, _ in held)
    return frozenset(word for word, count in counts.items() if count > 1)


def has_own_values(text: str, asked: str, language: str) -> bool:
    """Returns whether a sentence has a figure that the customer had written: an answer to this customer alone repeats it."""
    theirs = find_values(asked, language)
    return any(stands_in(each, theirs) for each in find_values(text, language) if any(map(str.isdigit, each.text)))


def _is_for_all(one: _Said, asked: Mapping[Ticket, str], language: str) -> bool:
    """Returns whether a sentence may be said to anybody although only one ticket has it."""
    return is_of_no_case(one.text, language) and not has_own_values(one.text, asked[one.ticket], language)


def _statements(
    backed: Sequence[tuple[_Said, tuple[Ticket, ...]]], weights: Mapping[str, float]
) -> Iterator[Statement]:
    """Yields each thing said once, the one that most tickets say first."""
    kept: list[_Said] = []
    for one, tickets in sorted(backed, key=lambda pair: -len(pair[1])):
        if not any(_says(other, one, weights) for other in kept):
            kept.append(one)
            yield Statement(one.text, tickets)


def _tickets(one: _Said, said: Iterable[_Said], weights: Mapping[str, float]) -> tuple[Ticket, ...]:
    others = (other.ticket for other in said if other.ticket != one.ticket and _says(other, one, weights))
    return tuple(dict.fromkeys((one.ticket, *others)))


def _says(other: _Said, one: _Said, weights: Mapping[str, float]) -> bool:
    """Returns whether the other sentence says what this one does, with every value."""
    alike = likeness(other.stems, one.stems, weights) >= SAME and negations(other.text) == negations(one.text)
    return alike and all(stands_in(value, other.values) for value in one.values)


def _rivals(
    one: _Said, said: Iterable[_Said], weights: Mapping[str, float], spoken: Mapping[Ticket, Sequence[Value]]
) -> list[Value]:
    """Returns the values of a sentence in whose place another answer has others, in nearly the same words. Where only a "not"
    differs, the sentence itself is the value."""
    found: list[Value] = []
    for other in (other for other in said if other.ticket != one.ticket):
        alike = likeness(other.stems, one.stems, weights)
        if alike >= DENIED and negations(other.text) != negations(one.text):
            found.append(Value("sentence", one.text, frozenset({("sentence", one.text)})))
        elif alike >= SAME:
            found += _instead(one, other, spoken[other.ticket], spoken[one.ticket])
    return found


def _instead(one: _Said, other: _Said, in_theirs: Sequence[Value], in_ours: Sequence[Value]) -> Sequence[Value]:
    """Returns the values of `one` that the other answer gives otherwise; none where a second value differs as well, of another
    kind: the sentences are then about two things, as two rows of a table are."""
    mine = [each for each in one.values if not stands_in(each, in_theirs)]
    theirs = [each for each in other.values if not stands_in(each, in_ours)]
    kinds = {each.kind for each in (*mine, *theirs)}
    alike = any(ours.units & their.units for ours in mine for their in theirs)
    return mine if alike and len(kinds) == 1 and kinds <= RIVALS else ()


def _disputes(
    disputed: Sequence[_Said], said: Sequence[_Said], weights: Mapping[str, float],
    spoken: Mapping[Ticket, Sequence[Value]],
) -> Iterator[Dispute]:  # fmt: skip
    """Yields each dispute once, with the values that are given and how many tickets give each."""
    for group in groups([one.stems for one in disputed], SAME):
        given: list[tuple[Value, set[Ticket]]] = []
        for place in group:
            one = disputed[place]
            for mine in _rivals(one, said, weights, spoken):
                tickets = next((tickets for value, tickets in given if stands_in(mine, [value])), None)
                if tickets is None:
                    given.append((mine, tickets := set()))
                tickets.add(one.ticket)
        counted = sorted(((value.text, len(tickets)) for value, tickets in given), key=lambda pair: -pair[1])
        yield Dispute(
            disputed[group[0]].text, tuple(counted), tuple(dict.fromkeys(disputed[place].ticket for place in group))
        )
