"""Finds the text of a PDF page that no reader sees: drawn invisibly, in white on no background, too small, or off the page.

The text layer that OCR adds to a scanned page is drawn invisibly, too. On a page that has a picture and no other text, it
is what a reader sees in the picture, so it is kept (klark.sources.pdf).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import hypot
from typing import Any

Operation = tuple[Any, bytes]
Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]

STILL: Matrix = (1, 0, 0, 1, 0, 0)
WHITE_FROM = 0.97
SMALLEST = 1.5
"""The smallest font size, in points, that a reader can see."""
BESIDE = 20.0
"""The distance from the page's edge, in points, beyond which text counts as off the page."""
_TEXT = frozenset({b"Tj", b"TJ", b"'", b'"'})
_FILLS = frozenset({b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"sh", b"Do", b"INLINE IMAGE"})
_COLOURS = frozenset({b"g", b"rg", b"k", b"sc", b"scn"})
_UNINKED = (3, 7)


@dataclass(frozen=True, slots=True)
class _Ink:
    white: bool = False
    render: int = 0
    size: float = 1.0
    page: Matrix = STILL


@dataclass(frozen=True, slots=True)
class Split:
    """A page's operations in two versions: with the visible text only, and with the unseen text only.

    `uninked` is true if all of the page's text is drawn invisibly (text rendering mode 3 or 7).
    """

    seen: list[Operation]
    unseen: list[Operation]
    uninked: bool


def split(operations: Sequence[Operation], box: Box | None) -> Split:
    """Splits the operations of a page or form by whether their text is seen.

    `box` is the page's (left, bottom, right, top) in points; None for a form, whose place on the page is not known here.
    """
    whys = list(_whys(operations, box))
    shown = [operation for operation, why in zip(operations, whys, strict=True) if not why]
    hidden = [operation for operation, why in zip(operations, whys, strict=True) if why or operation[1] not in _TEXT]
    written = [why for (_, operator), why in zip(operations, whys, strict=True) if operator in _TEXT]
    return Split(shown, hidden if any(whys) else [], bool(written) and all(why == "uninked" for why in written))


def _whys(operations: Sequence[Operation], box: Box | None) -> Iterator[str]:
    """Yields for each operation the reason why its text is not seen, or "" if it is seen or is not text."""
    ink, kept, text, painted = _Ink(), list[_Ink](), STILL, False
    for operands, operator in operations:
        if operator in _TEXT:
            yield _why(ink, text, painted, box)
            continue
        yield ""
        painted = painted or (
            operator in _FILLS and not (ink.white and operator not in (b"sh", b"Do", b"INLINE IMAGE"))
        )
        text = _moved(text, operands, operator)
        if operator == b"q":
            kept.append(ink)
        elif operator == b"Q":
            ink = kept.pop() if kept else _Ink()
        else:
            ink = _changed(ink, operands, operator)


def _why(ink: _Ink, text: Matrix, painted: bool, box: Box | None) -> str:
    placed = _times(text, ink.page)
    if ink.render in _UNINKED:
        return "uninked"
    if ink.white and not painted:
        return "white"
    if 0 < abs(ink.size) * hypot(placed[2], placed[3]) < SMALLEST:
        return "small"
    return "beside" if box and not _inside(placed[4], placed[5], box) else ""


def _inside(x: float, y: float, box: Box) -> bool:
    return box[0] - BESIDE <= x <= box[2] + BESIDE and box[1] - BESIDE <= y <= box[3] + BESIDE


def _changed(ink: _Ink, operands: Any, operator: bytes) -> _Ink:
    figures = _figures(operands)
    if operator in _COLOURS and figures:
        return replace(ink, white=_is_white(figures, operator))
    if operator == b"Tr" and figures:
        return replace(ink, render=int(figures[0]))
    if operator == b"Tf" and figures:
        return replace(ink, size=figures[-1])
    if operator == b"cm" and len(figures) == 6:
        return replace(ink, page=_times(_matrix(figures), ink.page))
    return replace(ink, white=False) if operator == b"cs" else ink


def _is_white(figures: Sequence[float], operator: bytes) -> bool:
    """Four numbers are amounts of ink (CMYK, white is 0); fewer are amounts of light (white is 1)."""
    if len(figures) == 4 or operator == b"k":
        return all(figure <= 1 - WHITE_FROM for figure in figures)
    return all(figure >= WHITE_FROM for figure in figures)


def _moved(text: Matrix, operands: Any, operator: bytes) -> Matrix:
    figures = _figures(operands)
    if operator == b"BT":
        return STILL
    if operator == b"Tm" and len(figures) == 6:
        return _matrix(figures)
    if operator in (b"Td", b"TD") and len(figures) == 2:
        return _times((1, 0, 0, 1, figures[0], figures[1]), text)
    return text


def _figures(operands: Any) -> list[float]:
    if not isinstance(operands, list | tuple):
        return []
    return [float(each) for each in operands if isinstance(each, int | float) and not isinstance(each, bool)]


def _matrix(figures: Sequence[float]) -> Matrix:
    a, b, c, d, e, f = figures
    return a, b, c, d, e, f


def _times(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)
