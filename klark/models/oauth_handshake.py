"""An OAuth authorization that a person started at a helpdesk and has not finished yet."""

from django.db import models

from klark.models.base import Owned


class Handshake(Owned):
    """One pending authorization: usable once, for a few minutes, by the user and the session that started it.

    `digest` is the digest of the OAuth state that travels through the browser. `sealed` holds the encrypted
    {"verifier", "client_id", "client_secret"}; the browser never gets the verifier or the client secret.
    """

    connection = models.ForeignKey("klark.Connection", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    sealed = models.TextField(editable=False)
    session = models.CharField(max_length=64)  # a digest, like the state
    user_id = models.BigIntegerField()
    ends_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.connection_id}: until {self.ends_at}"
