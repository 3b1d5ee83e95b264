// generated, do not edit: `make generate` writes this file from spec/ and proto/

/** Every error that can go over the wire, by name. */
export const errors = {
  "INVALID_MESSAGE": {
    "number": 1000,
    "name": "INVALID_MESSAGE",
    "class": "frame.parse",
    "retry": "no",
    "stream": "close",
    "meaning": "A frame is not what the schema says.",
    "hint": "Update the software on both ends; one of them does not follow the protocol."
  },
  "UNKNOWN_GROUP": {
    "number": 1001,
    "name": "UNKNOWN_GROUP",
    "class": "session.unauthorized",
    "retry": "no",
    "stream": "close",
    "meaning": "The relay has deleted the group.",
    "hint": "Ask another device of the group whether it still reaches the relay; everything here stays."
  },
  "UNAUTHORIZED": {
    "number": 1002,
    "name": "UNAUTHORIZED",
    "class": "session.unauthorized",
    "retry": "no",
    "stream": "close",
    "meaning": "This device is not let in.",
    "hint": "Ask another device of the group whether this one is still listed; for a new group, ask the relay's operator for access."
  },
  "DEVICE_REVOKED": {
    "number": 1003,
    "name": "DEVICE_REVOKED",
    "class": "session.revoked",
    "retry": "no",
    "stream": "close",
    "meaning": "This device was removed from the group.",
    "hint": "Ask another device of the group whether it removed this one; everything here stays."
  },
  "NOT_BLOB_OWNER": {
    "number": 1004,
    "name": "NOT_BLOB_OWNER",
    "class": "session.unauthorized",
    "retry": "no",
    "stream": "open",
    "meaning": "Only a blob's owner may change it.",
    "hint": "Change it from the device that uploaded it."
  },
  "UNSUPPORTED_VERSION": {
    "number": 1010,
    "name": "UNSUPPORTED_VERSION",
    "class": "transport.version",
    "retry": "no",
    "stream": "close",
    "meaning": "The other end does not speak this protocol version.",
    "hint": "Update the older end, or choose the mode that both speak."
  },
  "HANDSHAKE_MALFORMED": {
    "number": 1011,
    "name": "HANDSHAKE_MALFORMED",
    "class": "handshake.parse",
    "retry": "no",
    "stream": "close",
    "meaning": "A handshake message has the wrong form.",
    "hint": "Check that the address really is a 0k-sync relay."
  },
  "HANDSHAKE_FAILED": {
    "number": 1012,
    "name": "HANDSHAKE_FAILED",
    "class": "handshake.auth",
    "retry": "no",
    "stream": "close",
    "meaning": "A handshake message does not authenticate.",
    "hint": "Try another network; something between the two ends changes what is sent."
  },
  "HANDSHAKE_KEM_INVALID": {
    "number": 1013,
    "name": "HANDSHAKE_KEM_INVALID",
    "class": "handshake.kem",
    "retry": "no",
    "stream": "close",
    "meaning": "An encapsulation key is not valid.",
    "hint": "Update the software on the other end."
  },
  "HANDSHAKE_ORDER": {
    "number": 1014,
    "name": "HANDSHAKE_ORDER",
    "class": "handshake.order",
    "retry": "no",
    "stream": "close",
    "meaning": "A handshake message came out of turn.",
    "hint": "Update the software on the other end."
  },
  "RELAY_IDENTITY_CHANGED": {
    "number": 1015,
    "name": "RELAY_IDENTITY_CHANGED",
    "class": "handshake.identity",
    "retry": "no",
    "stream": "close",
    "meaning": "The relay's keys are not the pinned ones.",
    "hint": "Ask the operator whether the keys changed; if they did, trust the new ones."
  },
  "DOWNGRADE_REFUSED": {
    "number": 1016,
    "name": "DOWNGRADE_REFUSED",
    "class": "handshake.downgrade",
    "retry": "no",
    "stream": "close",
    "meaning": "A relay with a known post-quantum key is not dialled without it.",
    "hint": "Connect in hybrid mode."
  },
  "RECORD_INVALID": {
    "number": 1017,
    "name": "RECORD_INVALID",
    "class": "frame.parse",
    "retry": "no",
    "stream": "close",
    "meaning": "A transport record does not open.",
    "hint": "Connect again; if it happens again, something between the two ends changes what is sent."
  },
  "FRAME_TOO_LARGE": {
    "number": 1020,
    "name": "FRAME_TOO_LARGE",
    "class": "frame.length",
    "retry": "no",
    "stream": "close",
    "meaning": "A declared length is out of bounds.",
    "hint": "Send less at once."
  },
  "UNKNOWN_FRAME": {
    "number": 1021,
    "name": "UNKNOWN_FRAME",
    "class": "frame.type",
    "retry": "no",
    "stream": "close",
    "meaning": "A frame has no body that this end knows.",
    "hint": "Update the older end."
  },
  "UNEXPECTED_FRAME": {
    "number": 1022,
    "name": "UNEXPECTED_FRAME",
    "class": "frame.state",
    "retry": "no",
    "stream": "close",
    "meaning": "A frame came in a state that does not accept it.",
    "hint": "Update the software on the other end."
  },
  "STREAM_TRUNCATED": {
    "number": 1023,
    "name": "STREAM_TRUNCATED",
    "class": "frame.length",
    "retry": "same",
    "stream": "close",
    "meaning": "The stream ended inside a frame or without a goodbye.",
    "hint": "Connect again."
  },
  "ENVELOPE_MALFORMED": {
    "number": 1030,
    "name": "ENVELOPE_MALFORMED",
    "class": "envelope.parse",
    "retry": "no",
    "stream": "open",
    "meaning": "An envelope has the wrong form.",
    "hint": "Update the software of the device that wrote it."
  },
  "ENVELOPE_VERSION": {
    "number": 1031,
    "name": "ENVELOPE_VERSION",
    "class": "envelope.version",
    "retry": "no",
    "stream": "open",
    "meaning": "An envelope has an unknown version.",
    "hint": "Update this software."
  },
  "ENVELOPE_UNAUTHENTIC": {
    "number": 1032,
    "name": "ENVELOPE_UNAUTHENTIC",
    "class": "envelope.auth",
    "retry": "no",
    "stream": "open",
    "meaning": "An envelope does not verify.",
    "hint": "Somebody changed or forged the envelope; ask the sender to send it again."
  },
  "ENVELOPE_BINDING": {
    "number": 1033,
    "name": "ENVELOPE_BINDING",
    "class": "envelope.binding",
    "retry": "no",
    "stream": "open",
    "meaning": "An envelope names another group or sender.",
    "hint": "Push it from the device and group that it names."
  },
  "ENVELOPE_REPLAYED": {
    "number": 1034,
    "name": "ENVELOPE_REPLAYED",
    "class": "envelope.replay",
    "retry": "no",
    "stream": "open",
    "meaning": "An envelope was seen before.",
    "hint": "Do nothing; the message was delivered once."
  },
  "ENVELOPE_TOO_LARGE": {
    "number": 1035,
    "name": "ENVELOPE_TOO_LARGE",
    "class": "session.size",
    "retry": "no",
    "stream": "open",
    "meaning": "An envelope is larger than allowed.",
    "hint": "Send smaller messages."
  },
  "CHAIN_BROKEN": {
    "number": 1036,
    "name": "CHAIN_BROKEN",
    "class": "envelope.chain",
    "retry": "no",
    "stream": "open",
    "meaning": "An envelope does not continue its sender's chain.",
    "hint": "Let the device pull first; it may have been restored from a copy."
  },
  "SEQUENCE_CONFLICT": {
    "number": 1037,
    "name": "SEQUENCE_CONFLICT",
    "class": "envelope.chain",
    "retry": "no",
    "stream": "open",
    "meaning": "Another envelope has this sequence already.",
    "hint": "Two copies of one device are in use; keep one and join again with the other."
  },
  "EPOCH_UNKNOWN": {
    "number": 1038,
    "name": "EPOCH_UNKNOWN",
    "class": "session.epoch",
    "retry": "later",
    "stream": "open",
    "meaning": "The epoch is not known here yet.",
    "hint": "Let a member connect that knows the newer epoch."
  },
  "ROTATION_INVALID": {
    "number": 1039,
    "name": "ROTATION_INVALID",
    "class": "rotation.invalid",
    "retry": "no",
    "stream": "open",
    "meaning": "A rotation does not continue the group's chain.",
    "hint": "Ask the device that made it to update its software; the group goes on in the epoch before."
  },
  "ROLLED_BACK": {
    "number": 1040,
    "name": "ROLLED_BACK",
    "class": "cursor.regress",
    "retry": "no",
    "stream": "open",
    "meaning": "The relay does not hold what this client has read.",
    "hint": "The relay was restored or replaced; the client reads again and pushes what is missing."
  },
  "CURSOR_GAP": {
    "number": 1041,
    "name": "CURSOR_GAP",
    "class": "cursor.gap",
    "retry": "no",
    "stream": "close",
    "meaning": "A stretch of the log does not account for every cursor.",
    "hint": "Tell the relay's operator: the relay withholds or misorders data."
  },
  "CURSOR_OUT_OF_RANGE": {
    "number": 1042,
    "name": "CURSOR_OUT_OF_RANGE",
    "class": "cursor.range",
    "retry": "no",
    "stream": "open",
    "meaning": "A cursor is beyond what was delivered.",
    "hint": "Update this software."
  },
  "INVITE_MALFORMED": {
    "number": 1050,
    "name": "INVITE_MALFORMED",
    "class": "invite.parse",
    "retry": "no",
    "stream": "open",
    "meaning": "The invite is not readable.",
    "hint": "Copy the whole invite again, or check the passphrase."
  },
  "INVITE_EXPIRED": {
    "number": 1051,
    "name": "INVITE_EXPIRED",
    "class": "invite.expired",
    "retry": "no",
    "stream": "open",
    "meaning": "The invite is too old.",
    "hint": "Ask for a new invite; if it is new, set the clock of the device that is wrong."
  },
  "INVITE_UNAVAILABLE": {
    "number": 1052,
    "name": "INVITE_UNAVAILABLE",
    "class": "invite.used",
    "retry": "no",
    "stream": "open",
    "meaning": "The invite is not available.",
    "hint": "The invite was used, cancelled or has expired; ask for a new one."
  },
  "CODE_MISMATCH": {
    "number": 1053,
    "name": "CODE_MISMATCH",
    "class": "invite.code",
    "retry": "no",
    "stream": "open",
    "meaning": "The words of a short code are not those of the other device.",
    "hint": "Compare the two words with the other device and try again, or ask for a new code."
  },
  "RATE_LIMITED": {
    "number": 2000,
    "name": "RATE_LIMITED",
    "class": "session.rate",
    "retry": "later",
    "stream": "open",
    "meaning": "The relay's rate limit is reached.",
    "hint": "Wait and try again."
  },
  "BLOB_TOO_LARGE": {
    "number": 2001,
    "name": "BLOB_TOO_LARGE",
    "class": "blob.size",
    "retry": "no",
    "stream": "open",
    "meaning": "A blob is larger than allowed.",
    "hint": "Send a smaller file."
  },
  "GROUP_QUOTA_EXCEEDED": {
    "number": 2002,
    "name": "GROUP_QUOTA_EXCEEDED",
    "class": "session.quota",
    "retry": "later",
    "stream": "open",
    "meaning": "The group's space on this relay is used up.",
    "hint": "Ask the relay's operator for more space, or drop the message from the queue."
  },
  "INVALID_PUSH_TOKEN": {
    "number": 2003,
    "name": "INVALID_PUSH_TOKEN",
    "class": "session.unauthorized",
    "retry": "no",
    "stream": "open",
    "meaning": "A push token is not valid.",
    "hint": "Register the device for notifications again."
  },
  "DEVICES_EXCEEDED": {
    "number": 2004,
    "name": "DEVICES_EXCEEDED",
    "class": "session.quota",
    "retry": "no",
    "stream": "close",
    "meaning": "The group has its full number of devices.",
    "hint": "Create a new group; this version cannot remove a device."
  },
  "MAILBOXES_EXCEEDED": {
    "number": 2005,
    "name": "MAILBOXES_EXCEEDED",
    "class": "session.quota",
    "retry": "later",
    "stream": "open",
    "meaning": "The group has too many open invites.",
    "hint": "Wait until an invite expires, or cancel one."
  },
  "REQUESTS_EXCEEDED": {
    "number": 2006,
    "name": "REQUESTS_EXCEEDED",
    "class": "resource.limit",
    "retry": "later",
    "stream": "close",
    "meaning": "Too many requests were in flight.",
    "hint": "Wait for answers before asking more."
  },
  "DEADLINE_EXCEEDED": {
    "number": 2007,
    "name": "DEADLINE_EXCEEDED",
    "class": "resource.limit",
    "retry": "same",
    "stream": "close",
    "meaning": "The other end took too long.",
    "hint": "Check the network and connect again."
  },
  "RESOURCES_EXCEEDED": {
    "number": 2008,
    "name": "RESOURCES_EXCEEDED",
    "class": "resource.limit",
    "retry": "later",
    "stream": "close",
    "meaning": "One end used more memory than the other sets aside for it.",
    "hint": "Send less at once, or read faster."
  },
  "SESSIONS_EXCEEDED": {
    "number": 2009,
    "name": "SESSIONS_EXCEEDED",
    "class": "resource.limit",
    "retry": "later",
    "stream": "close",
    "meaning": "Newer sessions of this device took the place of this one.",
    "hint": "Close other programs that use this device; each may have a few sessions."
  },
  "RELAY_OVERLOADED": {
    "number": 3000,
    "name": "RELAY_OVERLOADED",
    "class": "session.rate",
    "retry": "later",
    "stream": "close",
    "meaning": "The relay is overloaded.",
    "hint": "Wait and try again."
  },
  "RELAY_SHUTTING_DOWN": {
    "number": 3001,
    "name": "RELAY_SHUTTING_DOWN",
    "class": "session.rate",
    "retry": "later",
    "stream": "open",
    "meaning": "The relay is about to stop.",
    "hint": "Connect again in a moment."
  },
  "STORAGE_UNAVAILABLE": {
    "number": 3002,
    "name": "STORAGE_UNAVAILABLE",
    "class": "resource.limit",
    "retry": "later",
    "stream": "open",
    "meaning": "The relay cannot store data now.",
    "hint": "Tell the operator: the disk may be full. Nothing acknowledged is lost."
  }
} as const

export type ErrorName = keyof typeof errors
export type ErrorNumber = (typeof errors)[ErrorName]["number"]

/** The name of each error number. */
export const errorNames = {
  "1000": "INVALID_MESSAGE",
  "1001": "UNKNOWN_GROUP",
  "1002": "UNAUTHORIZED",
  "1003": "DEVICE_REVOKED",
  "1004": "NOT_BLOB_OWNER",
  "1010": "UNSUPPORTED_VERSION",
  "1011": "HANDSHAKE_MALFORMED",
  "1012": "HANDSHAKE_FAILED",
  "1013": "HANDSHAKE_KEM_INVALID",
  "1014": "HANDSHAKE_ORDER",
  "1015": "RELAY_IDENTITY_CHANGED",
  "1016": "DOWNGRADE_REFUSED",
  "1017": "RECORD_INVALID",
  "1020": "FRAME_TOO_LARGE",
  "1021": "UNKNOWN_FRAME",
  "1022": "UNEXPECTED_FRAME",
  "1023": "STREAM_TRUNCATED",
  "1030": "ENVELOPE_MALFORMED",
  "1031": "ENVELOPE_VERSION",
  "1032": "ENVELOPE_UNAUTHENTIC",
  "1033": "ENVELOPE_BINDING",
  "1034": "ENVELOPE_REPLAYED",
  "1035": "ENVELOPE_TOO_LARGE",
  "1036": "CHAIN_BROKEN",
  "1037": "SEQUENCE_CONFLICT",
  "1038": "EPOCH_UNKNOWN",
  "1039": "ROTATION_INVALID",
  "1040": "ROLLED_BACK",
  "1041": "CURSOR_GAP",
  "1042": "CURSOR_OUT_OF_RANGE",
  "1050": "INVITE_MALFORMED",
  "1051": "INVITE_EXPIRED",
  "1052": "INVITE_UNAVAILABLE",
  "1053": "CODE_MISMATCH",
  "2000": "RATE_LIMITED",
  "2001": "BLOB_TOO_LARGE",
  "2002": "GROUP_QUOTA_EXCEEDED",
  "2003": "INVALID_PUSH_TOKEN",
  "2004": "DEVICES_EXCEEDED",
  "2005": "MAILBOXES_EXCEEDED",
  "2006": "REQUESTS_EXCEEDED",
  "2007": "DEADLINE_EXCEEDED",
  "2008": "RESOURCES_EXCEEDED",
  "2009": "SESSIONS_EXCEEDED",
  "3000": "RELAY_OVERLOADED",
  "3001": "RELAY_SHUTTING_DOWN",
  "3002": "STORAGE_UNAVAILABLE"
} as const

export type RejectClass =
  | "blob.chunk"
  | "blob.hash"
  | "blob.size"
  | "cursor.gap"
  | "cursor.range"
  | "cursor.regress"
  | "envelope.auth"
  | "envelope.binding"
  | "envelope.chain"
  | "envelope.parse"
  | "envelope.replay"
  | "envelope.version"
  | "frame.length"
  | "frame.parse"
  | "frame.state"
  | "frame.type"
  | "handshake.auth"
  | "handshake.downgrade"
  | "handshake.identity"
  | "handshake.kem"
  | "handshake.order"
  | "handshake.parse"
  | "invite.code"
  | "invite.expired"
  | "invite.parse"
  | "invite.used"
  | "resource.limit"
  | "rotation.invalid"
  | "session.epoch"
  | "session.quota"
  | "session.rate"
  | "session.revoked"
  | "session.size"
  | "session.unauthorized"
  | "session.version"
  | "transport.alpn"
  | "transport.version"
