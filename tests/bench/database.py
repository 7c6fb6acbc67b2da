"""What the bookings list and a website booking cost in the database, among a million bookings.

``python -m tests.bench.database 1000000`` makes a project with so many, measures, and prints what is met.
Questions are asked as the API asks them: as its role, with the claims of a token. The owner of the tables
asks the same, with the same claims, and no policy applies to it.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from tests.bench.bookings import cab_row
from tests.bench.many_bookings import make_bookings
from tests.bench.pace import pause
from tests.bench.questions import Question, drawn, filters, pages, sample, searches
from tests.bench.results import Result, table
from tests.support.backend import BackendProcess
from tests.support.factories import Database
from tests.support.people import ADMIN, AGENT

ASKED = 200
INSERTS = 200
REST = 0.005
WARM_UP = 20
IN_A_ROW, ROUNDS = 40, 8
KINDS = {"list": pages, "search": searches, "filter": filters}
API, OWNER = "authenticated", "postgres"
WEBSITE_INSERT = "insert into bookings (id, purpose, details) values (%(id)s, %(purpose)s, %(details)s)"
BARE_INSERT = """
insert into bookings (id, purpose, details, client_id)
values (%(id)s, %(purpose)s, %(details)s, %(client_id)s)
"""


@dataclass(frozen=True)
class Cost:
    """Milliseconds: by the clock, and of the processor, which other programs on it don't lengthen."""

    clock: float
    processor: float


class Asker:
    """One connection of the API's pool, on which one role asks."""

    def __init__(self, dsn: str, role: str) -> None:
        self.database: Database = psycopg.connect(dsn, row_factory=dict_row)
        self._role = role
        self._times = Path(f"/proc/{self.database.info.backend_pid}/schedstat")

    def ask(self, person: str, question: Question, *, plan: bool = False) -> tuple[Cost, list[Any]]:
        """Ask for a page as the person with this id would, in a transaction of its own."""
        with self.database.transaction():
            self._become(person)
            started, spent = time.perf_counter(), self._processor()
            rows = self.database.execute(_call(question, plan=plan), question).fetchall()
            return self._cost(started, spent), rows

    def insert(self, statement: str, row: dict[str, Any]) -> Cost:
        """Insert as this role, and commit."""
        started, spent = time.perf_counter(), self._processor()
        with self.database.transaction():
            self._become(None)
            self.database.execute(statement.encode(), row)
        return self._cost(started, spent)

    def _become(self, person: str | None) -> None:
        claims = {"role": self._role} | ({"sub": person} if person else {})
        self.database.execute(sql.SQL("set local role {}").format(sql.Identifier(self._role)))
        self.database.execute("select set_config('request.jwt.claims', %s, true)", [json.dumps(claims)])

    def _processor(self) -> float:
        return int(self._times.read_text().split()[0]) / 1e6 if self._times.exists() else math.nan

    def _cost(self, started: float, spent: float) -> Cost:
        clock = (time.perf_counter() - started) * 1000
        processor = self._processor() - spent
        return Cost(clock, clock if math.isnan(processor) else processor)


def reads(dsn: str, *, plans: bool) -> Iterator[Result]:
    """Each kind of question, as an admin and as an agent with 2,000 bookings."""
    api, owner = Asker(dsn, API), Asker(dsn, OWNER)
    for who, email in {"an admin": ADMIN, "an agent": AGENT}.items():
        person = _id_of(owner.database, email)
        bookings = sample(owner.database, None if email == ADMIN else person)
        owner.database.rollback()
        # The API's connections last, and each makes its plans but once.
        for question in drawn(pages, bookings, 10):
            for asker in (api, owner):
                asker.ask(person, question)
        for name, kind in KINDS.items():
            costs: list[tuple[Cost, Cost]] = []
            for number, question in enumerate(drawn(kind, bookings, ASKED)):
                # Whoever asks first reads from the disk what the other then finds in memory: they take turns.
                askers = (api, owner) if number % 2 else (owner, api)
                answers = {asker: asker.ask(person, question) for asker in askers}
                (ours, rows), (theirs, same) = answers[api], answers[owner]
                assert rows == same, f"Row Level Security changes the answer to {question}"
                costs.append((ours, theirs))
            yield from _compared(f"{name} as {who}", costs)
            if plans:
                _print_plan(api, person, drawn(kind, bookings, 1)[0])


def inserts(dsn: str) -> Iterator[Result]:
    """A booking of the website with all that follows from it, against the same row and nothing else.

    By turns, each when what the one before set off is over: that is how bookings come. The figures in
    brackets are for forty of the one kind in a row, each upon the last, and then forty of the other: there,
    all that a bare insert needs stays in the processor's caches.
    """
    visitor, owner = Asker(dsn, "anon"), Asker(dsn, OWNER)
    with owner.database.transaction():
        owner.database.execute("update private.ceilings set arrivals = 1000000")
        client = owner.database.execute("select id from clients limit 1").fetchone()
        assert client
        # Neither triggers nor foreign keys: on this connection an insert is bare.
        owner.database.execute("set session_replication_role = replica")

    def website() -> Cost:
        row = cab_row()
        return visitor.insert(WEBSITE_INSERT, row | {"details": Jsonb(row["details"])})

    def bare() -> Cost:
        row = cab_row()
        details = {key: value for key, value in row["details"].items() if key != "contact"}
        kept = {"id": str(uuid4()), "details": Jsonb(details), "client_id": client["id"]}
        return owner.insert(BARE_INSERT, row | kept)

    for insert in (website, bare):
        for _ in range(WARM_UP):
            insert()
    by_turns: list[tuple[Cost, Cost]] = []
    for _ in range(INSERTS):
        pair = []
        for insert in (website, bare):
            pause(REST)
            pair.append(insert())
        by_turns.append((pair[0], pair[1]))
    in_a_row: list[tuple[Cost, Cost]] = []
    for _ in range(ROUNDS):
        ours = [website() for _ in range(IN_A_ROW)]
        in_a_row.extend(zip(ours, [bare() for _ in range(IN_A_ROW)], strict=True))

    ours, theirs = _medians(by_turns, "clock")
    processor, bare_processor = _medians(by_turns, "processor")
    upon_another = _medians(in_a_row, "clock")
    detail = (
        f"{ours:.2f} ms against {theirs:.2f} ms; of the processor {processor:.2f} ms against"
        f" {bare_processor:.2f} ms ({upon_another[0]:.2f} ms against {upon_another[1]:.2f} ms in a row)"
    )
    yield Result("a website booking, against a bare insert", ours / theirs, 3, "×", detail)


def _medians(costs: list[tuple[Cost, Cost]], kind: str) -> tuple[float, float]:
    ours, theirs = (statistics.median(getattr(cost[side], kind) for cost in costs) for side in (0, 1))
    return ours, theirs


def _compared(what: str, costs: list[tuple[Cost, Cost]]) -> Iterator[Result]:
    clock, processor = ([getattr(ours, kind) for ours, _ in costs] for kind in ("clock", "processor"))
    detail = (
        f"median {statistics.median(clock):.1f} ms; processor {_most(processor):.1f} ms,"
        f" median {statistics.median(processor):.1f} ms"
    )
    yield Result(f"{what}, 99% within", _most(clock), 20, "ms", detail)
    ours, theirs = (sum(cost[side].processor for cost in costs) for side in (0, 1))
    yield Result(
        f"{what}, against the owner", ours / theirs, 1.3, "×", f"{len(costs)} questions, processor time"
    )


def _most(costs: list[float]) -> float:
    """What 99 of a hundred stay below."""
    return sorted(costs)[math.ceil(len(costs) * 0.99) - 1]


def _call(question: Question, *, plan: bool) -> sql.Composed:
    arguments = sql.SQL(", ").join(
        sql.SQL("{} => {}").format(sql.Identifier(name), sql.Placeholder(name)) for name in question
    )
    explain = sql.SQL("explain (analyze, buffers, timing off) ") if plan else sql.SQL("")
    return explain + sql.SQL("select * from find_bookings({})").format(arguments)


def _print_plan(api: Asker, person: str, question: Question) -> None:
    _, lines = api.ask(person, question, plan=True)
    print(question, *("  " + str(line["QUERY PLAN"]) for line in lines), sep="\n", flush=True)


def _id_of(database: Database, email: str) -> str:
    row = database.execute("select id::text from profiles where email = %s", [email]).fetchone()
    assert row, f"There is no {email}"
    return str(row["id"])


def measure(dsn: str, count: int, *, plans: bool) -> Iterator[Result]:
    """Every budget in turn, on a database to which so many bookings are added first."""
    if count:
        make_bookings(dsn, count)
    yield from reads(dsn, plans=plans)
    yield from inserts(dsn)


def main() -> int:
    """Print the figures; the exit status says whether every budget is met."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("count", type=int, help="how many bookings to make")
    parser.add_argument("--dsn", help="measure this database, and not one that is made and thrown away")
    parser.add_argument("--plans", action="store_true", help="print the plan of a question of each kind too")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="roamio-bench-") as folder:
        running, dsn = None, asked.dsn
        if dsn is None:
            # Not a temporary one: a commit must reach the disk, as it does in production.
            Path(folder).chmod(0o711)
            running = BackendProcess(Path(folder) / "data", Path(folder) / "backend.log")
        try:
            dsn = dsn or running.wait_until_ready().db_url
            results = list(measure(dsn, asked.count, plans=asked.plans))
        finally:
            if running:
                running.stop()
    print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors")
    print(table(results))
    return 0 if all(result.met for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
