"""``roamio dev``: one command runs the whole product, and one signal ends it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from roamio_web.embedded import ports
from roamio_web.embedded.processes import die_with_parent, stop
from roamio_web.embedded.state import DataFolder
from tests.support.backend import ROAMIO
from tests.support.eventually import eventually
from tests.support.processes import listens, running

ADDRESS = re.compile(r"Roamio is at\s+(http://\S+:(\d+))")


class Product:
    """A running ``roamio dev``."""

    def __init__(self, data_dir: Path, log: Path) -> None:
        self.data_dir = data_dir
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [*ROAMIO, "dev", "--port", "0", "--data-dir", str(data_dir)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - it takes no lock
            )

    @property
    def output(self) -> str:
        return self.log.read_text()

    def address(self) -> tuple[str, int]:
        """Where the site is, once it says so."""
        found = eventually(lambda: ADDRESS.search(self.output), 90, "The site's address")
        return found[1], int(found[2])

    def site(self) -> int:
        """The process number of its gunicorn."""
        listing = subprocess.run(
            ["ps", "-A", "-ww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
        )
        processes = (line.split(maxsplit=2) for line in listing.stdout.splitlines())
        own = str(self.process.pid)
        (site,) = (int(pid) for pid, parent, args in processes if parent == own and "gunicorn" in args)
        return site


@pytest.fixture
def product(shared_dir: Path, tmp_path: Path) -> Iterator[Product]:
    product = Product(shared_dir, tmp_path / "dev.log")
    yield product
    stop(product.process, ((signal.SIGTERM, 30.0),))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_newcomer_opens_the_printed_address_and_ends_everything_with_one_signal(
    product: Product, number: signal.Signals
) -> None:
    address, port = product.address()
    assert httpx.get(address).status_code == 200
    eventually(lambda: "Ctrl-C stops everything" in product.output)
    for account in ("admin@", "operations@", "operations2@", "finance@", "viewer@"):
        assert f"{account}roamio.example" in product.output
    assert "roamio-demo" in product.output
    product.process.send_signal(number)
    assert product.process.wait(30) == 0
    state = DataFolder(product.data_dir).load()
    assert running(str(product.data_dir)) == []
    assert not any(map(listens, (port, state.api_port, state.database_port)))


def test_newcomer_is_told_when_one_half_ends_and_the_other_ends_too(product: Product) -> None:
    product.address()
    os.kill(product.site(), signal.SIGKILL)
    assert product.process.wait(30) == 1
    assert "The site ended" in product.output
    assert running(str(product.data_dir)) == []


def test_killed_command_takes_both_halves_along(product: Product) -> None:
    _, port = product.address()
    product.process.kill()
    product.process.wait()
    eventually(lambda: not listens(port) and not running(str(product.data_dir)), 30)


def test_newcomer_with_a_taken_port_is_told_so_before_anything_starts(data_dir: Path) -> None:
    with ports.bind(0) as neighbour:
        neighbour.listen()
        port = neighbour.getsockname()[1]
        answer = subprocess.run(
            [*ROAMIO, "dev", "--port", str(port), "--data-dir", str(data_dir)],
            capture_output=True,
            text=True,
            check=False,
        )
    assert answer.returncode == 1
    assert answer.stderr.startswith(f"Port {port} is taken")
    assert not data_dir.exists()
