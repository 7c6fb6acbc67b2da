"""What has happened stays written down, whoever would rather have it otherwise."""

from __future__ import annotations

import psycopg
import pytest

from tests.support.factories import Database, make_booking


@pytest.mark.parametrize(
    "attempt",
    [
        "update audit_logs set actor = 'nobody'",
        "update audit_logs set metadata = '{}' where false",
        "delete from audit_logs",
        "truncate audit_logs",
    ],
)
def test_the_tables_own_owner_can_not_rewrite_the_audit_log(attempt: str, database: Database) -> None:
    make_booking(database)
    before = database.execute("select * from audit_logs order by id").fetchall()
    assert before
    with pytest.raises(psycopg.errors.InsufficientPrivilege) as refused:
        database.execute(attempt.encode())
    assert refused.value.diag.message_primary == (
        "The audit log is append-only: nothing in it is changed or deleted."
    )
    assert database.execute("select * from audit_logs order by id").fetchall() == before
