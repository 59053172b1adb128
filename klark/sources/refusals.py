"""Why a document, or a part of one, is not taken: each sentence stands here once, as the rest of one that begins with its name.

Without Django, because some documents are read in a separate process. What is stored and told by that process is English;
`klark.admin.choice_labels.trouble_words` translates it, also where values stand in it.
"""

from enum import StrEnum


def gettext_noop(text: str) -> str:
    """Marks a text for klark's translation catalogue, as Django's function of this name does."""
    return text


class Refusal(StrEnum):
    """Every reason. Where a sentence fits two, the first one is meant."""

    EMPTY = gettext_noop("is empty")
    UNKNOWN_FORMAT = gettext_noop("is in a format that is not read here")
    AS_DOCX_OR_PDF = gettext_noop("is in a format that is not read here: save it as DOCX or PDF")
    AS_PDF = gettext_noop("is in a format that is not read here: save it as PDF")
    AS_XLSX_OR_CSV = gettext_noop("is in a format that is not read here: save it as XLSX or CSV")
    TOO_LARGE = gettext_noop("is larger than %(most)s MB")
    TOO_SLOW = gettext_noop("took longer than %(seconds)s s to read")
    MISNAMED = gettext_noop("is not what its name says")
    NO_TEXT_FILE = gettext_noop("is not a text")
    ENCRYPTED = gettext_noop("is encrypted")
    HAS_PASSWORD = gettext_noop("is encrypted: save it anew without a password")
    OLD_OR_ENCRYPTED = gettext_noop("is encrypted, or in an old format: save it anew without a password")
    BOMB = gettext_noop("would unpack to more than can be read, as a zip bomb does")
    BOMB_INSIDE = gettext_noop("has a part that would unpack to far more than it is, as a zip bomb does")
    ENTITIES = gettext_noop("holds XML that wants entities expanded")
    DAMAGED_OR_TOO_MUCH = gettext_noop("is damaged, or more than can be read: %(error)s")
    DAMAGED = gettext_noop("is damaged: %(error)s")
    NO_TEXT = gettext_noop("has no text")
    SCAN = gettext_noop("has no text: it may be a scan, which needs text recognition (OCR) first")
    PICTURE = gettext_noop("has a picture and no text")
    TOO_MANY_PAGES = gettext_noop("are more than are read of one document")
    OPEN_QUOTE = gettext_noop("has a quote that never closes")
    BAD_ROW = gettext_noop("cannot be read: %(error)s")
    COLUMNS = gettext_noop("has %(found)s columns, not %(wanted)s")
    HIDDEN = gettext_noop("is hidden, so it was left out")
    HIDDEN_COLUMNS = gettext_noop("has hidden columns, which were left out: %(columns)s")
    BAD_CELL = gettext_noop("cell %(cell)s %(why)s")
    SHOWS_ERROR = gettext_noop("shows an error: %(error)s")
    NOT_COMPUTED = gettext_noop("has a formula that was never computed: open it in Excel and save it")
    NUMBER_FORMAT = gettext_noop("has a number in a format that is not known here: %(format)s")
    BAD_LINE = gettext_noop("has a line that cannot be read: line %(line)s %(why)s")
    MANGLED = gettext_noop("was saved in a wrong encoding: its accents are broken")
    NOT_UTF8 = gettext_noop("is not UTF-8, as the other lines are")
    NOT_UTF16 = gettext_noop("begins as UTF-16 and is not")
    OTHER_ENCODING = gettext_noop("is not in the encoding that it states: %(encoding)s")
    NO_ENCODING = gettext_noop("is in no encoding that is known here: UTF-8, UTF-16 and Windows-1252 are")
    NO_TITLE = gettext_noop("has no %(column)s")
