"""How changed keys of a relay are met, as an app reads and sets it. CL-31."""

from __future__ import annotations

from .link import Dialer
from .options import TofuMode, check_tofu_mode


class Trusting:
    """Has a dialer, whose mode the app may change."""

    _dialer: Dialer

    @property
    def tofu_mode(self) -> str:
        """`permissive` or `strict`: whether changed keys of a relay are taken over. CL-31."""
        return self._dialer.tofu_mode

    @tofu_mode.setter
    def tofu_mode(self, value: TofuMode) -> None:
        check_tofu_mode(value)
        self._dialer.tofu_mode = value
