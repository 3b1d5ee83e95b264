"""The package as an app installs it: a wheel, in a fresh environment, with its types."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from .conftest import ROOT, Relay
from .test_docs import program

PACKAGE = ROOT / "python"

APP = """
import sqlite3
from zerok_sync import Message, Page, SqliteTarget, open_device

async def main() -> None:
    async with open_device("data") as device:
        group = await device.create_group()
        position: int = (await group.push("text")).position
        async for page in group.log.read(after=position):
            first: Message = page[0]
            print(first.text)
        def handler(page: Page, tx: sqlite3.Connection) -> None: ...
        await group.log.process("name", handler, into=SqliteTarget(sqlite3.connect("app.db")))
"""
WRONG = APP.replace('push("text")', "push(7)")


def run(*command: str | Path, cwd: Path) -> str:
    # Nothing of this tree or of its environment is seen.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    hidden = shutil.ignore_patterns(".*", "__pycache__", "build", "*.egg-info")
    shutil.copytree(PACKAGE, folder / "source", ignore=hidden)
    run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "./source", cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_has_the_package_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    sources = {str(path.relative_to(PACKAGE)) for path in (PACKAGE / "zerok_sync").rglob("*.py")}
    assert {name for name in names if ".dist-info/" not in name} == sources | {"zerok_sync/py.typed"}


def test_an_app_in_a_fresh_environment(wheel: Path, relay: Relay, tmp_path: Path) -> None:
    """The program of docs/python.md runs on the wheel, and a checker sees its types."""
    run(sys.executable, "-m", "venv", "fresh", cwd=tmp_path)
    python = tmp_path / "fresh/bin/python"
    pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    run(*pip, "--require-hashes", "-r", PACKAGE / "requirements.txt", cwd=tmp_path)
    run(*pip, "--no-deps", wheel, cwd=tmp_path)
    run(python, "-m", "pip", "check", cwd=tmp_path)
    assert run(python, "-I", "-c", program(relay.relay), cwd=tmp_path).splitlines()[0] == "[('buy bread',)]"
    mypy = [sys.executable, "-m", "mypy", "--strict", "--python-executable", python, "--cache-dir", tmp_path / "cache"]
    (tmp_path / "app.py").write_text(APP)
    run(*mypy, "app.py", cwd=tmp_path)
    (tmp_path / "app.py").write_text(WRONG)
    with pytest.raises(AssertionError, match="incompatible type"):
        run(*mypy, "app.py", cwd=tmp_path)
