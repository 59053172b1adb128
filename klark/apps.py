"""The Django app."""

import gc

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.module_loading import import_string

from klark.checks import (
    check_connections,
    check_database_role,
    check_local_model,
    check_model_provider,
    check_standalone,
    check_triage_model,
)


class Klark(AppConfig):
    """Registers klark's system checks."""

    name = "klark"
    verbose_name = "klark"

    def ready(self) -> None:
        """Registers the system checks. What was imported is not looked through for garbage again: manage.py had stopped that,
        since it takes a fifth of a start."""
        register(check_database_role, Tags.database)
        register(check_connections, Tags.database)
        # Imported by name here: it reads rows, and models can only be imported once all apps are loaded.
        register(import_string("klark.drafting.scheduled_judge_checks.check_judges"), Tags.database)
        register(check_model_provider)
        register(check_local_model)
        register(check_triage_model)
        register(check_standalone, Tags.security, deploy=True)
        gc.freeze()
        gc.enable()
