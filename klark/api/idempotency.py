"""A request that is sent again under the same `Idempotency-Key` gets the first answer, and nothing is done twice.
https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/"""

from collections.abc import Callable

from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from klark.api.problems import Unusable
from klark.api.token_access import token_of
from klark.models import KeptAnswer, sha256, within
from klark.models.audit.entry import canonical

LONGEST = 200
KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "maxLength": LONGEST},
    OpenApiParameter.HEADER,
    description="Any text that names this request. Sent again, it is answered as the first time; kept for a day.",
)


def once(request: Request, act: Callable[[], Response]) -> Response:
    """Returns what `act` answers, or what it answered under this key before, all in one transaction of the token's tenant.

    Two requests with one key at the same time take turns. What `act` raises undoes everything, so such a request may be sent
    again under its key. Raises Unusable if the key was used for another request.
    """
    token, key = token_of(request), request.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST:
        raise ParseError(gettext("The Idempotency-Key has more than %(most)d characters.") % {"most": LONGEST})
    with within(token.tenant_id):
        if not key:
            return act()
        asked = sha256(canonical([request.method, request.path, request.data]))
        row = {"tenant_id": token.tenant_id, "token": token, "key": key}
        KeptAnswer.objects.bulk_create([KeptAnswer(**row, asked=asked)], ignore_conflicts=True)
        kept = KeptAnswer.objects.get(**row)
        if kept.asked != asked:
            raise Unusable(gettext("This Idempotency-Key was used for another request: take a new one."))
        if kept.status:
            return Response(kept.answer, kept.status, headers={"Idempotency-Replayed": "true"})
        answer = act()
        KeptAnswer.objects.filter(pk=kept.pk).update(status=answer.status_code, answer=answer.data)
        return answer
