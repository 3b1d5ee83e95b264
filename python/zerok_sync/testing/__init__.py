"""A relay, a network and a clock in memory, for the tests of an app: no socket, no free port, no pause."""

from .relay import TestRelay
from .world import TestClock, TestWorld

__all__ = ["TestClock", "TestRelay", "TestWorld"]
