"""How requests to a helpdesk are counted against its rate limit (klark.connections.rate_limit), as an SQL function: each request
waits for it, and planning takes longer than counting."""

SPEND = """
CREATE OR REPLACE FUNCTION klark_spend(
    of_tenant bigint, of_connection uuid, weight int, share float, slot_s float, most_slots int
) RETURNS TABLE (allowed int, used_now int) LANGUAGE plpgsql
SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH locked AS MATERIALIZED (
             SELECT * FROM klark_budget WHERE tenant_id = of_tenant AND connection_id = of_connection FOR UPDATE),
         account AS MATERIALIZED (
             SELECT id, "limit", spent, held_until, floor(extract(epoch FROM clock_timestamp()) / slot_s)::bigint AS slot
               FROM locked),
         counted AS (
             SELECT each.key, each.value::int FROM account, jsonb_each(spent) AS each
              WHERE abs(slot - each.key::bigint) < most_slots),
         told AS (
             SELECT coalesce(jsonb_object_agg(key, value), '{}') AS spent, coalesce(sum(value), 0)::int AS used,
                    greatest(max(key::bigint), (SELECT slot FROM account))::text AS newest
               FROM counted)
    UPDATE klark_budget AS budget
       SET spent = told.spent || jsonb_build_object(newest, coalesce((told.spent ->> newest)::int, 0) + weight)
      FROM account, told
     WHERE budget.id = account.id AND (account.held_until IS NULL OR account.held_until <= clock_timestamp())
       AND used + weight <= greatest(floor(account."limit" * share), weight)
    RETURNING account."limit", used + weight;
END $$
"""
"""Counts requests that need not wait, as `RequestBudget` does: most need not."""
