"""Has a model write a drafted article's answer from the masked answers of agents, and keeps only what they support.

One request writes, a second one judges: the judge, the checks and the strictness are those of a draft for a ticket.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext

from guardrails.base import UNJUDGED, Level, Options, Reply, Verdict
from guardrails.checks.groundedness import OPEN
from guardrails.checks.provenance import NOWHERE
from guardrails.guard import guard
from klark.assistance.no_assistance import UNUSABLE, NoAssistance, assistant_of, completed
from klark.drafting.draft import read
from klark.drafting.judge import reading
from klark.drafting.prompt import AS_DATA, DraftRequest, drafting, material
from klark.drafting.tenant_settings import settings_of
from klark.gap_articles.agreement import Agreement, Answer, Statement, has_own_values, is_about_all
from klark.gap_articles.drafted import LeftOut, ticket_rows
from klark.values.passages import FoundArticle, Section

TITLE = "What an agent answered on ticket {number}"
SYSTEM = (
    """You write the answer of a help-centre article from what a company's agents answered on several tickets that ask the
same, A1. Today is {today}. Write what holds for every customer, only from the passages P1, P2, …, each one agent's answer, whose
lines are numbered P1.1, P1.2, …. Write in the language with the code {language}, in short whole sentences, each of which can be
understood alone. Every sentence cites every line that says it, of each passage that does. Keep conditions and exceptions. Leave
out what is about one customer's case, order or day, and what was done or promised for one. Say nothing that the lines do not
say: no number, date, price, name or link of your own. No greeting, no signature. Set "answerable" to false if the passages do
not answer A1."""
    + AS_DATA
    + "{instruction}"
)


@dataclass(frozen=True, slots=True)
class Written:
    """What a model wrote that may stand, each sentence with the tickets it rests on, and what was left out. `personal`: sentences
    that speak of one customer, which are only counted."""

    statements: tuple[Statement, ...]
    left_out: tuple[LeftOut, ...]
    personal: int


def written(tenant_id: int, asked: Sequence[str], agreed: Agreement, language: str, turn: str) -> Written:
    """Returns the model's article. `turn` tells it from every other. Opens its own transactions. Raises NoAssistance."""
    ours = settings_of(tenant_id)
    llm = assistant_of(ours)
    if not agreed.readable:
        raise NoAssistance(gettext("No answer of an agent says anything that holds for every customer."))
    request = DraftRequest(
        "\n".join(asked), tuple(asked[:1]), language or "en", tuple(map(_passage, agreed.readable, range(1, 1_000))), (),
        settings.SECRET_KEY, turn, ours.today, system=SYSTEM,
    )  # fmt: skip
    given = material(request)
    prompt = drafting(given)
    answer = read(completed(llm, prompt), prompt, request, given)
    if answer.reply is None:
        nothing = gettext("The model found no answer in what agents wrote. Write the article yourself.")
        raise NoAssistance(UNUSABLE if answer.failed else nothing, answer.failed)
    judged = reading(ours.judge, answer, given).judged if ours.judge else UNJUDGED
    options = Options(
        ours.rules.trusted_domains, ours.rules.forbidden_phrases, language, today=ours.today, judged=judged
    )
    by_number = {str(number): each for number, each in enumerate(agreed.readable, 1)}
    return _sorted(answer.reply, guard(answer.reply, options), by_number)


def _passage(answer: Answer, number: int) -> FoundArticle:
    return FoundArticle(
        0, str(number), 0, TITLE.format(number=number), "", "", (Section("", answer.sentences),)
    )  # fmt: skip


def _sorted(reply: Reply, verdict: Verdict, answers: Mapping[str, Answer]) -> Written:
    """Parts what may stand from what is left out. A finding on the whole text counts for each sentence, but for what it leaves
    open; a value that no answer has is left out whatever a judge says."""
    kept: list[Statement] = []
    gone: list[LeftOut] = []
    personal = 0
    public = [word for each in answers.values() for text in each.sentences for word in text.split()]
    for place, each in enumerate(reply.sentences):
        found = [one for one in verdict.findings if one.sentence in (place, None) and one.id != OPEN]
        bad = [one for one in found if one.level >= Level.HOLD or one.id == NOWHERE]
        worst = max(bad, key=lambda one: one.level, default=None)
        backing = list({source.article: answers[source.article] for source in each.sources}.values())
        alone = len({answer.customer for answer in backing}) == 1
        own = alone and any(has_own_values(each.text, answer.asked, reply.language) for answer in backing)
        if own or not is_about_all(each.text, reply.language, public):
            personal += 1
        elif worst:
            tickets = ticket_rows(answer.ticket for answer in backing)
            gone.append({"why": "refused", "text": each.text, "finding": worst.id, "tickets": tickets})
        else:
            kept.append(Statement(each.text, tuple(answer.ticket for answer in backing)))
    return Written(tuple(kept), tuple(gone), personal)
