"""An authorization that a person began at a helpdesk and has not come back from yet."""

from django.db import models

from klark.models.base import Owned


class Handshake(Owned):
    """Good once, for a few minutes, for the user and the session that began it. `digest` is of the state that goes round
    through the browser; `sealed` holds {"verifier", "client_id", "client_secret"}, which never leave klark."""

    connection = models.ForeignKey("klark.Connection", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    sealed = models.TextField(editable=False)
    session = models.CharField(max_length=64)  # a digest, too
    user_id = models.BigIntegerField()
    ends_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.connection_id}: until {self.ends_at}"
