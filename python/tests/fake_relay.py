"""A relay that lies when a test tells it to: in memory, over real QUIC, with the responder's side of the handshake."""

from __future__ import annotations

import asyncio
import datetime
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from aioquic.asyncio import QuicConnectionProtocol, serve
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import ConnectionTerminated, QuicEvent
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from zerok_sync import labels
from zerok_sync.crypto.symmetric import derive
from zerok_sync.envelope import envelope_hash, reread
from zerok_sync.group import RelayKeys
from zerok_sync.keytext import encode_zbase32
from zerok_sync.noise import SUITES, Handshake, SystemRandomness
from zerok_sync.wire.codec import Message
from zerok_sync.wire.frames import FrameReader, body_of, encode_frame, make_frame, open_record, seal_record
from zerok_sync.wire.messages import (
    Bye,
    Deliver,
    DeviceList,
    Envelope,
    Hello,
    HelloAck,
    Limits,
    ListDevices,
    LogSegment,
    MailboxAck,
    MailboxClaim,
    MailboxItem,
    MailboxPut,
    MemberRecord,
    Page,
    Ping,
    Pong,
    Pull,
    Push,
    PushAck,
    PushResult,
    PushStatus,
    Stub,
    Subscribe,
)

LIMITS = Limits(1024 * 1024, 262160, 256, 256, 512 * 1024, 4 * 1024 * 1024)


def make_certificate(directory: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "relay")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    certificate_path, key_path = directory / "certificate.pem", directory / "key.pem"
    certificate_path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate_path, key_path


@dataclass
class FakeRelay:
    """Honest until `lie` says otherwise: it gets each answer before it is sent, with the request, and gives what is
    sent instead; None sends nothing."""

    seed: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    lie: Callable[[Session, Message, Message | None], Message | None] = lambda session, request, answer: answer
    log: list[Envelope] = field(default_factory=list)
    heads: dict[bytes, Stub] = field(default_factory=dict)
    records: dict[bytes, MemberRecord] = field(default_factory=dict)
    mailboxes: dict[bytes, bytes] = field(default_factory=dict)
    requests: list[Message] = field(default_factory=list)
    close_codes: list[int] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    on_close: Callable[[], None] = lambda: None
    """A connection was closed; its application code is the last of `close_codes`."""
    on_request: Callable[[], None] = lambda: None
    port: int = 0
    _server: Any = None

    async def start(self, directory: Path) -> None:
        configuration = QuicConfiguration(is_client=False, alpn_protocols=["/0k-sync/2", "/0k-sync/1"])
        configuration.load_cert_chain(*make_certificate(directory))
        self._server = await serve(
            "127.0.0.1",
            0,
            configuration=configuration,
            create_protocol=partial(_Protocol, self),
            stream_handler=lambda reader, writer: asyncio.ensure_future(Session(self, reader, writer).run()),
        )
        self.port = self._server._transport.get_extra_info("sockname")[1]

    def closed(self, code: int) -> None:
        self.close_codes.append(code)
        self.on_close()

    def stop(self) -> None:
        self._server.close()

    @property
    def relay(self) -> str:
        keys = RelayKeys.derive(self.seed)
        return f"{encode_zbase32(keys.node_id)}.{encode_zbase32(keys.kem_hash)}@{self.address}"

    @property
    def node_id(self) -> bytes:
        return RelayKeys.derive(self.seed).node_id

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def append(self, envelope: Envelope) -> int:
        cursor = len(self.log) + 1
        self.log.append(replace(envelope, cursor=cursor, received_at_ms=1))
        return cursor

    def segment(self, after: int) -> LogSegment:
        return LogSegment(after, after, self.log[after:], len(self.log), len(self.log))


class _Protocol(QuicConnectionProtocol):
    """Tells the relay how connections end. SE-07."""

    def __init__(self, relay: FakeRelay, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._relay = relay

    def quic_event_received(self, event: QuicEvent) -> None:
        super().quic_event_received(event)
        if isinstance(event, ConnectionTerminated):
            self._relay.closed(event.error_code)


class Session:
    def __init__(self, relay: FakeRelay, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.relay, self._reader, self._writer = relay, reader, writer
        self._sent = self._received = 0
        self.device = b""
        self.subscription = self.delivered = 0
        self.request_id = 0
        """Of the request that is served now."""
        relay.sessions.append(self)

    async def run(self) -> None:
        try:
            await self._handshake()
            frames = FrameReader(from_client=True)
            while True:
                while (frame := frames.next()) is not None:
                    body = body_of(frame)
                    assert body is not None
                    self.relay.requests.append(body)
                    self.relay.on_request()
                    self._serve(frame.request_id, body)
                length = int.from_bytes(await self._reader.readexactly(2), "big")
                frames.feed(open_record(self._receive_key, self._received, await self._reader.readexactly(length)))
                self._received += 1
        except (asyncio.IncompleteReadError, ConnectionError):
            return

    async def _handshake(self) -> None:
        preface = await self._reader.readexactly(4)
        suite = SUITES[preface[2]]
        seed = self.relay.seed
        handshake = Handshake(
            suite,
            False,
            derive(seed, labels.RELAY_X25519),
            derive(seed, labels.RELAY_MLKEM768, 64) if suite.hybrid else None,
            SystemRandomness(),
        )
        while not handshake.complete:
            if handshake.writes_next:
                message = handshake.write_message()
                self._writer.write(len(message).to_bytes(2, "big") + message)
            else:
                length = int.from_bytes(await self._reader.readexactly(2), "big")
                handshake.read_message(await self._reader.readexactly(length))
        self._receive_key, self._send_key, _ = handshake.split()

    def send(self, request_id: int, body: Message) -> None:
        data = encode_frame(make_frame(request_id, body))
        for start in range(0, len(data), 60000):
            self._writer.write(seal_record(self._send_key, self._sent, data[start : start + 60000]))
            self._sent += 1

    def deliver(self) -> None:
        """Envelopes that came since the subscription was answered."""
        self.send(self.subscription, Deliver(self.relay.segment(self.delivered)))
        self.delivered = len(self.relay.log)

    def end(self) -> None:
        """The stream ends without GoAway."""
        self._writer.write_eof()

    def _serve(self, request_id: int, request: Message) -> None:
        self.request_id = request_id
        answer = self.relay.lie(self, request, self._honest(request_id, request))
        if answer is not None:
            self.send(request_id, answer)

    def _honest(self, request_id: int, request: Message) -> Message | None:
        relay = self.relay
        match request:
            case Hello():
                self.device = request.device_key
                if request.enrolment is not None and request.enrolment.record is not None:
                    relay.records[request.device_key] = request.enrolment.record
                signing = RelayKeys.derive(relay.seed).signing_key
                head = relay.heads.get(request.device_key)
                return HelloAck(len(relay.log), 0, head, 0, LIMITS, 1, [], signing, 0, 0)
            case Push():
                return PushAck([self._store(item.envelope) for item in request.items if item.envelope], True)
            case Pull():
                return Page(relay.segment(request.after), False)
            case Subscribe():
                self.subscription, self.delivered = request_id, len(relay.log)
                return Deliver(relay.segment(request.after))
            case ListDevices():
                return DeviceList(len(relay.records), list(relay.records.values()))
            case MailboxPut():
                relay.mailboxes[request.mailbox_id] = request.payload
                return MailboxItem(1, b"", 1)
            case MailboxClaim():
                return MailboxItem(2, relay.mailboxes[request.mailbox_id], 1)
            case MailboxAck():
                return MailboxItem(3, b"", 1)
            case Ping():
                return Pong(1)
            case Bye():
                self._writer.write_eof()
                self._writer.transport.protocol.close()  # type: ignore[attr-defined]
        return None

    def _store(self, envelope: Envelope) -> PushResult:
        name = envelope_hash(envelope.header, envelope.nonce, envelope.ciphertext)
        checked = reread(envelope)
        for known in self.relay.log:
            if envelope_hash(known.header, known.nonce, known.ciphertext) == name:
                return PushResult(PushStatus.DUPLICATE, known.cursor, None)
        self.relay.heads[checked.header.sender_key] = checked.stub
        return PushResult(PushStatus.ACCEPTED, self.relay.append(envelope), None)
