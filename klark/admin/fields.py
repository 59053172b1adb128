"""Inputs for what a policy or a connection holds: lists one a line, texts by language, secrets that only go in."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from klark.admin.look import PasswordInput, Textarea
from klark.values.text import can_be_kept


def named(options: dict[str, Any]) -> dict[str, Any]:
    """Labels begin with a capital, as those that Django makes of a model's names."""
    return {**options, "label": capfirst(options["label"])}


def keepable(value: Any) -> None:
    """Django looks for NUL in texts alone, not in lists and tables of them. Raises ValidationError."""
    if not can_be_kept(value):
        raise ValidationError(_("There is a character or a number in it that cannot be kept."), code="unkeepable")


class Lines(forms.CharField):
    """A list of texts, one a line."""

    widget = Textarea

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", Textarea({"rows": 3}))
        super().__init__(required=False, strip=False, validators=[keepable], **named(options))

    def prepare_value(self, value: Any) -> Any:
        """A list as lines; what was typed as it is."""
        return "\n".join(map(str, value)) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        """Lines as a list, without empty ones and doubles."""
        return list(dict.fromkeys(line.strip() for line in str(value or "").splitlines() if line.strip()))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared as lists."""
        return bool(self.to_python(data) != list(initial or []))


class LanguageInputs(forms.MultiWidget):
    """One text area for each of klark's languages, labelled."""

    template_name = "klark/by_language.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        codes = [code for code, name in settings.LANGUAGES]
        super().__init__({code: Textarea({"rows": 3, "lang": code}) for code in codes}, attrs)

    def decompress(self, value: Any) -> list[str]:
        """A table's texts in the order of the inputs."""
        return [(value or {}).get(code, "") for code, name in settings.LANGUAGES]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Each input beside its language's name."""
        context = super().get_context(name, value, attrs)
        names = [label for code, label in settings.LANGUAGES]
        context["labelled"] = list(zip(names, context["widget"]["subwidgets"], strict=True))
        return context


class ByLanguage(forms.MultiValueField):
    """{"en": text, "fr": text}, without empty texts."""

    def __init__(self, **options: Any) -> None:
        inputs = [forms.CharField(required=False) for each in settings.LANGUAGES]
        super().__init__(inputs, required=False, require_all_fields=False, widget=LanguageInputs(), **named(options))

    def compress(self, data_list: list[str]) -> dict[str, str]:
        """What was typed, by language; line ends as klark keeps them."""
        pairs = zip(settings.LANGUAGES, data_list, strict=False)
        return {code: text.replace("\r\n", "\n") for (code, name), text in pairs if text}

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared as tables, in the languages that have an input."""
        before = {code: text for code, text in (initial or {}).items() if code in dict(settings.LANGUAGES)}
        return self.compress(list(data or [])) != before


class Table(forms.JSONField):
    """A JSON object; left empty it is {}."""

    def __init__(self, **options: Any) -> None:
        widget = Textarea({"rows": 6, "spellcheck": "false"})
        super().__init__(required=False, widget=widget, validators=[keepable], **named(options))

    def to_python(self, value: Any) -> Any:
        """Nothing typed is an empty table. Brackets without end and numbers of thousands of digits are no JSON here."""
        try:
            return super().to_python(value) or {}
        except (ValueError, RecursionError) as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": value}) from error

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What is refused is shown again as it was typed: a page could not be made of what it stands for."""
        try:
            read = super().bound_data(data, initial)
        except (ValueError, RecursionError):
            return InvalidJSONInput(data)
        return read if can_be_kept(read) else InvalidJSONInput(data)


class Secret(forms.CharField):
    """Goes in and never comes out; left empty it changes nothing."""

    def __init__(self, **options: Any) -> None:
        widget = PasswordInput({"autocomplete": "new-password"}, render_value=False)
        super().__init__(required=False, widget=widget, **named(options))


def is_set(secrets: Mapping[str, str], name: str) -> Any:
    """What may be said about a secret."""
    return _("set") if secrets.get(name) else _("not set")
