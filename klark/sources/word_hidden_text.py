"""Finds the runs of a Word document that no reader sees: hidden, in the colour of their background, tiny, or squeezed.

A run gets such properties directly, from its own style and that style's bases, from its paragraph's style, or its table's.
Word's own rules: ECMA-376 part 1, 17.7.2 (which style wins) and 17.3.2 (properties of runs).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml.etree import _Element as Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TINY = 6  # half points
_NARROW = 20  # percent of a letter's width
_USUAL = 22  # half points
_CLOSE = 16  # of 255; text that differs less from its background in each of red, green and blue cannot be read
_DEPTH = 20  # the most styles that a style may be based on, one upon the other
_WHITE = (255, 255, 255)
_PAPER = frozenset({"background1", "light1"})
_OFF = frozenset({"0", "false", "off"})

Colour = tuple[int, int, int]
Looks = Mapping[str, Element]


@dataclass(frozen=True, slots=True)
class Styles:
    """A document's styles, by their ids.

    `runs` and `shades` are each style's run properties and paragraph shading, including those of its bases. `filled` are
    the styles that shade anything, such as a table's cells. `defaults` are the document's own run properties, and `plain`
    is the default paragraph style.
    """

    runs: Mapping[str, Looks]
    shades: Mapping[str, Element]
    filled: frozenset[str]
    defaults: Looks
    plain: str = ""


def styles_in(roots: list[Element]) -> Styles:
    """Returns the styles that the given XML parts of a document define."""
    named = {_named(style, "styleId"): style for root in roots for style in root.iter(f"{W}style")}
    chains = {name: list(_chain(name, named)) for name in named}
    return Styles(
        {name: _merged(chain) for name, chain in chains.items()},
        {name: shade for name, chain in chains.items() if (shade := _last(chain, f"{W}pPr/{W}shd")) is not None},
        frozenset(name for name, chain in chains.items() if any(each.find(f".//{W}shd") is not None for each in chain)),
        _merged([each for root in roots for each in root.iterfind(f"{W}docDefaults/{W}rPrDefault")]),
        next((name for name, style in named.items() if _plain(style)), ""),
    )


def is_unseen(run: Element, styles: Styles) -> bool:
    """Returns whether a reader of the page does not see this run."""
    looks = _looks(run, styles)
    if _on(looks, "vanish") or (_on(looks, "webHidden") and not _page_number(run)):
        return True
    if any(row.find(f"{W}trPr/{W}hidden") is not None for row in run.iterancestors(f"{W}tr")):
        return True
    size = _figure(looks, "sz", _USUAL)
    if size <= _TINY or _figure(looks, "w", 100) < _NARROW or _figure(looks, "spacing", 0) <= -3 * size:
        return True
    ink = _ink(looks)
    return ink is not None and _alike(ink, _ground(run, looks, styles))


def _named(node: Element | None, name: str = "val") -> str:
    return str(node.get(f"{W}{name}", "")) if node is not None else ""


def _plain(style: Element) -> bool:
    return _named(style, "type") == "paragraph" and _named(style, "default") not in ("", *_OFF)


def _chain(name: str, named: Mapping[str, Element]) -> Iterator[Element]:
    """Yields a style's bases, outermost first, and then the style. `_DEPTH` ends the chain of one that is based on itself."""
    found: list[Element] = []
    while (style := named.get(name)) is not None and len(found) < _DEPTH:
        found.append(style)
        name = _named(style.find(f"{W}basedOn"))
    yield from reversed(found)


def _merged(chain: list[Element]) -> Looks:
    return {child.tag: child for each in chain for child in each.iterfind(f"{W}rPr/*")}


def _last(chain: list[Element], path: str) -> Element | None:
    return next((found for each in reversed(chain) if (found := each.find(path)) is not None), None)


def _looks(run: Element, styles: Styles) -> Looks:
    """Returns the properties in effect for a run: of those set more than once, the one nearest to the run wins."""
    own = run.find(f"{W}rPr")
    character = _named(own.find(f"{W}rStyle")) if own is not None else ""
    direct = own if own is not None else ()
    wider = (*_table_styles(run), _paragraph_style(run, styles), character)
    looks = [styles.defaults, *(styles.runs.get(name, {}) for name in wider)]
    return {**{tag: each for one in looks for tag, each in one.items()}, **{each.tag: each for each in direct}}


def _paragraph_style(run: Element, styles: Styles) -> str:
    paragraph = next(run.iterancestors(f"{W}p"), None)
    return (_named(paragraph.find(f"{W}pPr/{W}pStyle")) if paragraph is not None else "") or styles.plain


def _table_styles(run: Element) -> Iterator[str]:
    yield from (_named(table.find(f"{W}tblPr/{W}tblStyle")) for table in run.iterancestors(f"{W}tbl"))


def _on(looks: Looks, name: str) -> bool:
    return f"{W}{name}" in looks and _named(looks[f"{W}{name}"]) not in _OFF


def _figure(looks: Looks, name: str, usual: int) -> int:
    text = _named(looks.get(f"{W}{name}")).removesuffix("%")
    return int(text) if text.lstrip("-").isdecimal() and len(text) < 9 else usual


def _page_number(run: Element) -> bool:
    """Word itself hides the page numbers of a table of contents from web pages, which have no pages."""
    words = "".join(each.text or "" for each in run.iterfind(f"{W}t")).strip()
    return not words or words.isdecimal()


def _hex(text: str) -> Colour | None:
    try:
        red, green, blue = bytes.fromhex(text)
    except ValueError:
        return None
    return red, green, blue


def _ink(looks: Looks) -> Colour | None:
    """Returns the run's text colour, or None if Word chooses it ("auto"), which is always readable."""
    colour = looks.get(f"{W}color")
    if _named(colour, "themeColor") in _PAPER and not _named(colour, "themeShade"):
        return _WHITE
    return _hex(_named(colour))


def _ground(run: Element, looks: Looks, styles: Styles) -> Colour | None:
    """Returns the colour behind a run, or None if klark cannot determine it."""
    highlight = _named(looks.get(f"{W}highlight"))
    if highlight not in ("", "none"):
        return _WHITE if highlight == "white" else None
    for shade in _shades(run, looks, styles):
        if _named(shade) == "solid":
            return _hex(_named(shade, "color"))
        if _named(shade, "themeFill"):
            return _WHITE if _named(shade, "themeFill") in _PAPER and not _named(shade, "themeFillShade") else None
        if _named(shade, "fill") not in ("", "auto"):
            return _hex(_named(shade, "fill"))
    return None if styles.filled.intersection(_table_styles(run)) else _WHITE


def _shades(run: Element, looks: Looks, styles: Styles) -> Iterator[Element]:
    """Yields the shadings that apply to a run, from the innermost outwards."""
    paragraphs = [shade for each in run.iterancestors(f"{W}p") if (shade := each.find(f"{W}pPr/{W}shd")) is not None]
    of_style = styles.shades.get(_paragraph_style(run, styles))
    cells = [shade for each in run.iterancestors(f"{W}tc") if (shade := each.find(f"{W}tcPr/{W}shd")) is not None]
    tables = [shade for each in run.iterancestors(f"{W}tbl") if (shade := each.find(f"{W}tblPr/{W}shd")) is not None]
    found = (looks.get(f"{W}shd"), *paragraphs, of_style, *cells, *tables)
    yield from (shade for shade in found if shade is not None)


def _alike(ink: Colour, ground: Colour | None) -> bool:
    return ground is not None and all(abs(one - other) <= _CLOSE for one, other in zip(ink, ground, strict=True))
