"""Requests a reply that rests on the passages found from a drafter, and reads its answer strictly.

The result is sentences with the lines they cite, or nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from guardrails.base import Reply, Sentence, Source
from guardrails.guard import SENTENCES
from guardrails.pii.mask import restore
from integrations.errors import IntegrationError, NoAnswer, TryLater
from integrations.llms.base import LLM, BudgetSpent, Completion, Prompt
from klark.drafting.prompt import DraftRequest, Material, drafting
from klark.values.draft import Coverage, DraftAnswer, DraftedSentence
from klark.values.passages import FoundArticle, Section


def compose(drafters: Sequence[LLM], asked: DraftRequest, given: Material, may_wait: bool = False) -> DraftAnswer:
    """Returns the first answer that can be used; when a drafter fails, the next is tried, and the failure stays in `failed`.

    Raises TryLater where the first drafter is away and the ticket `may_wait`: the next is no match for it. One that
    took the request and gave no answer is not waited for: it would be as slow again, and perhaps bill each time.
    Where a model failed and those after it found nothing either, the answer has failed: a person must see why.
    """
    prompt, failed, spent = drafting(given), "", False
    for drafter in drafters:
        try:
            completion = drafter.complete(prompt)
        except BudgetSpent:  # no failure: what follows is what a tenant without a model gets
            spent = True
            continue
        except IntegrationError as error:
            if may_wait and drafter is drafters[0] and isinstance(error, TryLater) and not isinstance(error, NoAnswer):
                raise
            failed = failed or str(error)
            continue
        answer = read(completion, prompt, asked, given)
        if answer.reply is not None or (answer.coverage == "none" and not failed):
            return replace(answer, failed=failed, budget_spent=spent)
        failed = failed or answer.failed
    return DraftAnswer("failed", prompt=prompt, failed=failed or "No drafter is configured.", budget_spent=spent)


def read(completion: Completion, prompt: Prompt, asked: DraftRequest, given: Material) -> DraftAnswer:
    """Returns the completion as a reply with sources. An unknown citation, a damaged token or more sentences than the
    checks read fail the whole answer."""
    if (many := len(completion.content["sentences"])) > SENTENCES:
        return _failed(f"The draft has {many} sentences, more than the checks read.", prompt, completion)
    by_cite = dict(sources_of(asked.found))
    said = _said(completion)
    if unknown := [cite for each in said for cite in each.cites if cite not in by_cite]:
        return _failed(f"The draft cites {unknown[0]!r}, which does not exist.", prompt, completion)
    texts = [restore(each.text, given.table) for each in said]
    sentences = tuple(
        Sentence(" ".join(text.split()), tuple(by_cite[cite] for cite in each.cites))
        for text, each in zip(texts, said, strict=True)
        if text is not None
    )
    if len(sentences) < len(said):
        return _failed("A masked name or number came back damaged.", prompt, completion)
    if not any(each.sources for each in sentences):
        return DraftAnswer("none", prompt=prompt, completion=completion)
    reply = Reply(sentences, prompt.language, asked.text, completion.sections)
    return DraftAnswer(_coverage(completion), reply, tuple(said), prompt, completion)


def _said(completion: Completion) -> list[DraftedSentence]:
    """Returns the sentences with each citation once: every repetition would be read again by every check."""
    return [
        DraftedSentence(each["text"], tuple(dict.fromkeys(each["cites"])))
        for each in completion.content["sentences"]
        if each["text"].strip()
    ]


def _failed(why: str, prompt: Prompt, completion: Completion) -> DraftAnswer:
    return DraftAnswer("failed", prompt=prompt, completion=completion, failed=why)


def _coverage(completion: Completion) -> Coverage:
    if completion.sections:
        return "sections"
    return "all" if completion.content["answerable"] else "part"


def sources_of(found: Sequence[FoundArticle]) -> Iterator[tuple[str, Source]]:
    """Yields every line of the passages as (label, source), by the label it is cited by: "P2.3"."""
    for number, each in enumerate(found, 1):
        place = 0
        for section in each.sections:
            for line in section.lines:
                place += 1
                yield f"P{number}.{place}", _source(each, section, line)


def _source(found: FoundArticle, section: Section, line: str) -> Source:
    around = "\n".join(section.lines)
    return Source(
        found.article, line, found.title, found.url, around, found.personal, found.answered, section.heading
    )  # fmt: skip
