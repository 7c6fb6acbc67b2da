"""House rules for the repository as a whole. A failure names the place and says how to mend it."""

from __future__ import annotations

import re

from tests.support.repository import ROOT, files, lines, name, texts, under

TOP_LEVEL = {
    ".ci",
    ".env.example",
    ".gitignore",
    "LICENSE",
    "Makefile",
    "README.md",
    "package-lock.json",
    "package.json",
    "pyproject.toml",
    "requirements",
    "roamio_web",
    "static",
    "supabase",
    "templates",
    "tests",
}
# Written so that this file does not match itself.
MACHINE_PATH = re.compile(r"(?<![\w.:}])/(?:work|root|home|Users)/(?=\w)")
REGISTRY = re.compile(r"\b(?:npmjs|npmmirror|pypi|pythonhosted)\.(?:org|com|io)\b")
SETTING = re.compile(
    r"""["'](?P<ours>(?:ROAMIO|SUPABASE)_[A-Z_]+)["']|(?:os\.environ(?:\.get\(|\[)|_number\()["'](?P<any>\w+)["']"""
)
OTHER_SHELLS = ("roamio_web/commands/", "roamio_web/embedded/")  # an operator's, and a developer's
MIGRATION = re.compile(r"\d{14}_[a-z0-9_]+\.sql")
NOT_CODE = re.compile(r"""--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|"[^"]*\"""", re.DOTALL)


def test_the_top_level_holds_only_what_a_newcomer_expects() -> None:
    found = {path.relative_to(ROOT).parts[0] for path in files()}
    assert found <= TOP_LEVEL, f"Move into a folder, or name in TOP_LEVEL: {sorted(found - TOP_LEVEL)}"


def test_the_supabase_folder_does_not_shadow_the_supabase_package() -> None:
    assert not list((ROOT / "supabase").rglob("__init__.py")), "Delete supabase/__init__.py"


def test_lock_files_name_no_host() -> None:
    locks = [*under("requirements"), ROOT / "package-lock.json"]
    hosts = [place for place, line in lines(locks) if "://" in line or '"resolved"' in line]
    assert not hosts, (
        f"Make the lock again without hosts (`make lock`, npm's omit-lockfile-registry-resolved): {hosts}"
    )


def test_nothing_names_a_package_registry() -> None:
    found = [place for place, line in lines(files()) if REGISTRY.search(line)]
    assert not found, f"Let each machine's own settings choose the registry; take the host out: {found}"


def test_nothing_names_a_path_of_somebody_s_machine() -> None:
    found = [place for place, line in lines(files()) if MACHINE_PATH.search(line)]
    assert not found, f"Use a path relative to the repository, or a setting: {found}"


def test_every_setting_has_its_example() -> None:
    read = {
        found["ours"] or found["any"]
        for file, text in texts(under("roamio_web", suffix=".py"))
        if not file.startswith(OTHER_SHELLS)
        for found in SETTING.finditer(text)
    }
    example = (ROOT / ".env.example").read_text()
    shown = {line.removeprefix("# ").partition("=")[0] for line in example.splitlines() if "=" in line}
    assert not read - shown, f"Show and explain it in .env.example: {sorted(read - shown)}"


def test_third_party_files_are_installed_and_not_committed() -> None:
    found = [name(path) for path in files() if "vendor" in path.parts[:-1] or ".min." in path.name]
    assert not found, f"Name the package in package.json and its files in roamio_web/vendor.py: {found}"


def test_a_migration_is_lower_case_and_named_by_time_and_subject() -> None:
    migrations = under("supabase/migrations")
    badly_named = [name(path) for path in migrations if not MIGRATION.fullmatch(path.name)]
    assert not badly_named, f"Name each migration <14 digits>_<subject>.sql: {badly_named}"
    loud = {file: words for file, text in texts(migrations) if (words := _upper_case_words(text))}
    assert not loud, f"Write SQL in lower case: {loud}"


def _upper_case_words(sql: str) -> list[str]:
    return re.findall(r"\w*[A-Z]\w*", NOT_CODE.sub(" ", sql))[:5]
