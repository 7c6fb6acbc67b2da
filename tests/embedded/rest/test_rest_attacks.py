"""What somebody with the public key, or a curious person with a token, tries."""

from __future__ import annotations

import base64
import json
from typing import Any

import psycopg
import pytest

from roamio_web.embedded import tokens
from tests.support.rest import Project

Database = psycopg.Connection[dict[str, Any]]
SECRET_WORD = "swordfish"
POISONS = [
    "'; drop table labels; --",
    '"; drop table labels; --',
    'x"; select word from hidden.secrets; --',
    "') or true --",
    "$$; drop table labels; $$",
    "%s %(x)s % $1",
    "\\'; drop table labels; --",
    "\\",
    '"',
    "(select word from hidden.secrets)",
    "\u2019 or 1=1",
    "a\nb; drop table labels",
    "x" * 3000,
]
PLACES: list[tuple[str, str, dict[str, str]]] = [
    ("GET", "labels", {"select": "{}"}),
    ("GET", "labels", {"select": '"{}"'}),
    ("GET", "labels", {"select": "id::{}"}),
    ("GET", "labels", {"select": '"{}":id'}),
    ("GET", "labels", {"select": "name->{}"}),
    ("GET", "labels", {"select": 'name->"{}"'}),
    ("GET", "labels", {"select": "trips!{}(id)"}),
    ("GET", "labels", {"select": "{}(id)"}),
    ("GET", "labels", {"select": "...{}(id)"}),
    ("GET", "labels", {"name": "eq.{}"}),
    ("GET", "labels", {"name": "{}"}),
    ("GET", "labels", {"name": "in.({})"}),
    ("GET", "labels", {"name": 'in.("{}")'}),
    ("GET", "labels", {"name": "like.{}"}),
    ("GET", "labels", {"name": "match.{}"}),
    ("GET", "labels", {"name": "is.{}"}),
    ("GET", "labels", {"name": "fts({}).x"}),
    ("GET", "labels", {"name": "wfts.{}"}),
    ("GET", "labels", {"id": "eq.{}"}),
    ("GET", "labels", {"name": "eq(any).{}"}),
    ("GET", "labels", {"{}": "eq.1"}),
    ("GET", "labels", {'"{}"': "eq.1"}),
    ("GET", "labels", {"or": "(name.eq.{},id.eq.9)"}),
    ("GET", "labels", {"or": "({}.eq.1)"}),
    ("GET", "labels", {"or": "{}"}),
    ("GET", "labels", {"order": "{}"}),
    ("GET", "labels", {"order": '"{}".desc'}),
    ("GET", "labels", {"order": "id.{}"}),
    ("GET", "labels", {"limit": "{}"}),
    ("GET", "labels", {"offset": "{}"}),
    ("GET", "labels", {"{}.limit": "1"}),
    ("GET", "rpc/request_setting", {"name": "{}"}),
    ("GET", "rpc/who", {"{}": "x"}),
    ("POST", "labels", {"columns": "{}"}),
    ("POST", "labels", {"columns": '"{}"'}),
    ("POST", "labels", {"on_conflict": "{}"}),
    ("POST", "labels", {"on_conflict": '"{}"'}),
    ("PATCH", "labels", {"name": "eq.{}"}),
    ("PATCH", "labels", {"{}": "eq.x"}),
    ("DELETE", "labels", {"name": "eq.{}"}),
]


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(("method", "path", "params"), PLACES)
def test_text_never_becomes_sql(project: Project, method: str, path: str, params: dict[str, str]) -> None:
    for poison in POISONS:
        given = {key.replace("{}", poison): value.replace("{}", poison) for key, value in params.items()}
        answer = project.send(
            method,
            path,
            params=given,
            json={"id": 1, "name": "taken"} if method == "POST" else {"name": "x"},
            prefer="return=representation,count=exact",
        )
        assert answer.status_code < 500, (given, answer.text)
        assert SECRET_WORD not in answer.text
        # 42601 is a syntax error: the text would have been read as SQL.
        assert '"42601"' not in answer.text, (given, answer.text)


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("poison", POISONS)
def test_text_in_path_body_and_headers_never_becomes_sql(project: Project, poison: str) -> None:
    quoted = "".join(f"%{byte:02X}" for byte in poison.encode())
    header = poison.replace("\n", " ").encode("ascii", "ignore").decode().strip()
    answers = [
        project.send("GET", quoted),
        project.send("POST", f"rpc/{quoted}", json={}),
        project.send("POST", "rpc/who", json={poison: 1}),
        project.send("POST", "labels", json={"id": 1, poison: 1}),
        project.send("POST", "labels", json={"id": poison, "name": "x"}),
        project.send("PATCH", "labels", params={"id": "eq.9"}, json={poison: poison}),
        project.send("POST", "labels", content=f"id,{poison}\n1,x", headers={"Content-Type": "text/csv"}),
        project.send("POST", "labels", data={"id": "1", poison: "x"}),
        project.send("POST", "rpc/request_setting", json={"name": poison}),
        project.send("GET", "labels", headers={"Accept-Profile": header}),
        project.send("GET", "labels", headers={"Accept": header or "*/*"}),
        project.send("GET", "labels", headers={"Range": header}),
        project.send("GET", "labels", prefer=f"timezone={header}"),
        project.send("GET", "labels", prefer=header),
        project.send("GET", "labels", headers={"X-Poison": header, "Cookie": f"a={header}"}),
        project.send("GET", "labels", project.token(sub=poison, role="authenticated")),
    ]
    for answer in answers:
        assert answer.status_code < 500, answer.text
        assert SECRET_WORD not in answer.text
        assert '"42601"' not in answer.text


def test_zero_bytes_are_refused(project: Project) -> None:
    for path in ("labels?name=eq.a%00b", "labels?select=a%00b", "la%00bels", "labels?a%00=eq.1", "rpc/a%00"):
        answer = project.send("GET", path)
        assert (answer.status_code, answer.json()["code"]) == (400, "22021"), path
    broken = project.send("GET", "labels?name=eq.%ff%fe")
    assert (broken.status_code, broken.json()["code"]) == (400, "PGRST100")


def forged(header: dict[str, str], payload: dict[str, Any]) -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, payload)]
    return b".".join(parts).decode() + "."


@pytest.mark.usefixtures("unchanged")
def test_forged_tokens_open_nothing(project: Project, database: Database) -> None:
    claims = {"role": "service_role", "aud": "authenticated", "exp": 4_000_000_000}
    good = project.token("service_role")
    head, _, signature = good.split(".")
    other_body = base64.urlsafe_b64encode(json.dumps(claims | {"sub": "x"}).encode()).rstrip(b"=").decode()
    attempts = [
        tokens.encode(claims, "somebody else's secret, long enough to sign"),
        forged({"alg": "none", "typ": "JWT"}, claims),
        forged({"alg": "HS256", "typ": "JWT"}, claims),
        f"{head}.{other_body}.{signature}",
        good[:-4],
        f"{good}.x",
    ]
    for token in attempts:
        for method in ("GET", "DELETE"):
            answer = project.send(method, "diaries?id=gt.0", token)
            assert (answer.status_code, answer.json()["code"]) == (401, "PGRST301")
    assert project.send("GET", "diaries", good).status_code == 200
    assert database.execute("select count(*) from diaries").fetchone() == {"count": 2}


DEEP = 20_000


def test_deep_texts_are_refused_quickly(project: Project) -> None:
    for path in (
        "trips?or=" + "(and" * 500 + "(id.eq.1)" + ")" * 500,
        "trips?select=" + "cars(" * 500 + ")" * 500,
        "trips?or=" + "(" * 5000,
    ):
        answer = project.send("GET", path)
        assert (answer.status_code, answer.json()["code"]) == (400, "PGRST100")
    for body in (b"[" * DEEP + b"]" * DEEP, b'{"details":' + b"[" * DEEP + b"]" * DEEP + b"}"):
        answer = project.send("POST", "trips", content=body, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (400, "PGRST102")
    assert project.send("GET", "labels", params={"id": "eq.1"}).status_code == 200


def test_long_bodies_are_refused(project: Project) -> None:
    body = b'{"title": "' + b"x" * (17 * 1024 * 1024) + b'"}'
    answer = project.send("POST", "trips", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 413

    def pieces() -> Any:
        for _ in range(40):
            yield b" " * 1024 * 1024

    answer = project.send("POST", "trips", content=pieces(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


def test_many_parameters_are_refused_and_long_lists_are_not(project: Project) -> None:
    answer = project.send("GET", "labels?" + "&".join("id=gt.0" for _ in range(1001)))
    assert (answer.status_code, answer.json()["code"]) == (400, "PGRST100")
    numbers = ",".join(str(number) for number in range(3000))
    assert len(project.send("GET", f"labels?id=in.({numbers})").json()) == 3


def test_system_tables_are_not_there(project: Project) -> None:
    for name in ("pg_authid", "pg_shadow", "pg_catalog.pg_authid", "users", "auth.users", "secrets"):
        answer = project.send("GET", name)
        assert (answer.status_code, answer.json()["code"]) == (404, "PGRST205")


def test_errors_name_no_connection_or_code(project: Project) -> None:
    texts = [
        project.send("GET", "labels?id=eq.x").text,
        project.send("GET", "labels?select=nonsense").text,
        project.send("POST", "rpc/fail", json={"state": "XX000", "message": "broken"}).text,
        project.send("GET", "labels", project.token("postgres")).text,
    ]
    for text in texts:
        body = json.loads(text)
        assert body.keys() == {"code", "message", "details", "hint"}
        for leak in ("Traceback", "psycopg", "host=", "password", "select t0", "/roamio_web/"):
            assert leak not in text
