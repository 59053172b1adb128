"""pgvector's columns, read and written as text: klark needs no more of them. https://github.com/pgvector/pgvector"""

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class SparseVector(models.TextField):  # type: ignore[type-arg]  # takes none when run
    """`{1:0.5,9:2}/536870912`; scored by the negative inner product `<#>`."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """As many dimensions as features may have numbers (klark.knowledge.features.SIZE)."""
        return "sparsevec(536870912)"


class HalfVector(models.TextField):  # type: ignore[type-arg]  # takes none when run
    """`[0.1,0.2]`, two bytes each; of any length, since each embedding model has its own."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """Without a length: the indexes in klark.models.finding name those they serve."""
        return "halfvec"
