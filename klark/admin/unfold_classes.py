"""Gives Unfold's classes one name each. Unfold is untyped and restyles Django's classes, so type checkers see Django's."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from django import forms
    from django.contrib import admin
    from django.contrib.admin.widgets import AdminIntegerFieldWidget as IntegerInput
    from django.contrib.admin.widgets import AdminTextareaWidget as Textarea
    from django.contrib.admin.widgets import AdminTextInputWidget as TextInput
    from django.contrib.auth import admin as auth
    from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm
    from django.contrib.auth.forms import AdminUserCreationForm as UserCreationForm
    from django.forms import CheckboxSelectMultiple, PasswordInput, Select

    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
    UserAdmin = auth.UserAdmin[Any]
    ModelForm = forms.ModelForm[Any]
    Column = TypeVar("Column", bound=Callable[..., Any])
    CHECKBOX: dict[str, Any]

    def display(
        *, description: Any, ordering: str | None = None, label: Mapping[str, str] | None = None, header: bool = False
    ) -> Callable[[Column], Column]: ...
    def action(*, description: Any, url_path: str, permissions: Sequence[str]) -> Callable[[Column], Column]: ...

else:
    from django.contrib.auth.admin import UserAdmin
    from django.forms import ModelForm
    from django.utils.text import capfirst
    from unfold.admin import ModelAdmin, checkbox
    from unfold.admin import TabularInline as UnlabelledInline
    from unfold.decorators import action, display
    from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
    from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget as CheckboxSelectMultiple
    from unfold.widgets import UnfoldAdminIntegerFieldWidget as IntegerInput
    from unfold.widgets import UnfoldAdminPasswordWidget as PasswordInput
    from unfold.widgets import UnfoldAdminSelectWidget as Select
    from unfold.widgets import UnfoldAdminTextareaWidget as Textarea
    from unfold.widgets import UnfoldAdminTextInputWidget as TextInput

    CHECKBOX = checkbox.attrs  # of the one that chooses a row of a list

    class TabularInline(UnlabelledInline):
        """Rows of a form as a table; each input has its column's name for screen readers too."""

        def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
            """Labels the input."""
            shown = super().formfield_for_dbfield(db_field, request, **kwargs)
            if shown is not None:
                shown.widget.attrs["aria-label"] = capfirst(shown.label)
            return shown
