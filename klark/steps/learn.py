"""Take an article into the tenant's knowledge: keep its version, cut it into passages, index their words."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.search import SearchVector
from django.db import connection
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Cast

from guardrails.clean import clean, visible_html
from guardrails.language import detect
from klark.models import Article, Passage, Tenant
from klark.steps.cut import Part, cut
from klark.steps.planted import warning, without_orders

CONFIGURATIONS = {"en": "english", "fr": "french", "de": "german", "es": "spanish", "it": "italian", "nl": "dutch",
                  "pt": "portuguese"}  # fmt: skip

REMEMBER_WORDS = """
INSERT INTO klark_word (tenant_id, word)
SELECT DISTINCT passage.tenant_id, entry.lexeme
  FROM klark_passage AS passage CROSS JOIN LATERAL unnest(passage.plain) AS entry
 WHERE passage.article_id = %s AND length(entry.lexeme) BETWEEN 4 AND 60
    ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article as its source gives it; `language` "" lets klark find out."""

    key: str
    title: str
    body_html: str
    language: str = ""
    url: str = ""
    updated_at: datetime | None = None


def configuration(language: str) -> str:
    """PostgreSQL's text search configuration for a language."""
    return CONFIGURATIONS.get(language, "simple")


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
        return bool(versions.filter(pk=last.pk, gone=True).update(current=True, gone=False))
    versions.update(current=False)
    article = _article(tenant_id, source, new, digest, last.version + 1 if last else 1)
    article.save()
    _index(article)
    return True


def forget(tenant_id: int, source: str, keep: Collection[str]) -> int:
    """Withdraw every article of a source that is no longer there; how many. Old versions stay, for what quoted them."""
    return (
        Article.of(tenant_id).filter(source=source, current=True).exclude(key__in=keep).update(current=False, gone=True)
    )


def _article(tenant_id: int, source: str, new: NewArticle, digest: str, version: int) -> Article:
    title, body = readable(new)
    return Article(
        tenant_id=tenant_id, source=source, key=new.key, version=version, title=title[:500], body_html=body, digest=digest,
        language=_language(new.language) or detect(f"{title}. {body}")[0] or "", url=new.url if len(new.url) <= 1000 else "",
        updated_at=new.updated_at,
        warning=warning(new.body_html, cut(title, body, new.language)),
    )  # fmt: skip


def readable(new: NewArticle) -> tuple[str, str]:
    """An article's title and body without what nobody can see."""
    return clean(new.title)[0], clean(visible_html(new.body_html))[0]


def passages(new: NewArticle) -> tuple[Part, ...]:
    """What of an article may be found and shown to a model."""
    title, body = readable(new)
    return without_orders(cut(title, body, new.language))[0]


def _language(code: str) -> str:
    """ISO 639-1 of a locale: help centres say "en-us", tickets are in "en"."""
    return code.replace("_", "-").partition("-")[0].lower()[:10]


def _index(article: Article) -> None:
    parts = without_orders(cut(article.title, article.body_html, article.language))[0]
    Passage.objects.bulk_create(
        Passage(tenant_id=article.tenant_id, article=article, number=number, title=part.title[:500],
                sentences=list(part.sentences), language=article.language)
        for number, part in enumerate(parts, 1)
    )  # fmt: skip
    text = Cast("sentences", TextField())
    config = configuration(article.language)
    plain = Func(Func(F("title"), Value(" "), text, function="concat"), function="unaccent", output_field=TextField())
    Passage.of(article.tenant_id).filter(article=article).update(
        words=SearchVector("title", config=config, weight="A") + SearchVector(text, config=config, weight="B"),
        plain=SearchVector(plain, config="simple"),
    )
    with connection.cursor() as cursor:
        cursor.execute(REMEMBER_WORDS, [article.pk])
