"""Finds text in an HTML body that no reader sees: the place to hide an attack on a model.

Sizes and colours are inherited as in a browser, since mail templates set `font-size:0` on a frame and a readable size
inside it. Style sheets inside the body are read for plain selectors (tag, .class, #id); external ones cannot be.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from lxml import etree
from lxml import html as markup

from guardrails.untrusted.clean_style import Colour, Look, colour, declared_in, is_transparent, removes, size_in

_UNREAD_TAGS = frozenset(
    {"script", "style", "template", "noscript", "head", "title", "meta", "link", "iframe", "object"}
)
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,5000})\}")
_SELECTOR = re.compile(r"([a-z0-9]*)((?:[.#][\w-]+)*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Piece:
    """One run of text: before the first child of `owner`, or (`tail`) after `owner`."""

    owner: etree._Element
    tail: bool
    text: str
    unseen: bool


def hidden_text(html: str) -> tuple[str, ...]:
    """Returns what no reader of `html` sees, in order: comments, and text hidden by attribute or style."""
    root = _parse(html)
    if root is None:
        return ()
    found = (piece.text for piece in _pieces(root) if piece.unseen and not _is_code(piece))
    return tuple(" ".join(text.split()) for text in found if text.strip())


def visible_html(html: str) -> str:
    """Returns `html` without what no reader sees; exactly the same text if nothing is hidden."""
    root = _parse(html)
    if root is None:
        return ""
    unseen = [piece for piece in _pieces(root) if piece.unseen and piece.text.strip() and not _is_code(piece)]
    if not unseen:
        return html
    for piece in unseen:
        _blank(piece)
    _drop_gone(root)
    return _serialise(root)


def _parse(html: str) -> etree._Element | None:
    """Returns the tree under one root; `None` for blank input. NUL and lone surrogates are replaced, since libxml2
    fails on them."""
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
    """Yields every run of text in document order, and whether it is unseen. Uses a stack instead of recursion: mails
    nest deeply."""
    sheet = _sheet(root)
    stack: list[tuple[etree._Element | _Piece, Look]] = [(root, Look())]
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
    """Removes comments and elements that hide all their content, since their attributes may carry text too."""
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
    return removes(styles)


def _look(node: etree._Element, above: Look, sheet: Mapping[str, str]) -> Look:
    styles = _styles(node, sheet) if isinstance(node.tag, str) else {}
    if above.gone or _is_gone(node, styles):
        return replace(above, gone=True)
    return Look(size=size_in(styles, above.size), ink=_ink(node, styles, above), ground=_ground(node, styles, above))


def _ink(node: etree._Element, styles: Mapping[str, str], above: Look) -> Colour | None:
    declared = styles.get("color") or (node.get("color") if isinstance(node.tag, str) else None)
    if not declared:
        return above.ink
    return None if is_transparent(declared) else colour(declared) or above.ink


def _ground(node: etree._Element, styles: Mapping[str, str], above: Look) -> Colour | None:
    if (
        "background-image" in styles
        or "url(" in styles.get("background", "")
        or "gradient" in styles.get("background", "")
    ):
        return None
    declared = styles.get("background-color") or styles.get("background") or node.get("bgcolor")
    if not declared or is_transparent(declared):
        return above.ground
    return colour(declared) or colour(declared.split()[0]) or above.ground


def _styles(node: etree._Element, sheet: Mapping[str, str]) -> dict[str, str]:
    """Returns the declarations that apply to a node: the sheet's by tag, class and id, then its own."""
    if not isinstance(node.tag, str):
        return {}
    names = (node.tag, *(f".{name}" for name in node.get("class", "").split()), f"#{node.get('id', '')}")
    styles: dict[str, str] = {}
    for name in names:
        styles |= declared_in(sheet.get(name, ""))
    return styles | declared_in(node.get("style", ""))


def _sheet(root: etree._Element) -> dict[str, str]:
    """Returns selector -> declarations from the body's own style sheets; of "td.x p.note" only the last part is used."""
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
