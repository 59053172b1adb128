"""Form fields for policies and connections: lists and pairs with one entry per line, and write-only secrets."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from klark.admin.unfold_classes import PasswordInput, Textarea
from klark.values.storable_text import can_be_kept

LINE_BREAK = "↵"
"""Stands for a line break in a text that has one line to itself."""


def named(options: dict[str, Any]) -> dict[str, Any]:
    """Returns a field's options with the label capitalized, as Django does with a model's verbose names."""
    return {**options, "label": capfirst(options["label"])}


def keepable(value: Any) -> None:
    """Raises ValidationError if the database cannot store `value`. Django checks for NUL only in texts, not in lists or dicts."""
    if not can_be_kept(value):
        raise ValidationError(_("There is a character or a number in it that cannot be kept."), code="unkeepable")


class Lines(forms.CharField):
    """A list of texts, one per line."""

    widget = Textarea

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", Textarea({"rows": 3}))
        super().__init__(required=False, strip=False, validators=[keepable], **named(options))

    def prepare_value(self, value: Any) -> Any:
        """Returns a list as lines; text that was typed stays as it is."""
        return "\n".join(map(str, value)) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        """Returns the lines as a list, without empty ones and duplicates."""
        return list(dict.fromkeys(line.strip() for line in str(value or "").splitlines() if line.strip()))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compares as lists."""
        return bool(self.to_python(data) != list(initial or []))


class Text(forms.CharField):
    """A text as it was typed, with klark's own line breaks ("\\n"); blanks alone are none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, strip=False, **named(options))

    def to_python(self, value: Any) -> str:
        """Returns the text."""
        text = str(super().to_python(value)).replace("\r\n", "\n")
        return text if text.strip() else ""


class Pairs(forms.CharField):
    """Texts by name, one a line as in "name = text"."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, validators=[keepable], widget=Textarea({"rows": 3}), **named(options))

    def prepare_value(self, value: Any) -> Any:
        """Returns the pairs as lines; text that was typed stays as it is."""
        if not isinstance(value, Mapping):
            return value
        lines = (f"{name} = {text}".replace("\r\n", "\n").replace("\r", "\n") for name, text in value.items())
        return "\n".join(line.replace("\n", LINE_BREAK) for line in lines)

    def to_python(self, value: Any) -> Any:
        """Returns the texts by name. Raises ValidationError, which names the line."""
        found: dict[str, str] = {}
        for number, line in enumerate(str(value or "").replace("\r", "").split("\n"), 1):
            name, sign, text = (part.strip() for part in line.partition(" = " if " = " in line else "="))
            told = {"number": number, "line": line.strip(), "name": name}
            if line.strip() and not (name and sign):
                raise ValidationError(_("Line %(number)d: write “name = value”, not “%(line)s”.") % told)
            if name in found:
                raise ValidationError(_("Line %(number)d: “%(name)s” stands there twice.") % told)
            if name:
                found[name] = text.replace(LINE_BREAK, "\n")
        return found


class Secret(forms.CharField):
    """A secret that can be set but is never shown; left empty, it changes nothing."""

    def __init__(self, **options: Any) -> None:
        widget = PasswordInput({"autocomplete": "new-password"}, render_value=False)
        super().__init__(required=False, widget=widget, **named(options))


def is_set(secrets: Mapping[str, str], name: str) -> Any:
    """Returns the words "set" or "not set", which is all that may be shown of a secret."""
    return _("set") if secrets.get(name) else _("not set")
