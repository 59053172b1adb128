"""Renders a decision for the ticket: the customer's reply, the agent's note, the handover.

Everything that came from outside is escaped, and all HTML is sanitized by nh3. Replies are in the customer's language,
notes in the tenant's first language.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from guardrails.base import Level, Reply, Source, State
from guardrails.checks.finding_meanings import told
from guardrails.triage.crisis_lines import with_numbers
from guardrails.triage.sensitive_topics import CATEGORIES, Category
from integrations.crm.base import Fact
from klark.delivery.note_layout import Line, Link, in_one_line, note, plain
from klark.delivery.quoted_sections import quoted_sections
from klark.delivery.reason_words import kept_words
from klark.delivery.rich_text import Rendered
from klark.delivery.unanswered import unanswered
from klark.values.decision import Decided
from klark.values.policy.parts import SensitiveRule
from klark.values.policy.rules import Rules
from klark.values.reasons import Reason
from klark.values.recalled_tickets import NOTHING, Before, Memory
from klark.values.requester_trust import ASKED_FOR, trust_words
from klark.values.run_record import RunRecord
from klark.values.triage import Triage, asks_for_haste
from klark.values.wording import (
    confidence_words,
    language_words,
    mood_words,
    priority_words,
    source_words,
    state_words,
    titled,
    value_words,
)

GREETING = {"en": "Hello{name},", "fr": "Bonjour{name},"}
DISCLOSURE = {
    "en": "This answer was written automatically from our help pages. Reply to this e-mail to reach a person.",
    "fr": "Cette réponse a été rédigée automatiquement à partir de nos pages d'aide. "
    "Répondez à ce message pour joindre une personne.",
}
OPEN = ("Open in klark", "Ouvrir dans klark")
WORDS = {
    "en": {
        "draft": "Draft by klark", "none": "no draft by klark", "sources": "Sources", "sentences": "Each sentence",
        "findings": "To check", "asks": "Asked", "missing": "Not in the articles", "topic": "Topic", "language": "Language",
        "do": "What to do", "call": "Whom to involve", "earlier": "Goes on from",
        "before": "Earlier tickets of the same customer", "alike": "How colleagues answered tickets like this one",
        "open": "open", "closed": "closed", "promised": "promised", "card": "Known of this customer",
        "reader": "Who asks", ":": ":", "fold": "— More —",
        "confidence": "Confidence", "nearest": "Closest sections", "left_out": "Left out of the draft", "also": "Also",
    },
    "fr": {
        "draft": "Brouillon de klark", "none": "pas de brouillon de klark", "sources": "Sources", "sentences": "Chaque phrase",
        "findings": "À vérifier", "asks": "Demande", "missing": "Pas dans les articles", "topic": "Sujet", "language": "Langue",
        "do": "Que faire", "call": "Qui prévenir", "earlier": "Fait suite à",
        "before": "Tickets précédents du même client", "alike": "Réponses de collègues à des tickets semblables",
        "open": "ouvert", "closed": "clos", "promised": "promis", "card": "Connu de ce client",
        "reader": "Qui demande", ":": "\u00a0:", "fold": "— Plus —",
        "confidence": "Confiance", "nearest": "Sections les plus proches", "left_out": "Retiré du brouillon",
        "also": "Aussi",
    },
}  # fmt: skip


NO_ADVICE: Mapping[str, str] = {}


def reply_text(reply: Reply, name: str, rules: Rules, unattended: bool) -> str:
    """Returns a whole letter: greeting, sentences, the tenant's sign-off, and the disclosure if nobody reviewed it."""
    language = reply.language if reply.language in GREETING else "en"
    greeting = _greeting(rules.greeting.get(language, ""), language, name)
    disclosure = rules.disclosure.get(language, DISCLOSURE[language]) if unattended and rules.disclose else ""
    said = quoted_sections(reply, rules.section_intro.get(language, "")) if reply.sections else _paragraphs(reply)
    parts = [greeting, *said, rules.sign_off.get(language, ""), disclosure]
    return "\n\n".join(part for part in parts if part)


def _greeting(own: str, language: str, name: str) -> str:
    """Returns the tenant's own greeting, or klark's where it has none, or has a name in it that nobody knows."""
    if own and (name or "{name}" not in own):
        return own.replace("{name}", name)
    return GREETING[language].format(name=f" {name}" if name else "")


def _paragraphs(reply: Reply) -> list[str]:
    """Joins sentences from the same section into one paragraph."""
    paragraphs: list[list[str]] = []
    last = None
    for sentence in reply.sentences:
        passage = sentence.sources[0].around if sentence.sources else last
        if passage != last or not paragraphs:
            paragraphs.append([])
        paragraphs[-1].append(sentence.text)
        last = passage
    return [" ".join(paragraph) for paragraph in paragraphs]


def render_note(
    draft: str, run: RunRecord, language: str, advice: Mapping[str, str] = NO_ADVICE, address: str = ""
) -> Rendered:
    """Returns the agent's note: the draft ready to use, what to check in it, and its sources; below the fold klark's confidence
    in it, each sentence's source, and what is known of the customer. `advice`: what `advice_on` says if the ticket is sensitive;
    the worst of it stands above the draft; `address`: of the draft's page in klark."""
    words, decided = WORDS.get(language, WORDS["en"]), run.decided
    usual = decided.reason is Reason.NOTE_BY_POLICY
    missing = list(map(shortened, unanswered(run))) if decided.reason is Reason.PARTLY_ANSWERABLE else []
    why = "" if decided.reason is Reason.HELD_BY_GUARD else kept_words(decided.reason, decided.words, language)
    title = _title(run.triage, language, words["draft"], "" if usual else decided.reason.title(language), why)
    cited = [source for each in (run.answer.reply.sentences if run.answer.reply else ()) for source in each.sources]
    sources = dict.fromkeys(Link(titled(each.title, each.answered, language), each.url) for each in cited)
    lines = [
        in_one_line(words["missing"], missing, words[":"]),
        in_one_line(words["findings"], _remarks(run, language), words[":"]),
        where_to_look("sources", tuple(sources), address, language),
    ]
    doubt, more = _worst_first(_told(run.triage, hostile=False, language=language), advice) if advice else ("", [])
    details = {
        words["also"]: more,
        words["confidence"]: _lines_of(confidence_words(run.confidence, language)),
        words["sentences"]: _source_lines(run, language),
        words["left_out"]: plain(each.text for each in run.answer.left_out),
        words["earlier"]: _lines_of(run.goes_on_from),
        **_recalled(run.memory, run.facts, language),
    }
    return note(title, draft, lines, details, words, doubt)


def where_to_look(heading: str, links: Sequence[Link], address: str, language: str) -> Line:
    """Returns the last line above the fold: links under their heading (a key of WORDS), and one to klark."""
    words, french = WORDS.get(language, WORDS["en"]), language.startswith("fr")
    listed = in_one_line(words[heading], links, words[":"])
    page = (Link(OPEN[french], address),) if address else ()
    return (*listed, " · ", *page) if listed and page else (*listed, *page)


def _title(triage: Triage, language: str, *parts: str) -> str:
    """Returns a note's first line: how urgent the ticket is, what klark did, and why."""
    title = " · ".join(filter(None, (_urgency(triage, language), *parts)))
    return title[:1].upper() + title[1:]


def _remarks(run: RunRecord, language: str) -> list[str]:
    """Returns what the checks noticed, and who asks where that matters; not that a partial draft is partial."""
    words, partial = WORDS.get(language, WORDS["en"]), run.decided.reason is Reason.PARTLY_ANSWERABLE
    noticed = [one for one in run.verdict.findings if one.level > Level.INFO and not (partial and one.id == NOT_ALL)]
    heed = [f"{words['reader']}{words[':']} {each}" for each in _to_heed(run.triage, language)]
    return [*(f"{told(one, language)} ({one.id})" for one in noticed), *heed]


def _lines_of(line: str) -> list[Line]:
    return [(line,)] if line else []


def _source_lines(run: RunRecord, language: str) -> list[Line]:
    sentences = run.answer.reply.sentences if run.answer.reply else ()
    pairs = zip(sentences, run.verdict.states, strict=True)
    return [_source_line(each.text, state, each.sources, language) for each, state in pairs]


def _source_line(text: str, state: State, sources: Sequence[Source], language: str) -> Line:
    links = dict.fromkeys(Link(titled(each.title, each.answered, language), each.url) for each in sources)
    return in_one_line(f"{text} [{state_words(state, language)}] ←", links or ("—",), "")


NOT_ALL = "klark.G154"
"""The finding that not everything is known to be answered."""
_HOSTILE = frozenset({Reason.INJECTION, Reason.BLOCKED_BY_GUARD})
"""Reasons under which the customer's text may be an attack, and is not repeated."""


def render_handover(
    decided: Decided, triage: Triage, topic: str, rules: Rules, language: str, earlier: str = "",
    recalled: Memory = NOTHING, card: Sequence[Fact] = (), nearest: Sequence[Link] = (), address: str = "",
) -> Rendered:  # fmt: skip
    """Returns why a person is needed and what was asked; for sensitive topics also what to do and whom to call."""
    words = WORDS.get(language, WORDS["en"])
    # a sensitive ticket may hold instructions to a machine too
    hostile = triage.injection or decided.reason in _HOSTILE
    why = kept_words(decided.reason, decided.words, language)
    reason = "" if decided.reason is Reason.SENSITIVE and why else decided.reason.title(language)
    title = _title(triage, language, words["none"], f"{words[':']} ".join(filter(None, (reason, why))))
    advice = advice_on(triage.sensitive, rules, language)
    before, more = _worst_first(_told(triage, hostile, language), advice)
    asks, near = ([], ()) if hostile else (list(map(shortened, triage.asks)), tuple(nearest))
    missing = words["missing" if decided.reason is Reason.NOT_ANSWERABLE else "asks"]
    lines = [] if before else [in_one_line(missing, asks, words[":"])]
    usual = triage.language in (language, None) or decided.reason is Reason.UNSUPPORTED_LANGUAGE
    named = {
        "topic": topic,
        "language": "" if usual else language_words(triage.language, language),
        "reader": " ".join(_to_heed(triage, language)),
    }
    details: dict[str, Sequence[Line]] = {
        words["also"]: more,
        words["asks"]: plain(asks) if before else [],
        words["nearest"]: [(each,) for each in near] if before else [],
        words["earlier"]: _lines_of(earlier),
        **({} if hostile else _recalled(recalled, card, language)),
        "": plain(f"{words[name]}{words[':']} {told}" for name, told in named.items() if told),
    }
    lines.append(where_to_look("nearest", () if before else near, address, language))
    return note(title, "", lines, details, words, before)


def _urgency(triage: Triage, language: str) -> str:
    """Returns what makes a ticket urgent, in words: its priority if that asks for haste, and the mood if it is upset or angry. Of
    the calm, triage takes three in ten for worried or angry (docs/decisions.md), so that *worried* would say nothing."""
    priority = priority_words(triage.priority, language) if asks_for_haste(triage.priority) else ""
    mood = mood_words(triage.mood, language) if triage.mood in ("upset", "angry") else ""
    return ", ".join(filter(None, (priority, mood)))


def _to_heed(triage: Triage, language: str) -> list[str]:
    """Returns who asks, where the agent must take care whom they tell what; what is usual is not said."""
    return [] if triage.trust.level in ASKED_FOR else [trust_words(triage.trust, language)]


def _recalled(recalled: Memory, card: Sequence[Fact], language: str) -> dict[str, list[Line]]:
    """Returns what the agent should know: facts, what the same customer was told, and how colleagues answered (masked)."""
    words = WORDS.get(language, WORDS["en"])
    before = [_earlier_line(each, words) for each in recalled.before]
    alike = [f"{_dated(each.ticket_id, each.answered_at)}: {shortened(each.answered)}" for each in recalled.alike]
    known = [_fact_line(fact, language) for fact in card]
    return {words["card"]: plain(known), words["before"]: plain(before), words["alike"]: plain(alike)}


def _fact_line(fact: Fact, language: str) -> str:
    value = value_words(fact.value, fact.kind, language)
    return f"{fact.name}: {value} ({source_words(fact.source, fact.origin, language)})"


def _earlier_line(each: Before, words: Mapping[str, str]) -> str:
    state = words["open"] if each.open else words["closed"]
    promised = f"; {words['promised']}{words[':']} {shortened(' '.join(each.promised))}" if each.promised else ""
    return f"{_dated(each.ticket_id, each.asked_at)}, {state}: {each.subject}{promised}"


def _dated(ticket_id: str, when: datetime | None) -> str:
    return f"#{ticket_id} ({when:%Y-%m-%d})" if when else f"#{ticket_id}"


def shortened(text: str, most: int = 300) -> str:
    """Returns a text as one line of a note, of at most `most` characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else f"{flat[: most - 1]}…"


def _told(triage: Triage, hostile: bool, language: str) -> dict[str, str]:
    """Returns the most telling sentence for each sensitive topic, quoted."""
    quote = "« {} »" if language.startswith("fr") else "“{}”"
    told: dict[str, str] = {}
    for name, words in () if hostile else triage.told:
        if words:
            told.setdefault(name, quote.format(words))
    return told


def _worst_first(told: Mapping[str, str], advice: Mapping[str, str]) -> tuple[str, list[Line]]:
    """Returns what stands above the fold, all critical topics or else the first, and the others for a list below it; each topic
    with what tells of it."""
    every = {name: " ".join(filter(None, (told.get(name), advice.get(name)))) for name in {**advice, **told}}
    above = [name for name in advice if CATEGORIES[name].critical] or [*every][:1]
    below = [" ".join(text.split("\n")) for name, text in every.items() if name not in above]
    return "\n".join(every[name] for name in above), plain(below)


def advice_on(categories: Sequence[str], rules: Rules, language: str) -> dict[str, str]:
    """Returns for each of these sensitive topics a line of what it is, and one of what to do and whom to call."""
    known = [name for name in categories if name in CATEGORIES]
    return {name: _topic_advice(CATEGORIES[name], rules.on(name), rules.place, language) for name in known}


def _topic_advice(category: Category, own: SensitiveRule, country: str, language: str) -> str:
    """Returns the note for a topic, what to do and whom to call: in the tenant's own words where it has some, and with
    the help lines of the country."""
    words, spoken = WORDS.get(language, WORDS["en"]), language if language in category.note else "en"
    note, todo, call = (
        given.get(spoken) or shipped[spoken]
        for given, shipped in ((own.note, category.note), (own.todo, category.todo), (own.call, category.call))
    )
    do = f"{words['do']}{words[':']} {_numbered(todo)}"
    return with_numbers(f"{note}\n{do} {words['call']}{words[':']} {call}", country, spoken)


def _numbered(todo: str) -> str:
    """Numbers the steps, which semicolons part."""
    steps = [step.strip().rstrip(".") for step in todo.split(";")]
    if len(steps) == 1:
        return todo
    return " ".join(f"{place}. {step[:1].upper()}{step[1:]}." for place, step in enumerate(steps, 1))
