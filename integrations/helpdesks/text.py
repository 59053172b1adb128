"""Converts the HTML of a helpdesk's comment to plain text, and extracts what its writer added.

Bodies are hostile: every step is bounded by `MAX_HTML` characters and `MAX_DEPTH` levels, and nothing here raises.
"""

import re
from functools import lru_cache

import nh3
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.html_engine import Inscriptis
from inscriptis.html_properties import Display, WhiteSpace
from inscriptis.model.config import ParserConfig
from inscriptis.model.html_document_state import HtmlDocumentState
from inscriptis.model.html_element import HtmlElement
from inscriptis.model.tag import CustomHtmlTagHandlerMapping
from lxml import html as lxml_html

from integrations.helpdesks.email_signatures import without_signature
from integrations.helpdesks.quotes import drop_hidden, drop_quotes, names, without_history

MAX_RAW = 3_000_000
"""Maximum number of characters read before noise (comments, styles, inlined pictures) is dropped."""
MAX_HTML = 200_000
"""Maximum number of characters parsed, and of characters of plain text read."""
MAX_DEPTH = 100
"""Maximum number of nesting levels kept: nh3 is quadratic and inscriptis recursive in depth, libxml2 drops what lies
below 255."""
KEPT = 32
"""Texts that are kept: a comment is read several times in a run, and again before klark writes. Few, as each may be long."""

# A quote's level is carried through the layout by two private-use characters, and becomes "> " at the end.
_OPEN, _SHUT = "\ue000", "\ue001"
_UNWELCOME = str.maketrans(
    {
        **dict.fromkeys("\0\u200b\u200c\u2060\ufeff\u00ad\f\v" + _OPEN + _SHUT, ""),
        "\u00a0": " ",
        "\r": "\n",
        "\u2028": "\n",
    }
)

# Each alternative stops at its own opening, so a thousand unclosed ones are still read only once.
_NOISE = re.compile(
    r"<!--(?:(?!<!--|-->).)*-->"
    r"|<style\b(?:(?!<style\b|</style).)*</style[^<>]*>"
    r"|<script\b(?:(?!<script\b|</script).)*</script[^<>]*>"
    r"|data:[\w/+.;=-]{1,80},[A-Za-z0-9+/=%]{200,}",
    re.DOTALL | re.IGNORECASE,
)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)\b[^<>]*>", re.IGNORECASE)


# These have no end tag or may lack it, so they say nothing about depth.
_ENDLESS = names("area base br col dd dt hr img input li link meta option p tbody td tfoot th thead tr wbr")
_VOID = names("br hr")
_GONE = names("script style head title template noscript object iframe svg math select textarea")
_KEPT = names(
    "a article b blockquote br center cite code dd div dl dt em font h1 h2 h3 h4 h5 h6 hr i li ol p pre q s section "
    "span strong sub sup table tbody td tfoot th thead tr u ul"
)
_ATTRIBUTES = {"*": names("id class style hidden type aria-hidden data-marker"), "a": {"href"}}
_STYLES = names("display visibility white-space font-size max-height opacity mso-hide border-top border")
# A table only needs a line for each row; columns padded to the widest cell would cost rows times width.
_AS = dict.fromkeys(("table", "tbody", "thead", "tfoot", "tr"), "div") | dict.fromkeys(("td", "th"), "span")

_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:).{1,500}\Z", re.IGNORECASE)
_SCHEME = re.compile(r"^(?:https?://(?:www\.)?|mailto:|tel:)", re.IGNORECASE)
_BLANKS = re.compile(r"(?<=\S)[ \t]{2,}")
_EMPTY_LINES = re.compile(r"\n(?:[ \t>]*\n){2,}")


@lru_cache(maxsize=KEPT)
def html_to_text(html: str) -> str:
    """Returns the visible text: lists as "- ", quotes as "> ", a link as its words and, if different, its address."""
    return _layout(_tree(html))


@lru_cache(maxsize=KEPT)
def written(comment_html: str, comment_text: str) -> str:
    """Returns what the writer of an e-mail added: quoted history, signature and disclaimers are removed.

    Never empty if there was text that is not clearly a quote. `comment_text` is used if there is no HTML.
    """
    if not comment_html.strip():
        return _own_words(plain(comment_text))
    tree = _tree(comment_html)
    drop_quotes(tree)
    return _own_words(_layout(tree)) or _own_words(html_to_text(comment_html)) or _own_words(plain(comment_text))


def plain(text: str) -> str:
    """Returns text that is safe to store: bounded, no NUL, no lone surrogates, no invisible characters, one kind of
    line break."""
    bounded = text[:MAX_HTML].replace("\r\n", "\n").translate(_UNWELCOME)
    return tidy(bounded.encode("utf-8", "replace").decode("utf-8"))


def _own_words(text: str) -> str:
    return without_signature(without_history(text))


def _tree(html: str) -> lxml_html.HtmlElement:
    """Returns a sanitized, shallow tree without anything that a reader would not see."""
    visible = _NOISE.sub("", html[:MAX_RAW].replace("\r\n", "\n").translate(_UNWELCOME))[:MAX_HTML]
    shallow = _flatten(visible.encode("utf-8", "replace").decode("utf-8"), 4 * MAX_DEPTH, _ENDLESS)
    clean = nh3.clean(
        shallow,
        tags=_KEPT,
        clean_content_tags=_GONE,
        attributes=_ATTRIBUTES,
        filter_style_properties=_STYLES,
        link_rel=None,
    )
    # inscriptis unescapes once more: "?a=1&copy=2" would become "?a=1\u00a9=2".
    tree = lxml_html.fromstring(f"<div>{_flatten(clean, MAX_DEPTH, _VOID).replace('&amp;', '&amp;amp;')}</div>")
    drop_hidden(tree)
    return tree


def _flatten(html: str, limit: int, endless: set[str]) -> str:
    """Returns `html` without the tags nested deeper than `limit`; their text stays."""
    depth = 0

    def keep(tag: re.Match[str]) -> str:
        nonlocal depth
        closing, name = tag.group(1), tag.group(2).lower()
        if name in endless:
            return tag.group()
        depth += not closing
        kept = tag.group() if depth <= limit else " "
        depth = max(depth - bool(closing), 0)
        return kept

    return _TAG.sub(keep, html)


def _layout(tree: lxml_html.HtmlElement) -> str:
    """Returns the text of a tree; the tree is changed and of no further use."""
    for link in tree.iter("a"):
        _append(link, _address(link))
    for quote in tree.iter("blockquote"):
        quote.text = _OPEN + (quote.text or "")
        _append(quote, _SHUT)
    for cell in tree.iter("td", "th"):
        cell.tail = f" {cell.tail or ''}"
    for element in tree.iter(*_AS):
        element.tag = _AS[element.tag]
    return tidy(_mark_quotes(Inscriptis(tree, _config()).get_text()))


def _config() -> ParserConfig:
    """Returns a configuration for one text: inscriptis writes the current text's canvas into the shared profile's
    "body", so two threads with one profile would write into each other's text."""
    css = CSS_PROFILES["strict"] | {
        "body": HtmlElement(display=Display.inline, whitespace=WhiteSpace.normal),
        "ul": HtmlElement(display=Display.block, padding_inline=2),
        "ol": HtmlElement(display=Display.block, padding_inline=3),
    }
    return ParserConfig(css=css, custom_html_tag_handler_mapping=CustomHtmlTagHandlerMapping({"ul": _start_list}, {}))


def _start_list(state: HtmlDocumentState, _: object) -> None:
    state.li_counter.append("- ")


def _append(element: lxml_html.HtmlElement, text: str) -> None:
    """Appends `text` at the end of an element."""
    if not len(element):
        element.text = (element.text or "") + text
        return
    element[-1].tail = (element[-1].tail or "") + text


def _address(link: lxml_html.HtmlElement) -> str:
    """Returns a link's target as " (address)", or "" if its words are the same or it has none."""
    href, words = link.get("href", ""), link.text_content().strip()
    if not words or not _ADDRESS.match(href):
        return ""
    return "" if _bare(href) == _bare(words) else f" ({href})"


def _bare(address: str) -> str:
    return _SCHEME.sub("", address).rstrip("/").lower()


def _mark_quotes(text: str) -> str:
    """Writes the quote level of each line in front of it."""
    lines: list[str] = []
    level = 0
    for line in text.split("\n"):
        level += line.count(_OPEN)
        words = line.replace(_OPEN, "").replace(_SHUT, "")
        if words.strip() or words == line:
            lines.append("> " * min(level, 9) + words)
        level = max(level - line.count(_SHUT), 0)
    return "\n".join(lines)


def tidy(text: str) -> str:
    """Removes blanks at line ends and runs of blanks within lines, and leaves at most one empty line in a row."""
    lines = (_BLANKS.sub(" ", line.rstrip()) for line in text.split("\n"))
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip("\n")
