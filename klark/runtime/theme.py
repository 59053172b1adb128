"""The settings of Unfold, the admin's theme, and what a browser may load on its pages. `klark.settings` reads them."""

from typing import Any

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, UNSAFE_EVAL],  # Unfold's Alpine evaluates the expressions in its attributes
        "style-src": [SELF],
        "style-src-attr": [UNSAFE_INLINE],  # Unfold writes widths and heights into elements
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
    "STYLES": ["klark.admin.navigation.colours", "klark.admin.navigation.style"],
    "SCRIPTS": ["klark.admin.navigation.script", "klark.admin.navigation.reader_script"],
    "DASHBOARD_CALLBACK": "klark.admin.operations.dashboard.dashboard",
    "ACCOUNT": {"navigation": "klark.admin.navigation.own_pages"},
    "SIDEBAR": {"navigation": "klark.admin.navigation.sidebar"},
    "COLORS": lambda _request: {},  # none that Unfold would write into each page as a <style>: klark/colours.css has them
}
