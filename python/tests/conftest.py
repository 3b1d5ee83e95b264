"""The TypeScript relay and command line as black boxes."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
WITH_NODE = [str(ROOT / "tools/with-node"), "node"]

CONFIG = """
[server]
address = "127.0.0.1"
port = {port}
[http]
enabled = false
[storage]
directory = "{directory}"
[log]
level = "error"
"""


@dataclass
class Relay:
    directory: Path
    process: subprocess.Popen[str]
    relay: str
    """`<nodeid>.<kem hash>@host:port`."""

    @property
    def address(self) -> str:
        return self.relay.split("@")[1]

    def stop(self, kill: bool = False) -> None:
        self.process.kill() if kill else self.process.terminate()
        self.process.wait(20)

    def start(self) -> None:
        """Again, at the same address and with the same data."""
        self.process = start_relay(self.directory, int(self.address.rsplit(":", 1)[1])).process


def start_relay(directory: Path, port: int = 0) -> Relay:
    config = directory / "relay.toml"
    config.write_text(CONFIG.format(port=port, directory=directory / "data"))
    command = [*WITH_NODE, str(ROOT / "relay/bin/0k-relay.js"), "--config", str(config)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        match = re.search(r"\S+@127\.0\.0\.1:\d+", line)
        if match:
            return Relay(directory, process, match[0])
    raise AssertionError("the relay did not say where it listens")


@pytest.fixture(scope="session")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    """One for all tests: each makes a group of its own."""
    started = start_relay(tmp_path_factory.mktemp("relay"))
    yield started
    started.stop(kill=True)


@pytest.fixture
def mortal_relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    """One that a test may end and start again."""
    started = start_relay(tmp_path_factory.mktemp("relay"))
    yield started
    started.stop(kill=True)


@pytest.fixture
def cli(tmp_path: Path) -> Callable[..., list[dict[str, Any]]]:
    """Runs the TypeScript command line with its own data directory; its JSON lines."""

    def run(*arguments: str, stdin: str = "") -> list[dict[str, Any]]:
        command = [
            *WITH_NODE,
            str(ROOT / "cli/bin/0k-sync.js"),
            *arguments,
            "--data-dir",
            str(tmp_path / "cli"),
            "--json",
        ]
        done = subprocess.run(command, cwd=ROOT, input=stdin, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    return run
