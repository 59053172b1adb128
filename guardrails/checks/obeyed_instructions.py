"""Checks for signs that the reply obeys somebody else's instructions.

G050 obeys or addresses a system   hit: "Ignore previous instructions." miss: "Ignore the red light."
G051 speaks as a model             hit: "As an AI language model, …". miss: "Our AI camera …".
G052 code or a call                hit: "```python", "curl http…", "{"tool": …}". miss: "code SUMMER".
"""

import re
from collections.abc import Iterator

from guardrails.base import Finding, Level, Options, Reply, Sentence
from guardrails.grounding.allowed_sources import trusted_sentences
from guardrails.text.words import fold
from guardrails.untrusted.planted_instructions import Matters, is_told

OBEYS = "klark.G050"
MODEL = "klark.G051"
CODE = "klark.G052"

_FOLDED: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    (
        OBEYS,
        "addresses a system or obeys one",
        re.compile(
            r"\b(?:ignor(?:e|er|ez|ing)|disregard|forget|oubli(?:e|er|ez)|override|bypass|contourn\w+)(?:"
            r" \S{1,20}){0,3} (?:previous|prior|above|earlier|all|system|precedentes?|anterieures?|ci dessus|"
            r"initiales?)?\s?"
            r"(?:instructions?|prompts?|consignes|rules above|directives|guidelines)\b|"
            r"\b(?:new|nouvelles?|updated) (?:system )?(?:instructions?|consignes|directives) ?:|\bdeveloper mode\b|"
            r"\bjailbreak|\bdan mode\b|\bmode developpeur\b|"
            r"\b(?:instructions?|consignes) (?:received|followed|executed|recues|suivies|executees|appliquees)\b|"
            r"\b(?:assistant|system|user|human|systeme|utilisateur) ?: |"
            r"\bas (?:you )?instructed (?:in|by) the (?:email|ticket|text|document|article)|\bi (?:have |ve"
            r" )?(?:followed|executed|obeyed) (?:your|the) instructions|"
            r"\bpwned\b|\bhacked by\b|^\W*(?:\w+ ){0,3}hacked\W*$|\bpirate par\b|\bprompt injection\b"
        ),
    ),
    (
        MODEL,
        "speaks as a language model",
        re.compile(
            r"\bas an? (?:ai|artificial intelligence|large language model|language model|llm|virtual assistant|"
            r"chatbot)\b|\bi am an? (?:ai|artificial|language model|llm|chatbot|bot|virtual assistant)\b|"
            r"\bi m an? (?:ai|artificial|language model|llm|chatbot|bot)\b|\ben tant qu (?:ia|intelligence"
            r" artificielle|assistant virtuel|modele)\b|\ben tant que (?:modele|chatbot|robot|programme)\b|"
            r"\bje suis (?:une? )?(?:ia|intelligence artificielle|modele de langage|chatbot|robot|assistant"
            r" virtuel)\b|"
            r"\bmy training data\b|\bmes donnees d entrainement\b"
        ),
    ),
)
# Texts about programs mention these names too, so an article about programs is enough to excuse them; see `_marks`.
_MAKER = re.compile(r"\b(?:openai|chatgpt|gpt-?\d|claude ai|anthropic|gemini pro|mistral ai|llama \d)\b")
_CODE = re.compile(
    r"```|<\?php\b|\b(?:eval|exec)\s?\(|"
    r"\b(?:curl|wget|sudo|powershell|rm -rf|import os|DROP TABLE|SELECT \* FROM)(?=[ (;:]|$)|"
    r"\{\s{0,5}\"(?:tool|function|name|action|arguments|role)\"\s{0,5}:|!\[[^\]]{0,200}\]\(",
)


def injection(reply: Reply, options: Options) -> list[Finding]:
    """Returns BLOCK findings on the traces that an obeyed instruction leaves in a reply. Wording that a cited article
    about models or programs uses itself is not reported."""
    return [
        Finding(id_, Level.BLOCK, f'{what}: "{words}"', place, words)
        for place, sentence in trusted_sentences(reply)
        for id_, what, words, of in _marks(sentence)
        if not is_told(fold(words), sentence, reply, of=of)
    ]


def _marks(sentence: Sentence) -> Iterator[tuple[str, str, str, Matters]]:
    """Yields (finding id, description, matched words, what a cited article must be about to excuse them)."""
    plain = " ".join(fold(sentence.text).replace("'", " ").split())
    for id_, what, pattern in _FOLDED:
        if hit := pattern.search(plain):
            yield id_, what, hit.group(), "machines"
    if maker := _MAKER.search(plain):
        yield MODEL, "names a language model", maker.group(), "programs"
    if code := _CODE.search(sentence.text):
        yield CODE, "carries code", code.group(), "programs"
