"""postgres_changes: each subscriber hears of the rows that their own policies let them see."""

from __future__ import annotations

import asyncio
import itertools

import pytest
from realtime import AsyncRealtimeClient, RealtimePostgresChangesListenEvent

from tests.support.realtime import ASHA, BELA, Ear, Project, ear, until

ALL = RealtimePostgresChangesListenEvent.All
INSERT = RealtimePostgresChangesListenEvent.Insert
numbers = itertools.count(1)


async def watch(
    client: AsyncRealtimeClient,
    topic: str,
    event: RealtimePostgresChangesListenEvent = ALL,
    filter: str | None = None,
) -> Ear:
    """Subscribe to the notes, and wait for word that changes flow."""
    watcher = ear(client, topic)
    watcher.channel.on_postgres_changes(
        event, watcher.changes.put_nowait, table="notes", schema="public", filter=filter
    )
    await watcher.join()
    await until(lambda: "Subscribed to PostgreSQL" in watcher.system)
    return watcher


def write(project: Project, statement: str, *values: object) -> None:
    with project.database() as database:
        database.execute(statement, values)


def test_a_person_hears_of_their_own_rows_and_not_of_others(project: Project) -> None:
    hers, mine = next(numbers), next(numbers)

    async def scene() -> None:
        async with project.client(project.token(ASHA)) as client:
            watcher = await watch(client, "notes")
            write(
                project,
                "insert into notes values (%s, %s, 'for Bela', 1, ''), (%s, %s, 'for Asha', 2, 'hidden')",
                hers,
                BELA,
                mine,
                ASHA,
            )
            change = await watcher.notices()
            assert change["type"] == "INSERT"
            assert change["errors"] is None
            record = change["record"]
            assert (record["id"], record["body"], record["amount"]) == (mine, "for Asha", 2)
            assert record["at"].endswith("+00:00")
            assert "secret" not in record
            assert {"name": "at", "type": "timestamptz"} in change["columns"]

    asyncio.run(scene())
    with project.database() as database:
        assert database.execute("select body from notes where id = %s", (hers,)).fetchone() == {
            "body": "for Bela"
        }


def test_an_update_and_a_delete_tell_of_the_old_row_its_key_alone(project: Project) -> None:
    note = next(numbers)

    async def scene() -> None:
        async with project.client(project.token(ASHA)) as client:
            watcher = await watch(client, "notes")
            changes = []
            for statement in (
                f"insert into notes values ({note}, '{ASHA}', 'first', 1)",
                f"update notes set body = 'second' where id = {note}",
                f"delete from notes where id = {note}",
            ):
                write(project, statement)
                changes.append(await watcher.notices())
            assert [change["type"] for change in changes] == ["INSERT", "UPDATE", "DELETE"]
            assert changes[1]["record"]["body"] == "second"
            assert changes[1]["old_record"] == changes[2]["old_record"] == {"id": note}

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("filter", "fitting", "other"),
    [
        ("amount=gt.9", 10, 9),
        ("amount=in.(7,8)", 8, 9),
        ("amount=not.eq.5", 6, 5),
        ("amount=gte.3,amount=lt.5", 4, 5),
        ("amount=isdistinct.2", 3, 2),
        ("body=like.note 1%", 1, 2),
        ("amount=not.is.null", 1, None),
    ],
)
def test_a_filter_lets_through_what_fits_it(
    project: Project, filter: str, fitting: int, other: int | None
) -> None:
    first, second = next(numbers), next(numbers)
    statement = "insert into notes values (%s, %s, 'note ' || %s, %s)"

    async def scene() -> None:
        async with project.client(project.token(ASHA)) as client:
            watcher = await watch(client, "filtered", INSERT, filter)
            write(project, statement, first, ASHA, other or 0, other)
            write(project, statement, second, ASHA, fitting, fitting)
            assert (await watcher.notices())["record"]["id"] == second

    asyncio.run(scene())


def test_a_visitor_without_a_grant_is_told_of_no_row(project: Project) -> None:
    async def scene() -> None:
        async with project.client() as client:
            watcher = await watch(client, "notes")
            write(project, "insert into notes values (%s, %s, 'private', 1)", next(numbers), ASHA)
            change = await watcher.notices()
            assert change["errors"] == ["Error 401: Unauthorized"]
            assert "record" not in change

    asyncio.run(scene())


def test_whoever_asks_for_an_unpublished_table_is_told_so(project: Project) -> None:
    async def scene() -> None:
        async with project.client(project.token()) as client:
            watcher = ear(client, "nothing")
            watcher.channel.on_postgres_changes(ALL, watcher.changes.put_nowait, table="unheard_of")
            await watcher.join()
            await until(lambda: watcher.errors)
            assert "Please check Realtime is enabled" in watcher.errors[0]

    asyncio.run(scene())


def test_the_slot_is_gone_when_nobody_subscribes(project: Project) -> None:
    def slots() -> int:
        with project.database() as database:
            row = database.execute("select count(*) as n from pg_replication_slots").fetchone()
        return row["n"]

    async def scene() -> None:
        async with project.client(project.token()) as client:
            await watch(client, "notes")
            assert slots() == 1
        await until(lambda: slots() == 0)

    asyncio.run(scene())
