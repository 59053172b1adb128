"""The settings of Django REST framework and of the OpenAPI document. `klark.settings` reads them."""

from typing import Any

from klark import __version__

APPS = ("rest_framework", "drf_spectacular", "drf_spectacular_sidecar")
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["klark.api.token_access.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["klark.api.token_access.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["klark.api.token_access.PerMinute"],
    "DEFAULT_PARSER_CLASSES": ["klark.api.json_body.JsonBody"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "klark.api.problems.problem",
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_METADATA_CLASS": None,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "klark",
    "VERSION": __version__,
    "DESCRIPTION": "The API of one klark, for the company's own programs. Errors are problem details (RFC 9457).",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": [],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "DecisionKind": "klark.models.draft.DecisionKind",
        "DeliveryKind": "klark.models.delivery.Delivery.Kind",
        "DeliveryState": "klark.models.delivery.Delivery.State",
        "OutcomeKind": "klark.models.draft.Outcome.Kind",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "klark.api.openapi.with_problems",
    ],
    "SWAGGER_UI_SETTINGS": {"deepLinking": False},  # it puts a link into each button, which no keyboard reaches
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}
