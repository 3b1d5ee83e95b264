"""`eval` ops over envelopes, chains, cursors and pairing."""

from __future__ import annotations

from typing import Any

from zerok_sync.authentic import authenticate
from zerok_sync.chain import ChainLink, Outcome, SenderChain, judge
from zerok_sync.envelope import (
    CheckedEnvelope,
    Content,
    Head,
    check_form,
    envelope_hash,
    open_content,
    seal_envelope,
)
from zerok_sync.errors import ErrorCode, ProtocolError
from zerok_sync.group import DeviceKeys
from zerok_sync.pairing import make_link, open_welcome, parse_link, seal_welcome, welcome_key
from zerok_sync.passphrase import check_new
from zerok_sync.segment import check_segment
from zerok_sync.wire.messages import (
    ContentMessage,
    Envelope,
    Invite,
    MemberAnnouncement,
    MemberRecord,
    PassphraseParameters,
)

from .primitives import Op
from .values import Members, from_json, to_json

_CHAIN_ERRORS = {
    Outcome.GAP: ErrorCode.CHAIN_BROKEN,
    Outcome.FORK: ErrorCode.SEQUENCE_CONFLICT,
    Outcome.BROKEN: ErrorCode.CHAIN_BROKEN,
    Outcome.LATE: ErrorCode.CHAIN_BROKEN,  # below the head, and nobody says that its place was given up
}


def _content(value: Members) -> Content:
    if "message" in value:
        return from_json(ContentMessage, value.value["message"])
    announcement = value.members("announcement")
    record = MemberRecord.decode(announcement.hex_bytes("record"))
    return MemberAnnouncement(announcement.text("name") if "name" in announcement else "", record)


def _content_json(content: Content) -> dict[str, Any]:
    if isinstance(content, ContentMessage):
        return {"message": {"sent_at_ms": "0"} | to_json(content)}
    record = content.record.encode().hex() if content.record else ""
    return {"announcement": {"name": content.name, "record": record}}


def envelope_seal(i: Members, draws: Members) -> dict[str, Any]:
    keys = DeviceKeys.derive(i.seed("device_seed"), i.seed("group_id"))
    head = Head(i.u64("sequence") - 1, i.seed("previous"))
    sealed = seal_envelope(
        keys.group_id,
        keys.device_key,
        keys.signing_seed,
        i.number("epoch"),
        i.seed("epoch_secret"),
        head,
        _content(i.members("content")),
        draws.seed("nonce", 24),
    )
    return {"envelope": sealed.envelope.encode().hex(), "hash": sealed.hash.hex()}


def _closes(content: Content, head: int, sequence: int) -> bool:
    """EN-24, EN-29: it names every sequence between the head and its own as skipped."""
    next_ = head + 1
    for skipped in content.skipped:
        if skipped.from_ <= next_:
            next_ = max(next_, skipped.to + 1)
    return next_ >= sequence


def envelope_open(i: Members, _: Members) -> dict[str, Any]:
    given = i.members("head") if "head" in i else None
    head = Head(given.u64("sequence"), given.seed("hash")) if given else Head()
    secrets = {e.number("epoch"): e.seed("secret") for e in map(Members, i.items("epochs"))}
    group_id = i.seed("group_id")
    checked = check_form(Envelope.decode(i.hex_bytes("envelope")), group_id)
    outcome = judge(checked, head, {head.sequence: ChainLink(head.hash, b"")})
    if outcome is Outcome.DUPLICATE:
        raise ProtocolError(ErrorCode.ENVELOPE_REPLAYED)  # EN-22: whatever its signature
    if not checked.signature_holds() or checked.header.sender_key not in i.hex_list("members"):
        raise ProtocolError(ErrorCode.ENVELOPE_UNAUTHENTIC)
    if outcome is Outcome.GAP and checked.header.epoch in secrets:
        if not _closes(open_content(checked, secrets), head.sequence, checked.header.sequence):
            raise ProtocolError(ErrorCode.CHAIN_BROKEN)
    elif outcome is not Outcome.ACCEPTED:
        raise ProtocolError(_CHAIN_ERRORS[outcome])
    content = open_content(checked, secrets)
    return {
        "sender_key": checked.header.sender_key.hex(),
        "sequence": str(checked.header.sequence),
        "epoch": checked.header.epoch,
        "hash": checked.hash.hex(),
        "content": _content_json(content),
    }


def envelope_name(i: Members, _: Members) -> dict[str, Any]:
    return {"hash": envelope_hash(i.hex_bytes("header"), i.hex_bytes("nonce"), i.hex_bytes("ciphertext")).hex()}


def chain_verify(i: Members, _: Members) -> dict[str, Any]:
    group_id, members = i.seed("group_id"), set(i.hex_list("members"))
    forms: list[CheckedEnvelope | ProtocolError] = []
    for data in i.hex_list("envelopes"):
        try:
            forms.append(check_form(Envelope.decode(data), group_id))
        except ProtocolError as failure:
            forms.append(failure)
    in_form = [form for form in forms if isinstance(form, CheckedEnvelope)]
    authentic = iter(authenticate(in_form, lambda sender, sequence, name: False))
    chains: dict[bytes, SenderChain] = {}
    without_record: set[bytes] = set()
    outcomes = []
    for form in forms:
        if isinstance(form, ProtocolError):
            outcomes.append(f"rejected:{form.reject_class}")
            continue
        chain = chains.setdefault(form.header.sender_key, SenderChain())
        holds = next(authentic)
        if chain.has_accepted(form):
            outcomes.append(str(Outcome.DUPLICATE))
        elif form.hash in chain.held:
            outcomes.append(str(Outcome.GAP))  # EN-22: whatever the signature of this copy
        elif not holds and form.hash not in without_record:
            outcomes.append("rejected:envelope.auth")
        elif form.header.sender_key not in members:
            without_record.add(form.hash)
            outcomes.append("held")  # CL-09
        else:
            outcome = chain.receive(form)
            outcomes.append("rejected:envelope.chain" if outcome is Outcome.BROKEN else str(outcome))
    heads = [
        {"sender_key": sender.hex(), "sequence": str(chain.head.sequence), "hash": chain.head.hash.hex()}
        for sender, chain in sorted(chains.items())
        if chain.head.sequence
    ]
    return {"outcomes": outcomes, "heads": heads}


def cursor_merge(i: Members, _: Members) -> dict[str, Any]:
    segment = i.members("segment")
    cursors = [Members({"cursor": c}).u64("cursor") for c in segment.items("cursors")]
    names = ("after", "removed_through", "next", "head")
    after, removed_through, next_, head = (segment.u64(name) for name in names)
    has_more = i.flag("has_more") if "has_more" in i else False
    expired = check_segment(i.u64("after"), after, removed_through, cursors, next_, head, has_more)
    result: dict[str, Any] = {"after": str(next_)}
    return result | ({"expired": {"from": str(expired[0]), "to": str(expired[1])}} if expired else {})


def invite_make(i: Members, _: Members) -> dict[str, Any]:
    fields = {"version": 1} | i.members("invite").value
    return {"link": make_link(from_json(Invite, fields))}


def invite_parse(i: Members, _: Members) -> dict[str, Any]:
    invite = {"expires_at_ms": "0"} | to_json(parse_link(i.text("link"), i.milliseconds("now_ms")))
    del invite["version"]
    return {"invite": invite}


def passphrase_new(i: Members, _: Members) -> dict[str, Any]:
    return {"strength": check_new(i.text("text"))}


def _welcome_key(i: Members) -> bytes:
    if "passphrase" not in i:
        return welcome_key(i.seed("invite_key"), i.seed("mailbox_id", 16), None, None)
    given = i.members("passphrase")
    parameters = PassphraseParameters(
        given.hex_bytes("salt"), given.number("memory_kib"), given.number("iterations"), given.number("parallelism")
    )
    return welcome_key(i.seed("invite_key"), i.seed("mailbox_id", 16), parameters, given.text("text"))


def welcome_seal(i: Members, draws: Members) -> dict[str, Any]:
    key = _welcome_key(i)
    return {
        "payload": seal_welcome(i.hex_bytes("welcome"), key, i.hex_bytes("mailbox_id"), draws.seed("nonce", 24)).hex()
    }


def welcome_open(i: Members, _: Members) -> dict[str, Any]:
    welcome, members = open_welcome(i.hex_bytes("payload"), _welcome_key(i), i.hex_bytes("mailbox_id"))
    return {
        "group_id": welcome.group_id.hex(),
        "devices": [body.device_key.hex() for body in members],
        "relays": [relay.address for relay in welcome.relays],
    }


OPS: dict[str, Op] = {
    "envelope.seal": envelope_seal,
    "envelope.open": envelope_open,
    "envelope.hash": envelope_name,
    "chain.verify": chain_verify,
    "cursor.merge": cursor_merge,
    "invite.make": invite_make,
    "invite.parse": invite_parse,
    "passphrase.new": passphrase_new,
    "welcome.seal": welcome_seal,
    "welcome.open": welcome_open,
}
