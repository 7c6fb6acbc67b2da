"""The audit log, for those whom the database lets read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from supabase import Client

from roamio_web.models.audit_query import AuditQuery
from roamio_web.models.change import Change
from roamio_web.services.failures import ask

PAGE_SIZE = 50


@dataclass(frozen=True)
class AuditPage:
    """One page of the log, newest first. ``following`` asks for the next, and is None on the last."""

    changes: tuple[Change, ...]
    query: AuditQuery
    following: AuditQuery | None = None


def read_log(
    client: Client, query: AuditQuery, names: Mapping[str, str], size: int | None = None
) -> AuditPage:
    """Read one page of the audit log, in one round trip.

    :param names: who an account's id stands for.
    :param size: how many changes make a page; the log's own size if it is not said.
    :raise TokenRefused, Unavailable: as ``named_failures``.
    """
    size = size or PAGE_SIZE
    if query.record and query.records is None:
        return AuditPage((), query)
    asked = client.table("audit_logs").select("*")
    if query.person:
        asked = asked.eq("actor", query.person)
    if query.table:
        asked = asked.eq("table_name", query.table)
    if query.action:
        asked = asked.eq("action", query.action)
    if query.records:
        first, last = query.records
        asked = asked.gte("record_id", first).lte("record_id", last)
    since, until = query.span
    if since:
        asked = asked.gte("created_at", since.isoformat())
    if until:
        asked = asked.lt("created_at", until.isoformat())
    if query.after and query.after.value:
        at, row_id = query.after.value.isoformat(), query.after.id
        asked = asked.or_(f'created_at.lt."{at}",and(created_at.eq."{at}",id.lt.{row_id})')
    found = ask(asked.order("created_at", desc=True).order("id", desc=True).limit(size + 1))
    rows = found[:size]
    changes = tuple(Change.from_row({**row, "actor_name": names.get(row["actor"])}) for row in rows)
    more = len(found) > size
    return AuditPage(changes, query, query.page_after(changes[-1].at, rows[-1]["id"]) if more else None)
