"""Find the passages that may answer a ticket, in the first of its languages that has any.

By words alone until passages have their vectors (klark.steps.meaning), by both from then on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import zip_longest
from typing import Any

import structlog

from guardrails.answered import Answered
from integrations.embeddings.base import Embedder
from integrations.errors import IntegrationError
from klark.models import Passage, within
from klark.steps.ask import Asked, ask
from klark.steps.cut import below
from klark.steps.features import USUAL_GRAMS, gram_number, grams, impacts, numbered, titled
from klark.steps.find import Looked, Ranked, find, standard
from klark.steps.hear import Search, chance
from klark.steps.meaning import embedders, in_use, seen

log = structlog.get_logger(__name__)

MOST, MORE = 6, 2
"""Sections for one question; where several are asked, so many more for each."""


@dataclass(frozen=True, slots=True)
class Found:
    """A section of a passage with where it stands; `score` is comparable within one question only, and `fallback` says
    that nothing was found in the language asked for. `personal`: of this requester alone; `answered`: what a colleague
    answered on another ticket."""

    passage_id: int
    article_id: int
    article: str
    version: int
    title: str
    url: str
    language: str
    sentences: tuple[str, ...]
    score: float
    fallback: bool = False
    personal: bool = False
    answered: Answered | None = None

    @property
    def masked(self) -> bool:
        """Whether a model reads it masked: written for one customer, and not for everyone, as articles are."""
        return self.personal or self.answered is not None


@dataclass(frozen=True, slots=True)
class Ranking:
    """What was asked, every passage that came near, best first, and the search as an embedding model saw it, where one
    had a say."""

    asked: Asked | None
    ranked: Sequence[Ranked] = ()
    by_meaning: Search | None = None

    @property
    def chance(self) -> float | None:
        """That an answer is among them, read anew each time; None where nobody can tell."""
        return chance(self.by_meaning) if self.by_meaning else None


@dataclass(frozen=True, slots=True)
class Retrieved:
    """`chance`: how likely it is that what was found answers (klark.steps.answerable); None where nobody can tell."""

    found: tuple[Found, ...] = ()
    chance: float | None = None


def retrieve(
    tenant_id: int, questions: Sequence[str], languages: Sequence[str], text: str = "", brand: str = ""
) -> tuple[Found, ...]:
    """The best sections for all questions together, best first, each once; the first language that has any wins.

    `text` is all that the customer wrote, for its context; without it the questions are all there is. `brand` is the
    ticket's; what is written for another brand is not found.
    """
    return search(tenant_id, questions, languages, text, brand).found


def search(
    tenant_id: int, questions: Sequence[str], languages: Sequence[str], text: str = "", brand: str = ""
) -> Retrieved:
    """The same, and how likely an answer is among it."""
    whole = text or "\n".join(questions)
    for language in languages:
        ranking = rank(tenant_id, whole, language, questions, brand)
        if ranking.ranked:
            single = questions if len(questions) > 1 else ()
            others = [rank(tenant_id, question, language, brand=brand) for question in single]
            found = _found(tenant_id, [ranking, *others], MOST + MORE * len(single))
            marked = tuple(replace(one, fallback=language != languages[0]) for one in found)
            return Retrieved(marked, ranking.chance)
    return Retrieved()


def further(
    tenant_id: int, queries: Sequence[str], language: str, brand: str, own: Sequence[Found]
) -> tuple[Found, ...]:
    """What other queries find beyond what was found: `MORE` for each at most."""
    most, known = MORE * len(queries), {each.sentences for each in own}
    rankings = [rank(tenant_id, query, language, brand=brand) for query in queries]
    found = _found(tenant_id, rankings, len(own) + most) if queries else ()
    return tuple(each for each in found if each.sentences not in known)[:most]


def rank(tenant_id: int, text: str, language: str, questions: Sequence[str] = (), brand: str = "") -> Ranking:
    """A model that cannot be asked leaves the words to speak alone."""
    if not text.strip():
        return Ranking(None)
    with within(tenant_id):
        asked = ask(tenant_id, text, language, questions)
        embedder = in_use(tenant_id, embedders())
    looked = _looked(embedder, asked) if embedder else None
    with within(tenant_id):
        ranked = find(tenant_id, language, asked, looked, brand)
    return Ranking(asked, ranked, Search(tenant_id, language, asked, looked, ranked, brand) if looked else None)


def _looked(embedder: Embedder, asked: Asked) -> Looked | None:
    try:
        return seen(embedder.model, embedder.questions(asked.parts))
    except IntegrationError as error:
        log.warning("passages are looked for by their words alone", why=str(error))
        return None


def _found(tenant_id: int, rankings: Sequence[Ranking], most: int) -> tuple[Found, ...]:
    """Round by round, so that each question keeps its best section. Twins (the same sentences) count once."""
    wanted = {one.passage_id for ranking in rankings for one in ranking.ranked[:most]}
    with within(tenant_id):
        rows = Passage.of(tenant_id).select_related("article").in_bulk(wanted)
    by_ranking = [_sections(ranking, rows, most) for ranking in rankings]
    found: dict[tuple[str, ...], Found] = {}
    for each in (one for turn in zip_longest(*by_ranking) for one in turn if one):
        found.setdefault(each.sentences, each)
    return tuple(found.values())[:most]


def _sections(ranking: Ranking, rows: Mapping[int, Passage], most: int) -> list[Found]:
    """The best passages by section: what a passage is worth, and how near the section's own words are."""
    sections = [
        section for one in ranking.ranked[:most] if one.passage_id in rows
        for section in _as_found(rows[one.passage_id], one.score)
    ]  # fmt: skip
    own = standard([_nearness(ranking.asked, section) for section in sections])
    scored = [replace(section, score=section.score + near) for section, near in zip(sections, own, strict=True)]
    return sorted(scored, key=lambda section: -section.score)


def _nearness(asked: Asked | None, section: Found) -> float:
    counted = titled(grams(section.title), grams(" ".join(section.sentences)))
    worth = impacts(numbered(counted, gram_number), USUAL_GRAMS)
    return sum(weight * worth.get(number, 0.0) for number, weight in asked.grams.items()) if asked else 0.0


def _as_found(passage: Passage, score: float) -> list[Found]:
    article = passage.article
    return [
        Found(passage.pk, article.pk, article.key, article.version, below(passage.title, heading), article.url,
              passage.language, tuple(sentences), score)
        for heading, sentences in passage.sections
    ]  # fmt: skip


def as_record(found: Sequence[Found]) -> list[Mapping[str, Any]]:
    """What a drafter was given, for explaining."""
    return [
        {"article": each.article, "version": each.version, "title": each.title, "url": each.url,
         "language": each.language, "sentences": list(each.sentences), "score": round(each.score, 4), "fallback": each.fallback,
         "personal": each.personal, "answered": asdict(each.answered) if each.answered else None}
        for each in found
    ]  # fmt: skip
