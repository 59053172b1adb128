"""Errors as problem details (RFC 9457): https://www.rfc-editor.org/rfc/rfc9457"""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.http import Http404
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

PROBLEM = "application/problem+json"


class Telling(APIException):
    """A problem that says more than its detail: `told` stands in the answer too."""

    def __init__(self, detail: str, told: Mapping[str, Any]) -> None:
        super().__init__(detail)
        self.told = told


class Conflict(Telling):
    """409: somebody or something was first. `told` says who, when and what became of the draft."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "too_late"


class Unusable(APIException):
    """422: the request is well formed, and cannot be done as it is."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "unusable"


class Objectionable(Telling):
    """422: the checks object to a text. `told` says to what."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "objected"


def problem(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Returns the answer to an error that a view raised; None for what is a fault of klark's own, which Django reports.

    `code` is for programs, `detail` for people; `errors` has one entry for each field that is wrong, by JSON pointer.
    """
    answer = exception_handler(error, dict(context))
    if answer is None:
        return None
    found = list(_errors(answer.data)) if answer.status_code == status.HTTP_400_BAD_REQUEST else []
    one = str(answer.data.get("detail", "")) if isinstance(answer.data, dict) else ""
    answer.data = {
        "type": "about:blank",
        "title": HTTPStatus(answer.status_code).phrase,
        "status": answer.status_code,
        "code": getattr(error, "default_code", "not_found"),
        "detail": one or " ".join(each["detail"] for each in found),
        **({"errors": found} if found and not one else {}),
        **(error.told if isinstance(error, Telling) else {}),
    }
    answer.content_type = PROBLEM
    return answer


class Nowhere(APIView):
    """Answers 404 for an address that is none of the API's, in the API's own form."""

    authentication_classes = permission_classes = throttle_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Raises Http404, whatever the method."""
        raise Http404


def _errors(wrong: Any, pointer: str = "#") -> Iterator[dict[str, str]]:
    """Yields one entry for each complaint in DRF's nested form: {field: [complaint]}."""
    if isinstance(wrong, dict):
        for name, inner in wrong.items():
            yield from _errors(inner, pointer if name == "non_field_errors" else f"{pointer}/{name}")
    elif isinstance(wrong, list):
        for number, each in enumerate(wrong):
            yield from _errors(each, f"{pointer}/{number}" if isinstance(each, dict) else pointer)
    else:
        yield {"pointer": pointer, "detail": str(wrong)}
