"""What the templates of allauth's pages need to look like the admin."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest

from klark.admin.accounts.second_factor import lacks_second_factor


def look(request: HttpRequest) -> dict[str, Any]:
    """Returns what the admin gives its own templates, and what is switched on; nothing for pages that are not allauth's."""
    page = request.resolver_match
    if page is None or not str(page.route).startswith("admin/") or page.namespace:
        return {}
    return {
        **admin.site.each_context(request),
        "passwords": not settings.KLARK_OIDC_ONLY,
        "sends_mail": bool(settings.KLARK_EMAIL_URL),
        "lacks_second_factor": lacks_second_factor(request),
    }
