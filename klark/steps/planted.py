"""What somebody planted in an article for a model to read: it is left out, and the article says so."""

from collections.abc import Sequence

from guardrails.clean import hidden_text, looks_like_instruction
from klark.steps.cut import LIMIT, Part


def without_orders(parts: Sequence[Part]) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """The passages without sentences that give orders to a machine, and those sentences. A title that does so is cut to
    nothing; what stands under such a heading goes, and so does a passage that still gives orders when it is read whole."""
    every = {one for part in parts for one in (part.title, *part.headings, *part.sentences)}
    said = frozenset(filter(looks_like_instruction, every))
    kept = [_without(part, said) for part in parts]
    whole = [
        part for part in kept if part.sentences and looks_like_instruction("\n".join([part.title, *part.sentences]))
    ]
    left = tuple(part for part in kept if part.sentences and part not in whole)
    return left, (*sorted(said), *(" ".join(part.sentences) for part in whole))


def _without(part: Part, said: frozenset[str]) -> Part:
    headings = part.headings or ("",) * len(part.sentences)
    pairs = [(heading, sentence) for heading, sentence in zip(headings, part.sentences, strict=True)
             if sentence not in said and heading not in said]  # fmt: skip
    return Part(
        "" if part.title in said else part.title,
        tuple(sentence for _, sentence in pairs),
        tuple(heading for heading, _ in pairs) if part.headings else (),
    )


def warning(body_html: str, said: Sequence[str]) -> str:
    """What a person must know about an article before it is trusted; "" where nothing was left out. `said`: the
    sentences that gave orders (`without_orders`)."""
    hidden = " ".join(hidden_text(body_html))
    orders = looks_like_instruction(hidden)
    signs = (
        (orders, "Hidden text that speaks to a machine was left out."),
        (bool(said), "Sentences that speak to a machine were left out."),
        (bool(hidden.strip()) and not orders, "Hidden text was left out."),
        (len(body_html) > LIMIT, f"Only its first {LIMIT:,} characters are read: make several articles of it."),
    )
    return " ".join(words for applies, words in signs if applies)
