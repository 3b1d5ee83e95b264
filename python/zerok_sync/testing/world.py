"""TestWorld: devices, a network, a relay and a clock in memory."""

from __future__ import annotations

import asyncio
import os
from types import TracebackType
from typing import Any, Self

from ..clock import Clock
from ..device import Device, open_device
from ..errors import ArgumentError
from .network import MemoryNetwork
from .relay import TestRelay

QUIET_TURNS = 64
"""Turns of the loop in which nothing arrives, after which nothing more will."""


class TestClock:
    """Stands until it is told to go on; every timer of every device obeys it."""

    __test__ = False  # pytest collects no tests here

    def __init__(self, clock: Clock, world: TestWorld) -> None:
        self._clock, self._world = clock, world

    @property
    def now_ms(self) -> int:
        """Milliseconds since 1970."""
        return self._clock.now_ms()

    async def advance(self, seconds: float) -> None:
        """Lets time pass: retries and deadlines fall due in their order, and what they begin arrives."""
        end_ms = self._clock.elapsed_ms() + seconds * 1000
        while (due_ms := self._clock.next_due_ms()) is not None and due_ms <= end_ms:
            self._clock.advance(max(0.0, due_ms - self._clock.elapsed_ms()))
            await self._world.settle()
        self._clock.advance(max(0.0, end_ms - self._clock.elapsed_ms()))
        await self._world.settle()


class TestWorld:
    """Enter it with `async with`; at the end it closes its devices and its relay."""

    __test__ = False  # pytest collects no tests here

    def __init__(self) -> None:
        self._network, self._clock = MemoryNetwork(), Clock()
        self._clock.stop()
        self._devices: dict[str, Device] = {}
        self.clock = TestClock(self._clock, self)
        self.relay = TestRelay(self._network, self._clock, "relay.test", 4433)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, value: object, trace: TracebackType | None) -> None:
        await self.close()

    async def open_device(self, name: str, data_dir: str | os.PathLike[str] | None = None, **options: Any) -> Device:
        """Opens a device in this world, with the options of zerok_sync.open_device(); it is known here by its name.
        Without `data_dir` it is kept in memory. Opened again under its name, it is closed first, as in a restart."""
        if name in self._devices:
            await self._devices[name].close()
        device = await open_device(data_dir, name=name, clock=self._clock, connect=self._network.connect, **options)
        self._devices[name] = device
        return device

    def go_offline(self, name: str) -> None:
        """Takes a device's network away."""
        self._device(name).set_online(False)

    def go_online(self, name: str) -> None:
        """Gives a device its network back; what waits is sent and read at once."""
        self._device(name).set_online(True)

    def _device(self, name: str) -> Device:
        device = self._devices.get(name)
        if device is None:
            raise ArgumentError(f"no device of this world is called {name!r}; open it with world.open_device()")
        return device

    async def settle(self) -> None:
        """Lets everything arrive that is on its way; no time passes."""
        quiet = 0
        while quiet < QUIET_TURNS:
            before = self._network.arrivals
            await asyncio.sleep(0)
            quiet = quiet + 1 if self._network.arrivals == before else 0

    async def close(self) -> None:
        """Closes the devices and the relay."""
        for device in self._devices.values():
            await device.close()
        await self.relay.close()
