"""Small to big: the best passages are expanded to their articles, within a token budget."""

from collections.abc import Iterator, Mapping, Sequence

from klark.knowledge.chunk import BELOW
from klark.models import Passage
from klark.values.passages import FoundArticle

CHARACTERS = 4
"""Characters of a token, as a rule of thumb: a few more in English, a few less in French."""
OF_A_LINE = 2
"""Tokens of a line's label."""
FULL = 0.6
"""Share of the budget from which an article that does not fit ends the expansion: those behind it are less relevant still."""
OF_OTHERS = 0.4
"""Weight of an article's other passages, beside its best one."""
OF_ONE = 0.45
"""Share of the budget that one article may take if it does not fit whole beside others."""


def expanded(
    parts: Mapping[int, Sequence[Passage]], worth: Mapping[int, float], tokens: int
) -> Iterator[tuple[int, list[Passage]]]:
    """Yields (article id, those of its passages that fit, in reading order), the article with the best passages first.

    `parts`: all passages of each article; `worth`: the score of each passage that was found; `tokens`: the budget.
    """
    best = {key: _worth([worth.get(each.pk, 0.0) for each in passages]) for key, passages in parts.items()}
    used = 0
    for key in sorted(best, key=lambda key: -best[key]):
        passages = list(parts[key])
        if sum(map(cost, passages)) > min(tokens - used, max(OF_ONE * tokens, 1)):
            passages = _those_that_fit(passages, worth, min(tokens - used, int(OF_ONE * tokens)))
        if not passages:
            if used > FULL * tokens:
                return
            continue
        used += sum(map(cost, passages))
        yield key, passages


def _worth(passages: Sequence[float]) -> float:
    """Returns an article's score: its best passage, and less and less of those behind it, since an article with several
    passages that fit is more likely to be meant."""
    first, *others = sorted(passages, reverse=True)
    return first + OF_OTHERS * sum(each / (place + 2) for place, each in enumerate(others[:3]))


def cost(passage: Passage) -> int:
    """Returns the tokens of a passage in a prompt."""
    headings = len(passage.title.rpartition(BELOW)[2])
    text = headings + sum(len(line) for line in passage.sentences)
    return text // CHARACTERS + OF_A_LINE * len(passage.sentences)


def tokens_of(found: FoundArticle) -> int:
    """Returns the tokens of what a drafter reads of an article."""
    text = sum(map(len, (*(section.heading for section in found.sections), *found.lines)))
    return text // CHARACTERS + OF_A_LINE * len(found.lines)


def _those_that_fit(passages: Sequence[Passage], worth: Mapping[int, float], tokens: int) -> list[Passage]:
    """Takes the passages that were found, best first, then the neighbours of the best: an exception is often next to its
    rule."""
    places = {each.pk: place for place, each in enumerate(passages)}
    found = sorted((each for each in passages if each.pk in worth), key=lambda each: -worth[each.pk])
    beside = [passages[near] for each in found[:2] for near in (places[each.pk] + 1, places[each.pk] - 1)
              if 0 <= near < len(passages)]  # fmt: skip
    chosen: dict[int, Passage] = {}
    for each in (*found[:1], *beside[:1], *found[1:], *beside[1:]):
        if each.pk not in chosen and cost(each) <= tokens:
            chosen[each.pk] = each
            tokens -= cost(each)
    return sorted(chosen.values(), key=lambda each: places[each.pk])
