"""Invites and Welcomes that nobody should take: PA-03, PA-12."""

from __future__ import annotations

import secrets

import pytest

from zerok_sync import ErrorCode, ProtocolError
from zerok_sync.group import DeviceKeys, group_id_of_secret
from zerok_sync.limits import CLOCK_SKEW_MS_MAX
from zerok_sync.pairing import make_link, open_welcome, parse_link, seal_welcome
from zerok_sync.passphrase import check_new, strength
from zerok_sync.wire.messages import EpochSecret, Invite, RelayPin, Welcome


def invite(address: str) -> Invite:
    return Invite(1, RelayPin(address, bytes(32)), bytes(16), bytes(32), 1)


@pytest.mark.parametrize("address", ["relay.example:4433", "127.0.0.1:1", "[::1]:443"])
def test_an_address_of_host_and_port(address: str) -> None:
    parsed = parse_link(make_link(invite(address)), 0)
    assert parsed.relay is not None and parsed.relay.address == address


@pytest.mark.parametrize(
    "address", ["relay.example", "[::1]", "::1", "", ":4433", "relay.example:0", f"{'y' * 52}@relay.example:4433"]
)
def test_any_other_address_is_refused(address: str) -> None:
    """PA-03, CL-34."""
    with pytest.raises(ProtocolError) as refused:
        make_link(invite(address))
    assert refused.value.reject_class == "invite.parse"


def open_with(epochs: list[int], relays: int) -> Welcome:
    secret, key, mailbox_id = secrets.token_bytes(32), bytes(32), bytes(16)
    group_id = group_id_of_secret(secret)
    record = DeviceKeys.derive(bytes(32), group_id).member_record(secret, 0)
    pins = [RelayPin("relay.example:4433", bytes(32))] * relays
    welcome = Welcome(1, group_id, pins, [record], [EpochSecret(epoch, secret) for epoch in epochs], [])
    return open_welcome(seal_welcome(welcome.encode(), key, mailbox_id), key, mailbox_id)[0]


@pytest.mark.parametrize(("epochs", "relays"), [([0], 0), ([], 1), ([1], 1), ([0, 2, 1], 1), ([0, 0], 1)])
def test_welcome_without_relay_or_ascending_epochs(epochs: list[int], relays: int) -> None:
    """PA-12."""
    with pytest.raises(ProtocolError) as refused:
        open_with(epochs, relays)
    assert refused.value.reject_class == "invite.parse"


def test_welcome_that_opens() -> None:
    assert [epoch.epoch for epoch in open_with([0, 1], 1).epoch_secrets] == [0, 1]


def test_a_link_survives_copying() -> None:
    """PA-01: white space, quotes, brackets, dots and invisible characters go; only ASCII letters ignore case."""
    link = make_link(invite("relay.example:4433"))
    folded = "\n".join(link[i : i + 60] for i in range(0, len(link), 60))
    dressed = f"> “{folded.upper()}”.\u200b\ufeff"
    assert parse_link(dressed, 0) == parse_link(link, 0)
    with pytest.raises(ProtocolError):
        parse_link(link.replace("k", "\u212a", 1), 0)  # the Kelvin sign


def test_an_invite_that_is_too_old_says_by_how_much() -> None:
    """PA-05."""
    link = make_link(invite("relay.example:4433"))
    parse_link(link, 1 + CLOCK_SKEW_MS_MAX)
    with pytest.raises(ProtocolError, match="3 hours ago") as refused:
        parse_link(link, 3 * 3_600_000 + 1)
    assert refused.value.code is ErrorCode.INVITE_EXPIRED


def test_strength_of_a_passphrase() -> None:
    """PA-23."""
    assert (strength("password1"), strength("correct horse battery staple")) == (203, 560)
    assert strength("aaaa") == 47 and strength("1a1a1a") == 33 + 47 + 33
    for weak in ("password1", "", "12345678901234567890", "hunterhunterhunterhunter"):
        with pytest.raises(ProtocolError):
            check_new(weak)
    check_new("x7!Qm2#Zr9")
