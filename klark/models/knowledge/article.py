"""A tenant's knowledge: its articles, the passages they are cut into, and the tables that passages are searched by."""

from collections.abc import Iterable

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from klark.models.base import Owned
from klark.models.database.vectors import HalfVector, SparseVector


class Article(Owned):
    """One version of an article. A changed text becomes a new row, so that text already quoted in a draft stays as it was."""

    source = models.CharField(_("source"), max_length=40, default="manual")
    key = models.CharField(_("key"), max_length=200, help_text=_("The article's id at its source."))
    version = models.PositiveIntegerField(_("version"), default=1)
    current = models.BooleanField(_("current"), default=True)
    title = models.CharField(_("title"), max_length=500)
    body_html = models.TextField(_("text"))
    language = models.CharField(_("language"), max_length=10, blank=True)
    url = models.URLField(_("address"), max_length=1000, blank=True)
    gone = models.BooleanField(default=False, editable=False)  # withdrawn at its source, not by a person in klark
    recalled = models.BooleanField(
        default=False, editable=False
    )  # of one that is not current: klark.knowledge.recall saw it
    digest = models.CharField(max_length=64, editable=False)
    walked_at = models.DateTimeField(null=True, editable=False)  # start of the last full read that found it
    warning = models.CharField(_("warning"), max_length=300, blank=True, editable=False)
    brand = models.CharField(
        _("brand"),
        max_length=40,
        blank=True,
        help_text=_("The brand's or product's id at the helpdesk. Empty: all of them."),
    )
    audience = models.CharField(
        _("audience"),
        max_length=100,
        blank=True,
        help_text=_("Who may read it. Anything here: never quoted to customers."),
    )
    valid_from = models.DateTimeField(_("valid from"), null=True, blank=True)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    created_at = models.DateTimeField(null=True, editable=False)  # first written, if its source tells
    updated_at = models.DateTimeField(_("updated"), null=True, blank=True)
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ("title",)
        constraints = (
            models.UniqueConstraint(fields=["tenant", "source", "key", "version"], name="article_version_once"),
            models.UniqueConstraint(
                fields=["tenant", "source", "key"], condition=models.Q(current=True), name="one_current_version"
            ),
        )
        indexes = (
            models.Index(
                fields=["tenant"], condition=models.Q(current=False, recalled=False), name="article_to_recall"
            ),
        )

    def __str__(self) -> str:
        return self.title

    @classmethod
    def look_again(cls, tenant_id: int, versions: Iterable[int]) -> None:
        """Has klark.knowledge.recall look again what rests on those of these versions that are not current."""
        cls.of(tenant_id).filter(pk__in=versions, current=False).update(recalled=False)


class Comparison(Owned):
    """Repetitions and contradictions found among a tenant's articles (klark.knowledge.kept_comparison); one row per tenant."""

    state = models.CharField(max_length=50)  # fingerprint of the articles that were compared
    pairs = models.JSONField(default=list, encoder=DjangoJSONEncoder)

    class Meta:
        constraints = (models.UniqueConstraint("tenant", name="one_comparison_a_tenant"),)


class Passage(Owned):
    """A self-contained part of an article. Its sentences are numbered, because replies cite them by number.

    `words` holds the stems without accents. The text is stemmed first: `unaccent` before the French stemmer would lose
    stems and stop words. `stems` and `grams` are the sparse vectors that the passage is scored by (klark.knowledge.features).
    All three are NULL once the article has a newer version or is withdrawn.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="passages")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=500)
    sentences = models.JSONField(default=list)
    language = models.CharField(max_length=10)
    words = SearchVectorField(null=True)
    stems = SparseVector(null=True)
    grams = SparseVector(null=True)

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        ordering = ("article", "number")
        constraints = (models.UniqueConstraint(fields=["article", "number"], name="passage_number_once"),)
        indexes = (GinIndex(fields=["words"]),)

    def __str__(self) -> str:
        return f"{self.title} · {self.number}"

    @property
    def text(self) -> str:
        """All sentences of the passage, joined by spaces, without the title."""
        return " ".join(self.sentences)


class Word(Owned):
    """A word that occurs in a tenant's passages: folded (`word`) and as written there (`form`).

    A customer's misspelling is corrected to the nearest of these words.
    """

    word = models.CharField(max_length=60)
    form = models.CharField(max_length=60, default="")
    language = models.CharField(max_length=10, default="")

    class Meta:
        verbose_name = _("word")
        verbose_name_plural = _("words")
        constraints = (models.UniqueConstraint(fields=["tenant", "language", "word"], name="word_once"),)
        indexes = (GinIndex(OpClass("word", name="gin_trgm_ops"), name="word_trigrams"),)

    def __str__(self) -> str:
        return self.word


class Feature(Owned):
    """In how many of a tenant's passages in one language a feature occurs. Rare features weigh more in the score."""

    language = models.CharField(max_length=10)
    number = models.IntegerField()
    passages = models.IntegerField()

    class Meta:
        verbose_name = _("feature")
        verbose_name_plural = _("features")
        constraints = (models.UniqueConstraint(fields=["tenant", "language", "number"], name="feature_once"),)

    def __str__(self) -> str:
        return f"{self.language} {self.number}: {self.passages}"


class Meaning(Owned):
    """The embeddings of a passage: `vector` of its text and `title` of its title, embedded as a query.

    When the embedding model changes, the new embeddings are computed while the old ones are kept.
    """

    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="meanings")
    model = models.CharField(max_length=100)
    language = models.CharField(max_length=10)
    vector = HalfVector()
    title = HalfVector()

    class Meta:
        verbose_name = _("meaning")
        verbose_name_plural = _("meanings")
        constraints = (models.UniqueConstraint(fields=["passage", "model"], name="meaning_once"),)

    def __str__(self) -> str:
        return f"{self.model} · {self.passage_id}"
