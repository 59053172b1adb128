"""Articles drafted from agents' answers to a question that the knowledge does not answer, for a lead to accept or dismiss."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from klark.models.base import Owned
from klark.models.database.locks import wait_for_turn
from klark.models.evidence.long_run import LongRun


def in_turn(tenant_id: int) -> None:
    """Waits until no other transaction drafts an article of the tenant's from what agents answered, or erases what it is drafted
    from. Call inside `within(tenant_id)`, before reading."""
    wait_for_turn(f"klark drafted articles {tenant_id}")


class DraftedArticle(Owned):
    """One draft (klark.gap_articles). It names nobody, but holds wordings of customers' own, what agents answered them, and the
    numbers of their tickets: klark.personal_data takes a person's out.

    `brand`      the brand whose agents' answers it was drafted from, and whose article it becomes; "": every brand's
    `asked`      wordings of the question, customers' own, that name nobody: for a lead to read, and nothing of the article
    `tickets`    the gap's tickets: [[connection, ticket, draft], …], newest first
    `sentences`  [{"text", "tickets": [[connection, ticket], …], "edited": true where a person changed the text}, …]
    `left_out`   what does not stand in it, and why: [{"why", "text", "tickets", "count"}, …]
    `answered`   draft → whether its ticket, run again, has a draft that rests on the article; None: not kept any more
    """

    class State(models.TextChoices):
        """A draft ends once. What was dismissed may be drafted again, as another row."""

        DRAFTED = "drafted", _("drafted")
        ACCEPTED = "accepted", _("accepted")
        DISMISSED = "dismissed", _("dismissed")

    language = models.CharField(_("language"), max_length=10, blank=True)
    brand = models.CharField(_("brand"), max_length=40, blank=True)
    title = models.CharField(_("title"), max_length=300)
    asked = models.JSONField(default=list)
    tickets = models.JSONField(default=list)
    sentences = models.JSONField(default=list)
    left_out = models.JSONField(default=list)
    by_model = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFTED)
    key = models.CharField(max_length=200, blank=True)  # of the article that it became
    answered = models.JSONField(default=dict)
    made_by = models.CharField(_("by"), max_length=150, blank=True)
    made_at = models.DateTimeField(_("drafted"), db_default=Now())
    ended_by = models.CharField(max_length=150, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("drafted article")
        verbose_name_plural = _("drafted articles")
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return self.title


class ArticleRun(LongRun):
    """What a person has asked a worker for (klark.gap_articles.jobs)."""

    class Does(models.TextChoices):
        """What a worker is to do."""

        WRITE = "write", _("a model writes it")
        TRY = "try", _("its tickets are tried again")

    article = models.ForeignKey(DraftedArticle, on_delete=models.CASCADE, related_name="runs")
    does = models.CharField(max_length=5, choices=Does)

    class Meta(LongRun.Meta):
        verbose_name = _("run of a drafted article")
        verbose_name_plural = _("runs of drafted articles")
        constraints = (
            models.UniqueConstraint(
                fields=["article"], condition=models.Q(state__in=["wanted", "running"]), name="one_run_of_an_article_at_a_time"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.article} · {self.get_does_display()}"
