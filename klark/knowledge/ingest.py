"""Takes an article into the tenant's knowledge: stores its version, cuts it into passages, indexes their words."""

import hashlib
import re
import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import slugify

from guardrails.text.language import LANGUAGES, detect
from guardrails.untrusted.clean import clean, visible_html
from klark.knowledge import index
from klark.knowledge.chunk import Chunk, chunk
from klark.knowledge.strip_instructions import warning, without_orders
from klark.models import Article, Passage, Tenant

_TAG = re.compile(r"<[^<>]{0,500}>")
BY_HAND = "manual"
"""The source of articles that people write in the admin."""
BY_PROGRAM = "api"
"""The source of those that programs put in."""
PLAIN, PLAIN_WORDS = 0.9, 15
"""How sure the language detector must be, and of how many words, to overrule a source on its language."""


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article as its source gives it; if `language` is "", klark detects it.

    `created_at` is when it was first written, if its source tells: a backtest shows it to no ticket that came before. `brand`
    "" is every brand. An `audience` (a user segment, a role) keeps it from customers. `valid_until` is the first moment at which
    it no longer holds.
    """

    key: str
    title: str
    body_html: str
    language: str = ""
    url: str = ""
    updated_at: datetime | None = None
    brand: str = ""
    audience: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    created_at: datetime | None = None

    @property
    def digest(self) -> str:
        """What makes two articles the same: a hash of all that a draft may rest on, so not of the time of the last change."""
        held = (self.title, self.body_html, self.language, self.url)
        limits = (self.brand, self.audience, self.valid_from, self.valid_until)
        said = "\0".join([*held, *(str(each) for each in limits if any(limits))])
        return hashlib.sha256(said.encode(errors="replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class Read:
    """What may be kept of an article: `parts` may be found and shown to a model; `warning` is for the team lead."""

    title: str
    body: str
    language: str
    parts: tuple[Chunk, ...]
    warning: str


def ingest(tenant_id: int, source: str, new: NewArticle) -> bool:
    """Makes `new` the current version of its article; returns whether anything changed. Call inside one transaction.

    Nothing changes if its content is the same, if a person withdrew it as it is, or if the same text is there in its
    language already.
    """
    Tenant.objects.select_for_update(no_key=True).get(pk=tenant_id)  # two readers of one help centre take turns
    versions = Article.of(tenant_id).filter(source=source, key=new.key)
    last = versions.order_by("-version").first()
    if last is not None and last.digest == new.digest:
        if new.created_at not in (None, last.created_at):  # a source may tell it later than the text
            versions.update(created_at=new.created_at)
        return _bring_back(last)
    if source in (BY_HAND, BY_PROGRAM):
        new = _dated(new, versions.order_by("version").first())
    retired = _retire(tenant_id, versions.filter(current=True), gone=False)
    read = reading(new)
    if _stands_already(tenant_id, source, new.key, read):
        return retired > 0
    keep(tenant_id, source, new, read, last.version + 1 if last else 1)
    return True


def _dated(new: NewArticle, first: Article | None) -> NewArticle:
    """Returns an article that has no source but klark with its days: first written when its `first` version came, unless it says
    otherwise, and changed just now if there is one."""
    now = timezone.now()
    written = first.created_at or first.added_at if first else now
    return replace(new, created_at=new.created_at or written, updated_at=new.updated_at or (now if first else None))


def new_key(title: str) -> str:
    """Returns a key for an article that a person writes."""
    return f"{slugify(title)[:100]}-{uuid.uuid4().hex[:8]}"


def _stands_already(tenant_id: int, source: str, key: str, read: Read) -> bool:
    """Returns whether another of its languages has the same text: a portal shows an article that has no translation in
    the original, under the language requested."""
    family, mark, _ = key.rpartition(":")
    same = Article.of(tenant_id).filter(source=source, key__startswith=f"{family}:", current=True)
    same = same.filter(title=read.title, language=read.language, body_html=read.body)
    return bool(mark) and same.exclude(key=key).exists()


def forget(tenant_id: int, source: str, keep: Collection[str]) -> int:
    """Withdraws every article of a source whose key is not in `keep`; returns how many. Old versions stay, for what
    quoted them."""
    return withdraw(tenant_id, Article.of(tenant_id).filter(source=source).exclude(key__in=keep))


def withdraw(tenant_id: int, articles: QuerySet[Article]) -> int:
    """Withdraws these articles from what is quoted; returns how many were current."""
    return _retire(tenant_id, articles.filter(current=True), gone=True)


def take_out(article: Article) -> None:
    """Withdraws an article for a person: it is found no longer, and its source does not bring it back as it is."""
    _retire(article.tenant_id, Article.of(article.tenant_id).filter(pk=article.pk, current=True), gone=False)


def _bring_back(article: Article) -> bool:
    """Makes an unchanged article current again, if it was away only because its source no longer had it; returns
    whether it was."""
    if (
        not Article.of(article.tenant_id)
        .filter(pk=article.pk, gone=True)
        .update(current=True, gone=False, recalled=False)
    ):
        return False
    index.index(article.tenant_id, list(Passage.of(article.tenant_id).filter(article=article).order_by("number")))
    return True


def _retire(tenant_id: int, articles: QuerySet[Article], gone: bool) -> int:
    retired = list(articles.values_list("pk", flat=True))
    if not retired:
        return 0
    index.withdraw(tenant_id, retired)
    return Article.of(tenant_id).filter(pk__in=retired).update(current=False, gone=gone)


def keep(tenant_id: int, source: str, new: NewArticle, read: Read, version: int) -> Article:
    """Stores what was read as a version of the article, with its passages, and returns it. Asks for nothing that was there
    before: `ingest` does."""
    article = Article.objects.create(
        tenant_id=tenant_id, source=source, key=new.key, version=version, title=read.title, body_html=read.body,
        digest=new.digest, language=read.language, url=new.url if len(new.url) <= 1000 else "",
        updated_at=new.updated_at, brand=new.brand[:40], audience=new.audience[:100], valid_from=new.valid_from,
        valid_until=new.valid_until, warning=read.warning, created_at=new.created_at,
    )  # fmt: skip
    passages = Passage.objects.bulk_create(
        Passage(tenant_id=tenant_id, article=article, number=number, title=part.title[:500],
                sentences=list(part.sentences), language=article.language)
        for number, part in enumerate(read.parts, 1)
    )  # fmt: skip
    index.index(tenant_id, passages)
    return article


def reading(new: NewArticle) -> Read:
    """Returns what may be kept: without text that nobody can see, and without sentences that give orders to a machine."""
    title, body = clean(new.title)[0][:500], clean(visible_html(new.body_html))[0]
    language = _spoken(_language(new.language), f"{title}. {_TAG.sub(' ', body)}")
    parts, said = without_orders(chunk(title, body, language))
    return Read(title, body, language, parts, warning(new.body_html, said))


def _language(code: str) -> str:
    """Returns the ISO 639-1 code of a locale: help centres say "en-us", tickets are in "en"."""
    return code.replace("_", "-").partition("-")[0].lower()[:10]


def _spoken(named: str, text: str) -> str:
    """Returns the language that the source names, unless the text is clearly in another: a portal that has one language
    for all its articles gives each of them that one. A language that the detector does not know is believed."""
    if named and (named not in LANGUAGES or len(text.split()) < PLAIN_WORDS):
        return named
    found, sure = detect(text)
    return (found if found and (not named or sure >= PLAIN) else named) or ""
