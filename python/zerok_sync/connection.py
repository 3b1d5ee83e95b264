"""One connection: the client's session machine (SE-30 to SE-65), requests and their answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from .channel import Channel
from .clock import Clock
from .errors import ERRORS, ErrorCode, ProtocolError, RelayUnreachable, SyncError, error_code
from .limits import (
    CREDIT_BYTES_MAX,
    DRAIN_MS,
    PAGE_BYTES_MAX,
    PUSH_ITEMS_MAX,
    REQUESTS_IN_FLIGHT_MAX,
)
from .liveness import Liveness, LivenessDeps
from .session_states import ACCEPTED_IN, CLOSED, FRESH, GREETING, LEAVING, READY, refusal, unexpected
from .stream import StreamEnded
from .wire.codec import Message
from .wire.frames import body_of, make_frame
from .wire.messages import (
    Bye,
    Deliver,
    Error,
    Frame,
    GoAway,
    Hello,
    HelloAck,
    Ping,
    Pong,
    Subscribe,
)

A = TypeVar("A", bound=Message)


class Connection:
    """Made on a channel that is ready: state `fresh`. `on_end` is called once, with the failure or None after Bye."""

    def __init__(self, channel: Channel, clock: Clock, is_authenticated: bool = True) -> None:
        self.state = FRESH
        self.is_authenticated = is_authenticated
        """The relay showed no other keys than those known before. CL-37."""
        self.handshake_hash = channel.handshake_hash
        self.ack: HelloAck | None = None
        self.requests_max = REQUESTS_IN_FLIGHT_MAX
        self.push_items_max = PUSH_ITEMS_MAX
        self.page_bytes_max = PAGE_BYTES_MAX
        self.credit_bytes_max = CREDIT_BYTES_MAX
        self.closed = asyncio.Event()
        self.go_away: ProtocolError | None = None
        """The relay's GoAway: its reason, and the earliest time to come back. SE-21."""
        self._channel = channel
        self._clock = clock
        self.on_end: Callable[[Exception | None], None] = lambda failure: None
        self._on_deliver: Callable[[Deliver], None] = lambda deliver: None
        self._pending: dict[int, tuple[type[Message], asyncio.Future[Message]]] = {}
        self._subscription = 0
        self._next_id = 1
        self._used_ms = clock.elapsed_ms()
        self._failure: Exception | None = None
        self._liveness = Liveness(
            LivenessDeps(
                clock, self._ping, self._finish, lambda: channel.frame_is_arriving, lambda: channel.stream.unsent
            )
        )
        channel.stream.on_heard = self._liveness.heard
        channel.stream.on_taken = self._liveness.took
        self._reader = asyncio.create_task(self._read())

    # --- what the client sends

    async def request(self, body: Message, answer: type[A]) -> A:
        """Sends a request and waits for its answer. Raises ProtocolError for a refusal, RelayUnreachable when the
        connection ends before. SE-04, SE-05."""
        if self.state == CLOSED:
            raise self._failure or RelayUnreachable("the connection is closed")
        if self.state not in (FRESH, READY):
            raise RelayUnreachable("the relay is going away")
        if self.requests_left <= 0:
            raise SyncError("too many requests are in flight")
        request_id, self._next_id = self._next_id, self._next_id % 0xFFFFFFFF + 1
        future: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._pending[request_id] = (answer, future)
        if isinstance(body, Hello):
            self.state = GREETING  # SE-31
        if isinstance(body, Subscribe):
            self._subscription = request_id
        if isinstance(body, Hello):
            self._send(request_id, body)  # HELLO_DEADLINE_MS is its own
        else:
            self._ask(request_id, body)
        result = await future
        assert isinstance(result, answer)
        return result

    @property
    def requests_left(self) -> int:
        """How many more requests may be sent now. SE-05."""
        return self.requests_max - len(self._pending)

    async def subscribe(self, body: Subscribe, on_deliver: Callable[[Deliver], None]) -> None:
        """Subscribes; `on_deliver` gets every Deliver, also the first one. RL-44."""
        self._on_deliver = on_deliver
        await self.request(body, Deliver)

    def tell(self, body: Message) -> None:
        """Sends a frame that has no answer: Ack, Credit. SE-04."""
        if self.state == READY:
            self._send(0, body)

    async def bye(self) -> None:
        """SE-20: Bye, then the relay ends the stream."""
        if self.state in (FRESH, READY, LEAVING):
            self.state = LEAVING
            self._send(0, Bye())
            timer = self._clock.call_later(DRAIN_MS, lambda: self._finish(None))
            await self.closed.wait()
            timer.cancel()
        else:
            self.close()
        self._channel.stream.free()

    def close(self, failure: Exception | None = None) -> None:
        """Closes at once with the number of the violation. SE-07."""
        self._finish(failure)

    async def abort(self) -> None:
        """Closes at once, and gives the socket back."""
        self.close()
        await self.wait_freed()

    async def wait_freed(self) -> None:
        """Once it is closed and its socket is given back."""
        await self.closed.wait()
        self._channel.stream.free()

    def _send(self, request_id: int, body: Message) -> int:
        """The offset behind the frame."""
        if not isinstance(body, Ping):
            self._used_ms = self._clock.elapsed_ms()
        self._liveness.spoke()
        return self._channel.send(make_frame(request_id, body))

    def quiet_ms(self) -> float:
        """How long nothing was asked or told; 0 while an answer is awaited."""
        return 0.0 if self._pending else self._clock.elapsed_ms() - self._used_ms

    def _ask(self, request_id: int, body: Message, has_deadline: bool = True) -> None:
        self._liveness.asked(request_id, self._send(request_id, body), has_deadline)

    # --- what the relay sends

    async def _read(self) -> None:
        try:
            while self.state != CLOSED:
                frame = await self._channel.receive()
                self._take(frame)
        except StreamEnded as ended:
            leaving = self.state == LEAVING and not ended.code  # SE-53
            self._finish(None if leaving else ended.as_failure())
        except ProtocolError as failure:
            self._finish(failure)  # SE-55, SE-56, WI-06
        except Exception as failure:
            self._finish(failure, ErrorCode.INVALID_MESSAGE)
            raise

    def _take(self, frame: Frame) -> None:
        body = body_of(frame)
        assert body is not None
        allowed = ACCEPTED_IN.get(type(body))
        if allowed is None or self.state not in allowed:
            raise unexpected(f"{type(body).__name__} in state {self.state}")
        if isinstance(body, Error):
            self._take_error(frame.request_id, body)
        elif isinstance(body, GoAway):
            if frame.request_id:
                raise unexpected("GoAway answers nothing")
            self.go_away = ProtocolError(
                error_code(body.code or ErrorCode.RELAY_SHUTTING_DOWN),
                wire_code=body.code or None,
                retry_after_ms=body.reconnect_after_ms,
            )
            self.state = LEAVING  # SE-44 to SE-47
        elif isinstance(body, Deliver):
            self._take_deliver(frame.request_id, body)
        else:
            self._answer(frame.request_id, body)

    def _answer(self, request_id: int, body: Message) -> None:
        expected, future = self._pending.get(request_id, (None, None))
        if expected is None or future is None or not isinstance(body, expected):
            raise unexpected("an answer to no request, or of another kind")  # SE-08
        del self._pending[request_id]
        self._liveness.answered(request_id)
        if isinstance(body, HelloAck):
            self.state, self.ack = READY, body  # SE-32
            self._clamp(body)
        if not future.done():
            future.set_result(body)

    def _clamp(self, ack: HelloAck) -> None:
        """SE-16: a claimed limit may lower ours, never raise it, and never to nothing."""
        assert ack.limits is not None
        self.requests_max = max(1, min(ack.limits.requests_in_flight_max, self.requests_max))
        self.push_items_max = max(1, min(ack.limits.push_items_max, self.push_items_max))
        self.page_bytes_max = max(1, min(ack.limits.page_bytes_max, self.page_bytes_max))
        self.credit_bytes_max = max(1, min(ack.limits.credit_bytes_max, self.credit_bytes_max))

    def _take_deliver(self, request_id: int, body: Deliver) -> None:
        if not request_id or request_id != self._subscription:
            raise unexpected("a Deliver without a subscription")
        if request_id in self._pending:
            self._answer(request_id, body)
        self._on_deliver(body)

    def _take_error(self, request_id: int, error: Error) -> None:
        failure = refusal(error)
        if ERRORS[failure.code].stream == "close" or self.state == GREETING:
            failure.authenticated = self.is_authenticated  # CL-37
            raise failure  # SE-55, SE-64
        if request_id == 0:
            return  # it refuses a frame that has no answer, such as Ack
        if request_id == self._subscription:
            self._subscription = 0
        expected, future = self._pending.pop(request_id, (None, None))
        self._liveness.answered(request_id)
        if future is None:
            raise unexpected("an Error for no request")
        failure.conflict = error.conflict
        if not future.done():
            future.set_exception(failure)

    # --- its end

    def _finish(self, failure: Exception | None, code: int | None = None) -> None:
        if self.state == CLOSED:
            return
        self.state, self._failure = CLOSED, failure
        self._liveness.close()
        if code is None:
            code = failure.code if isinstance(failure, ProtocolError) else 0
        self._channel.stream.close(code)
        for _, future in self._pending.values():
            if not future.done():
                future.set_exception(failure or RelayUnreachable("the connection was closed"))
        self._pending.clear()
        self.closed.set()
        if self._reader is not asyncio.current_task():
            self._reader.cancel()
        self.on_end(failure or self.go_away)

    def _ping(self) -> None:
        if self.requests_left > 0:
            request_id, self._next_id = self._next_id, self._next_id % 0xFFFFFFFF + 1
            pong: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
            pong.add_done_callback(lambda future: future.cancelled() or future.exception())  # nobody waits for it
            self._pending[request_id] = (Pong, pong)
            self._ask(request_id, Ping(), has_deadline=False)
