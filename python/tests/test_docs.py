"""The code blocks of docs/python.md run, one after the other."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from .conftest import ROOT, Relay


def program(relay: str) -> str:
    """The blocks of the page as one program."""
    page = (ROOT / "docs/python.md").read_text()
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(blocks) == 5
    return "".join(blocks).replace("<nodeid>.<kem hash>@relay.example:4433", relay)


def test_docs(relay: Relay, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", program(relay.relay)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT / "python")},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[:2] == ["[('buy bread',)]", "1 laptop buy bread"]
    assert "Acknowledgement(cursor=4, durable=True)" in lines
    assert lines[-2:] == ["(2,)", "1 0 2"]
