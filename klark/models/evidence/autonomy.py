"""How far klark may go by itself with a topic's tickets in one language, and people's judgements that this rests on."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from klark.models.base import Owned
from klark.models.delivery import Delivery
from klark.models.draft import Draft
from klark.models.policy import Policy


class Judgement(Owned):
    """A draft that klark would have sent by itself, and what a person says of it. Klark's own judge has no say here.

    `via`       where it is judged: in the queue, as a note, or in an audit of what was sent
    `drawn`     whether it is to be judged: every draft in the queue and every note is, of replies those that the lot fell on
    `articles`  the versions of articles that it rests on, by their rows' ids
    `made_with` a digest of the models and prompts that made it (klark.drafting.tenant_settings)
    """

    class Via(models.TextChoices):
        """Where a draft is judged."""

        QUEUE = "queue", _("queue")
        NOTE = "note", _("note")
        AUDIT = "audit", _("audit")

    class Verdict(models.TextChoices):
        """What a person says of a draft; the first is right, the others are errors."""

        RIGHT = "right", _("right")
        WRONG = "wrong", _("wrong")
        SERIOUS = "serious", _("a serious error")

    draft = models.OneToOneField(Draft, null=True, on_delete=models.SET_NULL, related_name="judgement")
    topic = models.CharField(_("topic"), max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    via = models.CharField(max_length=10, choices=Via)
    drawn = models.BooleanField(default=True)
    articles = models.JSONField(default=list)
    made_with = models.CharField(max_length=64, blank=True)
    verdict = models.CharField(_("judgement"), max_length=10, choices=Verdict, blank=True)
    by = models.CharField(_("by"), max_length=150, blank=True)
    judged_at = models.DateTimeField(_("judged"), null=True)

    class Meta:
        verbose_name = _("judgement")
        verbose_name_plural = _("judgements")
        indexes = (models.Index(fields=["tenant", "topic", "language", "judged_at"], name="judged_of_topic"),)

    def __str__(self) -> str:
        return f"{self.draft_id} {self.verdict}"

    @classmethod
    def is_sent(cls) -> models.Exists:
        """Returns the condition that the draft's reply is on the ticket."""
        sent = Delivery.objects.filter(kind=Delivery.Kind.REPLY, state=Delivery.State.SENT)
        return models.Exists(sent.filter(tenant=models.OuterRef("tenant"), draft=models.OuterRef("draft")))

    @classmethod
    def approved_unsent(cls) -> models.Q:
        """Returns the condition that the draft was approved and is not sent, which says nothing of what klark sends."""
        return models.Q(via=cls.Via.QUEUE, verdict=cls.Verdict.RIGHT, draft__isnull=False) & ~models.Q(cls.is_sent())


class Standing(Owned):
    """The rung on which a topic stands in one language (klark.autonomy.ladder), since when, and why.

    `since`      labels from here on are counted; `stepped_at`: when it came to its rung
    `carried`    the evidence that was lost before `since`, as a logarithm
    `articles`   what the evidence rests on: if one of them changes, no reply goes out any more
    `proposed`   the next step up has been earned, and a lead may open it
    """

    topic = models.CharField(_("topic"), max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    rung = models.CharField(_("level"), max_length=10, choices=Policy.Mode)
    why = models.CharField(_("why"), max_length=10)
    by = models.CharField(_("by"), max_length=150, blank=True)
    since = models.DateTimeField(db_default=Now())
    stepped_at = models.DateTimeField(_("since"), db_default=Now())
    carried = models.FloatField(default=0.0)
    made_with = models.CharField(max_length=64, blank=True)
    articles = models.JSONField(default=list)
    proposed = models.BooleanField(_("proposed"), default=False)

    class Meta:
        verbose_name = _("autonomy of a topic")
        verbose_name_plural = _("autonomy")
        ordering = ("topic", "language")
        constraints = (models.UniqueConstraint(fields=["tenant", "topic", "language"], name="one_standing_a_topic"),)

    def __str__(self) -> str:
        return f"{self.topic or '—'} · {self.language}"
