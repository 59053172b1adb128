"""Finds sentences in the tenant's knowledge that were put there for a model: they are not valid sources.

A sentence of an article tells the tenant's customers something about the article's topic. One that gives orders to a
machine, or gives the writer of an answer a task that neither the title nor the question is about, is *planted*. It is
removed from what a reply may cite before any check sees it.

Articles about language models or about programs may show orders and code: there the title, or most of the surrounding
text, is about them, which an attacker who slips in a sentence cannot achieve.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from guardrails.base import Reply, Sentence, Source
from guardrails.text.sentences import split_sentences
from guardrails.text.vocabulary import word_set
from guardrails.text.words import content_stems, fold
from guardrails.untrusted.detect_instructions import looks_like_instruction, sets_a_task, speaks_to_writer

Matters = Literal["machines", "programs"]
Address = Literal["ORDER", "WRITER", "TASK", "CODE", ""]

AROUND = 20_000
"""Maximum number of characters of a passage, or of the ticket, that are read."""
SENTENCE = 2_000
"""Maximum number of characters of one sentence that are read."""
MOST = 200
"""Maximum number of sentences of a passage that are read for its topic."""
_SHARE = 0.3
"""A passage is about programs or models if at least this share of its sentences mentions them."""
_LONG_SHARE, _MANY = 0.1, 10
"""In a long article a smaller share is enough, but of at least this many sentences."""

_MACHINES = re.compile(
    r"\b(?:prompt\w*|llms?|language models?|modeles? de langage|chatbots?|claude|gpt\w*|chatgpt|gemini|mistral|openai|"
    r"anthropic|jailbreak\w*|ai|ia|artificial intelligence|intelligence artificielle|assistants?|agents?|models?|tokens?)\b"
)
_PROGRAMS = re.compile(
    r"\b(?:code|codes|coding|scripts?|api|apis|sdk|python|javascript|typescript|html|css|php|sql|json|xml|yaml|curl|commands?|"
    r"commandes? (?:shell|systeme)|terminal|console|snippets?|extrait de code|webhooks?|program\w*|develop\w*|"
    r"functions?|fonctions?|parameters?|parametres?|endpoints?|librar(?:y|ies)|plugin|integration|import|requete)\b"
)
_CODE = re.compile(
    # The first words of a line of code; "return the lamp" and "import duties" continue like prose.
    r"```|^\s{0,20}(?:import \w[\w.]{0,60}(?: as \w{1,40})?\s{0,5};?\s{0,5}$|from \w{1,40} import|"
    r"def \w{1,40}\(|class \w{1,40}[:(]|"
    r"async (?:def|with|for) |await \w[\w.]{0,60}\(|for \w{1,40} in \w[\w.]{0,60}(?:[(\[]|:\s{0,5}$)|with \w[\w.]{0,60}\(|"
    r"return(?: \S{1,60})?\s{0,5};?\s{0,5}$|return \S{1,60} [-+*/%=<>]|if __|print\(|#!|<\?php|"
    r"SELECT .{1,80} FROM)|[\w\])]\.\w{1,40}\(|\w\(\w{1,40}\s?=|"
    # A value is a number, or quoted, or stands alone: "J = jour de l'encaissement" explains a letter.
    r"(?<!\w)(?<!\d )\w{1,40}\s?=\s?(?:[\d\"'\[{(]|(?>\w{1,40})(?!['’]?\w*\s+[^\W\d_]{2}))|"
    # Items of a list end with a comma or a semicolon too: it counts only after a call, or after a name and its value.
    r"[\[{(]\s{0,20}$|^\s{0,20}[)\]}][\s)\]};,.]{0,20}$|\{\s?\"|\w\([^()]{0,200}\)\s?[;,]\s{0,5}$|"
    r"[\"']\s?:\s?[\"'\[{\d][^\n]{0,200},\s{0,20}$|\$\(|&&|\|\|"
)
_LINK = re.compile(r"(?:https?://|www\.)\S{1,2000}")  # "?a=1" is no line of code
# Words of any order to a writer: sharing them with a title does not tell what the order is about.
_GENERIC = word_set(
    """answer response reply message mail email question write writing provide give add include use make tell show ask explain
    describe list create send text word sentence user customer people information following example code please help need
    reponse message question ecrire donner ajouter utiliser texte mot phrase client information suivant exemple aide"""
)


@dataclass(frozen=True, slots=True)
class Matter:
    """The topic of a passage and a question: the stems of title and question, the stems of what else the passage
    tells a customer, and whether it is about models (`machines`) or programs."""

    stems: frozenset[str]
    told: frozenset[str]
    machines: bool
    programs: bool
    language: str


@lru_cache(maxsize=16_384)
def addressed(text: str) -> Address:
    """Returns whom a sentence addresses if not a customer (a machine, the writer of the answer, …); "" for an
    ordinary sentence."""
    if looks_like_instruction(text):
        return "ORDER"
    if _CODE.search(_LINK.sub("link", text)):
        return "CODE"
    if speaks_to_writer(text):
        return "WRITER"
    return "TASK" if sets_a_task(text) else ""


def is_planted(text: str, matter: Matter) -> bool:
    """Returns whether a sentence is an order to a machine, or a task or code that does not belong to the topic."""
    to = addressed(text[:SENTENCE])
    if not to:
        return False
    if to == "ORDER":
        return not matter.machines
    if to == "CODE":
        return not (matter.programs or matter.machines)
    said = _telling(text[:SENTENCE], matter.language)
    of_the_rest = to == "TASK" and len(said & matter.told) * 2 > len(said)
    return not (matter.machines or said & matter.stems or of_the_rest)


def _telling(text: str, language: str) -> frozenset[str]:
    return content_stems(text, language) - _generic(language)


@lru_cache(maxsize=8)
def _generic(language: str) -> frozenset[str]:
    return content_stems(" ".join(_GENERIC), language) | _GENERIC


@lru_cache(maxsize=1024)
def matter_of(title: str, around: str, question: str, language: str) -> Matter:
    """Returns what a passage is about, judging by its title, most of its sentences, and the question."""
    said = split_sentences(around[:AROUND])
    stems = _telling(f"{title}. {question[:AROUND]}", language)
    plain = fold(title)
    return Matter(
        stems,
        _told(said[:MOST], language),
        bool(_MACHINES.search(plain)) or _speak_of(said, _MACHINES),
        bool(_PROGRAMS.search(f"{plain} {fold(question[:AROUND])}")) or _speak_of(said, _PROGRAMS),
        language,
    )


def _told(said: Sequence[str], language: str) -> frozenset[str]:
    """Returns the stems of what a passage tells a customer."""
    return frozenset().union(*(_telling(one, language) for one in said if not addressed(one[:SENTENCE])))


def _speak_of(said: Sequence[str], words: re.Pattern[str]) -> bool:
    """Returns whether enough of the sentences that a passage addresses to a customer contain such words."""
    telling = [text for text in said[:MOST] if not addressed(text[:SENTENCE])]
    count = sum(bool(words.search(fold(text))) for text in telling)
    return count >= _SHARE * max(4, len(telling)) or (count >= _MANY and count >= _LONG_SHARE * len(telling))


@lru_cache(maxsize=64)
def trusted(reply: Reply) -> Reply:
    """Returns the reply with planted sentences removed from its sources and from the passages around them."""
    said = tuple(replace(sentence, sources=tuple(_trusted_sources(sentence, reply))) for sentence in reply.sentences)
    return reply if said == reply.sentences else replace(reply, sentences=said)


def _trusted_sources(sentence: Sentence, reply: Reply) -> Iterator[Source]:
    for source in sentence.sources:
        matter = matter_of(source.title, source.around, reply.ticket_text, reply.language)
        text = _without(source.text[:AROUND], matter)
        if text.strip():
            around = _without(source.around[:AROUND], matter)
            yield (
                source if (text, around) == (source.text, source.around) else replace(source, text=text, around=around)
            )


def _without(text: str, matter: Matter) -> str:
    """Returns a text without its planted sentences; exactly the same text if it has none."""
    said = split_sentences(text)
    kept = [one for one in said if not is_planted(one, matter)]
    return text if len(kept) == len(said) else "\n".join(kept)


def is_told(words: str, sentence: Sentence, reply: Reply, *, of: Matters) -> bool:
    """Returns whether folded words of a reply belong to its topic: a cited passage about models, or about programs,
    says them too."""
    for source in sentence.sources:
        matter = matter_of(source.title, source.around, reply.ticket_text, reply.language)
        said = " ".join(fold(f"{source.text} {source.around[:AROUND]}").replace("'", " ").replace("-", " ").split())
        about = matter.machines or (of == "programs" and matter.programs)
        if about and " ".join(words.replace("-", " ").split()) in said:
            return True
    return False


def planted_in(sentence: Sentence, reply: Reply) -> str:
    """Returns the first planted sentence that a sentence of the reply cites, or ""."""
    for source in sentence.sources:
        matter = matter_of(source.title, source.around, reply.ticket_text, reply.language)
        for text in split_sentences(source.text[:AROUND]):
            if is_planted(text, matter):
                return text
    return ""
