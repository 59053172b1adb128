"""How urgent a ticket is, and whether it asks for a person, in English and French."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from guardrails.text.words import fold
from guardrails.triage.classify import ends
from integrations.helpdesks.base import Priority
from klark.values.triage import PRIORITIES, Bound, TopicWords, Triage

_HASTE: Mapping[int, Priority] = {0: "low", 1: "high", 2: "urgent"}

# All patterns read folded text: lower case, no accents, straight apostrophes.
_HUMAN = re.compile(
    r"\b(?:(?:parler|discuter|echanger|contact(?:er)?|joindre|avoir|mettre en (?:relation|contact)"
    r"|passe[rz][- ]moi|communiquer)\b[^.\n?!]{0,30}\b(?:(?:un|une|a un|avec un|a une|avec une|vrai|vraie|l'un"
    r"|le|la|au) )"
    r"(?:vrai |vraie |veritable )?(?:humain|etre humain|personne(?: (?:reelle|humaine|physique))?|conseillere?"
    r"|conseiller clientele|operateur|operatrice|agent|superviseur|responsable|interlocuteur|quelqu'un"
    r"|manager)"
    r"|passe[rz][- ]moi (?:un|une|quelqu'un|votre|le|la)\b[^.\n?!]{0,30}|(?:je (?:veux|voudrais|souhaite"
    r"|demande|prefere(?:rais)?)|j'aimerais|j'exige)\b[^.\n?!]{0,25}\b(?:un|une|des) (?:vrai\w* "
    r"|veritable )?(?:humain|etre humain|conseiller\w*|operateur|operatrice|interlocuteur|personne (?:reelle"
    r"|humaine))"
    r"|parler a (?:quelqu'un|qqn|qq1)|(?:pas|marre|assez) (?:d'une?|d'un|de|des|a une?) (?:robots?|machines?"
    r"|bots?|ia|chatbots?|reponses? automatiques?)|(?:un |etre )humains? (?:svp|s'il vous plait)"
    r"|appelez[- ]moi|rappelez[- ]moi|qu'on me rappelle|quelqu'un peut(?:-il)? me rappeler"
    r"|(?:speak|talk|chat|connect(?:ed)?|transfer(?:red)?|escalate|put (?:me )?through"
    r"|get)\b[^.\n?!]{0,25}\b(?:to|with|me)\b[^.\n?!]{0,12}\b(?:a |an |some |your |the |real |actual "
    r"|live )+(?:real |actual |live |human |customer |support )*(?:human|person|agent|representative|rep"
    r"|advisor|adviser|operator|supervisor|manager|someone|somebody|being)"
    r"|(?:speak|talk|chat|contact)(?:t?ing)? (?:to |with |directly )*(?:(?:a|an|any|some|your|the|real|actual"
    r"|live|human|customer|support|service|damn|bloody|fucking|goddamn) +){0,4}"
    r"(?:human|agent|assistant|operator|representative|rep|advis[eo]r|supervisor|manager|someone|somebody"
    r"|(?<=a )person|(?<=live )person|(?<=real )person)"
    r"|(?:i )?(?:want|need|would like|'d like|demand|prefer) (?:a |an |to (?:have|get|see) an? )(?:real "
    r"|actual |live )?(?:human|person|agent|representative|advisor|operator|supervisor)"
    r"|(?:connect|give|get)\b[^.\n?!]{0,12}(?:real|actual|live) (?:human|person|agent)"
    r"|human (?:being )?(?:please|pls|agent|support)|(?:not|no more|stop|tired of|enough of|sick of"
    r"|instead of) (?:an? |the |your )?(?:bots?|robots?|machines?|ai|chatbots?|automated (?:replies|answers))"
    r"|call me (?:back|now|asap|please|at|on|today|tomorrow|as soon)|(?:please|can (?:someone|you)"
    r"|have someone|someone (?:should|must)|could (?:someone|you)(?: please)?) (?:please )?call me(?= ?[.!?\n]"
    r"|$)|(?:menschen|mitarbeiter) sprechen|hablar con (?:una persona|un humano|un agente)"
    r"|parlare con (?:una persona|un operatore))\b"
)
_NOT_ASKING = re.compile(
    r"\b(?:(?:j'ai|i have|i've|i) (?:deja |already )?(?:parle|spoke[n]?|talked|discute|eu)|(?:appelez"
    r"|rappelez)[- ]moi (?:si|des)|call me (?:if|when)|the (?:real|actual) person who"
    r"|do i (?:have|need) to (?:speak|talk|chat|contact)"
    r"|(?:are|r) (?:you|u"
    r"|we)(?: really)?|if you are|is this|you're|am i|name of the)\b"
)
_CUT = re.compile(r"[.?!,]")


def raised(given: Priority, urgent: int) -> Priority:
    """Returns the helpdesk's own priority, raised by the triage model's urgency (0 no hurry, 1 within days, 2 now),
    never lowered."""
    return max(given, _HASTE[urgent], key=PRIORITIES.index)


def as_topic(seen: Triage, given: Priority, topics: Sequence[TopicWords]) -> Triage:
    """Returns the triage with its priority kept within its topic's limits. `given`: the helpdesk's own."""
    found = next((each for each in topics if each.key == seen.topic), None)
    return bounded(seen, given, found.priority, found.highest_priority) if found else seen


def bounded(seen: Triage, given: Priority, least: Bound, most: Bound) -> Triage:
    """Returns the triage with a priority of at least `least` and at most `most`. Where a sensitive topic was found, or the
    helpdesk itself says more (`given`), nothing is lowered."""
    highest = seen.priority if seen.sensitive or not most else max(most, given, key=PRIORITIES.index)
    lowered = min(seen.priority, highest, key=PRIORITIES.index)
    priority = max(lowered, least or lowered, key=PRIORITIES.index)
    return replace(seen, priority=priority, lowest_priority=least, highest_priority=most)


def as_corrected(seen: Triage, told: Priority | None, given: Priority = "low", known: Priority = "low") -> Triage:
    """Returns the triage with the priority that a reviewer has named (`told`), if one has. Nothing is lowered where a sensitive
    topic was found, or where the helpdesk says more (`given`) than it did when the reviewer spoke (`known`) and than the
    reviewer says."""
    if not told:
        return seen
    raised_since = PRIORITIES.index(given) > max(map(PRIORITIES.index, (known, told)))
    lowers = PRIORITIES.index(told) < PRIORITIES.index(seen.priority)
    return (
        seen if lowers and (seen.sensitive or raised_since) else replace(seen, priority=told, priority_corrected=True)
    )


def asks_for_human(text: str) -> bool:
    """Returns whether the writer asks for a person instead of a machine, or to be called."""
    words = fold(ends(text))
    return any(not _NOT_ASKING.search(_clause(hit)) for hit in _HUMAN.finditer(words))


def _clause(hit: re.Match[str]) -> str:
    """Returns a hit with what stands near it in its clause: "Is this a bot? Connect me" asks for a person."""
    before, after = hit.string[max(0, hit.start() - 25) : hit.start()], hit.string[hit.end() : hit.end() + 6]
    return f"{_CUT.split(before)[-1]}{hit.group()}{_CUT.split(after)[0]}"
