"""How CSS makes text look: its size, its colours, and whether any of it can be seen."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

Colour = tuple[int, int, int]
_WHITE: Colour = (255, 255, 255)
_NAMES: Mapping[str, Colour] = {
    "white": _WHITE,
    "black": (0, 0, 0),
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "ghostwhite": (248, 248, 255),
    "floralwhite": (255, 250, 240),
    "whitesmoke": (245, 245, 245),
    "red": (255, 0, 0),
    "green": (0, 128, 0),
    "blue": (0, 0, 255),
    "yellow": (255, 255, 0),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "silver": (192, 192, 192),
    "navy": (0, 0, 128),
}
_ALIKE = 60  # a sum of the three channels' differences that the eye does not see
_TINY = 2.0  # pixels
_FAR = 400.0  # pixels off the screen
_DECLARATION = re.compile(r"([a-zA-Z-]{1,40})\s{0,20}:\s{0,20}([^;]{1,500})")
_STYLE = re.compile(r"""style\s{0,5}=\s{0,5}("[^"]*"|'[^']*'|[^\s>"']+)""", re.IGNORECASE)
_LENGTH = re.compile(r"(-?\d{0,6}(?:\.\d{1,6})?)\s?(px|pt|em|rem|%|vw|vh|cm|in)?")
_RGB = re.compile(
    r"rgba?\(\s{0,5}(\d{1,3})[\s,]{1,5}(\d{1,3})[\s,]{1,5}(\d{1,3})(?:[\s,/]{1,5}([\d.]{1,6}%?))?\s{0,5}\)"
)
_PIXELS = {
    "px": 1.0,
    "": 1.0,
    "pt": 1.33,
    "cm": 37.8,
    "in": 96.0,
    "em": 16.0,
    "rem": 16.0,
    "vw": 10.0,
    "vh": 10.0,
    "%": 10.0,
}


@dataclass(frozen=True, slots=True)
class Look:
    """How text looks at one place: size in pixels, text and background colour. `ground` is `None` over a picture or a
    gradient."""

    size: float = 16.0
    ink: Colour | None = (0, 0, 0)
    ground: Colour | None = _WHITE
    gone: bool = False

    @property
    def unseen(self) -> bool:
        """Whether nobody can see the text: removed, tiny, transparent, or almost the colour of its background."""
        if self.gone or self.size <= _TINY or self.ink is None:
            return True
        return self.ground is not None and _distance(self.ink, self.ground) <= _ALIKE


def is_hiding(tag: str) -> bool:
    """Returns whether an opening tag, given as text, hides its content by its own style."""
    style = _STYLE.search(tag)
    return style is not None and hides(declared_in(style[1].strip("\"'")))


@lru_cache(maxsize=4096)
def declared_in(style: str) -> dict[str, str]:
    """Returns property -> value of a style attribute, in lower case; at most 5,000 characters are read."""
    pairs = _DECLARATION.findall(re.sub(r"/\*[^*]*\*/", "", style[:5000]))
    return {name.lower(): value.lower().replace("!important", "").strip() for name, value in pairs}


def removes(styles: Mapping[str, str]) -> bool:
    """Returns whether an element with these declarations is not shown at all, nor its content."""
    return (
        styles.get("display") == "none"
        or styles.get("visibility") in ("hidden", "collapse")
        or styles.get("mso-hide") == "all"
        or (_pixels(styles.get("opacity", "1")) or 0.0) < 0.05
        or _is_squeezed(styles)
        or _is_clipped(styles)
        or _is_off_screen(styles)
    )


def _is_squeezed(styles: Mapping[str, str]) -> bool:
    sizes = (_pixels(styles.get(name, "")) for name in ("height", "max-height", "width", "max-width"))
    return "hidden" in styles.get("overflow", "") and any(size is not None and size <= 1.0 for size in sizes)


def _is_clipped(styles: Mapping[str, str]) -> bool:
    clip = styles.get("clip", "").replace("px", "").replace(" ", "").replace(",", "")
    path = styles.get("clip-path", "").replace(" ", "")
    flat = styles.get("transform", "").replace(" ", "")
    return (
        clip in ("rect(0000)", "rect(1111)") or path in ("inset(50%)", "inset(100%)", "circle(0)") or "scale(0)" in flat
    )


def _is_off_screen(styles: Mapping[str, str]) -> bool:
    """Returns whether the element is moved off the page: by position, by margin, or by the indent of its first line."""
    moved = styles.get("position") in ("absolute", "fixed", "relative")
    names = ("left", "top", "right", "bottom") if moved else ()
    offsets = (_pixels(styles.get(name, "")) for name in (*names, "text-indent", "margin-left", "margin-top"))
    return any(offset is not None and offset <= -_FAR for offset in offsets)


def size_in(styles: Mapping[str, str], above: float) -> float:
    """Returns the font size in pixels, given the parent's size `above`."""
    declared = styles.get("font-size", "")
    size = _pixels(declared)
    if size is None:
        return above
    if declared.endswith("%"):
        return above * size / 1000.0
    return above * size / 16.0 if declared.endswith("em") and not declared.endswith("rem") else size


def _pixels(declared: str) -> float | None:
    found = _LENGTH.match(declared)
    if found is None or not found[1] or found[1] == "-":
        return None
    return float(found[1]) * _PIXELS[found[2] or ""]


def is_transparent(declared: str) -> bool:
    """Returns whether a colour is fully or almost transparent."""
    rgb = _RGB.match(declared)
    return declared == "transparent" or bool(rgb and rgb[4] and float(rgb[4].strip("%")) < 0.05)


def colour(declared: str) -> Colour | None:
    """Returns the colour as (red, green, blue) from 0 to 255, or `None` if it is not understood."""
    declared = declared.strip().lower()
    rgb = _RGB.match(declared)
    if rgb:
        return int(rgb[1]), int(rgb[2]), int(rgb[3])
    return _hexadecimal(declared) or _NAMES.get(declared)


def _hexadecimal(declared: str) -> Colour | None:
    digits = declared.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    if len(digits) < 6 or not re.fullmatch(r"[0-9a-f]{6}", digits[:6]):
        return None
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def _distance(one: Colour, other: Colour) -> int:
    return sum(abs(left - right) for left, right in zip(one, other, strict=True))


def hides(styles: Mapping[str, str]) -> bool:
    """Returns whether a style alone leaves nothing to see, on a white page."""
    ink = styles.get("color", "black")
    unseen = Look(
        size=size_in(styles, 16.0),
        ink=None if is_transparent(ink) else colour(ink) or (0, 0, 0),
        ground=colour(styles.get("background-color") or styles.get("background", "white")),
    )
    return removes(styles) or unseen.unseen
