"""Endpoints for operators' monitoring: health checks and metrics. None of them names a ticket or a person."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.utils.translation import override
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from klark import __version__
from klark.health import BASIC, OTHER, facts
from klark.metrics import exposition
from klark.models import EVERY_TENANT, within


def live(request: HttpRequest) -> HttpResponse:
    """Answers 200 with klark's version: the process is up."""
    return JsonResponse({"klark": __version__})


def ready(request: HttpRequest) -> HttpResponse:
    """Answers 200 if the database accepts writes and is migrated, and the disk has space; else 503.

    The JSON also says how the triage model, the embeddings, the broker and the queue are. That does not change the status:
    webhooks are accepted all the same, and their tickets wait or are handed over.
    """
    with override("en"):
        basic = facts(BASIC)
        if any(fact.light != "good" for fact in basic):
            return JsonResponse({fact.part: fact.said for fact in basic}, status=503)
        with within(EVERY_TENANT):
            return JsonResponse({fact.part: fact.said for fact in (*basic, *facts(OTHER))})


def nowhere(request: HttpRequest, row: str) -> HttpResponse:
    """Answers 404 for a page that does not exist. Raises Http404."""
    raise Http404(row)


def metrics(request: HttpRequest) -> HttpResponse:
    """Returns all metrics for Prometheus; 401 without `KLARK_METRICS_TOKEN` as the bearer token."""
    token = settings.KLARK_METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not constant_time_compare(token, given):
        return HttpResponse("Give KLARK_METRICS_TOKEN as a bearer token.\n", status=401, content_type="text/plain")
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_PLAIN_0_0_4)
