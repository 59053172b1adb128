"""Model fields for pgvector's column types, read and written as text, which is all that klark needs.

https://github.com/pgvector/pgvector
"""

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class SparseVector(models.TextField):  # type: ignore[type-arg]  # takes none when run
    """A sparse vector, as in `{1:0.5,9:2}/536870912`; scored by the negative inner product `<#>`."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """Returns the column type, with one dimension for each feature number (klark.knowledge.features.SIZE)."""
        return "sparsevec(536870912)"


class HalfVector(models.TextField):  # type: ignore[type-arg]  # takes none when run
    """A dense vector, as in `[0.1,0.2]`, two bytes per number; of any length, since each embedding model has its own."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """Returns the column type without a length; the indexes of `search_functions` state the lengths they serve."""
        return "halfvec"
