"""Removes the quoted history of an e-mail: where mail clients put it in their HTML, and how they announce it in text.

Reply headers are recognised by mail-parser-reply (en, fr, de, es, it); what it misses or matches too widely is
handled here.
"""

import re
from collections.abc import Iterator, Sequence

from lxml import html as lxml_html
from mailparser_reply import EmailReplyParser

_LINES, _WIDTH = 400, 240
"""Maximum numbers of lines, and of characters per line, that are searched for reply headers. The library only gets
lines that may be one, a few at a time: 400 lines of "From: x" kept its patterns busy for minutes."""


def names(words: str) -> set[str]:
    """Returns the words of a text, as a set."""
    return set(words.split())


_HIDDEN_STYLE = re.compile(
    r"display:\s*none|visibility:\s*hidden|mso-hide:\s*all|(?:max-height|opacity):\s*0(?:\.0+)?(?:px|pt|em"
    r"|%)?\s*(?:;|$|!)",
    re.IGNORECASE,
)
_NO_SIZE = re.compile(r"font-size:\s*0(?:\.0+)?(?:px|pt|em|%)?\s*(?:;|$|!)", re.IGNORECASE)

# The element is not the writer's; what follows it may be.
_NOT_OWN_CLASSES = names(
    "gmail_attr gmail_signature gmail_signature_prefix moz-cite-prefix moz-signature moz-forward-container "
    "yahoo_quoted protonmail_quote protonmail_signature_block freshdesk_quote zmail_extra tutanota_quote "
    "front-blockquote hs_reply quoted-mail"
)
_NOT_OWN_IDS = names("Signature signature AppleMailSignature ms-outlook-mobile-signature yahoo_quoted")
# Outlook, Zimbra and Windows Mail put the history after such an element, not into it.
_HISTORY_IDS = names(
    "appendonsend divRplyFwdMsg stopSpelling OLK_SRC_BODY_SECTION mail-editor-reference-message-container zwchr "
    "isForwardContent reply-intro"
)
_RULE_ABOVE = re.compile(r"border-top:\s*(?:solid|#\w+|1|rgb)", re.IGNORECASE)
_SENDER = re.compile(r"^\W{0,3}(?:from|de|von|da|van|exp[ée]diteur|absender|remitente|mittente)\s?:", re.IGNORECASE)
_ADDRESSING = re.compile(
    r"^\W{0,3}(?:from|de|von|da|van|exp[ée]diteur|sent|date|envoy[ée](?:\sle)?|gesendet|datum|enviado(?:\sel)?|fecha"
    r"|inviato|data|to|[àa]|an|para|destinataire|cc|copie|kopie|subject|objet|sujet|betreff|asunto|oggetto"
    r"|r[ée]pondre\s[àa])\s?:",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"^[\s>]*(?:-{2,}|_{2,}|={2,})\s?(?:original|forwarded|begin forwarded|message d.origine"
    r"|message (?:original|transf[ée]r[ée]"
    r"|initial)|courriel original|e-?mail d.origine|urspr[üu]ngliche|weitergeleitete|mensaje (?:original|reenviado)"
    r"|messaggio (?:originale|inoltrato))[^\n]{0,60}$"
    r"|^(?:begin forwarded message|d[ée]but du message (?:r[ée]exp[ée]di[ée]|transf[ée]r[ée])"
    r"|anfang der weitergeleiteten"
    r"|inicio del mensaje reenviado|inizio messaggio inoltrato)[^\n]{0,40}:\s?$"
    r"|^\W{0,8}(?:please type your reply above this line|(?:veuillez )?(?:saisir|taper"
    r"|[ée]crire) votre r[ée]ponse au.dessus)"
    r"[^\n]{0,60}$",
    re.IGNORECASE,
)
# What the library misses: addresses in brackets or quotes, names without dates. "Le livreur a écrit :" is a sentence.
_ATTRIBUTION = re.compile(
    r"^(?:(?:le|on|am|el|il|op|em)\b[^\n]{4,300}"
    r"(?:a [ée]crit|wrote|schrieb|escribi[óo]|ha scritto|schreef|escreveu)\b[^\n]{0,120}[:：]"
    r"|[^\n]{1,120}<?[\w.+-]{1,64}@[\w.-]{1,190}>?[^\n]{0,60}(?:a [ée]crit|wrote|schrieb|escribi[óo]"
    r"|ha scritto)\b[^\n]{0,60}:"
    r"|\d{4}-\d\d-\d\d[^\n]{1,120}<[^<>\n]{3,190}@[^<>\n]{3,190}>\s?:)\s*$",
    re.IGNORECASE,
)
_STARTS_ATTRIBUTION = re.compile(r"^(?:le|on|am|el|il|op|em|\d{4}-)\b|@", re.IGNORECASE)
_WROTE = re.compile(r"wrote|[ée]crit|schrieb|escrib|scritto|schreef|escreveu|>\s?:$", re.IGNORECASE)
_DATED = re.compile(r"[\d@]")
_COLONS = (":", "：")
_PARSER = EmailReplyParser(languages=["en", "fr", "de", "es", "it"])


def drop_hidden(tree: lxml_html.HtmlElement) -> None:
    """Removes what a reader of the e-mail does not see."""
    _drop([element for element in tree.iterdescendants() if _is_hidden(element)])


def drop_quotes(tree: lxml_html.HtmlElement) -> None:
    """Removes the containers that mail clients put history and signatures into. Blockquotes stay, to become "> " lines."""
    _drop([element for element in tree.iterdescendants() if _is_not_own(element)])
    history = next((element for element in tree.iterdescendants() if _starts_history(element)), None)
    if history is not None:
        _drop_from(history, tree)


def without_history(text: str) -> str:
    """Returns the lines above, between and below the quotes, or the whole text if all of it is a quote."""
    lines = _without_quoted(text.split("\n"))
    cut = min(_history_starts(lines), default=len(lines))
    return "\n".join(lines[:cut]).strip() or "\n".join(lines).strip() or text.strip()


def _is_hidden(element: lxml_html.HtmlElement) -> bool:
    style = element.get("style", "")
    if "hidden" in element.attrib or _HIDDEN_STYLE.search(style):
        return True
    # Newsletters set a size of 0 on a frame and a real one within.
    return bool(_NO_SIZE.search(style)) and not any(
        "font-size" in e.get("style", "") for e in element.iterdescendants()
    )


def _is_not_own(element: lxml_html.HtmlElement) -> bool:
    classes = set(element.get("class", "").split())
    if element.get("id") in _NOT_OWN_IDS or classes & _NOT_OWN_CLASSES:
        return True
    # Around a reply Gmail's container also holds what was written between the quotes; around a forward it does not.
    return "gmail_quote" in classes and element.tag == "div" and next(element.iter("blockquote"), None) is None


def _starts_history(element: lxml_html.HtmlElement) -> bool:
    if element.get("id") in _HISTORY_IDS or element.get("data-marker") == "__DIVIDER__":
        return True
    ruled = element.tag in ("div", "p") and _RULE_ABOVE.search(element.get("style", ""))
    return bool(ruled) and bool(_SENDER.match(element.text_content().strip()[:80]))


def _drop(elements: Sequence[lxml_html.HtmlElement]) -> None:
    for element in elements:
        if element.getparent() is not None:
            element.drop_tree()


def _drop_from(element: lxml_html.HtmlElement, root: lxml_html.HtmlElement) -> None:
    """Removes an element and everything after it in the document."""
    while element is not root:
        parent = element.getparent()
        del parent[parent.index(element) + 1 :]
        element.tail = None
        if element.get("id") in _HISTORY_IDS or not len(element):
            parent.remove(element)
        element = parent


def _without_quoted(lines: Sequence[str]) -> list[str]:
    """Returns the lines without the quoted ones and the attribution above them."""
    kept: list[str] = []
    for place, line in enumerate(lines):
        if not line.startswith(">"):
            kept.append(line)
        elif place < _LINES:
            _drop_announcement(kept)
    return kept


def _drop_announcement(kept: list[str]) -> None:
    """Removes an attribution of up to three lines from the end of the lines kept so far."""
    while kept and not kept[-1].strip():
        kept.pop()
    for count in (3, 2, 1):
        if _is_attribution([line[:_WIDTH].strip() for line in kept[-count:]]):
            del kept[-count:]
            return
    kept.append("")


def _history_starts(lines: Sequence[str]) -> Iterator[int]:
    """Yields the indices of the lines where history begins below other text."""
    window = [line[:_WIDTH].strip() for line in lines[:_LINES]]
    first = next((index for index, line in enumerate(window) if line), 0)
    if window and _announces(window, first):
        return  # a forward without a word of the sender's own
    yield from (index for index in range(first + 1, len(window)) if _announces(window, index))


def _announces(lines: Sequence[str], index: int) -> bool:
    line = lines[index]
    if _SEPARATOR.match(line):
        return True
    if _SENDER.match(line):
        return _is_header_block(lines[index : index + 8])
    return any(_is_attribution(lines[index : index + count]) for count in (1, 2, 3))


def _is_attribution(lines: Sequence[str]) -> bool:
    """Returns whether the lines, joined if wrapped, say who wrote when. They must contain a date or an address."""
    joined = " ".join(lines)[: 2 * _WIDTH]
    if not joined.endswith(_COLONS) or not _STARTS_ATTRIBUTION.search(lines[0]):
        return False
    if not _DATED.search(joined) or not _WROTE.search(joined):
        return False
    return bool(_ATTRIBUTION.match(joined)) or bool(_PARSER.read(joined).replies[0].headers)


def _is_header_block(lines: Sequence[str]) -> bool:
    """Returns whether sender, date, recipient and subject follow below each other."""
    filled = [line for line in lines if line][:4]
    headers = [line for line in filled if _ADDRESSING.match(line)]
    return len(headers) >= 3 and any(_DATED.search(line) for line in headers)
