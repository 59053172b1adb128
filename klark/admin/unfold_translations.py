"""Lists Unfold's own texts, which it ships in English only, so that they are in klark's translation catalogue; one of
allauth's, whose French lacks a no-break space; and two of Django's, whose French says "un objet" of everything.

Unfold's templates find their translation there.
"""

from django.utils.translation import gettext_noop as _

WORDS = (
    _("Add another %(model)s"), _("Add another %(verbose_name)s"),
    _("After you've created a user, you’ll be able to edit more user options."),
    _("Action"), _("Add row"), _("Apply Filters"), _("Cancel"), _("Dark"), _("Date"), _("False"), _("Filters"),
    _("Enter your password:"), _("Forgotten your password or username?"), _("General"), _("Go back"), _("Light"),
    _("Loading more results..."), _("More actions"), _("Next"), _("No data"), _("No results matching your query"), _("Previous"),
    _(
        "Raw passwords are not stored, so there is no way to see this user’s password, but you can change the password using "
        '<a href="{}" class="text-primary-600 dark:text-primary-500">this form</a>.'
    ),
    _("Reset filters"), _("Return to site"), _("Run"), _("Select action"), _("Select action to run"), _("Select all rows"),
    _("Select record"), _("Select value"), _("Submit"), _("System"), _("This item will be deleted."),
    _("Toggle password visibility"),
    _("True"), _("Type to search"), _("Welcome back to"),
    _("You have been successfully logged out from the administration"),
)  # fmt: skip
