"""Two devices share a list of notes through a relay, also while the relay is gone. README.md shows how to run it."""

import asyncio
import os
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from tempfile import TemporaryDirectory

from notes import SharedNotes
from zerok_sync import SyncSession

ROOT = Path(__file__).parents[2]


async def start_relay(directory: Path, port: int = 0) -> tuple[Process, str]:
    """A relay process of this tree, and its address."""
    settings = {
        "SERVER_ADDRESS": "127.0.0.1",
        "SERVER_PORT": str(port),
        "HTTP_ENABLED": "false",
        "STORAGE_DIRECTORY": str(directory),
        "LOG_LEVEL": "silent",
    }
    environment = os.environ | {f"ZEROK_RELAY_{name}": value for name, value in settings.items()}
    command = [ROOT / "tools/with-node", ROOT / "relay/bin/0k-relay.js"]
    relay = await asyncio.create_subprocess_exec(*command, env=environment, stdout=PIPE)
    assert relay.stdout is not None
    line = (await relay.stdout.readline()).decode()
    return relay, line.removeprefix("relay ").strip()


async def stop(relay: Process) -> None:
    if relay.returncode is None:
        relay.terminate()
        await relay.wait()


def show(device: str, notes: SharedNotes) -> None:
    print(f"{device}:")
    for note in notes.list():
        print(f"  [{'x' if note.done else ' '}] {note.text}")


async def main(directory: Path) -> None:
    relay, address = await start_relay(directory / "relay")
    try:
        async with (
            await SyncSession.new(None, [address], dir=directory / "laptop", device_name="laptop") as laptop,
            await SyncSession.new(None, [], dir=directory / "phone", device_name="phone") as phone,
            asyncio.TaskGroup() as tasks,
        ):
            # The laptop creates the group, the phone joins it with the invite.
            await phone.pair_join(await laptop.pair())
            laptop_notes, phone_notes = SharedNotes(laptop), SharedNotes(phone)
            following = [tasks.create_task(notes.follow()) for notes in (laptop_notes, phone_notes)]

            await laptop_notes.add("bread")
            await laptop_notes.add("milk")
            await phone_notes.until(lambda notes: len(notes) == 2)
            for note in phone_notes.list():
                if note.text == "milk":
                    await phone_notes.tick(note.id)
            await laptop_notes.until(lambda notes: any(note.done for note in notes))

            # Without the relay both go on writing. Nothing is lost, and nothing is sent twice.
            await stop(relay)
            await phone_notes.add("coffee")
            await laptop_notes.add("apples")
            print("the relay is gone")

            relay, _ = await start_relay(directory / "relay", port=int(address.rsplit(":", 1)[1]))
            await asyncio.gather(laptop.connect(), phone.connect())
            for notes in (laptop_notes, phone_notes):
                await notes.until(lambda notes: len(notes) == 4)
            print("the relay is back")
            show("laptop", laptop_notes)
            show("phone", phone_notes)
            for task in following:
                task.cancel()
    finally:
        await stop(relay)


with TemporaryDirectory(prefix="shared-notes-") as path:
    asyncio.run(main(Path(path)))
