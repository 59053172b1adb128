"""klark's URLs."""

from django.contrib import admin
from django.urls import path, re_path
from django.views.generic import RedirectView
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularAPIView

from klark import api, webhooks

UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

urlpatterns = [
    re_path(rf"^webhooks/(?P<connection_id>{UUID})/?$", webhooks.Door.as_view(), name="webhook"),
    path("health/live", api.live, name="live"),
    path("health/ready", api.ready, name="ready"),
    path("metrics", api.metrics, name="metrics"),
    path("api/schema", SpectacularAPIView.as_view(), name="schema"),
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/r/<path:row>", api.nowhere),  # the admin's "view on site" link: no row has such a page
    path("admin/", admin.site.urls),
    path("language", set_language, name="set_language"),
]
