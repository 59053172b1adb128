"""The settings and the only view of the server that `tests.bench.webhooks` measures klark's against: one INSERT."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import re_path

from klark.settings import *  # noqa: F403

MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]  # its application insists on it
SILENCED_SYSTEM_CHECKS = ["admin.E408", "admin.E409", "admin.E410", "axes.W002"]  # they ask for middleware
ROOT_URLCONF = "tests.bench.bare"
TABLE = "CREATE TABLE bare (id bigserial PRIMARY KEY, body bytea NOT NULL)"


def insert(request: HttpRequest) -> HttpResponse:
    """Stores the body as it is."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bare (body) VALUES (%s)", [request.body])
    return HttpResponse(status=202)


urlpatterns = [re_path("", insert)]
