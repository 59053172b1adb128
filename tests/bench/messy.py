"""What is still found when tickets are written badly: `python -m tests.bench.messy --data DIR`.

Each query as it is; with typos; without accents; in SMS style; with a greeting and a signature around; and all at once.
Typos are drawn from a fixed seed, so that two runs are alike.
"""

import argparse
import random
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean

from tests.bench import ready  # noqa: F401

# isort: split

from guardrails.text.words import fold
from tests.bench.files import show
from tests.bench.knowledge import Remembering, Set, database, read_set, take_in
from tests.bench.retrieval import Searcher, scored

Change = Callable[[str, str, random.Random], str]

SHORT = {
    "fr": {"est-ce que": "esk", "qu'est-ce que": "keske", "comment": "cmt", "pourquoi": "pk", "quelqu'un": "qqn",
           "c'est": "c", "que": "ke", "qui": "ki", "quand": "qd", "pour": "pr", "vous": "vs", "nous": "ns", "dans": "ds",
           "avec": "ac", "toujours": "tjr", "beaucoup": "bcp", "quelque": "qq", "merci": "mrc", "je suis": "chui"},
    "en": {"you": "u", "your": "ur", "are": "r", "please": "pls", "because": "bc", "with": "w/", "without": "w/o",
           "to": "2", "for": "4", "be": "b", "see": "c", "why": "y", "people": "ppl", "and": "n", "thanks": "thx",
           "about": "abt", "message": "msg", "what": "wat", "the": "da"},
}  # fmt: skip
AROUND = {
    "fr": ("Bonjour Madame, Monsieur,\n\nJ'espère que vous allez bien.\n\n",
           "\n\nMerci d'avance pour votre aide.\n\nCordialement,\n-- \nCamille Martin\nResponsable des achats, Fleurs du Midi\n"
           "Tél. : 01 23 45 67 89\ncamille@example.com"),
    "en": ("Hello,\n\nI hope you are doing well.\n\n",
           "\n\nThank you very much for your help.\n\nKind regards,\n-- \nCamille Martin\nHead of Purchasing, Southern Flowers\n"
           "Phone: +44 20 7946 0000\ncamille@example.com"),
}  # fmt: skip
TYPO_EACH = 6
"""About one word in so many is mistyped."""


def typos(text: str, language: str, draw: random.Random) -> str:
    """Swapped, dropped and doubled letters in words of four letters and more."""
    return re.sub(r"[^\W\d_]{4,}", lambda word: _typo(word.group(), draw), text)


def _typo(word: str, draw: random.Random) -> str:
    if draw.randrange(TYPO_EACH):
        return word
    at = draw.randrange(1, len(word) - 1)
    return draw.choice((
        word[:at] + word[at + 1] + word[at] + word[at + 2 :], word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:],
    ))  # fmt: skip


def no_accents(text: str, language: str, draw: random.Random) -> str:
    """In small letters too, as quick writers do."""
    return fold(text)


def sms(text: str, language: str, draw: random.Random) -> str:
    """Common words shortened, no capitals, hardly any signs."""
    said = text.lower().replace("’", "'")
    for long, short in SHORT.get(language, {}).items():
        said = re.sub(rf"\b{re.escape(long)}\b", short, said)
    return re.sub(r"[,;:!.]+(?=\s|$)", "", said).replace("?", "??")


def around(text: str, language: str, draw: random.Random) -> str:
    """A greeting before, thanks and a signature after."""
    before, after = AROUND.get(language, AROUND["en"])
    return before + text + after


def everything(text: str, language: str, draw: random.Random) -> str:
    """All at once; nobody shortens a signature."""
    return around(no_accents(typos(sms(text, language, draw), language, draw), language, draw), language, draw)


VARIANTS: dict[str, Change] = {
    "typos": typos,
    "no_accents": no_accents,
    "sms": sms,
    "around": around,
    "all": everything,
}


def measured(bench: Set, searcher: Searcher, change: Change | None) -> dict[str, float]:
    """r3 and r10 of the changed queries."""
    draw = random.Random(11)
    said = [change(one.text, one.language or "en", draw) if change else one.text for one in bench.queries]
    scores = [
        scored(bench, query, searcher.search(text, query.language))
        for query, text in zip(bench.queries, said, strict=True)
    ]
    return {"r3": round(mean(one.r3 for one in scores), 3), "r10": round(mean(one.r10 for one in scores), 3)}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure one set."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, required=True, help="a folder with docs.jsonl and queries.jsonl")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--no-meaning", action="store_true", help="by words alone, without an embedding model")
    parser.add_argument("--vectors", type=Path, help="a file that keeps vectors between runs")
    options = parser.parse_args(arguments)
    bench = read_set(options.data)
    with database("bench") as tenant_id:
        embedder = None if options.no_meaning else Remembering(options.vectors or Path(":memory:"))
        take_in(tenant_id, bench.documents, embedder)
        searcher = Searcher(tenant_id, embedder)
        clean = measured(bench, searcher, None)
        variants = {name: measured(bench, searcher, change) for name, change in VARIANTS.items()}
    lines = [f"{name:>10}  {found}" for name, found in {"clean": clean, **variants}.items()]
    show({"clean": clean, "variants": variants}, lines, as_json=options.json)


if __name__ == "__main__":
    main(sys.argv[1:])
