"""Classifies a ticket's text with the triage model. Long texts are read in overlapping windows; the strongest result counts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from guardrails.base import Sensitive
from guardrails.text.sentences import split_sentences
from guardrails.triage.classifier_heads import Heads, Vector, shipped
from guardrails.triage.phrases import blunt
from guardrails.triage.sensitive_topics import CATEGORIES

READ = 20_000
"""Maximum number of characters that are read: three quarters from the start, the rest from the end."""
WINDOW, CHARACTERS, WINDOWS = 160, 1_800, 40
"""Maximum numbers of words and of characters per window, and of overlapping windows that are read."""
LONGEST = 40
"""Maximum number of characters of a word; a longer run is cut into pieces."""
NEAR = 0.25
"""Another topic is reported beside the likeliest if its odds are at least this share of the likeliest topic's odds."""
SENTENCES, QUOTED = 60, 200
"""Maximum number of sentences that are read one by one, and of characters quoted from one."""
Vectors = Callable[[Sequence[str]], Sequence[Vector]]
"""A function that returns one unit vector per text, computed by multilingual-e5-small with the weights of
`classifier_heads.ENCODER`, as for queries."""
Mood = Literal["calm", "worried", "upset", "angry"]
Dial = Literal["careful", "balanced", "open"]
DIALS: tuple[Dial, ...] = ("careful", "balanced", "open")


@dataclass(frozen=True, slots=True)
class Reading:
    """The result, as probabilities from 0 to 1.

    topics      sensitive topic -> how likely the text is about it
    kind        what the text is if it is not for the support team ("thanks", "supplier" …), and how likely it is not for them
    injection   how likely it tries to steer an automatic reader
    mood        the customer's mood, as a kind agent would read it
    urgent      0 no hurry, 1 within days, 2 now
    """

    topics: Mapping[str, float]
    kind: tuple[str, float]
    injection: float
    mood: Mood
    urgent: int


def remembering(vectors: Vectors) -> Vectors:
    """Returns `vectors` with a cache, so that each text is embedded only once."""
    known: dict[str, Vector] = {}

    def ask(texts: Sequence[str]) -> Sequence[Vector]:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(new, vectors(new) if new else (), strict=True))
        return [known[text] for text in texts]

    return ask


def read(text: str, vectors: Vectors) -> Reading:
    """Returns what the model makes of a text; raises what `vectors` raises. A text without words is calm and nothing else."""
    heads, parts = shipped(), windows(ends(text))
    known = vectors(parts) if parts else ()
    if not known:
        return Reading({}, ("", 0.0), 0.0, "calm", 0)
    told, topics = blunt(text), [heads.topics(one) for one in known]
    return Reading(
        {name: 1.0 if name in told else max(one[name] for one in topics) for name in CATEGORIES},
        _kind(heads, known),
        max(1 - heads.heads["injection"].shares(one)[""] for one in known),
        _mood(heads, known),
        max(int(_likeliest(heads.heads["urgent"].shares(one))) for one in known),
    )


def sensitive(reading: Reading, dial: Dial) -> tuple[str, ...]:
    """Returns the topics that hand a ticket over at this dial setting: the likeliest and those close to it, critical
    ones first."""
    least = shipped().thresholds[dial]
    handed = {name: likely for name, likely in reading.topics.items() if likely >= least[name]}
    close = NEAR * max(map(_odds, handed.values()), default=0.0)
    found = [name for name, likely in handed.items() if _odds(likely) >= close]
    return tuple(sorted(found, key=lambda name: (not CATEGORIES[name].critical, -reading.topics[name])))


def _odds(probability: float) -> float:
    return probability / max(1 - probability, 1e-6)


def quoted(text: str, topics: Sequence[str], vectors: Vectors) -> tuple[Sensitive, ...]:
    """Returns each topic with the sentence that is most about it."""
    sentences = split_sentences(ends(text))[:SENTENCES] if topics else ()
    known = [shipped().topics(one) for one in vectors(sentences)] if sentences else []
    pairs = list(zip(sentences, known, strict=True))
    return tuple(Sensitive(name, _loudest(pairs, name)) for name in topics)


def _loudest(pairs: Sequence[tuple[str, Mapping[str, float]]], topic: str) -> str:
    return max(pairs, key=lambda pair: pair[1][topic])[0][:QUOTED] if pairs else ""


def asked(sentences: Sequence[str], vectors: Vectors) -> tuple[bool, ...]:
    """Returns for each sentence whether it asks for something."""
    least, head = shipped().least["asked"], shipped().heads["asked"]
    return tuple(head.shares(one)["True"] >= least for one in vectors(sentences)) if sentences else ()


def windows(text: str) -> list[str]:
    """Returns the text in windows that overlap by half, or as one if that is enough. Together they contain every word."""
    words = [piece for word in text.split() for piece in _pieces(word)]
    found, start = list[str](), 0
    while start < len(words):
        end = _end(words, start)
        found.append(" ".join(words[start:end]))
        start = len(words) if end == len(words) else start + max(1, (end - start) // 2)
    return found if len(found) <= WINDOWS else [*found[:-1:2], found[-1]]  # every other window still leaves no gap


def _pieces(word: str) -> Iterable[str]:
    """Returns a long run in pieces, each once: a run of one sign costs the model the most, and means no more for its length."""
    return dict.fromkeys(word[at : at + LONGEST] for at in range(0, len(word), LONGEST))


def _end(words: Sequence[str], start: int) -> int:
    """Returns where the window ends that begins at the word `start`."""
    end, size = start, 0
    while end < len(words) and end - start < WINDOW and size + len(words[end]) < CHARACTERS:
        size += len(words[end]) + 1
        end += 1
    return end


def ends(text: str) -> str:
    """Returns the part of a text that is read: all of it, or its start and its end."""
    return text if len(text) <= READ else f"{text[: READ * 3 // 4]}\n{text[-READ // 4 :]}"


def _kind(heads: Heads, known: Sequence[Vector]) -> tuple[str, float]:
    """A ticket is not for the support team only if none of its windows reads like a customer's."""
    shares = min((heads.heads["kind"].shares(one) for one in known), key=lambda each: 1 - each[""])
    others = {name: share for name, share in shares.items() if name}
    return _likeliest(others), sum(others.values())


def _mood(heads: Heads, known: Sequence[Vector]) -> Mood:
    """Returns the mood of the least calm window; it is calm only if worry and grief together are unlikely."""
    shares = min((heads.heads["mood"].shares(one) for one in known), key=lambda each: each["calm"])
    loud = {name: share for name, share in shares.items() if name != "calm"}
    calm = shares["calm"] >= max(loud.values()) and shares["worried"] + shares["upset"] < heads.least["distress"]
    return "calm" if calm else cast(Mood, _likeliest(loud))


def _likeliest(shares: Mapping[str, float]) -> str:
    return max(shares, key=lambda name: shares[name])
