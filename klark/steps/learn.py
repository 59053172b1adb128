"""Take an article into the tenant's knowledge: keep its version, cut it into passages, index their words."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from guardrails.clean import clean, looks_like_instruction, visible_html
from guardrails.language import detect
from klark.models import Article, Passage, Tenant
from klark.steps.caution import harmless, warning
from klark.steps.cut import cut
from klark.steps.index import index, withdraw


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article as its source gives it; `language` "" lets klark find out."""

    key: str
    title: str
    body_html: str
    language: str = ""
    url: str = ""
    updated_at: datetime | None = None


def learn(tenant_id: int, source: str, new: NewArticle) -> bool:
    """Make `new` the current version of its article; False if nothing in it changed, or a person withdrew it as it is.
    Inside one transaction."""
    digest = hashlib.sha256(
        f"{new.title}\0{new.body_html}\0{new.language}\0{new.url}".encode(errors="replace")
    ).hexdigest()
    Tenant.objects.select_for_update().get(pk=tenant_id)  # two readers of one help centre take turns
    versions = Article.of(tenant_id).filter(source=source, key=new.key)
    last = versions.order_by("-version").first()
    if last is not None and last.digest == digest:
        return _bring_back(last)
    _retire(tenant_id, versions.filter(current=True), gone=False)
    article = _article(tenant_id, source, new, digest, last.version + 1 if last else 1)
    article.save()
    _index(article)
    return True


def forget(tenant_id: int, source: str, keep: Collection[str]) -> int:
    """Withdraw every article of a source that is no longer there; how many. Old versions stay, for what quoted them."""
    leaving = Article.of(tenant_id).filter(source=source, current=True).exclude(key__in=keep)
    return _retire(tenant_id, leaving, gone=True)


def take_out(article: Article) -> None:
    """What a person withdraws here: found by nobody from now on, and not brought back by its source as it is."""
    _retire(article.tenant_id, Article.of(article.tenant_id).filter(pk=article.pk, current=True), gone=False)


def _bring_back(article: Article) -> bool:
    """Whether an unchanged article was away only because its source no longer had it."""
    if not Article.of(article.tenant_id).filter(pk=article.pk, gone=True).update(current=True, gone=False):
        return False
    index(article.tenant_id, list(Passage.of(article.tenant_id).filter(article=article).order_by("number")))
    return True


def _retire(tenant_id: int, articles: QuerySet[Article], gone: bool) -> int:
    retired = list(articles.values_list("pk", flat=True))
    withdraw(tenant_id, retired)
    return Article.of(tenant_id).filter(pk__in=retired).update(current=False, gone=gone)


def _article(tenant_id: int, source: str, new: NewArticle, digest: str, version: int) -> Article:
    body = clean(visible_html(new.body_html))[0]
    title = clean(new.title)[0]
    title = new.key if looks_like_instruction(title) else title
    return Article(
        tenant_id=tenant_id, source=source, key=new.key, version=version, title=title[:500], body_html=body, digest=digest,
        language=_language(new.language) or detect(f"{title}. {body}")[0] or "", url=new.url if len(new.url) <= 1000 else "",
        updated_at=new.updated_at,
        warning=warning(new.title, new.body_html, body),
    )  # fmt: skip


def _language(code: str) -> str:
    """ISO 639-1 of a locale: help centres say "en-us", tickets are in "en"."""
    return code.replace("_", "-").partition("-")[0].lower()[:10]


def _index(article: Article) -> None:
    passages = Passage.objects.bulk_create(
        Passage(tenant_id=article.tenant_id, article=article, number=number, title=part.title[:500],
                sentences=list(part.sentences), headings=list(part.headings), language=article.language)
        for number, part in enumerate(harmless(cut(article.title, article.body_html, article.language)), 1)
    )  # fmt: skip
    index(article.tenant_id, passages)
