"""The defences of the database, each with the statement that takes it away and the one that puts it back.

What the database is made of says which there are: a policy, a grant, a trigger, a refusal, a check or a
condition about who asks that is added later is among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from tests.support.factories import Database

POLICIES = """
select
  schemaname || '.' || quote_ident(tablename) as on_table, policyname, cmd, qual, with_check,
  array_to_string(roles, ', ') as roles
from pg_policies where schemaname = 'public' or (schemaname, tablename) = ('realtime', 'messages')
order by 1, 2
"""
GRANTS = """
with granted (what, subject, verb, grantee) as (
  select format('%1$s on %2$s', lower(privilege_type), relname), relname, lower(privilege_type), grantee
  from pg_class cross join aclexplode(relacl)
  where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v')
  union all
  select
    format('%1$s (%2$I) on %3$s', lower(privilege_type), attname, relname),
    relname, lower(privilege_type), grantee
  from pg_attribute
  join pg_class on pg_class.oid = attrelid and relnamespace = 'public'::regnamespace
  cross join aclexplode(attacl)
  union all
  select format('execute on function %s', pg_proc.oid::regprocedure), proname, null, grantee
  from pg_proc cross join aclexplode(proacl)
  where pronamespace in ('public'::regnamespace, 'private'::regnamespace)
  union all
  select 'usage on schema private', 'private', null, grantee
  from pg_namespace cross join aclexplode(nspacl) where nspname = 'private' and privilege_type = 'USAGE'
)
select what, subject, verb, rolname as role from granted join pg_roles on pg_roles.oid = grantee
where rolname in ('anon', 'authenticated', 'supabase_auth_admin') order by 1, 4
"""
TRIGGERS = """
select
  tgrelid::regclass::text as on_table, relname, tgname, pg_get_functiondef(pg_proc.oid) as definition
from pg_trigger
join pg_class on pg_class.oid = tgrelid
join pg_proc on pg_proc.oid = tgfoid and pronamespace = 'private'::regnamespace
where not tgisinternal order by 1, 3
"""
CHECKS = """
select conrelid::regclass::text as on_table, conname, pg_get_constraintdef(oid) as definition
from pg_constraint
where contype = 'c' and connamespace in ('public'::regnamespace, 'private'::regnamespace) order by 1, 2
"""
FUNCTIONS = """
select
  proname, pg_get_functiondef(pg_proc.oid) as definition,
  (select string_agg(distinct relname, ' ') from pg_trigger join pg_class on pg_class.oid = tgrelid
    where tgfoid = pg_proc.oid) as tables
from pg_proc
where pronamespace in ('public'::regnamespace, 'private'::regnamespace) and prokind = 'f' order by 1
"""
REFUSALS = (
    (re.compile(r"perform private\.refuse(?:_for_now)?\("), "perform concat("),
    (re.compile(r"\braise\s[^;]*;"), "null;"),
)
ME = r"(?:\(select auth\.uid\(\)\)|auth\.uid\(\)|\bme\b)"
ROLE = r"(?:\(select private\.staff_role\(\)\)|private\.staff_role\(\))"
# Who asks, and whose something is; and what lets everybody through where it stands.
CONDITIONS = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (rf"{ROLE} (?:is not null|in \([^)]*\)|= '\w+')", "true"),
        (rf"{ROLE} is (?:null|distinct from 'admin')", "false"),
        (r"asker is null or asker (?:= 'viewer'|not in \([^)]*\))", "false"),
        (r"asker = 'operations'", "false"),
        (r"asker <> 'finance'", "true"),
        (r"asker in \([^)]*\)", "true"),
        (
            rf"(?<![\w.])(?:bookings\.|notices\.)?(?:assigned_agent|assigned_to|person|user_id|id) = {ME}",
            "true",
        ),
        (r"(?<!\w)user_id = person", "true"),
        (r"(?<![\w'.])(?:profiles\.|invitations\.)?(?:deactivated_at|accepted_at) is null", "true"),
        (r"email_confirmed_at is null", "false"),
        (r"(?<![\w.])(?:profiles\.)?role (?:in \([^)]*\)|= 'operations')", "true"),
        (r"expires_at > now\(\)", "true"),
        (r"its_role = 'admin'", "true"),
        (r"status = 'verified'", "true"),
        (r"claims \? 'session_id'", "false"),
        (r"(?<!not )private\.(?:can_be_assigned|is_agent)\((?!person)[^)]*\)", "true"),
    )
)
BRANCH = re.compile(r"THEN (?!true)(.+?)(?=\n    (?:WHEN|ELSE))|ELSE (NULL::boolean)", re.DOTALL)
# Nothing that anybody could do or see is different without these.
EQUIVALENT: dict[str, str] = {
    "condition 1 of my_notices: notices.person = (select auth.uid()) and notices.created_at": (
        "the policy of assignment_notices says the same to whoever may ask"
    ),
}


@dataclass(frozen=True)
class Mutation:
    """One defence. ``subject`` is what it is about, ``widens`` whether more is let through without it."""

    name: str
    subject: str
    away: str
    back: str
    verb: str | None = None
    widens: bool = True
    words: str = ""


def mutations(database: Database) -> list[Mutation]:
    """All of them; those that change nothing are left out by name."""
    found = [*refusals_and_conditions(database), *checks(database), *triggers(database)]
    found += [*policies(database), *grants(database)]
    unknown = EQUIVALENT.keys() - {mutation.name for mutation in found}
    if unknown:
        raise SystemExit(f"There is no such defence any more: {sorted(unknown)}")
    return [mutation for mutation in found if mutation.name not in EQUIVALENT]


def refusals_and_conditions(database: Database) -> Iterator[Mutation]:
    """Each refusal of each function, and each condition about who asks."""
    for row in database.execute(FUNCTIONS.encode()).fetchall():
        whole, name = row["definition"], row["proname"]
        start = whole.index("AS $function$")
        for kind, changes in (("refusal", REFUSALS), ("condition", CONDITIONS)):
            hits = sorted(
                (match.start(), match, instead)
                for pattern, instead in changes
                for match in pattern.finditer(whole, start)
            )
            for number, (_, match, instead) in enumerate(hits, start=1):
                said = " ".join(whole[match.start() : match.end() + 130].split())
                yield Mutation(
                    f"{kind} {number} of {name}: {said[:60].strip()}",
                    row["tables"] or name,
                    whole[: match.start()] + instead + whole[match.end() :],
                    whole,
                    words=f"{name} {said}",
                )


def checks(database: Database) -> Iterator[Mutation]:
    """Each check of a column."""
    for row in database.execute(CHECKS.encode()).fetchall():
        table, name = row["on_table"], row["conname"]
        yield Mutation(
            f"check {name}",
            table,
            f"alter table {table} drop constraint {name}",
            f"alter table {table} add constraint {name} {row['definition']}",
            words=name,
        )


def triggers(database: Database) -> Iterator[Mutation]:
    """Each trigger, on the project's own tables and on those of Auth."""
    for row in database.execute(TRIGGERS.encode()).fetchall():
        table, name = row["on_table"], row["tgname"]
        away, back = (f"alter table {table} {verb} trigger {name}" for verb in ("disable", "enable"))
        if table.startswith("auth."):
            # The table is Supabase's own; what its trigger does is ours.
            back = row["definition"]
            away = f"{back[: back.index('AS $function$')]}as $$ begin return null; end $$"
        yield Mutation(f"trigger {name} of {table}", row["relname"], away, back, words=f"{name} {table}")


def grants(database: Database) -> Iterator[Mutation]:
    """Each grant to those who call the API, and to Auth."""
    for row in database.execute(GRANTS.encode()).fetchall():
        what, role = row["what"], row["role"]
        yield Mutation(
            f"grant {what} to {role}",
            row["subject"],
            f"revoke {what} from {role}",
            f"grant {what} to {role}",
            verb=row["verb"],
            widens=False,
            words=f"{row['subject']} {role}",
        )


def policies(database: Database) -> Iterator[Mutation]:
    """Each policy: without it, with a condition that is always true, and without each part of one."""
    for row in database.execute(POLICIES.encode()).fetchall():
        table, name = row["on_table"], '"' + row["policyname"] + '"'
        drop = f"drop policy {name} on {table}"

        def written(qual: str | None, check: str | None, row: dict[str, str] = row) -> str:
            return " ".join(
                [
                    f'create policy "{row["policyname"]}" on {row["on_table"]}',
                    f"for {row['cmd']} to {row['roles']}",
                    f"using ({qual})" if qual else "",
                    f"with check ({check})" if check else "",
                ]
            )

        whole = written(row["qual"], row["with_check"])
        subject, verb = table.removeprefix("public."), row["cmd"].lower()
        yield Mutation(f"policy {name}", subject, drop, whole, verb, widens=False, words=table)
        for part in ("qual", "with_check"):
            for number, weaker in enumerate(weakened(row[part] or "")):
                changed = row | {part: weaker}
                yield Mutation(
                    f"policy {name}, {part} {number}: {' '.join(weaker.split())[-60:]}",
                    subject,
                    f"{drop}; {written(changed['qual'], changed['with_check'])}",
                    f"{drop}; {whole}",
                    verb,
                    words=table,
                )


def weakened(condition: str) -> Iterator[str]:
    """The condition as ``true``, with each branch of a case as ``true``, without each part of an ``and``."""
    if not condition:
        return
    yield "true"
    for branch in BRANCH.finditer(condition):
        place = branch.span(1) if branch[1] else branch.span(2)
        yield condition[: place[0]] + "true" + condition[place[1] :]
    opened: list[list[int]] = []
    quoted = False
    for place, sign in enumerate(condition):
        if sign == "'":
            quoted = not quoted
        elif quoted:
            continue
        elif sign == "(":
            opened.append([place + 1])
        elif sign == ")":
            bounds = [*opened.pop(), place + 5]
            parts = [condition[a : b - 5] for a, b in pairwise(bounds)]
            for left_out in range(len(parts) if len(parts) > 1 else 0):
                others = " AND ".join(parts[:left_out] + parts[left_out + 1 :])
                yield condition[: bounds[0]] + others + condition[place:]
        elif condition.startswith(" AND ", place) and opened:
            opened[-1].append(place + 5)
