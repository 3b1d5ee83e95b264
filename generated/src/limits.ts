// generated, do not edit: `make generate` writes this file from spec/ and proto/

/** one Frame; bytes. LI-01. */
export const FRAME_BYTES_MAX = 1048576

/** nested messages in a Frame; levels. LI-02. */
export const FRAME_DEPTH_MAX = 8

/** one record's ciphertext; bytes. LI-03. */
export const RECORD_BYTES_MAX = 65535

/** one EnvelopeHeader; bytes. LI-04. */
export const HEADER_BYTES_MAX = 256

/** one envelope's ciphertext: 256 KiB and the tag; bytes. LI-05. */
export const CIPHERTEXT_BYTES_MAX = 262160

/** the smallest padded plaintext and the tag; bytes. LI-06. */
export const CIPHERTEXT_BYTES_MIN = 272

/** content of one Message; bytes. LI-07. */
export const CONTENT_BYTES_MAX = 196608

/** metadata of one Message; bytes. LI-08. */
export const METADATA_BYTES_MAX = 16384

/** unanswered requests of one session; requests. LI-09. */
export const REQUESTS_IN_FLIGHT_MAX = 256

/** one Push; items. LI-10. */
export const PUSH_ITEMS_MAX = 256

/** one segment; items. LI-11. */
export const PAGE_ITEMS_MAX = 1024

/** one segment; a single envelope may exceed it; bytes. LI-12. */
export const PAGE_BYTES_MAX = 524288

/** outstanding credit of one subscription; bytes. LI-13. */
export const CREDIT_BYTES_MAX = 4194304

/** member records of one group; devices. LI-14. */
export const DEVICES_MAX = 64

/** a device's name; bytes. LI-15. */
export const DEVICE_NAME_BYTES_MAX = 64

/** one device at one relay; sessions. LI-16. */
export const SESSIONS_PER_DEVICE_MAX = 4

/** one address at one relay; configurable; connections. LI-17. */
export const CONNECTIONS_PER_ADDRESS_MAX = 1024

/** one group at one relay; mailboxes. LI-18. */
export const MAILBOXES_MAX = 16

/** one sealed Welcome; bytes. LI-19. */
export const MAILBOX_PAYLOAD_BYTES_MAX = 131072

/** one invite; ms. LI-20. */
export const INVITE_LIFETIME_MS_MAX = 600000

/** one invite link; characters. LI-21. */
export const INVITE_CHARACTERS_MAX = 1024

/** tolerated between two clocks; ms. LI-22. */
export const CLOCK_SKEW_MS_MAX = 300000

/** from the connection to an accepted Hello or claim; ms. LI-23. */
export const HELLO_DEADLINE_MS = 10000

/** silence that ends a session; ms. LI-24. */
export const IDLE_TIMEOUT_MS = 60000

/** silence after which a client pings; ms. LI-25. */
export const PING_INTERVAL_MS = 20000

/** from GoAway to the close; ms. LI-26. */
export const DRAIN_MS = 5000

/** how long a gap holds its sender's later envelopes; ms. LI-27. */
export const GAP_WAIT_MS = 5000

/** held envelopes of one group; bytes. LI-28. */
export const GAP_BYTES_MAX = 4194304

/** rejected envelopes of one group; bytes. LI-29. */
export const QUARANTINE_BYTES_MAX = 4194304

/** first reconnect window; ms. LI-30. */
export const RECONNECT_MS_MIN = 1000

/** widest reconnect window; ms. LI-31. */
export const RECONNECT_MS_MAX = 30000

/** a session that lasted this long resets the window; ms. LI-32. */
export const RECONNECT_STABLE_MS = 30000

/** access_token of Hello; bytes. LI-33. */
export const ACCESS_TOKEN_BYTES_MAX = 256

/** detail of an Error; bytes. LI-34. */
export const ERROR_DETAIL_BYTES_MAX = 256

/** host, colon, port; bytes. LI-35. */
export const RELAY_ADDRESS_BYTES_MAX = 262

/** received and not processed, one connection; bytes. LI-36. */
export const UNREAD_BYTES_MAX = 8388608

/** removed from one group by one sweep; items. LI-37. */
export const SWEEP_ITEMS_MAX = 10000

/** one group's list; relays. LI-38. */
export const RELAYS_MAX = 16

/** sequences and cursors; count. LI-39. */
export const SAFE_INTEGER_MAX = 9007199254740991

/** capabilities of one HelloAck; items. LI-40. */
export const CAPABILITIES_MAX = 32

/** one client's queue; items. LI-41. */
export const OUTBOX_ITEMS_MAX = 100000

/** epoch secrets of one Welcome; items. LI-42. */
export const EPOCHS_MAX = 1024

/** Every limit, by name. */
export const limits = {
  "FRAME_BYTES_MAX": {
    "id": "LI-01",
    "value": 1048576,
    "unit": "bytes",
    "meaning": "one Frame"
  },
  "FRAME_DEPTH_MAX": {
    "id": "LI-02",
    "value": 8,
    "unit": "levels",
    "meaning": "nested messages in a Frame"
  },
  "RECORD_BYTES_MAX": {
    "id": "LI-03",
    "value": 65535,
    "unit": "bytes",
    "meaning": "one record's ciphertext"
  },
  "HEADER_BYTES_MAX": {
    "id": "LI-04",
    "value": 256,
    "unit": "bytes",
    "meaning": "one EnvelopeHeader"
  },
  "CIPHERTEXT_BYTES_MAX": {
    "id": "LI-05",
    "value": 262160,
    "unit": "bytes",
    "meaning": "one envelope's ciphertext: 256 KiB and the tag"
  },
  "CIPHERTEXT_BYTES_MIN": {
    "id": "LI-06",
    "value": 272,
    "unit": "bytes",
    "meaning": "the smallest padded plaintext and the tag"
  },
  "CONTENT_BYTES_MAX": {
    "id": "LI-07",
    "value": 196608,
    "unit": "bytes",
    "meaning": "content of one Message"
  },
  "METADATA_BYTES_MAX": {
    "id": "LI-08",
    "value": 16384,
    "unit": "bytes",
    "meaning": "metadata of one Message"
  },
  "REQUESTS_IN_FLIGHT_MAX": {
    "id": "LI-09",
    "value": 256,
    "unit": "requests",
    "meaning": "unanswered requests of one session"
  },
  "PUSH_ITEMS_MAX": {
    "id": "LI-10",
    "value": 256,
    "unit": "items",
    "meaning": "one Push"
  },
  "PAGE_ITEMS_MAX": {
    "id": "LI-11",
    "value": 1024,
    "unit": "items",
    "meaning": "one segment"
  },
  "PAGE_BYTES_MAX": {
    "id": "LI-12",
    "value": 524288,
    "unit": "bytes",
    "meaning": "one segment; a single envelope may exceed it"
  },
  "CREDIT_BYTES_MAX": {
    "id": "LI-13",
    "value": 4194304,
    "unit": "bytes",
    "meaning": "outstanding credit of one subscription"
  },
  "DEVICES_MAX": {
    "id": "LI-14",
    "value": 64,
    "unit": "devices",
    "meaning": "member records of one group"
  },
  "DEVICE_NAME_BYTES_MAX": {
    "id": "LI-15",
    "value": 64,
    "unit": "bytes",
    "meaning": "a device's name"
  },
  "SESSIONS_PER_DEVICE_MAX": {
    "id": "LI-16",
    "value": 4,
    "unit": "sessions",
    "meaning": "one device at one relay"
  },
  "CONNECTIONS_PER_ADDRESS_MAX": {
    "id": "LI-17",
    "value": 1024,
    "unit": "connections",
    "meaning": "one address at one relay; configurable"
  },
  "MAILBOXES_MAX": {
    "id": "LI-18",
    "value": 16,
    "unit": "mailboxes",
    "meaning": "one group at one relay"
  },
  "MAILBOX_PAYLOAD_BYTES_MAX": {
    "id": "LI-19",
    "value": 131072,
    "unit": "bytes",
    "meaning": "one sealed Welcome"
  },
  "INVITE_LIFETIME_MS_MAX": {
    "id": "LI-20",
    "value": 600000,
    "unit": "ms",
    "meaning": "one invite"
  },
  "INVITE_CHARACTERS_MAX": {
    "id": "LI-21",
    "value": 1024,
    "unit": "characters",
    "meaning": "one invite link"
  },
  "CLOCK_SKEW_MS_MAX": {
    "id": "LI-22",
    "value": 300000,
    "unit": "ms",
    "meaning": "tolerated between two clocks"
  },
  "HELLO_DEADLINE_MS": {
    "id": "LI-23",
    "value": 10000,
    "unit": "ms",
    "meaning": "from the connection to an accepted Hello or claim"
  },
  "IDLE_TIMEOUT_MS": {
    "id": "LI-24",
    "value": 60000,
    "unit": "ms",
    "meaning": "silence that ends a session"
  },
  "PING_INTERVAL_MS": {
    "id": "LI-25",
    "value": 20000,
    "unit": "ms",
    "meaning": "silence after which a client pings"
  },
  "DRAIN_MS": {
    "id": "LI-26",
    "value": 5000,
    "unit": "ms",
    "meaning": "from GoAway to the close"
  },
  "GAP_WAIT_MS": {
    "id": "LI-27",
    "value": 5000,
    "unit": "ms",
    "meaning": "how long a gap holds its sender's later envelopes"
  },
  "GAP_BYTES_MAX": {
    "id": "LI-28",
    "value": 4194304,
    "unit": "bytes",
    "meaning": "held envelopes of one group"
  },
  "QUARANTINE_BYTES_MAX": {
    "id": "LI-29",
    "value": 4194304,
    "unit": "bytes",
    "meaning": "rejected envelopes of one group"
  },
  "RECONNECT_MS_MIN": {
    "id": "LI-30",
    "value": 1000,
    "unit": "ms",
    "meaning": "first reconnect window"
  },
  "RECONNECT_MS_MAX": {
    "id": "LI-31",
    "value": 30000,
    "unit": "ms",
    "meaning": "widest reconnect window"
  },
  "RECONNECT_STABLE_MS": {
    "id": "LI-32",
    "value": 30000,
    "unit": "ms",
    "meaning": "a session that lasted this long resets the window"
  },
  "ACCESS_TOKEN_BYTES_MAX": {
    "id": "LI-33",
    "value": 256,
    "unit": "bytes",
    "meaning": "access_token of Hello"
  },
  "ERROR_DETAIL_BYTES_MAX": {
    "id": "LI-34",
    "value": 256,
    "unit": "bytes",
    "meaning": "detail of an Error"
  },
  "RELAY_ADDRESS_BYTES_MAX": {
    "id": "LI-35",
    "value": 262,
    "unit": "bytes",
    "meaning": "host, colon, port"
  },
  "UNREAD_BYTES_MAX": {
    "id": "LI-36",
    "value": 8388608,
    "unit": "bytes",
    "meaning": "received and not processed, one connection"
  },
  "SWEEP_ITEMS_MAX": {
    "id": "LI-37",
    "value": 10000,
    "unit": "items",
    "meaning": "removed from one group by one sweep"
  },
  "RELAYS_MAX": {
    "id": "LI-38",
    "value": 16,
    "unit": "relays",
    "meaning": "one group's list"
  },
  "SAFE_INTEGER_MAX": {
    "id": "LI-39",
    "value": 9007199254740991,
    "unit": "count",
    "meaning": "sequences and cursors"
  },
  "CAPABILITIES_MAX": {
    "id": "LI-40",
    "value": 32,
    "unit": "items",
    "meaning": "capabilities of one HelloAck"
  },
  "OUTBOX_ITEMS_MAX": {
    "id": "LI-41",
    "value": 100000,
    "unit": "items",
    "meaning": "one client's queue"
  },
  "EPOCHS_MAX": {
    "id": "LI-42",
    "value": 1024,
    "unit": "items",
    "meaning": "epoch secrets of one Welcome"
  }
} as const

export type LimitName = keyof typeof limits
