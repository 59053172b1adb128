"""How far probabilities can be believed: calibration error, Brier score, AUROC, and the diagram of it as plain SVG."""

from collections.abc import Sequence
from html import escape
from typing import Any

from tests.bench.grounding import auroc

Judged = list[tuple[bool, float]]
"""Whether a draft was right, and the probability it was given."""
BINS = 10
ENOUGH = 40
"""Drafts from which on people are told how many of them were right."""
SIDE, LEFT, TOP = 320, 52, 34
HEIGHT, WIDTH = TOP + SIDE + 52, LEFT + SIDE + 24


def figures(judged: Judged) -> dict[str, Any]:
    """`ece`: how far, on average, the probability is from the share that was right among those in the same tenth."""
    rows = bins(judged)
    return {
        "n": len(judged),
        "ece": round(sum(row["n"] * abs(row["mean"] - row["right"]) for row in rows) / len(judged), 4),
        "brier": round(sum((truth - score) ** 2 for truth, score in judged) / len(judged), 4),
        "auroc": round(auroc(judged), 4),
        "bins": rows,
    }


def bins(judged: Judged, count: int = BINS) -> list[dict[str, Any]]:
    """The tenths that hold any: how many, their mean probability, and the share that was right."""
    by_bin = [[one for one in judged if min(int(one[1] * count), count - 1) == place] for place in range(count)]
    return [_bin(place / count, (place + 1) / count, some) for place, some in enumerate(by_bin) if some]


def _bin(low: float, high: float, some: Judged) -> dict[str, Any]:
    return {
        "from": low,
        "to": high,
        "n": len(some),
        "mean": round(sum(score for _, score in some) / len(some), 4),
        "right": round(sum(truth for truth, _ in some) / len(some), 4),
    }


def steps(judged: Judged) -> list[dict[str, Any]]:
    """Neighbouring twentieths joined until each step holds enough; as guardrails.confidence.Band. One where all are few."""
    rows: list[dict[str, Any]] = []
    for place in range(2 * BINS):
        low, high = place / (2 * BINS), (place + 1) / (2 * BINS)
        some = [truth for truth, score in judged if low <= score < high or score == high == 1]
        if rows and rows[-1]["drafts"] < ENOUGH:
            rows[-1] = _joined(rows[-1], some, high)
        else:
            rows.append(_joined({"low": low, "drafts": 0, "right": 0}, some, high))
    return rows if len(rows) < 2 or rows[-1]["drafts"] >= ENOUGH else [*rows[:-2], _both(*rows[-2:])]


def _joined(row: dict[str, Any], some: Sequence[bool], high: float) -> dict[str, Any]:
    return {**row, "high": high, "drafts": row["drafts"] + len(some), "right": row["right"] + sum(some)}


def _both(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {**one, "high": other["high"], **{key: one[key] + other[key] for key in ("drafts", "right")}}


def diagram(rows: Sequence[dict[str, Any]], title: str) -> str:
    """A reliability diagram: a dot for each bin, as large as the bin is full, beside the line on which all should lie."""
    most = max(row["n"] for row in rows)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">'
    return "\n".join([
        head, f"<title>{escape(title)}</title>", f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        _text(WIDTH / 2, 20, title), *_axes(), _line(0, 0, 1, 1, "#888888", "4 4"),
        *(_dot(row, most) for row in rows), "</svg>", "",
    ])  # fmt: skip


def _axes() -> list[str]:
    fifths = [n / 5 for n in range(6)]
    grid = [_line(at, 0, at, 1, "#dddddd") + _line(0, at, 1, at, "#dddddd") for at in fifths]
    across = [_text(_x(at), TOP + SIDE + 18, f"{at:.0%}") for at in fifths]
    up = [_text(LEFT - 8, _y(at) + 4, f"{at:.0%}", "end") for at in fifths]
    return [
        *grid,
        *across,
        *up,
        _text(LEFT + SIDE / 2, TOP + SIDE + 40, "confidence given; beside each dot: how many of them"),
    ]


def _dot(row: dict[str, Any], most: int) -> str:
    x, y, radius = _x(row["mean"]), _y(row["right"]), 3 + 9 * (row["n"] / most) ** 0.5
    told = f"{row['n']} drafts, {row['mean']:.0%} given, {row['right']:.0%} right"
    away, anchor = (radius + 3, "start") if x < LEFT + SIDE - 30 else (-radius - 3, "end")
    label = _text(x + away, y + 4, str(row["n"]), anchor)
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="#2f6f9f"><title>{told}</title></circle>{label}'


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, dashes: str = "") -> str:
    ends = f'x1="{_x(x1):.1f}" y1="{_y(y1):.1f}" x2="{_x(x2):.1f}" y2="{_y(y2):.1f}"'
    return f'<line {ends} stroke="{colour}"' + (f' stroke-dasharray="{dashes}"' if dashes else "") + "/>"


def _text(x: float, y: float, words: str, anchor: str = "middle") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="#222222">{escape(words)}</text>'


def _x(share: float) -> float:
    return LEFT + SIDE * share


def _y(share: float) -> float:
    return TOP + SIDE * (1 - share)
