"""How far the confidence in a draft can be believed.

    python -m tests.bench.confidence --data DIR [--json]

DIR has `drafts-TRADE-LANG.jsonl` with `{id,label,questions,open,first,agreed,sentences,passages}`: `label` is right, partly or
wrong, `open` how many questions the drafter left open, `first` and `agreed` as in guardrails/confidence.py, a sentence
`{text,cites}` cites "0.2", the second sentence of the first passage `{title,sentences}`. Each draft goes through the guard,
then gets its confidence by the shipped weights. scripts/label_drafts.py makes such files; scripts/fit_confidence.py fits on
them, and has the figures where a draft's own trade is left out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from guardrails.base import Options, Reply, Sentence, Source
from guardrails.confidence import Finished, confidence
from guardrails.guard import guard
from tests.bench import files
from tests.bench.files import Fields, Row
from tests.bench.reliability import figures

DRAFT: Fields = {
    "id": str, "label": str, "questions": list, "open": int, "first": int, "agreed": (int, float), "sentences": list,
    "passages": list,
}  # fmt: skip
LABELS = ("right", "partly", "wrong")
CITE = re.compile(r"(\d{1,4})\.([1-9]\d{0,4})")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A draft with what a person would say of it."""

    trade: str
    id: str
    label: str
    finished: Finished

    @property
    def right(self) -> bool:
        """Right and complete."""
        return self.label == "right"


def main(arguments: Sequence[str] | None = None) -> None:
    """The figures of one folder."""
    given = files.options(__doc__.split("\n", 1)[0], "a folder of labelled drafts", arguments)
    judged = [(one.right, confidence(one.finished)) for one in read_folder(given.data)]
    found = figures(judged)
    lines = [f"{name:6} {found[name]}" for name in ("n", "ece", "brier", "auroc")]
    lines += [f"{row['from']:.1f}-{row['to']:.1f}  n {row['n']:4}  mean {row['mean']:.3f}  right {row['right']:.3f}"
              for row in found["bins"]]  # fmt: skip
    files.show(found, lines, as_json=given.json)


def read_folder(folder: Path) -> list[Labelled]:
    """All drafts of all trades; a missing or malformed file ends the bench."""
    paths = sorted(folder.glob("drafts-*.jsonl")) or files.refuse(f"{folder}: no drafts-*.jsonl")
    return [_read(path, row) for path in paths for row in files.read_rows(path, DRAFT)]


def _read(path: Path, row: Row) -> Labelled:
    try:
        return Labelled(path.stem.removeprefix("drafts-"), row["id"], _label(row["label"]), _finished(path, row))
    except (TypeError, KeyError, ValueError, IndexError) as error:
        files.refuse(f"{path}: the draft {row['id']!r} is malformed: {type(error).__name__} {error}")


def _label(given: str) -> str:
    if given not in LABELS:
        raise ValueError(f"{given!r} is none of {', '.join(LABELS)}")
    return given


def _finished(path: Path, row: Row) -> Finished:
    language = path.stem.rpartition("-")[2]
    asked = tuple(map(_text, row["questions"]))
    sentences = tuple(_sentence(each, row["passages"]) for each in row["sentences"])
    reply = Reply(sentences, language, " ".join(asked))
    if row["first"] < 0 or not 0 <= row["agreed"] <= 1:
        raise ValueError('"first" takes a place from 0, "agreed" a share from 0 to 1')
    verdict = guard(reply, Options(language=language, reader="verified"))
    return Finished(reply, verdict, asked, row["open"] > 0, row["first"], float(row["agreed"]))


def _sentence(each: Row, passages: Sequence[Row]) -> Sentence:
    return Sentence(_text(each["text"]), tuple(_source(cite, passages) for cite in each["cites"]))


def _source(cite: str, passages: Sequence[Row]) -> Source:
    hit = CITE.fullmatch(cite)
    if hit is None:
        raise ValueError(f'{cite!r} is no cite such as "0.2"')
    passage, place = passages[int(hit[1])], int(hit[2]) - 1
    around = "\n".join(map(_text, passage["sentences"]))
    return Source(hit[1], _text(passage["sentences"][place]), _text(passage["title"]), around=around)


def _text(given: object) -> str:
    if not isinstance(given, str):
        raise TypeError(f"{given!r} is not a text")
    return given


if __name__ == "__main__":
    main()
