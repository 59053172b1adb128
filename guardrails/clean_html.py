"""Text that an HTML body carries and no reader sees: the place where an attack on a model is put.

Sizes and colours are inherited as in a browser, since mail templates set `font-size:0` on a frame and a readable size
inside it. Style sheets inside the body are read for plain selectors (tag, .class, #id); outside ones cannot be.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from lxml import etree
from lxml import html as markup

Colour = tuple[int, int, int]

_WHITE: Colour = (255, 255, 255)
_NAMES: Mapping[str, Colour] = {
    "white": _WHITE,
    "black": (0, 0, 0),
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "ghostwhite": (248, 248, 255),
    "floralwhite": (255, 250, 240),
    "whitesmoke": (245, 245, 245),
    "red": (255, 0, 0),
    "green": (0, 128, 0),
    "blue": (0, 0, 255),
    "yellow": (255, 255, 0),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "silver": (192, 192, 192),
    "navy": (0, 0, 128),
}
_ALIKE = 40  # sum of the three channels' differences that an eye does not see
_UNREAD_TAGS = frozenset(
    {"script", "style", "template", "noscript", "head", "title", "meta", "link", "iframe", "object"}
)
_TINY = 2.0  # pixels
_FAR = 400.0  # pixels off the screen

_DECLARATION = re.compile(r"([a-zA-Z-]{1,40})\s{0,20}:\s{0,20}([^;]{1,500})")
_STYLE = re.compile(r"""style\s{0,5}=\s{0,5}("[^"]*"|'[^']*'|[^\s>"']+)""", re.IGNORECASE)
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,5000})\}")
_SELECTOR = re.compile(r"([a-z0-9]*)((?:[.#][\w-]+)*)", re.IGNORECASE)
_LENGTH = re.compile(r"(-?\d{0,6}(?:\.\d{1,6})?)\s?(px|pt|em|rem|%|vw|vh|cm|in)?")
_RGB = re.compile(
    r"rgba?\(\s{0,5}(\d{1,3})[\s,]{1,5}(\d{1,3})[\s,]{1,5}(\d{1,3})(?:[\s,/]{1,5}([\d.]{1,6}%?))?\s{0,5}\)"
)
_PIXELS = {
    "px": 1.0,
    "": 1.0,
    "pt": 1.33,
    "cm": 37.8,
    "in": 96.0,
    "em": 16.0,
    "rem": 16.0,
    "vw": 10.0,
    "vh": 10.0,
    "%": 10.0,
}


@dataclass(frozen=True, slots=True)
class _Look:
    """How text at this place looks; `ground` is `None` where a picture or a gradient lies behind."""

    size: float = 16.0
    ink: Colour | None = (0, 0, 0)
    ground: Colour | None = _WHITE
    gone: bool = False

    @property
    def unseen(self) -> bool:
        if self.gone or self.size <= _TINY or self.ink is None:
            return True
        return self.ground is not None and _distance(self.ink, self.ground) <= _ALIKE


@dataclass(frozen=True, slots=True)
class _Piece:
    """One run of text: before the first child of `owner`, or (`tail`) behind it."""

    owner: etree._Element
    tail: bool
    text: str
    unseen: bool


def hidden_text(html: str) -> tuple[str, ...]:
    """What `html` carries and no reader sees, in order: comments, and text hidden by attribute or style."""
    root = _parse(html)
    if root is None:
        return ()
    found = (piece.text for piece in _pieces(root) if piece.unseen and not _is_code(piece))
    return tuple(" ".join(text.split()) for text in found if text.strip())


def visible_html(html: str) -> str:
    """`html` without what no reader sees; the very same text where nothing is hidden."""
    root = _parse(html)
    if root is None:
        return ""
    unseen = [piece for piece in _pieces(root) if piece.unseen and piece.text.strip()]
    if not unseen:
        return html
    for piece in unseen:
        _blank(piece)
    _drop_gone(root)
    return _serialise(root)


def is_hiding(tag: str) -> bool:
    """Whether an opening tag alone, given as text, hides what is inside it."""
    style = _STYLE.search(tag)
    return style is not None and _hides(_declared(style[1].strip("\"'")))


def _parse(html: str) -> etree._Element | None:
    """The tree under one root; `None` for what has no text at all. NUL and lone surrogates would stop libxml2."""
    safe = html.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
    if not safe.strip():
        return None
    parser = markup.HTMLParser(encoding="utf-8", huge_tree=False)
    return markup.document_fromstring(f"<div>{safe}</div>".encode(), parser=parser, ensure_head_body=True)


def _serialise(root: etree._Element) -> str:
    body = root.find("body")
    frame = root if body is None else body
    inner = (frame.text or "") + "".join(etree.tostring(child, encoding="unicode", method="html") for child in frame)
    return inner.removeprefix("<div>").removesuffix("</div>")


def _pieces(root: etree._Element) -> Iterator[_Piece]:
    """Every run of text in document order, each with whether it is unseen; a stack, since mails nest deeply."""
    sheet = _sheet(root)
    stack: list[tuple[etree._Element | _Piece, _Look]] = [(root, _Look())]
    while stack:
        node, above = stack.pop()
        if isinstance(node, _Piece):
            yield node
            continue
        look = _look(node, above, sheet)
        if node.text:
            yield _Piece(node, tail=False, text=node.text, unseen=look.unseen)
        for child in reversed(node):
            if child.tail:
                stack.append((_Piece(child, tail=True, text=child.tail, unseen=look.unseen), look))
            stack.append((child, look))


def _is_code(piece: _Piece) -> bool:
    return not piece.tail and piece.owner.tag in ("script", "style")


def _blank(piece: _Piece) -> None:
    if piece.tail:
        piece.owner.tail = " "
    else:
        piece.owner.text = ""


def _drop_gone(root: etree._Element) -> None:
    """Comments go, and so do elements that hide all they hold: their attributes may speak too."""
    sheet = _sheet(root)
    for node in list(root.iter()):
        parent = node.getparent()
        if parent is not None and node.tag not in ("head", "body") and _is_gone(node, _styles(node, sheet)):
            _drop(node, parent)


def _drop(node: etree._Element, parent: etree._Element) -> None:
    before = node.getprevious()
    if node.tail and before is not None:
        before.tail = (before.tail or "") + node.tail
    elif node.tail:
        parent.text = (parent.text or "") + node.tail
    parent.remove(node)


def _is_gone(node: etree._Element, styles: Mapping[str, str]) -> bool:
    if not isinstance(node.tag, str) or node.tag in _UNREAD_TAGS:
        return True
    if "hidden" in node.attrib or node.get("aria-hidden", "").strip().lower() == "true":
        return True
    return _removes(styles)


def _look(node: etree._Element, above: _Look, sheet: Mapping[str, str]) -> _Look:
    styles = _styles(node, sheet) if isinstance(node.tag, str) else {}
    if above.gone or _is_gone(node, styles):
        return replace(above, gone=True)
    return _Look(size=_size(styles, above.size), ink=_ink(node, styles, above), ground=_ground(node, styles, above))


def _size(styles: Mapping[str, str], above: float) -> float:
    declared = styles.get("font-size", "")
    size = _pixels(declared)
    if size is None:
        return above
    if declared.endswith("%"):
        return above * size / 1000.0
    return above * size / 16.0 if declared.endswith("em") and not declared.endswith("rem") else size


def _ink(node: etree._Element, styles: Mapping[str, str], above: _Look) -> Colour | None:
    declared = styles.get("color") or (node.get("color") if isinstance(node.tag, str) else None)
    if not declared:
        return above.ink
    return None if _is_transparent(declared) else _colour(declared) or above.ink


def _ground(node: etree._Element, styles: Mapping[str, str], above: _Look) -> Colour | None:
    if (
        "background-image" in styles
        or "url(" in styles.get("background", "")
        or "gradient" in styles.get("background", "")
    ):
        return None
    declared = styles.get("background-color") or styles.get("background") or node.get("bgcolor")
    if not declared or _is_transparent(declared):
        return above.ground
    return _colour(declared) or _colour(declared.split()[0]) or above.ground


def _styles(node: etree._Element, sheet: Mapping[str, str]) -> dict[str, str]:
    """The declarations that hold for a node: the sheet's by tag, class and id, then its own."""
    if not isinstance(node.tag, str):
        return {}
    names = (node.tag, *(f".{name}" for name in node.get("class", "").split()), f"#{node.get('id', '')}")
    styles: dict[str, str] = {}
    for name in names:
        styles |= _declared(sheet.get(name, ""))
    return styles | _declared(node.get("style", ""))


def _sheet(root: etree._Element) -> dict[str, str]:
    """Selector -> declarations, from the body's own style sheets; of "td.x p.note" the last part counts."""
    sheet: dict[str, str] = {}
    for style in root.iter("style"):
        for selectors, declarations in _RULE.findall(style.text or ""):
            for selector in selectors.split(","):
                _add_rule(sheet, selector, declarations)
    return sheet


def _add_rule(sheet: dict[str, str], selector: str, declarations: str) -> None:
    last = selector.split()[-1:] or [""]
    parts = _SELECTOR.fullmatch(last[0])
    if parts is None:
        return
    names = re.findall(r"[.#][\w-]+", parts[2]) or [parts[1].lower()]
    sheet[names[-1]] = f"{sheet.get(names[-1], '')};{declarations}"


@lru_cache(maxsize=4096)
def _declared(style: str) -> dict[str, str]:
    pairs = _DECLARATION.findall(re.sub(r"/\*[^*]*\*/", "", style[:5000]))
    return {name.lower(): value.lower().replace("!important", "").strip() for name, value in pairs}


def _hides(styles: Mapping[str, str]) -> bool:
    """Whether a style alone leaves nothing to see, on a white page."""
    ink = styles.get("color", "black")
    unseen = _Look(
        size=_size(styles, 16.0),
        ink=None if _is_transparent(ink) else _colour(ink) or (0, 0, 0),
        ground=_colour(styles.get("background-color") or styles.get("background", "white")),
    )
    return _removes(styles) or unseen.unseen


def _removes(styles: Mapping[str, str]) -> bool:
    return (
        styles.get("display") == "none"
        or styles.get("visibility") in ("hidden", "collapse")
        or styles.get("mso-hide") == "all"
        or (_pixels(styles.get("opacity", "1")) or 0.0) < 0.05
        or _is_squeezed(styles)
        or _is_clipped(styles)
        or _is_off_screen(styles)
    )


def _is_squeezed(styles: Mapping[str, str]) -> bool:
    sizes = (_pixels(styles.get(name, "")) for name in ("height", "max-height", "width", "max-width"))
    return "hidden" in styles.get("overflow", "") and any(size is not None and size <= 1.0 for size in sizes)


def _is_clipped(styles: Mapping[str, str]) -> bool:
    clip = styles.get("clip", "").replace("px", "").replace(" ", "").replace(",", "")
    path = styles.get("clip-path", "").replace(" ", "")
    flat = styles.get("transform", "").replace(" ", "")
    return (
        clip in ("rect(0000)", "rect(1111)") or path in ("inset(50%)", "inset(100%)", "circle(0)") or "scale(0)" in flat
    )


def _is_off_screen(styles: Mapping[str, str]) -> bool:
    """Pushed out of the page: by position, by margin, or by the indent of its first line."""
    moved = styles.get("position") in ("absolute", "fixed", "relative")
    names = ("left", "top", "right", "bottom") if moved else ()
    offsets = (_pixels(styles.get(name, "")) for name in (*names, "text-indent", "margin-left", "margin-top"))
    return any(offset is not None and offset <= -_FAR for offset in offsets)


def _pixels(declared: str) -> float | None:
    found = _LENGTH.match(declared)
    if found is None or not found[1] or found[1] == "-":
        return None
    return float(found[1]) * _PIXELS[found[2] or ""]


def _is_transparent(declared: str) -> bool:
    rgb = _RGB.match(declared)
    return declared == "transparent" or bool(rgb and rgb[4] and float(rgb[4].strip("%")) < 0.05)


def _colour(declared: str) -> Colour | None:
    declared = declared.strip().lower()
    rgb = _RGB.match(declared)
    if rgb:
        return int(rgb[1]), int(rgb[2]), int(rgb[3])
    return _hexadecimal(declared) or _NAMES.get(declared)


def _hexadecimal(declared: str) -> Colour | None:
    digits = declared.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    if len(digits) < 6 or not re.fullmatch(r"[0-9a-f]{6}", digits[:6]):
        return None
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def _distance(one: Colour, other: Colour) -> int:
    return sum(abs(left - right) for left, right in zip(one, other, strict=True))
