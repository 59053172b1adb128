"""Form fields for objects: an input for each part, and rows for what people name, so that nobody has to write JSON."""

from collections.abc import Iterable, Mapping
from itertools import count, takewhile
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EMPTY_VALUES
from django.utils.translation import gettext_lazy as _

from klark.admin.choice_labels import labelled
from klark.admin.fields import Text, named
from klark.admin.unfold_classes import ModelForm, Textarea

NAME, REMOVE = "name", "remove"
"""The inputs of a row beside its parts."""


class Nested(forms.Field):
    """A field for an object. `merged` keeps what has no input here."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **named(options))

    def merged(self, before: Any, now: Any) -> Any:
        """Returns the value `now`, with what stood there before and has no input."""
        raise NotImplementedError

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Returns whether saving would change anything; what is refused would."""
        try:
            return bool(self.merged(initial, self.clean(data)) != (initial or {}))
        except ValidationError:
            return True


class PartInputs(forms.Widget):
    """The inputs of `Parts`, each with its label."""

    template_name = "klark/part_inputs.html"

    def __init__(self, parts: Mapping[str, forms.Field]) -> None:
        super().__init__()
        self.parts = parts

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, Any]:
        """Returns what was typed, by part."""
        return {key: part.widget.value_from_datadict(data, files, f"{name}_{key}") for key, part in self.parts.items()}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Returns False: what is left out is empty, and not klark's default."""
        return False

    def id_for_label(self, id_: str | None) -> str:
        """Returns "": each input has a label of its own."""
        return ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Adds the parts' inputs."""
        context = super().get_context(name, value, attrs)
        context["widget"]["parts"] = [self._input(key, part, name, value or {}) for key, part in self.parts.items()]
        return context

    def _input(self, key: str, part: forms.Field, name: str, values: Mapping[str, Any]) -> dict[str, Any]:
        attrs = {"id": f"id_{name}_{key}", **part.widget_attrs(part.widget)}
        shown = part.widget.get_context(f"{name}_{key}", values.get(key), attrs)["widget"]
        several = isinstance(part.widget, PartInputs | forms.CheckboxSelectMultiple)
        return {"label": part.label, "help_text": part.help_text, "widget": shown, "several": several}


class Parts(Nested):
    """An object with fixed names, as in {"mon": "9:00-18:00"}, without what is empty."""

    def __init__(self, parts: Mapping[str, forms.Field], **options: Any) -> None:
        """Takes the options of a field; `validators` are given the object."""
        super().__init__(widget=PartInputs(parts), **options)
        self.parts = parts

    def prepare_value(self, value: Any) -> dict[str, Any]:
        """Returns what each input shows."""
        kept = value if isinstance(value, Mapping) else {}
        return {key: part.prepare_value(kept.get(key)) for key, part in self.parts.items()}

    def clean(self, value: Any) -> dict[str, Any]:
        """Returns the parts that say something. Raises ValidationError with the label of each part that is wrong."""
        made, wrong = {}, []
        for key, part in self.parts.items():
            try:
                made[key] = part.clean(value.get(key))
            except ValidationError as error:
                wrong += [labelled(part.label, text) for text in error.messages]
        if wrong:
            raise ValidationError(wrong)
        filled = _filled(made)
        self.run_validators(filled)
        return filled

    def merged(self, before: Any, now: Any) -> dict[str, Any]:
        """Keeps names without an input, and what was empty or nobody touched as it was."""
        old = before if isinstance(before, Mapping) else {}
        kept = {key: each for key, each in old.items() if key not in self.parts or not each}
        made = {key: _merged(part, old.get(key), now.get(key)) for key, part in self.parts.items()}
        return {**kept, **_filled(made)}


def _merged(part: forms.Field, before: Any, now: Any) -> Any:
    if isinstance(part, Nested):
        return part.merged(before, now or {})
    return before if before and _untouched(part, before, now) else now


def _untouched(part: forms.Field, kept: Any, now: Any) -> bool:
    """Returns whether `now` is what comes back of the input that shows what is kept: it may not be able to hold all of it."""
    try:
        return bool(part.clean(part.prepare_value(kept)) == now)
    except ValidationError:
        return False


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: each for key, each in values.items() if each not in EMPTY_VALUES}


class RowInputs(PartInputs):
    """Rows, each folded under its name, and one for a new one."""

    template_name = "klark/row_inputs.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Returns what was typed, row by row."""
        sent = takewhile(lambda number: f"{name}_{number}_{NAME}" in data, count())
        read = super().value_from_datadict
        return [read(data, files, f"{name}_{number}") for number in sent]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Adds the rows' inputs."""
        context = forms.Widget.get_context(self, name, value, attrs)
        for number, row in enumerate(value):
            shown = super().get_context(f"{name}_{number}", row["values"], attrs)["widget"]
            parts = zip(self.parts, shown["parts"], strict=True)
            row["widget"] = {**shown, "parts": [part for key, part in parts if row["title"] or key != REMOVE]}
        context["widget"]["rows"] = value
        return context


class Rows(Nested):
    """An object whose names people give, as in {"Free return label": {"topics": ["returns"]}}: a row for each name."""

    def __init__(self, name: forms.Field, parts: Mapping[str, forms.Field], **options: Any) -> None:
        remove = forms.BooleanField(label=_("Remove this one"), required=False)
        self.row = Parts({NAME: name, **parts, REMOVE: remove}, label="")
        super().__init__(widget=RowInputs(self.row.parts), **options)

    def prepare_value(self, value: Any) -> list[dict[str, Any]]:
        """Returns the rows to show: those kept, folded, and a spare one; or those typed, open."""
        if isinstance(value, list):
            return [self._shown(row, opened=any(row.values())) for row in value]
        kept = value if isinstance(value, Mapping) else {}
        return [self._shown(row) for row in (*({NAME: name, **_object(each)} for name, each in kept.items()), {})]

    def _shown(self, row: Mapping[str, Any], opened: bool = False) -> dict[str, Any]:
        title = dict(getattr(self.row.parts[NAME], "choices", ())).get(row.get(NAME), row.get(NAME))
        return {"values": self.row.prepare_value(row), "title": title, "open": opened}

    def clean(self, value: Any) -> dict[str, Any]:
        """Returns the rows by name, without those to remove. Raises ValidationError, which names the row."""
        made: dict[str, Any] = {}
        for number, typed in enumerate(value or (), 1):
            if typed.get(REMOVE):
                continue
            row = self._row(number, typed)
            name = str(row.pop(NAME, "")).strip()
            row.pop(REMOVE)
            if name in made:
                raise ValidationError(_("“%(name)s” stands there twice.") % {"name": name})
            if row and not name:
                raise ValidationError(
                    _("Number %(number)d has no name yet: give it one, or empty it.") % {"number": number}
                )
            if name:
                made[name] = row
        return made

    def _row(self, number: int, typed: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return self.row.clean(typed)
        except ValidationError as error:
            raise ValidationError([labelled(typed.get(NAME) or number, text) for text in error.messages]) from error

    def merged(self, before: Any, now: Any) -> dict[str, Any]:
        """Keeps what has no input in the rows that there are."""
        old = before if isinstance(before, Mapping) else {}
        return {name: self.row.merged(old.get(name), each) for name, each in now.items()}


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def by_language(languages: Iterable[tuple[str, Any]], **options: Any) -> Parts:
    """Returns a field for a text by language, as in {"en": text}: an input for each of these (code, name)."""
    return Parts(
        {code: Text(label=name, widget=Textarea({"rows": 3, "lang": code})) for code, name in languages}, **options
    )


class NestedForm(ModelForm):
    """A form that keeps what its nested fields have no input for."""

    def clean(self) -> dict[str, Any]:
        """Lays what was typed over what was there. What the page had no inputs for, as one of before an upgrade, stays."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for name, field in self.fields.items():
            if isinstance(field, Nested) and name in given:
                kept, prefix = self.initial.get(name), f"{self.add_prefix(name)}_"
                sent = any(key.startswith(prefix) for key in self.data)
                given[name] = field.merged(kept, given[name]) if sent else kept or {}
        return given
