"""The settings of Unfold, the admin's theme, and what a browser may load on its pages. `klark.settings` reads them."""

from typing import Any

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, UNSAFE_EVAL],  # Unfold's Alpine evaluates the expressions in its attributes
        "style-src": [SELF, UNSAFE_INLINE],  # Unfold writes its colours into each page, and widths into elements
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "klark",
    "SITE_HEADER": "klark",
    "SITE_SYMBOL": "forum",
    "SITE_URL": None,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "klark.admin.navigation.icon"}],
    "SHOW_HISTORY": True,
    "SHOW_LANGUAGES": True,
    "STYLES": ["klark.admin.navigation.style"],
    "SCRIPTS": ["klark.admin.navigation.script", "klark.admin.navigation.reader_script"],
    "DASHBOARD_CALLBACK": "klark.admin.operations.dashboard.dashboard",
    "ACCOUNT": {"navigation": "klark.admin.navigation.own_pages"},
    "SIDEBAR": {"navigation": "klark.admin.navigation.sidebar"},
    "COLORS": {
        "primary": {  # a calm blue, readable on white (WCAG AA from 600 on)
            "50": "oklch(97% .014 240)",
            "100": "oklch(94% .03 240)",
            "200": "oklch(89% .06 240)",
            "300": "oklch(81% .1 240)",
            "400": "oklch(71% .14 242)",
            "500": "oklch(60% .16 245)",
            "600": "oklch(50% .16 250)",
            "700": "oklch(44% .14 252)",
            "800": "oklch(38% .11 254)",
            "900": "oklch(33% .09 256)",
            "950": "oklch(25% .07 258)",
        }
    },
}
