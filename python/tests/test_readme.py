"""The README's example runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from .conftest import Relay

FOLDER = Path(__file__).resolve().parents[1]


def test_example(relay: Relay, tmp_path: Path) -> None:
    match = re.search(r"```python\n(.*?)```", (FOLDER / "README.md").read_text(), re.DOTALL)
    assert match is not None
    code = match[1].replace("<nodeid>@relay.example:4433", relay.relay)
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(FOLDER)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["Acknowledgement(cursor=3, durable=True)", "laptop hello"]
    assert done.stderr == ""
