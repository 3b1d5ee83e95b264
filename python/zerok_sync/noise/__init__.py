"""The Noise handshakes of spec/handshake.md."""

from .handshake import CLASSICAL, HYBRID, SUITES, Handshake, Suite
from .randomness import NamedDraws, Randomness, SystemRandomness

__all__ = ["CLASSICAL", "HYBRID", "SUITES", "Handshake", "NamedDraws", "Randomness", "Suite", "SystemRandomness"]
