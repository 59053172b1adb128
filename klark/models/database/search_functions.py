"""The database side of retrieval: SQL functions that can use indexes despite row-level security, and vector indexes.

Under row-level security, PostgreSQL uses no index for a condition that is not "leakproof" (`@@` and `%` are not):
https://www.postgresql.org/docs/current/ddl-rowsecurity.html. So the two functions that use these operators run as the
owner, and return rows only if the caller's transaction may see the tenant: the same rule, checked once instead of per row.
"""

from psycopg import sql

from klark.models.tenancy import EVERY_TENANT, SETTING

INDEXED = (384, 512, 768, 1024, 1536)
"""Embedding lengths that have an index; vectors of any other length are compared one by one."""

_VISIBLE = (
    f"(current_setting('{SETTING}', true) = '{EVERY_TENANT}' OR "
    f"tenant::text = ANY (string_to_array(current_setting('{SETTING}', true), ',')))"
)

# Rows that contain any of the wanted words are scored by all their stems. The caller chooses the words, and so roughly the
# number of rows; the limit of 6000 bounds the time when even the rarest word occurs everywhere.
_BY_WORDS = """
CREATE OR REPLACE FUNCTION klark_by_words(tenant bigint, spoken text, wanted tsquery, asked sparsevec, most int)
RETURNS TABLE (id bigint) LANGUAGE plpgsql STABLE ROWS 100 SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF visible THEN
        RETURN QUERY SELECT held.id FROM (
            SELECT passage.id, passage.stems FROM klark_passage AS passage
             WHERE passage.tenant_id = tenant AND passage.language = spoken AND passage.words @@ wanted LIMIT 6000) AS held
          ORDER BY held.stems <#> asked LIMIT most;
    END IF;
END $$
""".replace("visible", _VISIBLE)

# For each unknown word its most similar words, best first. klark.retrieval.correct_spelling chooses among them.
_WORDS_LIKE = """
CREATE OR REPLACE FUNCTION klark_words_like(tenant bigint, spoken text, unknown text[])
RETURNS TABLE (asked text, word text, form text) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET pg_trgm.similarity_threshold = 0.3 AS $$
BEGIN
    IF visible THEN
        RETURN QUERY SELECT one.word, near.word::text, near.form::text FROM unnest(unknown) AS one (word)
         CROSS JOIN LATERAL (
            SELECT entry.word, entry.form FROM klark_word AS entry
             WHERE entry.tenant_id = tenant AND entry.language = spoken AND entry.word % one.word
             ORDER BY similarity(entry.word, one.word) DESC, entry.word LIMIT 12) AS near;
    END IF;
END $$
""".replace("visible", _VISIBLE)

# The index returns the nearest vectors of all tenants and languages; an iterative scan continues until enough of them are
# this tenant's. It is a function so that its settings end with it. https://github.com/pgvector/pgvector#iterative-index-scans
_NEAR = """
CREATE OR REPLACE FUNCTION klark_near(tenant bigint, spoken text, by_model text, asked text, dimensions int, most int)
RETURNS TABLE (id bigint) LANGUAGE plpgsql STABLE ROWS 100 SET search_path = public, pg_temp
SET hnsw.iterative_scan = relaxed_order SET hnsw.ef_search = 100 AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT passage_id FROM klark_meaning WHERE tenant_id = $1 AND language = $2 AND model = $3
            AND vector_dims(vector) = %1$s ORDER BY vector::halfvec(%1$s) <#> $4::halfvec(%1$s) LIMIT $5', dimensions)
      USING tenant, spoken, by_model, asked, most;
END $$
"""

# A search reads only the stems of a few thousand passages. With longer columns moved out of the table, a page holds four
# times as many passages. This applies to rows written from now on.
_NARROW = (
    "ALTER TABLE klark_passage ALTER COLUMN stems SET STORAGE MAIN",
    "ALTER TABLE klark_passage SET (toast_tuple_target = 512)",
)


def finding() -> list[sql.Composable]:
    """Returns the statements that create the functions and indexes.

    The owner runs them; each can be run repeatedly.
    """
    functions = (_BY_WORDS, _WORDS_LIKE, _NEAR)
    return [*map(sql.SQL, (*_NARROW, *functions)), *map(_index, INDEXED)]


def _index(length: int) -> sql.Composable:
    return sql.SQL(
        "CREATE INDEX IF NOT EXISTS {name} ON klark_meaning USING hnsw ((vector::halfvec({length})) halfvec_ip_ops) "
        "WHERE vector_dims(vector) = {length}"
    ).format(name=sql.Identifier(f"meaning_{length}"), length=sql.Literal(length))
