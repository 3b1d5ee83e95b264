//! The limits of spec/limits.md that this end checks, units last.

/// one Frame.
pub const FRAME_BYTES_MAX: usize = 1024 * 1024;
/// one record's ciphertext.
pub const RECORD_BYTES_MAX: usize = 65535;
/// one EnvelopeHeader.
pub const HEADER_BYTES_MAX: usize = 256;
/// one envelope's ciphertext: 256 KiB and the tag.
pub const CIPHERTEXT_BYTES_MAX: usize = 262160;
/// the smallest padded plaintext and the tag.
pub const CIPHERTEXT_BYTES_MIN: usize = 272;
/// content of one Message.
pub const CONTENT_BYTES_MAX: usize = 192 * 1024;
/// metadata of one Message.
pub const METADATA_BYTES_MAX: usize = 16 * 1024;
/// topic of one Message.
pub const TOPIC_BYTES_MAX: usize = 64;
/// one Push.
pub const PUSH_ITEMS_MAX: usize = 256;
/// one segment.
pub const PAGE_ITEMS_MAX: usize = 1024;
/// one segment; a single envelope may exceed it.
pub const PAGE_BYTES_MAX: usize = 512 * 1024;
/// outstanding credit of one subscription.
pub const CREDIT_BYTES_MAX: usize = 4 * 1024 * 1024;
/// member records of one group.
pub const DEVICES_MAX: usize = 64;
/// a device's name.
pub const DEVICE_NAME_BYTES_MAX: usize = 64;
/// one sealed Welcome.
pub const MAILBOX_PAYLOAD_BYTES_MAX: usize = 128 * 1024;
/// one invite.
pub const INVITE_LIFETIME_MS_MAX: u64 = 600000;
/// one invite link.
pub const INVITE_CHARACTERS_MAX: usize = 1024;
/// tolerated between two clocks.
pub const CLOCK_SKEW_MS_MAX: u64 = 300000;
/// from the connection to an accepted Hello or claim.
pub const HELLO_DEADLINE_MS: u64 = 10000;
/// silence that ends a session.
pub const IDLE_TIMEOUT_MS: u64 = 60000;
/// silence after which a client pings.
pub const PING_INTERVAL_MS: u64 = 20000;
/// how long a gap holds its sender's later envelopes.
pub const GAP_WAIT_MS: u64 = 5000;
/// held envelopes of one group.
pub const GAP_BYTES_MAX: usize = 4 * 1024 * 1024;
/// rejected envelopes of one group.
pub const QUARANTINE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// first reconnect window.
pub const RECONNECT_MS_MIN: u64 = 1000;
/// widest reconnect window.
pub const RECONNECT_MS_MAX: u64 = 30000;
/// a session that lasted this long resets the window.
pub const RECONNECT_STABLE_MS: u64 = 30000;
/// access_token of Hello.
pub const ACCESS_TOKEN_BYTES_MAX: usize = 256;
/// detail of an Error.
pub const ERROR_DETAIL_BYTES_MAX: usize = 256;
/// host, colon, port.
pub const RELAY_ADDRESS_BYTES_MAX: usize = 262;
/// one group's list.
pub const RELAYS_MAX: usize = 16;
/// sequences and cursors.
pub const SAFE_INTEGER_MAX: u64 = 9007199254740991;
/// capabilities of one HelloAck.
pub const CAPABILITIES_MAX: usize = 32;
/// one client's queue.
pub const OUTBOX_ITEMS_MAX: usize = 100000;
/// ranges that one plaintext names as skipped.
pub const SKIPPED_RANGES_MAX: usize = 16;
/// forks of one sender that a client keeps, as two stubs each.
pub const EVIDENCE_ITEMS_MAX: usize = 16;
/// silence while something is unanswered, after which a client pings.
pub const QUIET_MS_MAX: u64 = 5000;
/// from that Ping to the end of a session without life.
pub const PROBE_MS_MAX: u64 = 3000;
/// from a request's last byte to its answer.
pub const ANSWER_MS_MAX: u64 = 30000;
/// the same, while a frame is partly there.
pub const ANSWER_ARRIVING_MS_MAX: u64 = 120000;
/// equal unauthenticated failures in a row, after which the window grows on.
pub const RECONNECT_EQUAL_MAX: u32 = 5;
/// widest reconnect window after them.
pub const RECONNECT_EQUAL_MS_MAX: u64 = 600000;
/// from an authenticated refusal of 1001 to 1003 to the next attempt.
pub const REFUSED_RETRY_MS: u64 = 21600000;
/// longest wait that a relay can ask for.
pub const RETRY_AFTER_MS_MAX: u64 = 3600000;
/// from a roll-back that is believed to the next one of the same relay.
pub const ROLL_BACK_MS_MIN: u64 = 3600000;
/// epoch secrets of one Welcome.
pub const EPOCHS_MAX: usize = 1024;
