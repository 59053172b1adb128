"""The OpenAPI document, and the page that shows it. Both are open: they say nothing that klark's own code does not."""

from functools import cache
from typing import Any

from csp.decorators import csp_update
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from klark.api.problems import PROBLEM

IMAGES = csp_update({"img-src": ["'self'", "data:"]})  # Swagger UI draws its arrows from data: addresses


PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "A problem (RFC 9457). `by`, `at` and `outcome` stand in a 409: who was first, when, and what they did; "
    "`findings` in a 422: what the checks object to in the text that was to be sent, and where its sources say otherwise.",
    "properties": {
        **{name: {"type": "string"} for name in ("type", "title", "code", "detail", "by", "outcome")},
        "status": {"type": "integer"},
        "at": {"type": "string", "format": "date-time"},
        "findings": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    **{name: {"type": "string"} for name in ("id", "level", "why", "words", "sentence")},
                    "sources": {"type": "array", "items": {"type": "object"}, "description": "What says otherwise."},
                },
            },
        },
        "errors": {
            "type": "array",
            "items": {"type": "object", "properties": {name: {"type": "string"} for name in ("pointer", "detail")}},
        },
    },
    "required": ["type", "title", "status", "code", "detail"],
}
METHODS = ("get", "put", "post", "delete")


def with_problems(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Adds to each operation of the document that all other answers are problems (a hook of drf-spectacular)."""
    result["components"]["schemas"]["Problem"] = PROBLEM_SCHEMA
    shown = {"schema": {"$ref": "#/components/schemas/Problem"}}
    for operations in result["paths"].values():
        for method in {*METHODS} & {*operations}:
            operations[method]["responses"]["default"] = {"description": "A problem.", "content": {PROBLEM: shown}}
    return result


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself by being defined
    """How the document describes the tokens."""

    target_class = "klark.api.token_access.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, Any]:
        """Returns the scheme of RFC 6750."""
        return {"type": "http", "scheme": "bearer"}


@cache
def document(language: str) -> bytes:
    """Returns the document in a language, as JSON. Making it takes a fifth of a second, and anybody may ask for it, so each
    process makes it once."""
    made = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    return bytes(JSONRenderer().render(made))


class Document(SpectacularAPIView):
    """The OpenAPI document."""

    schema = None  # the document does not list itself
    throttle_classes = ()

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answers with the document in the caller's language."""
        return HttpResponse(document(get_language() or "en"), content_type="application/json")


@method_decorator(IMAGES, name="dispatch")
class Page(SpectacularSwaggerSplitView):
    """The document as a page. klark serves its files itself; its script has an address of its own, as the content policy asks."""

    url_name = "api:openapi"
    template_name = "klark/api.html"
    throttle_classes = ()
