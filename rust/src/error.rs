//! The closed tables of spec/errors.md: reject classes and wire numbers.

use std::fmt;

macro_rules! classes {
    ($($variant:ident = $text:literal,)*) => {
        /// Why something is refused. spec/errors.md, "Reject classes".
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Class { $($variant,)* }

        impl Class {
            pub fn as_str(self) -> &'static str {
                match self { $(Class::$variant => $text,)* }
            }
        }
    };
}

classes! {
    TransportAlpn = "transport.alpn",
    TransportVersion = "transport.version",
    HandshakeParse = "handshake.parse",
    HandshakeAuth = "handshake.auth",
    HandshakeKem = "handshake.kem",
    HandshakeIdentity = "handshake.identity",
    HandshakeDowngrade = "handshake.downgrade",
    HandshakeOrder = "handshake.order",
    FrameLength = "frame.length",
    FrameParse = "frame.parse",
    FrameType = "frame.type",
    FrameState = "frame.state",
    SessionVersion = "session.version",
    SessionUnauthorized = "session.unauthorized",
    SessionRate = "session.rate",
    SessionQuota = "session.quota",
    SessionSize = "session.size",
    SessionRevoked = "session.revoked",
    SessionEpoch = "session.epoch",
    EnvelopeParse = "envelope.parse",
    EnvelopeVersion = "envelope.version",
    EnvelopeAuth = "envelope.auth",
    EnvelopeReplay = "envelope.replay",
    EnvelopeBinding = "envelope.binding",
    EnvelopeChain = "envelope.chain",
    RotationInvalid = "rotation.invalid",
    CursorRegress = "cursor.regress",
    CursorGap = "cursor.gap",
    CursorRange = "cursor.range",
    InviteParse = "invite.parse",
    InviteExpired = "invite.expired",
    InviteUsed = "invite.used",
    BlobHash = "blob.hash",
    BlobChunk = "blob.chunk",
    BlobSize = "blob.size",
    ResourceLimit = "resource.limit",
}

/// The permission to send a refused request again. ER-05.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    No,
    Same,
    Later,
}

/// A row of the error table: number, class, retry rule, and whether the connection ends (ER-02).
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub number: u32,
    pub class: Class,
    pub retry: Retry,
    pub closes: bool,
}

const fn row(number: u32, class: Class, retry: Retry, closes: bool) -> Row {
    Row { number, class, retry, closes }
}

const ROWS: &[Row] = &[
    row(1000, Class::FrameParse, Retry::No, true),           // INVALID_MESSAGE
    row(1001, Class::SessionUnauthorized, Retry::No, true),  // UNKNOWN_GROUP
    row(1002, Class::SessionUnauthorized, Retry::No, true),  // UNAUTHORIZED
    row(1003, Class::SessionRevoked, Retry::No, true),       // DEVICE_REVOKED
    row(1004, Class::SessionUnauthorized, Retry::No, false), // NOT_BLOB_OWNER
    row(1010, Class::TransportVersion, Retry::No, true),     // UNSUPPORTED_VERSION
    row(1011, Class::HandshakeParse, Retry::No, true),       // HANDSHAKE_MALFORMED
    row(1012, Class::HandshakeAuth, Retry::No, true),        // HANDSHAKE_FAILED
    row(1013, Class::HandshakeKem, Retry::No, true),         // HANDSHAKE_KEM_INVALID
    row(1014, Class::HandshakeOrder, Retry::No, true),       // HANDSHAKE_ORDER
    row(1015, Class::HandshakeIdentity, Retry::No, true),    // RELAY_IDENTITY_CHANGED
    row(1016, Class::HandshakeDowngrade, Retry::No, true),   // DOWNGRADE_REFUSED
    row(1017, Class::FrameParse, Retry::No, true),           // RECORD_INVALID
    row(1020, Class::FrameLength, Retry::No, true),          // FRAME_TOO_LARGE
    row(1021, Class::FrameType, Retry::No, true),            // UNKNOWN_FRAME
    row(1022, Class::FrameState, Retry::No, true),           // UNEXPECTED_FRAME
    row(1023, Class::FrameLength, Retry::Same, true),        // STREAM_TRUNCATED
    row(1030, Class::EnvelopeParse, Retry::No, false),       // ENVELOPE_MALFORMED
    row(1031, Class::EnvelopeVersion, Retry::No, false),     // ENVELOPE_VERSION
    row(1032, Class::EnvelopeAuth, Retry::No, false),        // ENVELOPE_UNAUTHENTIC
    row(1033, Class::EnvelopeBinding, Retry::No, false),     // ENVELOPE_BINDING
    row(1034, Class::EnvelopeReplay, Retry::No, false),      // ENVELOPE_REPLAYED
    row(1035, Class::SessionSize, Retry::No, false),         // ENVELOPE_TOO_LARGE
    row(1036, Class::EnvelopeChain, Retry::No, false),       // CHAIN_BROKEN
    row(1037, Class::EnvelopeChain, Retry::No, false),       // SEQUENCE_CONFLICT
    row(1038, Class::SessionEpoch, Retry::Later, false),     // EPOCH_UNKNOWN
    row(1039, Class::RotationInvalid, Retry::No, false),     // ROTATION_INVALID
    row(1040, Class::CursorRegress, Retry::No, false),       // ROLLED_BACK
    row(1041, Class::CursorGap, Retry::No, true),            // CURSOR_GAP
    row(1042, Class::CursorRange, Retry::No, false),         // CURSOR_OUT_OF_RANGE
    row(1050, Class::InviteParse, Retry::No, false),         // INVITE_MALFORMED
    row(1051, Class::InviteExpired, Retry::No, false),       // INVITE_EXPIRED
    row(1052, Class::InviteUsed, Retry::No, false),          // INVITE_UNAVAILABLE
    row(2000, Class::SessionRate, Retry::Later, false),      // RATE_LIMITED
    row(2001, Class::BlobSize, Retry::No, false),            // BLOB_TOO_LARGE
    row(2002, Class::SessionQuota, Retry::Later, false),     // GROUP_QUOTA_EXCEEDED
    row(2003, Class::SessionUnauthorized, Retry::No, false), // INVALID_PUSH_TOKEN
    row(2004, Class::SessionQuota, Retry::No, true),         // DEVICES_EXCEEDED
    row(2005, Class::SessionQuota, Retry::Later, false),     // MAILBOXES_EXCEEDED
    row(2006, Class::ResourceLimit, Retry::Later, true),     // REQUESTS_EXCEEDED
    row(2007, Class::ResourceLimit, Retry::Same, true),      // DEADLINE_EXCEEDED
    row(2008, Class::ResourceLimit, Retry::Later, true),     // RESOURCES_EXCEEDED
    row(2009, Class::ResourceLimit, Retry::Later, true),     // SESSIONS_EXCEEDED
    row(3000, Class::SessionRate, Retry::Later, true),       // RELAY_OVERLOADED
    row(3001, Class::SessionRate, Retry::Later, false),      // RELAY_SHUTTING_DOWN
    row(3002, Class::ResourceLimit, Retry::Later, false),    // STORAGE_UNAVAILABLE
];

/// The row of a number; unknown ones count as RELAY_OVERLOADED or INVALID_MESSAGE. ER-06.
pub fn row_of(number: u32) -> Row {
    let known = |wanted: u32| ROWS.iter().find(|row| row.number == wanted).copied();
    let fallback = if number >= 3000 { 3000 } else { 1000 };
    let row = known(number).or(known(fallback)).unwrap_or(ROWS[0]);
    Row { number, ..row }
}

/// The number with which this end names a class when it closes a connection. SE-07.
pub fn number_of(class: Class) -> u32 {
    let preferred = match class {
        Class::FrameLength => 1020,
        Class::FrameParse => 1000,
        Class::ResourceLimit => 2008,
        Class::TransportAlpn => 1010,
        _ => 0,
    };
    if preferred != 0 {
        return preferred;
    }
    ROWS.iter().find(|row| row.class == class).map_or(1000, |row| row.number)
}

/// Something that came in is bad: the class, the wire number if one was sent or received, one sentence.
#[derive(Clone, Debug)]
pub struct Reject {
    pub class: Class,
    pub code: Option<u32>,
    pub detail: String,
}

pub type Result<T, E = Reject> = std::result::Result<T, E>;

impl Reject {
    pub fn new(class: Class, detail: impl Into<String>) -> Self {
        Reject { class, code: None, detail: detail.into() }
    }

    /// The refusal of an Error frame or connection close with this number.
    pub fn from_number(number: u32, detail: impl Into<String>) -> Self {
        Reject { class: row_of(number).class, code: Some(number), detail: detail.into() }
    }
}

impl fmt::Display for Reject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.class.as_str(), self.detail)
    }
}

impl std::error::Error for Reject {}

/// `ensure(condition, class, detail)?` reads as the sentence of the requirement it checks.
pub fn ensure(condition: bool, class: Class, detail: &str) -> Result<()> {
    if condition { Ok(()) } else { Err(Reject::new(class, detail)) }
}
