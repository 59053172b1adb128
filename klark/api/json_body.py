"""Reads the JSON of a request, within the limit that webhooks have."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.http import UnreadablePostError
from django.utils.translation import gettext
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

from klark.runtime.request_body import LIMIT, TooLarge, read_body


class BodyTooLarge(APIException):
    """413: the body has more than LIMIT bytes."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class JsonBody(BaseParser):
    """A JSON object in UTF-8. DRF's own parser has no limit, and fails on deep nesting."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Returns the object. Raises BodyTooLarge and ParseError."""
        try:
            given = json.loads(read_body((parser_context or {})["request"]._request), parse_constant=_refused)
        except TooLarge as error:
            raise BodyTooLarge(gettext("The body is larger than %(limit)d bytes.") % {"limit": LIMIT}) from error
        except UnreadablePostError as error:
            raise ParseError(gettext("The body ended before it was whole.")) from error
        except RecursionError as error:
            raise ParseError(gettext("The body is nested too deeply.")) from error
        except ValueError as error:
            raise ParseError(gettext("The body is not JSON: %(why)s.") % {"why": error}) from error
        if not isinstance(given, dict):
            raise ParseError(gettext("The body is not a JSON object."))
        return given


def _refused(constant: str) -> None:
    raise ValueError(constant)
