"""The form to log in with."""

from allauth.account import forms


class LoginForm(forms.LoginForm):  # type: ignore[misc]  # allauth has no types
    """Allauth's, whose field for the name is called `username`, as in Django's own: browsers and django-axes know that one."""

    def add_prefix(self, field_name: str) -> str:
        """Returns the name that a field has in the page."""
        return "username" if field_name == "login" else field_name
