"""What every page of klark's own in the admin is made with."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse


def admin_page(request: HttpRequest, template: str, context: Mapping[str, Any]) -> TemplateResponse:
    """Returns a page that has what the admin gives its own templates, and this context."""
    return TemplateResponse(request, template, {**admin.site.each_context(request), **context})
