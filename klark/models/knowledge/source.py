"""What a tenant's knowledge comes from besides its helpdesks: folders and sites, websites, and documents put in by a browser."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from klark.models.base import Owned


class Source(Owned):
    """One folder or site, or the documents that were put in. Its articles have `label` as their source.

    `marks`  the state of each document when last read, by its key: {"sign", "keys", "left": [[place, why]]}
    `left`   what could not be read the last time, at most `MOST_LEFT` entries: [[place, why]]
    """

    MOST_LEFT = 200

    name = models.SlugField(_("name"), max_length=30)
    kind = models.CharField(_("kind"), max_length=20)
    address = models.CharField(_("path or address"), max_length=1000)
    active = models.BooleanField(_("kept fresh"), default=True)
    marks = models.JSONField(default=dict, editable=False)
    left = models.JSONField(default=list, editable=False)
    documents = models.PositiveIntegerField(_("documents"), default=0, editable=False)
    changed = models.PositiveIntegerField(_("changed"), default=0, editable=False)
    withdrawn = models.PositiveIntegerField(_("withdrawn"), default=0, editable=False)
    left_out = models.PositiveIntegerField(_("left out"), default=0, editable=False)
    read_at = models.DateTimeField(_("last read whole"), null=True, editable=False)
    wanted = models.BooleanField(default=False, editable=False)  # a person requested that it be read now
    trouble = models.CharField(_("trouble"), max_length=300, blank=True, editable=False)
    reading_until = models.DateTimeField(null=True, editable=False)  # end of the lease of `reader`
    reader = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=["tenant", "name"], name="source_name_once"),)

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The value of `Article.source` for this source's articles."""
        return f"{self.kind}:{self.name}"

    @property
    def place(self) -> str:
        """Where it is, for people: a site's address; of a folder only its name, since no page shows a path of the server."""
        return self.address if "://" in self.address else self.name


class Upload(Owned):
    """A document that somebody put in by a browser. Its bytes are kept for any worker to read, and for a later klark."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="uploads")
    name = models.CharField(_("name"), max_length=150)
    content = models.BinaryField()
    size = models.PositiveIntegerField(_("bytes"))
    digest = models.CharField(max_length=64)
    added_at = models.DateTimeField(_("added"), auto_now=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=["source", "name"], name="document_name_once"),)

    def __str__(self) -> str:
        return self.name
