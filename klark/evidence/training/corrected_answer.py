"""The answer that a person sent, in the form in which a drafter gives one: sentences, each with the lines that it rests on."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from guardrails.base import Reply, Sentence, Source
from guardrails.grounding.copies import is_copy
from guardrails.grounding.provenance import trace
from guardrails.text.words import fold
from klark.drafting.draft import sources_of
from klark.drafting.prompt import DraftRequest
from klark.evidence.letters import around, paragraphs
from klark.evidence.training.masking import LeftOut, Masking
from klark.knowledge.similarity import stems_of
from klark.retrieval.courtesy_phrases import statements
from klark.values.draft import DraftedSentence

MOST_CITED = 3
SHORT = 6
"""Words that a line below a farewell has at most."""
COVERED = 0.6
"""The share of a sentence's stems that the lines it cites must have."""


def as_drafted(kept: Sequence[str], reply: Reply, said: Sequence[DraftedSentence]) -> list[DraftedSentence]:
    """Returns the sentences of the draft as a person read it, as the model wrote them. `kept`: their texts, without what a repair
    took out. Raises LeftOut."""
    written = {sentence.text: one for sentence, one in zip(reply.sentences, said, strict=True)}
    if any(text not in written for text in kept):
        raise LeftOut("older_klark")
    return [written[text] for text in kept]


def as_edited(
    letter: str, drafted: str, sentences: Mapping[str, DraftedSentence], asked: DraftRequest, mask: Masking
) -> list[DraftedSentence]:
    """Returns what a person sent, sentence by sentence, without greeting and farewell. `drafted`: the letter as klark drafted it;
    `sentences`: its answer, as a person and as the model reads it. Raises LeftOut for what no line of the passages says."""
    lines = dict(sources_of(asked.found))
    typed = statements(_answer_of(letter, drafted, list(sentences)), asked.language)
    known = {_flat(text): one for text, one in sentences.items()}
    said = [known.get(_flat(text)) or _sourced(text, sentences, lines, asked, mask) for text in typed]
    if not said:
        raise LeftOut("not_in_passages")
    return list(dict.fromkeys(said))


def _answer_of(letter: str, drafted: str, sentences: Sequence[str]) -> str:
    """Returns the letter without the greeting and the sign-off that klark itself had put there, and without a farewell with names
    below it."""
    own = {_flat(line) for side in around(drafted, sentences) or () for line in side.splitlines()}
    after = paragraphs((around(letter, sentences) or ("", ""))[1])
    lines = (
        line for part in paragraphs(letter) if part not in after or not _is_farewell(part) for line in part.splitlines()
    )
    return "\n".join(line for line in lines if _flat(line) not in own)


def _is_farewell(part: str) -> bool:
    lines = part.splitlines()
    return not statements(lines[0]) and all(len(line.split()) <= SHORT for line in lines)


def _sourced(
    text: str, sentences: Mapping[str, DraftedSentence], lines: Mapping[str, Source], asked: DraftRequest, mask: Masking
) -> DraftedSentence:
    """Returns a sentence that a person wrote with the lines that say it: those of the draft's sentence most like it, else those
    that share most with it."""
    stems = stems_of(text, asked.language)
    nearest = max(sentences, key=lambda one: len(stems & stems_of(one, asked.language)), default="")
    by_likeness = sorted(lines, key=lambda label: -len(stems & stems_of(lines[label].text, asked.language)))
    for cites in (sentences[nearest].cites if nearest else (), tuple(by_likeness[:1]), tuple(by_likeness[:MOST_CITED])):
        if cites and _says(text, [lines[each] for each in cites], asked):
            return DraftedSentence(mask.of(text), cites)
    raise LeftOut("not_in_passages")


def _says(text: str, sources: Sequence[Source], asked: DraftRequest) -> bool:
    """Returns whether the lines say a sentence: word for word, or with most of its stems and each of its values."""
    if is_copy(text, sources):
        return True
    stems = stems_of(text, asked.language)
    theirs = stems_of(" ".join(one.text for one in sources), asked.language)
    return bool(stems) and len(stems & theirs) >= COVERED * len(stems) and _holds(text, sources, asked, asked.today)


def _holds(text: str, sources: Sequence[Source], asked: DraftRequest, today: date) -> bool:
    values = trace(Sentence(text, tuple(sources)), asked.text, asked.language, today)
    return not any(one.is_unexplained for one in values)


def _flat(text: str) -> str:
    return " ".join(fold(text).split()).rstrip(".!")


def as_json(answerable: bool, said: Sequence[DraftedSentence]) -> dict[str, Any]:
    """Returns an answer in the schema that drafts are asked for in (integrations.llms.base.REPLY_SCHEMA)."""
    return {"answerable": answerable, "sentences": [{"text": one.text, "cites": list(one.cites)} for one in said]}
