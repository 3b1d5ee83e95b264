"""Groups and devices for tests of the app's face."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zerok_sync import (
    Device,
    Group,
    Page,
    open_device,
)

from .fake_relay import FakeRelay


def texts(pages: list[Page]) -> list[str | bytes]:
    return [message.content for page in pages for message in page]


async def everything(group: Group, **options: Any) -> list[Page]:
    return [page async for page in group.log.read(**options)]


class relayed:
    """A relay in memory, and a device with a group there."""

    def __init__(self, tmp_path: Path) -> None:
        self._path, self.relay = tmp_path, FakeRelay()

    async def __aenter__(self) -> tuple[FakeRelay, Device, Group]:
        await self.relay.start(self._path)
        self.device = await open_device(None, name="laptop")
        return self.relay, self.device, await self.device.create_group([self.relay.relay])

    async def __aexit__(self, *_: object) -> None:
        await self.device.close()
        self.relay.stop()
