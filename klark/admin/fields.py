"""Form fields for policies and connections: lists with one entry per line, texts by language, and write-only secrets."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from klark.admin.unfold_classes import PasswordInput, Textarea
from klark.values.storable_text import can_be_kept


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


class LanguageInputs(forms.MultiWidget):
    """One text area for each of klark's languages, labelled."""

    template_name = "klark/by_language.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        codes = [code for code, name in settings.LANGUAGES]
        super().__init__({code: Textarea({"rows": 3, "lang": code}) for code in codes}, attrs)

    def decompress(self, value: Any) -> list[str]:
        """Returns the texts of a {language: text} dict in the order of the inputs."""
        return [(value or {}).get(code, "") for code, name in settings.LANGUAGES]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Adds each input with its language's name."""
        context = super().get_context(name, value, attrs)
        names = [label for code, label in settings.LANGUAGES]
        context["labelled"] = list(zip(names, context["widget"]["subwidgets"], strict=True))
        return context


class ByLanguage(forms.MultiValueField):
    """A dict of texts by language, as in {"en": text, "fr": text}, without empty texts."""

    def __init__(self, **options: Any) -> None:
        inputs = [forms.CharField(required=False) for each in settings.LANGUAGES]
        super().__init__(inputs, required=False, require_all_fields=False, widget=LanguageInputs(), **named(options))

    def compress(self, data_list: list[str]) -> dict[str, str]:
        """Returns what was typed, by language, with klark's own line breaks ("\\n")."""
        pairs = zip(settings.LANGUAGES, data_list, strict=False)
        return {code: text.replace("\r\n", "\n") for (code, name), text in pairs if text}

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compares as dicts, in the languages that have an input."""
        before = {code: text for code, text in (initial or {}).items() if code in dict(settings.LANGUAGES)}
        return self.compress(list(data or [])) != before


class Table(forms.JSONField):
    """A JSON object; {} if left empty."""

    def __init__(self, **options: Any) -> None:
        widget = Textarea({"rows": 6, "spellcheck": "false"})
        super().__init__(required=False, widget=widget, validators=[keepable], **named(options))

    def to_python(self, value: Any) -> Any:
        """Parses the JSON; nothing typed is {}. Endlessly nested brackets and numbers of thousands of digits are invalid."""
        try:
            return super().to_python(value) or {}
        except (ValueError, RecursionError) as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": value}) from error

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Shows invalid input again as it was typed, since its value could not be rendered on the page."""
        try:
            read = super().bound_data(data, initial)
        except (ValueError, RecursionError):
            return InvalidJSONInput(data)
        return read if can_be_kept(read) else InvalidJSONInput(data)


class Secret(forms.CharField):
    """A secret that can be set but is never shown; left empty, it changes nothing."""

    def __init__(self, **options: Any) -> None:
        widget = PasswordInput({"autocomplete": "new-password"}, render_value=False)
        super().__init__(required=False, widget=widget, **named(options))


def is_set(secrets: Mapping[str, str], name: str) -> Any:
    """Returns the words "set" or "not set", which is all that may be shown of a secret."""
    return _("set") if secrets.get(name) else _("not set")
