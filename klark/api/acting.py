"""What a person can do with a waiting draft, done by a program: through the same functions as the admin's buttons.

A program's act says nothing of whether the draft was right: nobody can tell that a person has read it, so it does not count for
what klark earns by itself (klark.autonomy).
"""

from collections.abc import Mapping
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from klark import review, taking
from klark.api.idempotency import KEY, once
from klark.api.problems import Conflict, Objectionable, Unusable
from klark.api.token_access import Scope, token_of
from klark.models import Delivery, Draft, Outcome
from klark.models.delivery import NEVER
from klark.review import LONGEST, Objected, Reviewed, TooLate, Unfit

Given = Mapping[str, Any]


class TextSerializer(serializers.Serializer[Any]):
    """What is sent in place of the draft."""

    text = serializers.CharField(
        required=False, max_length=LONGEST, trim_whitespace=False, help_text="Left out, the draft is sent as it is."
    )

    overrule = serializers.CharField(
        required=False, default="", max_length=500,
        help_text="Why the text is sent though the checks object to it, as a 422 with `findings` has told.",
    )  # fmt: skip


class WishSerializer(serializers.Serializer[Any]):
    """What the next draft should be like."""

    instruction = serializers.CharField(required=False, default="", allow_blank=True, max_length=500)


class ReasonSerializer(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(max_length=500)


class RejectionSerializer(ReasonSerializer):
    """Why, and whether the ticket is told."""

    silently = serializers.BooleanField(default=False, help_text="Write nothing on the ticket, and hand it to nobody.")


class NothingSerializer(serializers.Serializer[Any]):
    """The act takes nothing."""


class SnoozeSerializer(serializers.Serializer[Any]):
    """For how long."""

    until = serializers.DateTimeField(
        required=False,
        help_text="Left out: until the customer writes. The draft is handed over at its time all the same.",
    )


class ActedSerializer(serializers.ModelSerializer[Delivery]):
    """The reply, and its state now: due (a worker sends it) or retired."""

    class Meta:
        model = Delivery
        fields = ("id", "draft", "ticket_id", "state")


class Act(GenericAPIView[Draft]):
    """One act on the reply of a draft that waits. 409 says who was first and when."""

    scope = Scope.ACT

    @extend_schema(parameters=[KEY], responses=ActedSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Acts once."""
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        return once(request, lambda: self._acted(request, pk, given.validated_data))

    def _acted(self, request: Request, pk: int, given: Given) -> Response:
        token = token_of(request)
        draft = get_object_or_404(Draft.of(token.tenant_id).only("tenant_id"), pk=pk)
        row = review.waiting_reply(draft)
        if row is None:
            raise _conflict(draft, gettext("This draft is not waiting any more: nothing was done."))
        try:
            self.act(Reviewed(row.pk, token.tenant_id, token.actor.name, singly=False), given)
        except TooLate as error:
            raise _conflict(draft, str(error)) from error
        except Objected as error:
            raise Objectionable(str(error), {"findings": [each.record for each in error.found]}) from error
        except Unfit as error:
            raise Unusable(str(error)) from error
        row.refresh_from_db(fields=["state"])
        return Response(ActedSerializer(row).data)

    def act(self, who: Reviewed, given: Given) -> None:
        """Does it. Raises TooLate and Unfit."""
        raise NotImplementedError


def _conflict(draft: Draft, said: str) -> Conflict:
    last = Outcome.of(draft.tenant_id).filter(draft=draft).order_by("-at", "-pk").first()
    told = {"outcome": last.kind, "by": last.by, "at": last.at} if last else {}
    return Conflict(said, told)


class Approve(Act):
    """Sends the reply, as it is or as `text` has it. The checks read a text of one's own: 422 with `findings` where they object,
    or where the sources contradict a sentence of the draft, and then a reason in `overrule` sends it all the same."""

    serializer_class = TextSerializer

    def act(self, who: Reviewed, given: Given) -> None:
        """Makes the reply due."""
        review.approve(who, given.get("text"), overrule=given["overrule"])


class Reject(Act):
    """Rejects the draft, and hands the ticket to a person with a note that says why."""

    serializer_class = RejectionSerializer

    def act(self, who: Reviewed, given: Given) -> None:
        """Retires the draft."""
        review.reject(who, given["reason"], given["silently"])


class DraftAgain(Act):
    """Has klark draft again, from the ticket as it is now."""

    serializer_class = WishSerializer

    def act(self, who: Reviewed, given: Given) -> None:
        """Retires the draft, and makes an event for the next one."""
        review.regenerate(who, given["instruction"])


class Take(Act):
    """Says that whoever the token stands for works on the draft, and ends its snooze. Others see that, and may take it over."""

    serializer_class = NothingSerializer

    def act(self, who: Reviewed, given: Given) -> None:
        """Takes the draft."""
        taking.take(who)


class GiveBack(Act):
    """Says that whoever the token stands for works on the draft no more."""

    serializer_class = NothingSerializer

    def act(self, who: Reviewed, given: Given) -> None:
        """Gives the draft back."""
        taking.give_back(who)


class Snooze(Act):
    """Takes the draft out of the queue for a while. It is handed over at its time all the same."""

    serializer_class = SnoozeSerializer

    def act(self, who: Reviewed, given: Given) -> None:
        """Snoozes the draft."""
        taking.snooze(who, given.get("until", NEVER))


class BringBack(Act):
    """Brings a snoozed draft back into the queue."""

    serializer_class = NothingSerializer

    def act(self, who: Reviewed, given: Given) -> None:
        """Ends the snooze."""
        taking.bring_back(who)


class HandOver(Act):
    """Leaves the ticket to a person, with a note that gives the reason."""

    serializer_class = ReasonSerializer

    def act(self, who: Reviewed, given: Given) -> None:
        """Retires the draft, and makes the note due."""
        review.hand_over(who, given["reason"])
