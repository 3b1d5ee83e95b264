"""The example of the tree, with its own relay process."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/shared-notes-python"
LIST = ["  [ ] apples", "  [ ] bread", "  [ ] coffee", "  [x] milk"]


def test_both_devices_end_with_the_same_list() -> None:
    page = (EXAMPLE / "README.md").read_text()
    block = re.search(r"```sh\n(.*?)\n(.*?)\n```", page, re.DOTALL)
    assert block is not None
    setup, command = block.groups()
    assert setup == "make setup"
    run = subprocess.run([ROOT / command], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    expected = ["the relay is gone", "the relay is back", "laptop:", *LIST, "phone:", *LIST]
    assert run.stdout.splitlines() == expected
