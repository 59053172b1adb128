"""The results of testing a judge, that is a model that checks drafts."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from klark.models.base import Owned


class JudgeCheck(Owned):
    """One test of a judge with klark's own claims (klark.drafting.judge_qualification).

    `judge` names the model and its server, `version` identifies the judge's prompt and the claims, and `by_kind` is
    {kind of error: [caught, wrong]}. The states:

    wanted    a person requested the check; a worker will run it
    running   in progress since `at`
    done      the figures are final
    failed    there is no result: `trouble` says why
    """

    class State(models.TextChoices):
        """The states described above."""

        WANTED = "wanted", _("waiting for a worker")
        RUNNING = "running", _("under way")
        DONE = "done", _("done")
        FAILED = "failed", _("no result")

    judge = models.CharField(_("judge"), max_length=400)
    version = models.CharField(_("version of the check"), max_length=40)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DONE)
    wrong = models.PositiveIntegerField(_("wrong claims"), default=0)
    caught = models.PositiveIntegerField(_("of these caught"), default=0)
    right = models.PositiveIntegerField(_("right claims"), default=0)
    passed = models.PositiveIntegerField(_("of these passed"), default=0)
    by_kind = models.JSONField(_("by kind of error"), default=dict)
    trouble = models.CharField(_("trouble"), max_length=300, blank=True)
    at = models.DateTimeField(_("checked"), db_default=Now())

    class Meta:
        verbose_name = _("check of a judge")
        verbose_name_plural = _("checks of judges")
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.judge} · {self.caught}/{self.wrong} · {self.passed}/{self.right}"
