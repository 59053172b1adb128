"""Backtests that a lead asked for, and what came of each ticket that they looked at."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from klark.models.base import Owned
from klark.models.connection import Connection
from klark.models.policy import Policy


class BacktestRun(Owned):
    """One backtest of a connection's closed tickets (klark.evidence.run_backtests). A tenant has one at a time under way.

    `policy`         the version that is tried; None where the tenant had none
    `cursor`         from where the helpdesk's changes are still to be read; "" is `since`
    `failures`       how often in a row the helpdesk was away
    `running_until`  end of the lease of `runner`
    `about`          what it was run with, as its report says it; filled at the end
    """

    class State(models.TextChoices):
        """From wanted by running to one of the three ends. What failed goes on where it stopped, if somebody wants it."""

        WANTED = "wanted", _("waiting for a worker")
        RUNNING = "running", _("under way")
        DONE = "done", _("done")
        FAILED = "failed", _("stopped by a failure")
        CANCELLED = "cancelled", _("cancelled")

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    since = models.DateField(_("tickets changed since"))
    limit = models.PositiveIntegerField(_("closed tickets at most"))
    policy = models.ForeignKey(Policy, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WANTED)
    trouble = models.CharField(_("trouble"), max_length=500, blank=True)
    by = models.CharField(_("by"), max_length=150, blank=True)
    cursor = models.CharField(max_length=500, blank=True)
    failures = models.PositiveIntegerField(default=0)
    runner = models.UUIDField(null=True)
    running_until = models.DateTimeField(null=True)
    about = models.JSONField(default=dict)
    wanted_at = models.DateTimeField(_("asked for"), db_default=Now())
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("backtest")
        verbose_name_plural = _("backtests")
        ordering = ("-wanted_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(state__in=["wanted", "running"]), name="one_backtest_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.connection} · {self.since}"


UNDER_WAY = (BacktestRun.State.WANTED, BacktestRun.State.RUNNING)


class BacktestedTicket(Owned):
    """A ticket that a backtest looked at: why it was left out, or `found`, what came of it (klark.evidence.backtest.tried), with
    the requester's address, so that an erasure finds it. Of what was erased since, both are empty."""

    run = models.ForeignKey(BacktestRun, on_delete=models.CASCADE, related_name="tickets")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    ticket_id = models.CharField(_("ticket"), max_length=40)
    left_out = models.CharField(max_length=20, blank=True)
    found = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("backtested ticket")
        verbose_name_plural = _("backtested tickets")
        constraints = (models.UniqueConstraint(fields=["run", "ticket_id"], name="backtested_once"),)

    def __str__(self) -> str:
        return f"#{self.ticket_id}"
