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

/** one sender's chain at one relay; holes. LI-43. */
export const HOLES_MAX = 16

/** header, body hash and signature of one stub; bytes. LI-44. */
export const STUB_BYTES_MAX = 352

/** ranges that one plaintext names as skipped; items. LI-45. */
export const SKIPPED_RANGES_MAX = 16

/** forks of one sender that a client keeps, as two stubs each; items. LI-46. */
export const EVIDENCE_ITEMS_MAX = 16

/** topic of one Message; bytes. LI-47. */
export const TOPIC_BYTES_MAX = 64

/** unanswered Pushes of one session of a client; requests. LI-48. */
export const PUSHES_IN_FLIGHT_MAX = 2

/** one RotationBody; bytes. LI-50. */
export const ROTATION_BODY_BYTES_MAX = 32768

/** nonce and sealed GroupState of one rotation; bytes. LI-51. */
export const SEALED_STATE_BYTES_MAX = 8192

/** one Frame before the relay accepts the Hello; bytes. LI-60. */
export const STRANGER_FRAME_BYTES_MAX = 8192

/** one record's ciphertext before the relay accepts the Hello; bytes. LI-61. */
export const STRANGER_RECORD_BYTES_MAX = 16384

/** received and not processed before the relay accepts the Hello, one connection; bytes. LI-62. */
export const STRANGER_UNREAD_BYTES_MAX = 65536

/** written and not taken by the network, one connection: a whole page and small answers; with more its next request waits; bytes. LI-63. */
export const UNSENT_BYTES_MAX = 589824

/** of a Page or Deliver that cost one operation; bytes. LI-64. */
export const OPERATION_BYTES = 4096

/** silence while something is unanswered, after which a client pings; ms. LI-70. */
export const QUIET_MS_MAX = 5000

/** from that Ping to the end of a session without life; ms. LI-71. */
export const PROBE_MS_MAX = 3000

/** from a request's last byte to its answer; ms. LI-72. */
export const ANSWER_MS_MAX = 30000

/** the same, while a frame is partly there; ms. LI-73. */
export const ANSWER_ARRIVING_MS_MAX = 120000

/** equal unauthenticated failures in a row, after which the window grows on; failures. LI-74. */
export const RECONNECT_EQUAL_MAX = 5

/** widest reconnect window after them; ms. LI-75. */
export const RECONNECT_EQUAL_MS_MAX = 600000

/** from an authenticated refusal of 1001 to 1003 to the next attempt; ms. LI-76. */
export const REFUSED_RETRY_MS = 21600000

/** longest wait that a relay can ask for; ms. LI-77. */
export const RETRY_AFTER_MS_MAX = 3600000

/** from a roll-back that is believed to the next one of the same relay; ms. LI-78. */
export const ROLL_BACK_MS_MIN = 3600000

/** highest number of a short code; number. LI-80. */
export const CODE_NUMBER_MAX = 9999

/** a short code as somebody types it; characters. LI-81. */
export const CODE_CHARACTERS_MAX = 128

/** of the exchange with one short code; runs. LI-82. */
export const CODE_CLAIMANTS_MAX = 3
