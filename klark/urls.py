"""klark's URLs, but those of webhooks, which `klark.webhooks.DoorFirst` answers."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from klark import api

urlpatterns = [
    path("health/live", api.live, name="live"),
    path("health/ready", api.ready, name="ready"),
    path("metrics", api.metrics, name="metrics"),
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/r/<path:row>", api.nowhere),  # the admin's "view on site" link: no row has such a page
    path("admin/", include("klark.admin.accounts.urls")),
    path("admin/", admin.site.urls),
    path("language", set_language, name="set_language"),
]
