"""A rule for passwords that Django has none of: enough different characters. `settings` names it among the validators."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

DISTINCT = 5


class DistinctCharacters:
    """Refuses a password of too few different characters, however long it is."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError for fewer than DISTINCT different characters."""
        if len({*password}) < DISTINCT:
            raise ValidationError(self.get_help_text(), code="password_too_uniform")

    def get_help_text(self) -> str:
        """Returns the rule in a sentence; Django shows it beside the field."""
        return gettext("A password takes at least %(distinct)d different characters.") % {"distinct": DISTINCT}
