"""What the database itself enforces: the application's role, row-level security, and foreign keys that include the tenant.

Every table with a tenant's rows has row-level security. The owner runs these statements after each migration; each can be
run repeatedly.
"""

from typing import Any

from django.apps import apps
from django.db import Error, connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql
from psycopg_pool import PoolTimeout

from klark.models.audit.entry import AuditEntry
from klark.models.base import Owned
from klark.models.database.claiming import FUNCTIONS
from klark.models.database.search_functions import finding
from klark.models.database.spending import SPEND
from klark.models.tenancy import EVERY_TENANT, SETTING, within
from klark.models.tenant import Tenant
from klark.models.work_queue import Work

NUMBERS = "^[1-9][0-9]{0,17}(,[1-9][0-9]{0,17})*$"
VISIBLE = (
    "(SELECT current_setting('{setting}', true)) = '{every}' OR {column} = ANY ((SELECT CASE"
    " WHEN current_setting('{setting}', true) ~ '{numbers}'"
    " THEN string_to_array(current_setting('{setting}', true), ',')::bigint[] END)::bigint[])"
)
"""Which rows are visible. The setting is read once a statement, in subqueries of its own, and not once a row; compared as
numbers, the ids let the planner know how many rows a tenant has. Whatever else is set shows nothing."""
UNBOUND = """
    SELECT rolsuper, rolbypassrls, (SELECT pg_get_userbyid(relowner) FROM pg_class
        WHERE pg_class.oid = to_regclass(%s) AND pg_has_role(pg_roles.oid, relowner, 'USAGE'))
    FROM pg_roles WHERE rolname = %s
"""

CALLS = """
    DO $$ DECLARE called regprocedure; BEGIN
        FOR called IN SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'klark\\_%' LOOP
            EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', called);
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', called, {role});
        END LOOP;
    END $$
"""
"""Lets only `role` call klark's functions, also where the owner's default is that nobody may."""


def secure(owner: BaseDatabaseWrapper, role: str, password: str) -> None:
    """Creates the application's `role` and enforces tenant separation in the database, so a bug in klark cannot break it.

    `owner` is a connection as the owner of the tables. `password` is set only when the role is created.
    """
    with owner.cursor() as cursor:
        for statement in [*_role(role, password), *_row_security(), *_tenant_keys()]:
            cursor.execute(statement)
        for statement in [*map(sql.SQL, [*_claiming(), SPEND]), *finding(), *_rights(role)]:
            cursor.execute(statement)


def migrated() -> bool:
    """Returns whether this process's role may read klark's tables, as `secure` lets it after the first migration; True also
    where the database cannot be asked, so that what comes next says why."""
    try:
        with within(EVERY_TENANT), connection.cursor() as cursor:
            cursor.execute("SELECT has_table_privilege(to_regclass(%s), 'SELECT')", [Tenant._meta.db_table])
            return bool(cursor.fetchone()[0])
    except (Error, PoolTimeout):
        return True


def unbound(owner: BaseDatabaseWrapper, role: str) -> str:
    """Returns why row-level security does not bind `role`, and what to run against it; "" if it does. A role that was there
    before `secure` has whatever rights it was given."""
    with owner.cursor() as cursor:
        cursor.execute(UNBOUND, [Tenant._meta.db_table, role])
        is_super, bypasses, owns = cursor.fetchone()
    if is_super or bypasses:
        return f'is SUPERUSER or BYPASSRLS: run ALTER ROLE "{role}" NOSUPERUSER NOBYPASSRLS'
    return f'has the rights of the tables\' owner "{owns}": run REVOKE "{owns}" FROM "{role}"' if owns else ""


def _role(role: str, password: str) -> list[sql.Composable]:
    create = sql.SQL(
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {name}) THEN "
        "CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD {password}; END IF; END $$"
    )
    return [create.format(name=sql.Literal(role), role=sql.Identifier(role), password=sql.Literal(password))]


def _rights(role: str) -> list[sql.Composable]:
    name = sql.Identifier(role)
    return [
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name),
        sql.SQL(
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}; "
            "REVOKE UPDATE, DELETE, TRUNCATE ON {audit} FROM {role}"
        ).format(role=name, audit=sql.Identifier(AuditEntry._meta.db_table)),  # what was done stays
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(name),
        sql.SQL(CALLS).format(role=sql.Literal(role)),
    ]


def owned_models() -> list[type[models.Model]]:
    """Returns every model whose rows belong to a tenant."""
    return [model for model in apps.get_app_config("klark").get_models() if issubclass(model, Owned)]


def _claiming() -> list[str]:
    return [model.sql(each) for model in owned_models() if issubclass(model, Work) for each in FUNCTIONS]


def _row_security() -> list[sql.Composable]:
    tables = [(Tenant._meta.db_table, "id"), *((model._meta.db_table, "tenant_id") for model in owned_models())]
    return [_bind(table, column) for table, column in tables]


def _bind(table: str, column: str) -> sql.Composable:
    """Returns one message, so one transaction: without its policy a table shows no rows, so that no stop would be in force."""
    visible = sql.SQL(VISIBLE.format(setting=SETTING, every=EVERY_TENANT, column=column, numbers=NUMBERS))
    return sql.SQL(
        "ALTER TABLE {name} ENABLE ROW LEVEL SECURITY; DROP POLICY IF EXISTS tenant_only ON {name}; "
        "CREATE POLICY tenant_only ON {name} USING ({visible}) WITH CHECK ({visible})"
    ).format(name=sql.Identifier(table), visible=visible)


def _tenant_keys() -> list[sql.Composable]:
    owned = owned_models()
    links = [(model, field) for model in owned for field in _foreign_keys(model) if field.related_model in owned]
    parents = {field.related_model for _, field in links}
    return [_pair(parent) for parent in owned if parent in parents] + [_link(model, field) for model, field in links]


def _foreign_keys(model: type[models.Model]) -> list["models.ForeignKey[Any, Any]"]:
    return [field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]


def _add_constraint(table: str, name: str, definition: sql.Composable) -> sql.Composable:
    return sql.SQL(
        "DO $$ BEGIN ALTER TABLE {table} ADD CONSTRAINT {name} {definition}; "
        "EXCEPTION WHEN duplicate_object OR duplicate_table THEN NULL; END $$"
    ).format(table=sql.Identifier(table), name=sql.Identifier(name), definition=definition)


def _pair(parent: type[models.Model]) -> sql.Composable:
    table = parent._meta.db_table
    return _add_constraint(table, f"{table}_of_tenant", sql.SQL("UNIQUE (id, tenant_id)"))


def _link(model: type[models.Model], field: "models.ForeignKey[Any, Any]") -> sql.Composable:
    definition = sql.SQL(
        "FOREIGN KEY ({column}, tenant_id) REFERENCES {parent} (id, tenant_id) DEFERRABLE INITIALLY DEFERRED"
    )
    parent = field.related_model._meta.db_table
    table = model._meta.db_table
    return _add_constraint(
        table,
        f"{table}_{field.attname}_of_tenant"[:63],
        definition.format(column=sql.Identifier(field.attname), parent=sql.Identifier(parent)),
    )
