"""klark's URLs, but those of webhooks, which `klark.webhooks.DoorFirst` answers."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from klark.api import monitoring

urlpatterns = [
    path("health/live", monitoring.live, name="live"),
    path("health/ready", monitoring.ready, name="ready"),
    path("metrics", monitoring.metrics, name="metrics"),
    path("api/v1/", include("klark.api.urls")),
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/r/<path:row>", monitoring.nowhere),  # the admin's "view on site" link: no row has such a page
    path("admin/", include("klark.admin.accounts.urls")),
    path("admin/", admin.site.urls),
    path("language", set_language, name="set_language"),
]
