"""`python -m zerok_sync_conformance`: the adapter on stdin and stdout."""

import asyncio

from .adapter import serve

asyncio.run(serve())
