from typing import Any
from .values import Members, Unsupported
CLIENT_ACTIONS: tuple[str, ...] = ()
class ClientRole:
    async def open(self, r: Members) -> dict[str, Any]: raise Unsupported("client")
    async def do(self, r: Members) -> dict[str, Any]: raise Unsupported("client")
    async def observe(self, r: Members) -> dict[str, Any]: raise Unsupported("client")
    async def env(self, r: Members) -> dict[str, Any]: raise Unsupported("client")
    async def close(self, r: Members) -> dict[str, Any]: raise Unsupported("client")
    async def close_all(self) -> None: pass
