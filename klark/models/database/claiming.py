"""How a worker claims a row of a queue (klark.models.work_queue), as SQL functions of each queue's table.

A function looks whether a row waits, and claims it, in one message. It is planned once for each connection, since planning takes
the database four times as long as to run it. So the plan must serve whatever is stored later, although it was made from the
statistics of an empty table, for which all ways to read it cost the same. Nothing is left to choose: sorting and all joins but
nested loops are off, and each part that reads the queue wants its rows in the order of the one index that is meant.
"""

# States are literals, so that the partial indexes serve.
CLAIM = """
WITH held AS MATERIALIZED (
    SELECT tenant_id, count(*) AS leased FROM (
        SELECT tenant_id FROM {table} WHERE state IN {states} AND lease_until > clock_timestamp()
         ORDER BY tenant_id, lease_until) AS each
     GROUP BY tenant_id)
UPDATE {table} AS work
   SET attempts = work.attempts + 1, lease_token = gen_random_uuid(),
       lease_until = clock_timestamp() + make_interval(secs => {lease})
  FROM (SELECT picked.id
          FROM (SELECT id FROM klark_tenant AS tenant
                 WHERE {may} AND id NOT IN ({stops} AND connection_id IS NULL AND topic = '')) AS tenant
         CROSS JOIN LATERAL (
               SELECT candidate.id, candidate.tenant_id
                 FROM {table} AS candidate
                WHERE candidate.tenant_id = tenant.id AND {due} AND NOT {stopped} AND NOT {busy}
                ORDER BY candidate.due_at, candidate.id
                LIMIT {each}
                  FOR UPDATE SKIP LOCKED) AS picked
         ORDER BY coalesce((SELECT leased FROM held WHERE held.tenant_id = picked.tenant_id), 0), random()
         LIMIT {most}) AS chosen
 WHERE work.id = chosen.id
RETURNING work.id, work.tenant_id, work.lease_token, work.attempts, work.state::text,
          extract(epoch FROM clock_timestamp() - greatest(work.{born}, (
              SELECT max(released_at) FROM klark_stop WHERE tenant_id = work.tenant_id)))::float,
          {led_to_by}
"""
MAY = """(tenant.id <> ALL({but}) OR NOT EXISTS (SELECT FROM klark_tenant AS other WHERE other.id <> tenant.id))"""
STOPS = "SELECT tenant_id FROM klark_stop WHERE released_at IS NULL"
DUE = """(candidate.state IN {states} AND candidate.due_at <= clock_timestamp()
                   AND (candidate.lease_until IS NULL OR candidate.lease_until < clock_timestamp()))"""
STOPPED = """(candidate.tenant_id IN ({stops} AND (connection_id IS NULL OR connection_id = candidate.connection_id)
                                            AND {topic_stopped}))"""
BUSY = """coalesce((SELECT true FROM {table} AS busy
                             WHERE busy.connection_id = candidate.connection_id AND busy.ticket_id = candidate.ticket_id
                               AND busy.state IN {states} AND busy.id <> candidate.id
                               AND (busy.lease_until > clock_timestamp()
                                    OR (busy.due_at, busy.id) < (candidate.due_at, candidate.id))
                             ORDER BY busy.due_at LIMIT 1), false)"""
WAITS = """
SELECT EXISTS (
    SELECT FROM klark_tenant AS tenant
     CROSS JOIN LATERAL (
           SELECT FROM {table} AS candidate
            WHERE candidate.tenant_id = tenant.id AND {due} AND NOT {stopped} AND NOT {busy}
            ORDER BY candidate.due_at, candidate.id
            LIMIT 1) AS waiting
     WHERE {may} AND tenant.id NOT IN ({stops} AND connection_id IS NULL AND topic = ''))
"""
PLANNED = """
LANGUAGE plpgsql SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan SET jit = off
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
#variable_conflict use_column
"""
FUNCTIONS = (
    """CREATE OR REPLACE FUNCTION {table}_waits(but bigint[]) RETURNS boolean """ + PLANNED + """
BEGIN
    RETURN (""" + WAITS + """);
END $$""",
    """CREATE OR REPLACE FUNCTION {table}_claim(but bigint[], lease float, each_tenant int, most int)
RETURNS TABLE (row_id bigint, of_tenant bigint, token uuid, tries int, was text, age_s float, led_by bigint) """ + PLANNED + """
BEGIN
    IF (""" + WAITS + """) THEN
        RETURN QUERY """ + CLAIM + """;
        IF NOT FOUND THEN
            RETURN NEXT;
        END IF;
    END IF;
END $$""",
)  # fmt: skip
"""Whether a row waits; and the claim, which looks first, because it takes four times as long. An empty row: others are choosing
just now, and one may be left for this worker."""
CALL_WAITS = "SELECT {table}_waits(%s::bigint[])"
CALL_CLAIM = "SELECT * FROM {table}_claim(%s::bigint[], %s, %s, %s)"
