"""The files of this repository as git sees them, for the tests that hold its house rules."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = frozenset({".png", ".jpg", ".jpeg", ".webp", ".avif", ".ico", ".woff2", ".gz"})


@cache
def files() -> tuple[Path, ...]:
    """Every file that is tracked, or would be with ``git add --all``."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


def under(*folders: str, suffix: str = "") -> list[Path]:
    """The files in these folders of the repository that end with ``suffix``."""
    return [
        path
        for path in files()
        if path.name.endswith(suffix) and any(path.is_relative_to(ROOT / folder) for folder in folders)
    ]


def texts(paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Name and content of each text file."""
    for path in paths:
        if path.suffix not in BINARY:
            yield name(path), path.read_text(encoding="utf-8")


def lines(paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Place (``file:line``) and content of each line of each text file."""
    for file, text in texts(paths):
        for number, line in enumerate(text.splitlines(), 1):
            yield f"{file}:{number}", line


def trees(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Name and syntax tree of each Python module in these folders."""
    for file, text in texts(under(*folders, suffix=".py")):
        yield file, ast.parse(text, file)


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and top-level package of every import, wherever in the module it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module.partition(".")[0]


def name(path: Path) -> str:
    """The path as the repository names it."""
    return path.relative_to(ROOT).as_posix()
