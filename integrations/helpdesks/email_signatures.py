"""Removes signatures, closings with a name below them, lines added by phones, and disclaimers and banners added by
mail servers."""

import re
from collections.abc import Sequence

_MOST = 9
"""Maximum number of lines of a signature; anything longer is text."""

_PHONE = re.compile(
    r"^\W{0,3}(?:(?:envoy[ée]|sent|gesendet|von meinem|enviado|inviato|verzonden|t[ée]l[ée]charg\w+|obtenez"
    r"|obtenir|get|hol(?:en)? sie sich)"
    r"\s(?:[àa] partir d|de(?:puis)?\b|d['’]|from|von|vom|mit|desde|da|dal|via|with|using|avec|gr[âa]ce"
    r"|on the go|outlook|vanaf|pour|for)"
    r"[^.!?\n]{0,70}\.?(?:\s?\(https?://[^\s()]{1,200}\))?"
    r"|sent from yahoo mail[^\n]{0,200}|provenance\s?: (?:courrier|mail)[^\n]{0,60}"
    r"|(?:get|obtenir|t[ée]l[ée]charger) outlook (?:for|pour)[^\n]{0,200}"
    r"|von meinem [^\n]{2,40} gesendet)\W{0,3}$",
    re.IGNORECASE,
)
_DEVICE = re.compile(
    r"\b(?:i?phone|i?pad|mobile|portable|smartphone|handy|m[óo]vil|cellulare|t[ée]l[ée]phone|tablette|android"
    r"|samsung|galaxy|huawei|pixel"
    r"|outlook|yahoo|mail|courrier|messagerie|proton|orange|la ?poste|sfr|free|bouygues|ios|windows|app"
    r"|appareil|device|aol|gmx|web\.de)\b",
    re.IGNORECASE,
)
_DELIMITER = re.compile(r"^(?:--\s?|—\s?|_{3,}|-{3,}|\*{3,}|={3,})$")

_STRONG = re.compile(
    r"^(?:(?:tr[èe]s|bien|avec mes)?\s?(?:cordialement|cordiales salutations|sinc[èe]res salutations"
    r"|respectueusement|amicalement)"
    r"(?:\s(?:votre|v[ôo]tre|[àa] vous))?|cdlt|cdt|bcdt|bav|bien [àa] (?:vous|toi)|(?:meilleures |mes "
    r"|sinc[èe]res |cordiales |distingu[ée]es )?"
    r"salutations(?: distingu[ée]es| cordiales| respectueuses)?|(?:dans l.attente|en attendant|en vous"
    r"|je vous prie|veuillez)\b[^\n?]{0,140}"
    r"(?:salutations?|sentiments|consid[ée]ration|retour|r[ée]ponse|remerci\w+)[^\n?]{0,60}"
    r"|(?:je vous souhaite )?(?:une )?(?:tr[èe]s )?(?:bonne|belle|excellente) (?:journ[ée]e|soir[ée]e"
    r"|r[ée]ception|semaine|fin de journ[ée]e)"
    r"|(?:with )?(?:my |our )?(?:best|kind|kindest|warm|warmest|many)?\s?regards|best wishes|all the best|best"
    r"|sincerely(?: yours)?"
    r"|yours(?: (?:truly|sincerely|faithfully))?|respectfully|cheers|have a (?:nice|good|great|lovely) (?:day"
    r"|evening|week\w*)"
    r"|looking forward to (?:hearing|your)[^\n?]{0,60}"
    r"|mit (?:freundlichen|besten|lieben|herzlichen) gr[üu](?:ß|ss)en|(?:viele|beste|liebe|sch[öo]ne|herzliche"
    r"|freundliche) gr[üu](?:ß|ss)e|mfg|lg|vg"
    r"|(?:un |cordiales |muchos )?saludos?(?: cordiales| cordial)?|atentamente|un cordial saludo"
    r"|(?:cordiali |distinti |cari )?saluti|cordialmente)\s?[.,!;]*$",
    re.IGNORECASE,
)
_WEAK = re.compile(
    r"^(?:(?:je vous remercie|(?:un grand )?merci|thanks?|thank you|thx|ty|many thanks|danke(?: sch[öo]n)?"
    r"|vielen dank|(?:muchas )?gracias|grazie(?: mille)?)"
    r"(?: (?:beaucoup|d.avance|par avance|bien|infiniment|[àa] (?:vous|toi)|(?:very |so )?much|again"
    r"|in advance|a lot|im voraus|de antemano"
    r"|in anticipo|pour votre (?:aide|r[ée]ponse|retour)|for your (?:help|time)))*|[àa] bient[ôo]t|bisous|bye"
    r"|tsch[üu]ss|hasta luego)\s?[.,!;]*$",
    re.IGNORECASE,
)
_NAME = r"[A-ZÀ-ÖØ-Þ][\w'’.-]{0,24}"
_NAME_LINE = re.compile(rf"^(?:(?:M(?:me|lle|rs?|s)?|Dr|Herr|Frau)\.?\s)?{_NAME}(?:[ ]{_NAME}){{0,3}}[.,]?$")
_SIGNED = re.compile(rf"^(?P<closing>[^\n,]{{2,60}}),\s+{_NAME}(?:[ ]{_NAME}){{0,3}}\.?$")
_CONTACT = re.compile(
    r"@|https?://|www\.|\+?\d[\d .()/-]{7,}|\b(?:t[ée]l|phone|mobile|port|fax|mob)\b\s?[.:]"
    r"|^\d{1,4},? [\w ]{3,}|\b\d{5}\b",
    re.I,
)
_POSTSCRIPT = re.compile(r"^(?:n\.?b|p\.?\s?s)\b\.?\s?[:.\-–]?\s?\w", re.IGNORECASE)

_BANNER = re.compile(
    r"^\W{0,4}(?:(?:external|externe|extern|externo|esterno)\W{0,4}$|(?:\[?external\]?|caution|attention"
    r"|warning|achtung|avertissement)\b[^\n]{0,20}"
    r"(?:this (?:e-?mail|message) (?:originated|was sent|came|comes)|(?:cet? )?(?:e-?mail|courriel"
    r"|message) (?:provient|externe|a [ée]t[ée] envoy)"
    r"|diese e-?mail (?:kommt|stammt))[^\n]{0,400}|you don.t often get (?:e-?mail|mail) from[^\n]{0,200}"
    r"|vous (?:n.obtenez|ne recevez) pas souvent de[^\n]{0,200})$",
    re.IGNORECASE,
)
_DISCLAIMER_CUES = (
    re.compile(r"confidenti|privil[ée]gi|priviliged|vertraulich|confidencial|riservat", re.I),
    re.compile(r"destinataire|intended|recipient|adressat|empf[äa]nger|destinatari|addressee", re.I),
    re.compile(
        r"(?:cet? |this |the |diese |este |il presente |questo )(?:e-?mail|message|messaggio|courriel|mensaje"
        r"|correo|communication|nachricht)",
        re.I,
    ),
    re.compile(r"d[ée]trui|supprim|delete|destroy|l[öo]schen|eliminar|cancellar", re.I),
    re.compile(r"erreur|in error|irrt[üu]mlich|por error|per errore|by mistake", re.I),
    re.compile(r"divulg|disclos|copi(?:e|er|ed|a) |distribu|diffusion|weitergabe|reproduc", re.I),
    re.compile(r"pi[èe]ces? jointes?|attachments?|anh[äa]nge|adjuntos?|allegati", re.I),
    re.compile(r"virus|liability|responsabilit|haftung", re.I),
)
_TREES = re.compile(
    r"(?:before printing|avant d.imprimer|n.imprimez|pensez [àa] l.environnement|consider the environment"
    r"|bevor sie diese|antes de imprimir"
    r"|prima di stampare)",
    re.IGNORECASE,
)


def without_signature(text: str) -> str:
    """Returns the text without what is added to every e-mail; the text itself if nothing else would be left."""
    paragraphs = [paragraph for paragraph in text.split("\n\n") if not _is_disclaimer(paragraph)]
    lines = [line for line in "\n\n".join(paragraphs).split("\n") if not _is_added(line.strip())]
    filled = [index for index, line in enumerate(lines) if line.strip()]
    near_the_end = filled[1:][-2 * _MOST :]
    cut = next((index for index in near_the_end if _signs_off(lines, index)), len(lines))
    below = [line for line in lines[cut:] if _POSTSCRIPT.match(line.strip())]
    return "\n".join([*lines[:cut], *below]).strip() or "\n".join(lines).strip() or text.strip()


def _is_disclaimer(paragraph: str) -> bool:
    if len(paragraph) < 40 or "?" in paragraph:
        return False
    return (
        bool(_TREES.search(paragraph[:400])) or sum(bool(cue.search(paragraph[:2000])) for cue in _DISCLAIMER_CUES) >= 4
    )


def _is_added(line: str) -> bool:
    """Returns whether a phone or a mail server added the line."""
    if len(line) > 500:
        return False
    return bool(_BANNER.match(line)) or (bool(_PHONE.match(line)) and bool(_DEVICE.search(line)))


def _signs_off(lines: Sequence[str], index: int) -> bool:
    """Returns whether a signature begins at this line (never the first) and goes to the end of the text."""
    line = lines[index].strip()[:200]
    below = [one.strip() for one in lines[index + 1 :] if one.strip() and not _POSTSCRIPT.match(one.strip())]
    if len(below) > _MOST or any("?" in one or len(one) > 120 for one in below):
        return False
    if _DELIMITER.match(line):
        return bool(below)
    return _closes(line, below)


def _closes(line: str, below: Sequence[str]) -> bool:
    if _STRONG.match(line):
        return True
    if _WEAK.match(line):
        return bool(below) and _is_name_block(below)
    signed = _SIGNED.match(line)
    if signed and not below:
        return bool(_STRONG.match(signed["closing"]) or _WEAK.match(signed["closing"]))
    return False


def _is_name_block(lines: Sequence[str]) -> bool:
    """Returns whether the lines are a name, perhaps followed by a role and contact details."""
    return bool(_NAME_LINE.match(lines[0])) and all(len(line) <= 70 for line in lines) and _is_contact(lines[1:])


def _is_contact(lines: Sequence[str]) -> bool:
    return all(_CONTACT.search(line) or _NAME_LINE.match(line) or len(line.split()) <= 5 for line in lines)
