"""House rules for the Python code. A failure names the place and says how to mend it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.support.repository import imported, lines, texts, trees, under

LONGEST_MODULE = 300
WEB = {"flask", "flask_wtf", "htmx_flask", "werkzeug", "jinja2"}
DATABASE_DRIVERS = {"psycopg", "psycopg2", "psycopg_pool", "asyncpg", "sqlalchemy"}
WITHOUT_SQL = (
    "roamio_web/views",
    "roamio_web/services",
    "roamio_web/models",
    "roamio_web/forms",
    "roamio_web/live",
)
SQL = re.compile(
    r"^\s*(?:select\s.+\sfrom\s|insert\s+into\s|update\s+[\w.\"]+\s+set\s|delete\s+from\s|with\s+\w+\s+as\s*\()",
    re.IGNORECASE | re.DOTALL,
)
CHANCE = {"uuid4", "random", "secrets", "token_hex"}
# asyncio.sleep(0) lets others go on, and waits for nothing.
NAP = re.compile(r"time\.sleep\(|asyncio\.sleep\((?!0\))")
EVASIONS = {"pytest.skip", "pytest.xfail", "pytest.mark.skip", "pytest.mark.skipif", "pytest.mark.xfail"}


def test_a_module_keeps_to_one_subject() -> None:
    long = {
        file: count
        for file, text in texts(under("roamio_web", "tests", suffix=".py"))
        if (count := text.count("\n")) > LONGEST_MODULE
    }
    assert not long, f"Split by subject before {LONGEST_MODULE} lines: {long}"


def test_a_module_says_what_it_is_for() -> None:
    silent = [
        file for file, tree in trees("roamio_web", "tests") if tree.body and not ast.get_docstring(tree)
    ]
    assert not silent, f"Begin the module with a docstring: {silent}"


def test_services_and_models_know_nothing_of_the_web() -> None:
    found = [
        f"{file}:{line}"
        for file, tree in trees("roamio_web/services", "roamio_web/models")
        for line, package in imported(tree)
        if package in WEB
    ]
    assert not found, f"Pass in what it needs; the view knows Flask: {found}"


def test_the_web_reaches_its_data_through_the_supabase_client_alone() -> None:
    drivers = [
        f"{file}:{line}"
        for file, tree in trees("roamio_web")
        if not file.startswith("roamio_web/embedded/")
        for line, package in imported(tree)
        if package in DATABASE_DRIVERS
    ]
    assert not drivers, f"Use the supabase client: {drivers}"
    queries = [
        f"{file}:{node.lineno}"
        for file, tree in trees(*WITHOUT_SQL)
        for node in _strings(tree)
        if SQL.search(node.value)
    ]
    assert not queries, f"Put the query into a view or a function of a migration: {queries}"


def test_no_test_is_skipped_or_waits_for_the_clock() -> None:
    evasions = [
        f"{file}:{node.lineno} {called}"
        for file, tree in trees("tests")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and (called := ast.unparse(node)) in EVASIONS
    ]
    assert not evasions, f"Make the test run everywhere, or delete it: {evasions}"
    naps = [
        place
        for place, line in lines(under("tests", suffix=".py"))
        if NAP.search(line) and not place.startswith(("tests/support/", "tests/house/"))
    ]
    assert not naps, f"Wait for what you expect, with tests/support's deadline: {naps}"


def test_a_test_has_one_name_in_every_process() -> None:
    found = [
        f"{file}:{node.lineno}"
        for file, tree in trees("tests")
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for decorator in function.decorator_list
        for node in ast.walk(decorator)
        if isinstance(node, ast.Name) and node.id in CHANCE
    ]
    assert not found, f"Use a constant: pytest's processes must collect the same tests: {found}"


def _strings(tree: ast.Module) -> Iterator[ast.Constant]:
    """Every string of the module, docstrings aside."""
    prose = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node
