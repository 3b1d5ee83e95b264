// generated, do not edit: `make generate` writes this file from spec/ and proto/

/** Every obligation of the spec, by id; `violation` is the reject class of breaking it, null where no peer can see that. */
export const requirements = {
  "CL-01": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "Cursors are kept per relay, which is its NodeId, and group, and never used at another relay.",
    "violation": null
  },
  "CL-02": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "A segment is checked before anything of it is used: after is what was asked, after ≤ removed_through ≤ next ≤ head, the envelopes' cursors are removed_through + 1 to next without a gap.",
    "violation": "cursor.gap"
  },
  "CL-03": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "The cursor moves only together with the data, in one transaction of the store, and only through such segments.",
    "violation": null
  },
  "CL-04": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "Pull goes on until has_more is false or the cursor has reached the head that its first page named; a page that has_more but moves nothing is an error.",
    "violation": "cursor.gap"
  },
  "CL-05": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "A head claim moves no cursor: neither a huge nor a tiny one silences the client.",
    "violation": null
  },
  "CL-06": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "A client whose cursor is above HelloAck's head pulls before it pushes. On ROLLED_BACK it reports the roll-back, starts again at cursor 0 of that relay without delivering anything twice, and pushes again its own envelopes above the relay's head.",
    "violation": "cursor.regress"
  },
  "CL-07": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "A client tells a relay whose HelloAck names the capability `ack-removal` its cursor by Ack when what moved it is stored, and never before; one Ack may stand for several pages and deliveries. It tells no other relay.",
    "violation": null
  },
  "CL-08": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "What was removed below the floor is reported as `expired{relay, from, to}` at that relay, cursors, without those of envelopes that this device has there: what it read, and what a PushAck gave a cursor.",
    "violation": null
  },
  "CL-09": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "An authentic envelope of a sender without a verified record is judged after one ListDevices for its segment, and is held while there is no record; an INVITE of such a sender that opens is asked for its record, which is taken when it verifies (GR-14) and names the sender.",
    "violation": "envelope.auth"
  },
  "CL-11": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "A head that the Welcome names by a stub, and that is above the sender's chain after a segment whose next is its head, is reported as `withheld{relay, sender, from, to}`, sequences, once per relay and stub while the client runs; where that relay removed something that this device lacks (CL-08) it is not.",
    "violation": null
  },
  "CL-12": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "Whenever a record becomes known, what is held or quarantined of its device is judged again, from the lowest sequence upwards; rejected again it is not reported again.",
    "violation": "envelope.auth"
  },
  "CL-13": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "No Ack names a cursor at or above that of an envelope which is held from that relay.",
    "violation": null
  },
  "CL-14": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "What is missing is kept, and can be asked for as `completeness`, also after a restart: the sequences of each sender, up to the highest that is accepted or that a verified stub names, of which no envelope is accepted and that the sender did not name as skipped, and the cursors that were reported as expired.",
    "violation": null
  },
  "CL-15": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "An envelope of this device that its store did not seal is delivered to the app like that of another.",
    "violation": null
  },
  "CL-16": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "A ROLLED_BACK is obeyed (CL-06) once in a pull, and once per relay in ROLL_BACK_MS_MIN, counted from the start of the client or from `reconnect()`; one more is a violation.",
    "violation": "cursor.gap"
  },
  "CL-17": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "An envelope that a relay gives at a second cursor keeps its first one there: it is a duplicate (EN-22) and takes no space; a roll-back (CL-06) forgets the cursors of its relay.",
    "violation": null
  },
  "CL-18": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "A client counts the credit of its subscription: what it gave less what was delivered (RL-40). An envelope of a Deliver that begins while the rest is 0 or less is a violation.",
    "violation": "resource.limit"
  },
  "CL-19": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "The client's status says of each relay what the last HelloAck said of its retention (SE-18): the age, or that it never expires by age, and the bytes.",
    "violation": null
  },
  "CL-20": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "push stores the message in a durable outbox before it returns its id; a full or failed store is an error, never a silent drop.",
    "violation": null
  },
  "CL-21": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "Before the first push of a session the client compares HelloAck's own_head with its own chain. One that does not verify (EN-28), or is another device's, counts for nothing: the client pushes nothing in that session and reports ENVELOPE_UNAUTHENTIC. At a place of its own chain with the same H, it pushes again what it sealed since. Above its own head, it first pulls to the relay's head, until no gap of its own waits, and fast-forwards over its own envelopes; then it takes over the place of the stub, the highest of all that verified, and goes on behind it. A queued message whose id one of these own envelopes has may be sealed all the same, as readers drop the second (EN-16).",
    "violation": "envelope.chain"
  },
  "CL-22": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "A message is sealed when it is first sent; the sealed bytes are stored before the first byte leaves and are the same for ever after.",
    "violation": "envelope.chain"
  },
  "CL-23": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "A lost PushAck is answered by pushing the same bytes again; the message is delivered once.",
    "violation": "envelope.replay"
  },
  "CL-24": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "A `later` refusal holds the queue until retry_after_ms and is retried; a final one is reported and waits for the app to retry or drop it; the client never says `queued` of a message that it dropped.",
    "violation": null
  },
  "CL-25": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "After an entry that was sealed and dropped, the next item carries `skip`.",
    "violation": null
  },
  "CL-26": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "A stub, from SEQUENCE_CONFLICT or HelloAck, or an envelope, that this device really signed and that has another H than its own of that place, is reported as a fork of its own chain, which is stored; pushing stops, also after a restart.",
    "violation": "envelope.chain"
  },
  "CL-27": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "A PushAck is durable and answers the first items of its Push, at least one: ACCEPTED and DUPLICATE with a cursor, REMOVED, or, as the last, REFUSED with an error. Any other acknowledges nothing.",
    "violation": "frame.parse"
  },
  "CL-28": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "What lies above the own head, up to and with the place that was taken over, is missing (CL-14), and is reported as `expired{relay, sender, from, to}`, sequences; entries that this store had sealed up to that place and no relay acknowledged are sealed anew behind it, with the same Message.id.",
    "violation": null
  },
  "CL-29": {
    "chapter": "spec/client.md",
    "level": "should",
    "text": "Of a relay that expires by age a client reports `expiring{relay, what, at}` before messages are gone: `unread`, once per absence, which goes on over a restart, when no session with it has been possible for three quarters of that age; `history`, once per run of the client, when a message that it has and that the relay still serves has less than a quarter of that age left.",
    "violation": null
  },
  "CL-30": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "A pin is NodeId, KEM hash and signing key; what is known of it must match: NodeId and KEM hash before handshake message 3, the signing key at HelloAck.",
    "violation": "handshake.identity"
  },
  "CL-31": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "`strict` refuses a relay whose keys changed and names both; `permissive`, the default, warns, emits `relay-key-changed` and stores the new ones.",
    "violation": "handshake.identity"
  },
  "CL-32": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "A pin from an invite, the group's state or `nodeid@host:port` is fixed: it is checked strictly in both modes and never replaced.",
    "violation": "handshake.identity"
  },
  "CL-33": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "A pin without KEM hash is completed by the first hybrid session, one without signing key by the first HelloAck, and is complete from then on.",
    "violation": "handshake.identity"
  },
  "CL-34": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "A relay is written `host:port`, or `<nodeid>[.<kem hash>]@host:port`, each key in z-base-32 or hexadecimal; IPv6 in brackets; the port defaults to 4433; host and port, a default port written out, are at most RELAY_ADDRESS_BYTES_MAX bytes.",
    "violation": "invite.parse"
  },
  "CL-35": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "Mode is hybrid unless the app says classical.",
    "violation": "handshake.downgrade"
  },
  "CL-36": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "A lost connection is tried again after a uniformly random time up to min(bound, RECONNECT_MS_MIN · 2^attempt); the bound is RECONNECT_MS_MAX, and RECONNECT_EQUAL_MS_MAX while the last RECONNECT_EQUAL_MAX or more ends in a row were the same unauthenticated failure (CL-37). A session that lasted RECONNECT_STABLE_MS starts anew, unless DEADLINE_EXCEEDED or a violation ended it. What was subscribed is subscribed again.",
    "violation": null
  },
  "CL-37": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "Only an *authenticated* refusal ends reconnecting: an Error frame that ends the session, in a channel whose handshake was complete and whose relay showed no other key than those pinned (CL-30), with a row that says `no` and is neither 1017, nor 1020 to 1023, nor 1041. After 1001 to 1003 the client tries again every REFUSED_RETRY_MS, after others only when the app asks. Every other end with a number below 2000 is an *unauthenticated failure*: close codes, version answers, refused ALPN, failed handshakes, changed keys, and violations that the client finds. It is reported with the relay's address and tried again under CL-36.",
    "violation": null
  },
  "CL-38": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "An UNAUTHORIZED to a Hello without Enrolment, in a session of CL-37's kind, is answered at once by one more with it, as the relay may have lost the record; what the app asked for meanwhile is answered by the second.",
    "violation": null
  },
  "CL-39": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "The app can ask for a new connection at once (`reconnect()`, for a resume or a change of network): the present one is closed without waiting for an answer, every wait ends, and the windows of CL-36 begin anew.",
    "violation": null
  },
  "CL-60": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "An entry that is refused for good, or for now, stands in the client's status with its id and error until it is accepted, retried or dropped, also after a restart. While one refused for good stands, what was sealed after it waits.",
    "violation": null
  },
  "CL-61": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "An entry that was refused, for good or for now, can be dropped until it is sent again; one that was sent since the refusal and has no answer cannot.",
    "violation": null
  },
  "CL-62": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "An entry that a relay acknowledged once, and that is pushed again (CL-06, CL-21), holds nothing: refused for good, it is reported as refused and leaves the outbox, its envelope stays in the client's log, and the next item carries `skip`.",
    "violation": null
  },
  "CL-66": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "What the app asks for is answered by an attempt that began after it asked, or by the session of an earlier one, never by what ended an earlier one; the first attempt of a client answers all that came during it.",
    "violation": null
  },
  "CL-67": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "No hint of an error that an unauthenticated peer can cause advises to delete data or to join again.",
    "violation": null
  },
  "CL-68": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "A failure of the client's own store ends the session and is tried again under CL-36.",
    "violation": null
  },
  "CL-69": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "access_token goes with every Hello to a relay whose pin was fixed (CL-32) before the handshake, and to no other relay.",
    "violation": null
  },
  "CL-70": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "Whoever drops an entry of a message gets its content back, and may push it again, also with the same Message.id. An entry is not kept and passed over.",
    "violation": null
  },
  "CL-71": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "At most PUSHES_IN_FLIGHT_MAX Pushes of a session are unanswered, in the order of the chain. A Push whose first item carries `skip`, and any Push to a relay that has named or acknowledged no envelope of this device in the session, is sent while no other is unanswered.",
    "violation": "envelope.chain"
  },
  "CL-72": {
    "chapter": "spec/client.md",
    "level": "must",
    "text": "Behind a Push that was not acknowledged whole, the answers to those that were sent already say nothing: their entries are neither acknowledged nor refused (CL-44), and once all are answered they are pushed again (CL-23), after the refused one was accepted or dropped.",
    "violation": null
  },
  "CO-01": {
    "chapter": "spec/codes.md",
    "level": "must",
    "text": "A code in text is number `-` word `-` word: the number in decimal, 1 to CODE_NUMBER_MAX, without leading zeros, the words in lower case.",
    "violation": "invite.parse"
  },
  "CO-02": {
    "chapter": "spec/codes.md",
    "level": "must",
    "text": "A reader takes at most CODE_CHARACTERS_MAX characters, of which it takes the NFKC form. It reads A to Z as a to z, and takes each run of characters of PA-01's table, of `-`, `_`, `/`, `+` and U+2010 to U+2015 for one separator; runs at both ends count for nothing.",
    "violation": "invite.parse"
  },
  "CO-03": {
    "chapter": "spec/codes.md",
    "level": "must",
    "text": "A word of the list, or at least its first four letters, is read as that word. Other text is refused before anything is dialled, and the refusal says which part is wrong and repeats none of it.",
    "violation": "invite.parse"
  },
  "CO-04": {
    "chapter": "spec/codes.md",
    "level": "must",
    "text": "The creator draws each word on its own, as the low 11 bits of two random bytes, big-endian.",
    "violation": null
  },
  "CO-10": {
    "chapter": "spec/codes.md",
    "level": "must",
    "text": "The exchange is CPACE-RISTR255-SHA512 of draft-irtf-cfrg-cpace-21, initiator-responder, with CI = `0k-sync/v1/code` || NodeId of the relay (32) and sid = sid_a || sid_b, 16 random bytes of each end.",
    "violation": "invite.code"
  },
  "CO-11": {
    "chapter": "spec/codes.md",
    "level": "must",
    "text": "ADa = creator (32) || mailbox_id (16) || u64(expires_at_ms), where creator is the creator's device key; ADb = the canonical JoinRequest of version 1.",
    "violation": "invite.parse"
  },
  "CO-12": {
    "chapter": "spec/codes.md",
    "level": "must",
    "text": "A scalar is 64 random bytes, little-endian, modulo the order of ristretto255. Each run has a scalar, and a sid of its own end, that no other run has.",
    "violation": null
  },
  "CO-13": {
    "chapter": "spec/codes.md",
    "level": "must",
    "text": "A share that is not the canonical encoding of a ristretto255 element, that is the identity, or that equals the share of the end that reads it, ends the run.",
    "violation": "invite.parse"
  },
  "CO-14": {
    "chapter": "spec/codes.md",
    "level": "must",
    "text": "Tb = HMAC-SHA512(SHA-512(`CPaceMac` || sid || ISK), lv(Yb, ADb)), 64 bytes. The creator compares it before it sends Ta or the payload; another one ends the run.",
    "violation": "invite.code"
  },
  "CO-15": {
    "chapter": "spec/codes.md",
    "level": "must",
    "text": "Ta = HMAC-SHA512(SHA-512(`CPaceMac` || sid || ISK), lv(Ya, ADa)), 64 bytes. The joiner compares it before it opens the payload; another one ends the run.",
    "violation": "invite.code"
  },
  "CO-16": {
    "chapter": "spec/codes.md",
    "level": "must",
    "text": "A creator begins at most CODE_CLAIMANTS_MAX runs with one code, each with one Tb, and none once a Tb was right. When the last one has ended without a right Tb, the code is *burnt*.",
    "violation": "invite.used"
  },
  "CO-17": {
    "chapter": "spec/codes.md",
    "level": "must",
    "text": "A joiner runs once with a code that its user typed; a second run needs the user again.",
    "violation": null
  },
  "CO-20": {
    "chapter": "spec/codes.md",
    "level": "must",
    "text": "The payload is X-Wing ciphertext (1120) || nonce (24) || XChaCha20-Poly1305(key, nonce, ad = mailbox_id, plaintext), at most MAILBOX_PAYLOAD_BYTES_MAX bytes. The plaintext is padded as in EN-14 and is a Welcome of PA-12.",
    "violation": "invite.parse"
  },
  "CO-21": {
    "chapter": "spec/codes.md",
    "level": "must",
    "text": "key = HKDF(ISK || ss, label OV-36 || mailbox_id), where ss is the X-Wing shared secret of the ciphertext and of JoinRequest.xwing_key.",
    "violation": "invite.parse"
  },
  "CO-22": {
    "chapter": "spec/codes.md",
    "level": "must",
    "text": "The X-Wing seed of a JoinRequest is 32 random bytes of its run. It, the scalars, ISK and keys are wiped when the run ends.",
    "violation": null
  },
  "EN-03": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "The header is a canonical EnvelopeHeader and is authenticated, hashed and signed as the exact bytes received.",
    "violation": "envelope.parse"
  },
  "EN-04": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "header is 1 to HEADER_BYTES_MAX bytes, nonce 24, ciphertext CIPHERTEXT_BYTES_MIN to CIPHERTEXT_BYTES_MAX, signature 64; a ciphertext above its maximum, and nothing else, is refused as session.size. (Nonce and signature of another length fail the walk already: WI-18.)",
    "violation": "envelope.parse"
  },
  "EN-05": {"chapter":"spec/envelope.md","level":"must","text":"version is 1.","violation":"envelope.version"},
  "EN-06": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "content_type is MESSAGE or INVITE; WELCOME is reserved and refused.",
    "violation": "envelope.parse"
  },
  "EN-07": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "group_id is the session's group; sender_key is a member whose record the receiver verified, and is held where it is none (CL-09).",
    "violation": "envelope.binding"
  },
  "EN-08": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "sequence is the sender's previous sequence + 1, from 1 (0 is refused as envelope.parse); previous is H of that envelope, 32 zero bytes for sequence 1.",
    "violation": "envelope.chain"
  },
  "EN-09": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "epoch is one whose secret the receiver holds; the envelope of an unknown epoch waits, held as EN-25 bounds it.",
    "violation": "session.epoch"
  },
  "EN-10": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "nonce is 24 bytes, random for every sealing.",
    "violation": null
  },
  "EN-11": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "ciphertext = XChaCha20-Poly1305(message_e, nonce, ad = header, padded plaintext).",
    "violation": "envelope.auth"
  },
  "EN-12": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "B = BLAKE3(`0k-sync/v1/body` || nonce || ciphertext), the body hash; H = BLAKE3(`0k-sync/v1/envelope` || u32(len(header)) || header || B); signature is Ed25519 over the 32 bytes of H by sender_key.",
    "violation": "envelope.auth"
  },
  "EN-13": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "H is the one name of an envelope: in the chain, for retries, for duplicates and in reports.",
    "violation": null
  },
  "EN-14": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "Padded plaintext = u32(n) || n bytes || zeros, in total padme(max(4 + n, 256)) bytes, the one padding function of this protocol; a reader refuses any other length and any padding byte that is not zero.",
    "violation": "envelope.parse"
  },
  "EN-15": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "The plaintext is a strictly walked Message or MemberAnnouncement, as content_type says, unknown fields ignored as in WI-15; a Message has a text or data of at most CONTENT_BYTES_MAX bytes, and metadata of at most METADATA_BYTES_MAX.",
    "violation": "envelope.parse"
  },
  "EN-16": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "Message.id is 16 bytes; a message with the id of another of the same sender in the log that is kept here moves the chain and is neither delivered again nor reported; a message that this device keeps no more is not remembered.",
    "violation": "envelope.replay"
  },
  "EN-17": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "sent_at_ms is shown, never used for order or expiry.",
    "violation": null
  },
  "EN-20": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "Sizes and the canonical header first, then version, group, content type and sequence 0, then H and whether it is a duplicate, then whether the envelope is authentic (EN-30), then the sender's record, then fork and chain, then the epoch's key, then the AEAD, padding and plaintext.",
    "violation": "envelope.parse"
  },
  "EN-21": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "Only an envelope that passed all of it is *accepted* and changes the sender's chain.",
    "violation": null
  },
  "EN-22": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "An envelope with the H of an accepted one is a *duplicate* and is not delivered again, whatever its signature; with the H of a held one it changes nothing.",
    "violation": "envelope.replay"
  },
  "EN-23": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "An authentic envelope with an accepted sequence and another H is a *fork*, and so is one in the place of a verified stub with another H; the two stubs are kept as evidence, at most EVIDENCE_ITEMS_MAX pairs of one sender and outside the quarantine's bound, and the first envelope stays.",
    "violation": "envelope.chain"
  },
  "EN-24": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "An authentic envelope above head + 1 whose epoch is known is opened at once, rejected when it does not open, and accepted when its `skipped` names every sequence between (EN-29); otherwise it is a *gap*: it is stored and held until the missing envelopes come, until every relay of the group was read to its head with nothing of the gap in it (a segment whose next is its head, the one that brought the envelope too), or until GAP_WAIT_MS have passed since it came, and then delivered with the missing sequences named, those in `skipped` left out; several may wait for one place, and the first that fits takes it; one that comes after its place was given up still fills the place when it fits what was accepted around it.",
    "violation": "envelope.chain"
  },
  "EN-25": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "Held envelopes are bounded by GAP_BYTES_MAX per group; beyond it the oldest gap is closed at once, where there is none, the oldest that waits for an epoch is rejected as session.epoch, and where there is none of these either, the oldest that waits for a record as envelope.auth.",
    "violation": "resource.limit"
  },
  "EN-26": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "An envelope that fails is *rejected* with its class, reported, and kept in a quarantine of at most QUARANTINE_BYTES_MAX; it is never skipped silently.",
    "violation": "envelope.auth"
  },
  "EN-27": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "No plaintext leaves before all checks of EN-20 have passed.",
    "violation": "envelope.auth"
  },
  "EN-28": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "A Stub is {header, body_hash, signature} of one envelope; it *verifies* when its header passes EN-03, EN-05, EN-06, the group of EN-07 and sequence 1 or above, and its signature is one by sender_key over H, which EN-12 makes from header and body_hash.",
    "violation": "envelope.auth"
  },
  "EN-29": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "A plaintext names in `skipped` the sequences of its sender that were sealed and will never be sent, each once and in the first plaintext that is sealed afterwards, at most SKIPPED_RANGES_MAX ranges, the rest in the next ones; from is at least 1, to at least from and below the envelope's own sequence, and the ranges ascend without touching.",
    "violation": "envelope.parse"
  },
  "EN-30": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "An envelope is *authentic* when its own signature verifies, or when an authentic envelope of the same sender, with a sequence one higher, names its H as `previous`.",
    "violation": "envelope.auth"
  },
  "EN-31": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "What vouches is accepted, held, or in the segment that is being judged, and there before or after the one it vouches for; it passed the first two steps of EN-20 and needs nothing more: neither record nor epoch nor an AEAD that opens. What lies in the quarantine vouches for nothing.",
    "violation": "envelope.auth"
  },
  "EN-32": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "Whether the signatures of a segment are all checked, or, from the highest sequence of each sender downwards, only those of envelopes that nothing vouches for, is the receiver's choice and changes no verdict: a bad signature with an authentic successor is accepted, and a run whose last signature is bad is authentic up to its last good one.",
    "violation": "envelope.auth"
  },
  "EN-33": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "A signature counts for its own copy: of two envelopes with one H in a segment that nothing vouches for, each is judged in cursor order by itself, so that a copy with a bad signature is rejected, and is a duplicate when a good copy came before it.",
    "violation": "envelope.auth"
  },
  "EN-34": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "An envelope that was rejected for its signature is judged again as authentic, out of the quarantine, when an authentic envelope comes that names its H as `previous`: before that one, from the lowest such sequence upwards, and whatever becomes of that one. Rejected again it stays where it is and is not reported again.",
    "violation": "envelope.auth"
  },
  "EN-35": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "Before an envelope is pushed on to a relay its own signature is checked; a device signs its own envelope again instead.",
    "violation": "envelope.auth"
  },
  "EN-36": {
    "chapter": "spec/envelope.md",
    "level": "must",
    "text": "A Message's topic is at most TOPIC_BYTES_MAX bytes of UTF-8, free for the app, and empty for a message without one; it stands in the plaintext alone, and neither order, chain nor duplicates depend on it.",
    "violation": "envelope.parse"
  },
  "ER-01": {
    "chapter": "spec/errors.md",
    "level": "must",
    "text": "Numbers and names here and in the schema's ErrorCode are the same.",
    "violation": null
  },
  "ER-02": {
    "chapter": "spec/errors.md",
    "level": "must",
    "text": "After an Error of stream `open` the connection goes on; after one of stream `close` it ends, and the connection closes with that number.",
    "violation": null
  },
  "ER-03": {
    "chapter": "spec/errors.md",
    "level": "must",
    "text": "Refusals whose reason an attacker could probe look the same on the wire.",
    "violation": null
  },
  "ER-04": {
    "chapter": "spec/errors.md",
    "level": "must",
    "text": "detail is one sentence, at most ERROR_DETAIL_BYTES_MAX bytes, without secrets or full ids.",
    "violation": null
  },
  "ER-05": {
    "chapter": "spec/errors.md",
    "level": "must",
    "text": "retry says what the sender may do: `no` never the same again, `same` the same bytes at once, `later` the same after a wait. A client that was told to wait, by retry_after_ms or reconnect_after_ms, waits min(that, RETRY_AFTER_MS_MAX) and then a time of CL-36; one that was told 0 or nothing, the time of CL-36 alone. A restart, `reconnect()` (CL-39) and, for a connection, any call that needs it end the wait.",
    "violation": null
  },
  "ER-06": {
    "chapter": "spec/errors.md",
    "level": "must",
    "text": "A number that is not in the table is treated as RELAY_OVERLOADED when it is 3000 or above, otherwise as INVALID_MESSAGE.",
    "violation": null
  },
  "ER-07": {
    "chapter": "spec/errors.md",
    "level": "must",
    "text": "A close code without an Error frame is the error of that number where it is 1000 or 1010 to 1023; any other number, also 0 and one that the table does not have, is STREAM_TRUNCATED.",
    "violation": null
  },
  "GR-01": {
    "chapter": "spec/group.md",
    "level": "must",
    "text": "Each epoch e, from 0, has one random 32-byte *epoch secret*.",
    "violation": null
  },
  "GR-02": {
    "chapter": "spec/group.md",
    "level": "must",
    "text": "group_id = BLAKE3(`0k-sync/v1/group-id` || auth_pub_0), 32 bytes.",
    "violation": "session.unauthorized"
  },
  "GR-04": {
    "chapter": "spec/group.md",
    "level": "must",
    "text": "An epoch secret leaves a device only sealed.",
    "violation": null
  },
  "GR-05": {
    "chapter": "spec/group.md",
    "level": "must",
    "text": "auth_e is the Ed25519 key whose seed is HKDF(secret, label OV-23 || group_id || u32(e)); for e = 0, where the id is not known yet, group_id is omitted. message_e = HKDF(secret, label OV-24 || group_id || u32(e)) is the XChaCha20-Poly1305 key.",
    "violation": "envelope.auth"
  },
  "GR-06": {
    "chapter": "spec/group.md",
    "level": "must",
    "text": "The header's epoch selects the key; no key is tried for another epoch.",
    "violation": "session.epoch"
  },
  "GR-08": {
    "chapter": "spec/group.md",
    "level": "must",
    "text": "body is a canonical MemberRecordBody: group_id 32, device_key 32, xwing_key 1216 bytes, epoch. It is signed and compared as the exact bytes.",
    "violation": "session.unauthorized"
  },
  "GR-09": {
    "chapter": "spec/group.md",
    "level": "must",
    "text": "Both signatures cover `0k-sync/v1/member-record` || body; one is by device_key, the other by auth_e of the body's epoch.",
    "violation": "session.unauthorized"
  },
  "GR-10": {
    "chapter": "spec/group.md",
    "level": "must",
    "text": "A device has one random 32-byte seed. In a group its *device key* is Ed25519 with the seed HKDF(seed, label OV-21 || group_id), and its X-Wing key has the seed HKDF(seed, label OV-22 || group_id).",
    "violation": null
  },
  "GR-11": {
    "chapter": "spec/group.md",
    "level": "must",
    "text": "Secret keys are wiped on close where the language allows, are redacted in inspection, and are never logged.",
    "violation": null
  },
  "GR-12": {
    "chapter": "spec/group.md",
    "level": "must",
    "text": "An identity store is locked: a second process that opens it is refused with a clear message.",
    "violation": null
  },
  "GR-13": {
    "chapter": "spec/group.md",
    "level": "must",
    "text": "Files that hold secrets have mode 0600 from their creation and are replaced by temporary file, fsync and rename.",
    "violation": null
  },
  "GR-14": {
    "chapter": "spec/group.md",
    "level": "must",
    "text": "A record counts only after both signatures, the group id and the key lengths were verified by the end that uses it.",
    "violation": "session.unauthorized"
  },
  "GR-15": {
    "chapter": "spec/group.md",
    "level": "must",
    "text": "A group has at most DEVICES_MAX records.",
    "violation": "session.quota"
  },
  "GR-16": {
    "chapter": "spec/group.md",
    "level": "must",
    "text": "Names travel only in encrypted messages and in a Welcome.",
    "violation": null
  },
  "HS-01": {
    "chapter": "spec/handshake.md",
    "level": "must",
    "text": "The prologue is ASCII `0k-sync/<version>` followed by the 4 preface bytes, and is always mixed.",
    "violation": "handshake.auth"
  },
  "HS-02": {
    "chapter": "spec/handshake.md",
    "level": "must",
    "text": "Messages are written and read token by token as the pattern rows say; a reader mirrors the writer.",
    "violation": "handshake.auth"
  },
  "HS-03": {
    "chapter": "spec/handshake.md",
    "level": "must",
    "text": "A handshake ciphertext that does not open fails the handshake.",
    "violation": "handshake.auth"
  },
  "HS-04": {
    "chapter": "spec/handshake.md",
    "level": "must",
    "text": "A message shorter or longer than its row, or longer than 65,535 bytes, fails the handshake before any key is mixed.",
    "violation": "handshake.parse"
  },
  "HS-05": {
    "chapter": "spec/handshake.md",
    "level": "must",
    "text": "An all-zero X25519 result fails the handshake.",
    "violation": "handshake.auth"
  },
  "HS-06": {
    "chapter": "spec/handshake.md",
    "level": "must",
    "text": "An ML-KEM encapsulation key with a coefficient that is not reduced modulo q fails the handshake, even when nothing is encapsulated to it.",
    "violation": "handshake.kem"
  },
  "HS-07": {
    "chapter": "spec/handshake.md",
    "level": "must",
    "text": "ML-KEM decapsulation rejects implicitly: a wrong ciphertext shows only as the next tag that does not open.",
    "violation": "handshake.auth"
  },
  "HS-08": {
    "chapter": "spec/handshake.md",
    "level": "must",
    "text": "A handshake message out of turn, or after completion, fails.",
    "violation": "handshake.order"
  },
  "HS-09": {
    "chapter": "spec/handshake.md",
    "level": "must",
    "text": "The counter 2^64−1 is never used.",
    "violation": "handshake.order"
  },
  "HS-10": {
    "chapter": "spec/handshake.md",
    "level": "must",
    "text": "Ephemeral keys and the initiator's statics are fresh for every connection.",
    "violation": null
  },
  "HS-11": {
    "chapter": "spec/handshake.md",
    "level": "must",
    "text": "Handshake payloads are empty.",
    "violation": "handshake.parse"
  },
  "HS-12": {
    "chapter": "spec/handshake.md",
    "level": "must",
    "text": "The client checks the relay's statics against its pin after message 2 and before it writes message 3.",
    "violation": "handshake.identity"
  },
  "HS-13": {
    "chapter": "spec/handshake.md",
    "level": "must",
    "text": "A client in hybrid mode never falls back to version 1, and never dials version 1 where a KEM key is pinned.",
    "violation": "handshake.downgrade"
  },
  "HS-14": {
    "chapter": "spec/handshake.md",
    "level": "must",
    "text": "Chaining key, handshake keys and ephemeral secrets are wiped after Split.",
    "violation": null
  },
  "HS-15": {
    "chapter": "spec/handshake.md",
    "level": "must",
    "text": "The handshake and Hello are over within HELLO_DEADLINE_MS of the connection, also while bytes trickle in.",
    "violation": "resource.limit"
  },
  "HS-16": {
    "chapter": "spec/handshake.md",
    "level": "must",
    "text": "Directions have separate keys and counters: a record sent back to its sender does not open.",
    "violation": "frame.parse"
  },
  "HS-20": {
    "chapter": "spec/handshake.md",
    "level": "must",
    "text": "A relay derives its X25519 static (32 bytes), its ML-KEM-768 static (d then z, 64 bytes) and its Ed25519 signing seed (32 bytes) from one 32-byte seed by HKDF with the labels OV-28, OV-29 and OV-30.",
    "violation": null
  },
  "HS-21": {
    "chapter": "spec/handshake.md",
    "level": "must",
    "text": "The NodeId is the X25519 static public key; the KEM hash is BLAKE3 of the encapsulation key.",
    "violation": "handshake.identity"
  },
  "OV-01": {
    "chapter": "spec/overview.md",
    "level": "must",
    "text": "Integers in hashes and in length prefixes are big-endian.",
    "violation": null
  },
  "OV-02": {
    "chapter": "spec/overview.md",
    "level": "must",
    "text": "Sequences and cursors lie in 1 to 2^53−1 wherever an envelope is named; 0 means \"none\".",
    "violation": "frame.parse"
  },
  "OV-03": {
    "chapter": "spec/overview.md",
    "level": "must",
    "text": "A 32-byte key in text is 52 characters of z-base-32, alphabet `ybndrfg8ejkmcpqxot1uwisza345h769` in lower case, most significant bit first, the 4 trailing bits zero; 64 characters of hexadecimal in either case are read too.",
    "violation": "invite.parse"
  },
  "OV-04": {
    "chapter": "spec/overview.md",
    "level": "must",
    "text": "A message is canonical when encoding what was decoded gives the same bytes: fields ascending, each once, defaults left out, varints minimal, none unknown.",
    "violation": "frame.parse"
  },
  "OV-05": {
    "chapter": "spec/overview.md",
    "level": "must",
    "text": "Every random value is drawn from a cryptographically secure source.",
    "violation": null
  },
  "OV-06": {
    "chapter": "spec/overview.md",
    "level": "must",
    "text": "Secrets and MACs are compared in constant time.",
    "violation": null
  },
  "OV-07": {
    "chapter": "spec/overview.md",
    "level": "must",
    "text": "Durations go by a monotonic clock; the wall clock dates what is shown or sent, and nothing else. A deadline that is stored in wall time counts, when it is read, as min(stored, now + its whole length).",
    "violation": null
  },
  "PA-01": {
    "chapter": "spec/pairing.md",
    "level": "must",
    "text": "z-base-32 of n bytes is ceil(8n/5) characters, most significant bit first, unused trailing bits zero. Reading first removes the characters of the table below, wherever they stand, and then ignores the case of the ASCII letters A to Z, and of no others.",
    "violation": "invite.parse"
  },
  "PA-02": {
    "chapter": "spec/pairing.md",
    "level": "must",
    "text": "An invite, after that removal, is at most INVITE_CHARACTERS_MAX characters and fits one QR code.",
    "violation": "invite.parse"
  },
  "PA-03": {
    "chapter": "spec/pairing.md",
    "level": "must",
    "text": "Invite is canonical: version 1, a relay with NodeId and an address of host and port (CL-34), mailbox_id 16, invite_key 32 bytes.",
    "violation": "invite.parse"
  },
  "PA-04": {
    "chapter": "spec/pairing.md",
    "level": "must",
    "text": "checksum = first 4 bytes of BLAKE3(`0k-sync/v1/invite-checksum` || Invite), so that a typing mistake burns no claim.",
    "violation": "invite.parse"
  },
  "PA-05": {
    "chapter": "spec/pairing.md",
    "level": "must",
    "text": "A client refuses an invite whose expires_at_ms is past by its own clock by more than CLOCK_SKEW_MS_MAX, before it dials, and says by how much, because one of the two clocks may be wrong; the relay enforces its own deadline.",
    "violation": "invite.expired"
  },
  "PA-06": {
    "chapter": "spec/pairing.md",
    "level": "must",
    "text": "The invite is a secret: never in argv, never logged, never sent to a relay. A program that finds an invite among its arguments refuses it without repeating it.",
    "violation": null
  },
  "PA-07": {
    "chapter": "spec/pairing.md",
    "level": "must",
    "text": "With a passphrase the link carries a random 16-byte salt and the Argon2id parameters; the writer's default is 64 MiB, t = 3, p = 1.",
    "violation": "invite.parse"
  },
  "PA-08": {
    "chapter": "spec/pairing.md",
    "level": "must",
    "text": "A reader refuses, before computing, memory below 19 MiB or above 1 GiB, t above 16 or 0, p above 16 or 0, or m·t below 38 MiB.",
    "violation": "invite.parse"
  },
  "PA-09": {
    "chapter": "spec/pairing.md",
    "level": "must",
    "text": "A passphrase is NFKC-normalised UTF-8 and not empty; an invite that asks for one is refused without it before anything is dialled.",
    "violation": "invite.parse"
  },
  "PA-10": {
    "chapter": "spec/pairing.md",
    "level": "must",
    "text": "The payload is nonce (24) || XChaCha20-Poly1305(key, nonce, ad = mailbox_id, plaintext), plaintext padded as in EN-14.",
    "violation": "invite.parse"
  },
  "PA-11": {
    "chapter": "spec/pairing.md",
    "level": "must",
    "text": "key = HKDF(invite_key || Argon2id(passphrase, salt) , label OV-31 || mailbox_id), the Argon2id part, 32 bytes, only with a passphrase.",
    "violation": "invite.parse"
  },
  "PA-12": {
    "chapter": "spec/pairing.md",
    "level": "must",
    "text": "The plaintext is a Welcome of version 1 with at least one relay, whose epoch secrets strictly ascend from epoch 0, not necessarily without holes, of which epoch 0 gives the group id (GR-02, GR-05), and whose member records all verify. Its heads are stubs, at most one of a sender; one that does not verify (EN-28), or whose sender is not among the members of the Welcome, fails it. A head is the sender's own word: an envelope in that place with another H is a fork (EN-23).",
    "violation": "invite.parse"
  },
  "PA-13": {
    "chapter": "spec/pairing.md",
    "level": "must",
    "text": "MailboxPut by a member stores 1 to MAILBOX_PAYLOAD_BYTES_MAX bytes for 1 to INVITE_LIFETIME_MS_MAX milliseconds, and a relay cuts a longer time to that, or to less where it is so configured; a group has at most MAILBOXES_MAX; an id in use is refused like an unknown one.",
    "violation": "session.quota"
  },
  "PA-14": {
    "chapter": "spec/pairing.md",
    "level": "must",
    "text": "MailboxClaim binds the mailbox to its claim token and answers the payload; the same token may repeat it until MailboxAck or expiry.",
    "violation": "invite.used"
  },
  "PA-15": {
    "chapter": "spec/pairing.md",
    "level": "must",
    "text": "Unknown, used, expired and cancelled mailboxes, and a wrong token, are refused alike.",
    "violation": "invite.used"
  },
  "PA-16": {
    "chapter": "spec/pairing.md",
    "level": "must",
    "text": "MailboxAck with the claim token deletes the mailbox; repeating it within the session is answered alike.",
    "violation": "invite.used"
  },
  "PA-17": {
    "chapter": "spec/pairing.md",
    "level": "must",
    "text": "MailboxCancel by a member of the mailbox's group deletes it.",
    "violation": "invite.used"
  },
  "PA-18": {
    "chapter": "spec/pairing.md",
    "level": "must",
    "text": "Failed claims are limited per mailbox and per address (RL-80), and not over all of them. A claim takes its place in both limits before the relay acts, and gives it back when it succeeds. A claim that succeeds is answered beyond the limits too, so that neighbours behind one address do not lock each other out.",
    "violation": "session.rate"
  },
  "PA-19": {
    "chapter": "spec/pairing.md",
    "level": "must",
    "text": "A stranger who has claimed has until the mailbox's deadline, not Hello's.",
    "violation": "resource.limit"
  },
  "PA-20": {
    "chapter": "spec/pairing.md",
    "level": "must",
    "text": "The joiner's claim token is the 16 bytes of HKDF(device seed, label OV-33 || mailbox_id, 16). The joiner stores its device seed before it sends MailboxClaim, and the Welcome before it sends MailboxAck. So it claims with the same token after a wrong passphrase, a lost connection, and in a new process. A device that has stored the Welcome is a member, whether or not MailboxAck is answered: it enrols with its next connection, and an unacknowledged mailbox ends by its deadline.",
    "violation": null
  },
  "PA-21": {
    "chapter": "spec/pairing.md",
    "level": "must",
    "text": "The joiner enrols with its own record, countersigned with the auth key it now has.",
    "violation": "session.unauthorized"
  },
  "PA-22": {
    "chapter": "spec/pairing.md",
    "level": "must",
    "text": "The first envelope of every member, the group's creator too, is a MemberAnnouncement with its name and record; members see who joined. The name is the sender's; a record in it counts for nothing before it was verified (GR-14).",
    "violation": null
  },
  "PA-23": {
    "chapter": "spec/pairing.md",
    "level": "must",
    "text": "An invite is made only with a passphrase of a *strength* of at least 400, about 40 bits; a weaker one is refused before anything is dialled, and makes no group. A reader accepts any passphrase.",
    "violation": "invite.parse"
  },
  "PA-24": {
    "chapter": "spec/pairing.md",
    "level": "must",
    "text": "A client lets a member cancel an invite by its link, whatever the link's age, whichever member made it, and without its passphrase: it sends MailboxCancel to the group's relay. A link whose relay has another NodeId than the group's relay is refused like a mailbox of another group.",
    "violation": "invite.used"
  },
  "PA-25": {
    "chapter": "spec/pairing.md",
    "level": "must",
    "text": "A Welcome carries the name of every member of which the inviter knows one, its own too. Until the announcement of a member arrives, the joiner shows the name that the Welcome gives to a device key with a record in it, so that names outlive the announcements that a relay has removed; a name of another key is ignored.",
    "violation": null
  },
  "RL-20": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "A Push has 1 to PUSH_ITEMS_MAX items; one without items, or with more, is refused as a whole. Items are tried in order; the first refusal ends the Push, and what was stored before it stands.",
    "violation": "resource.limit"
  },
  "RL-21": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "PushAck is sent only after the commit is durable on disk.",
    "violation": null
  },
  "RL-22": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "The header's group is the session's group and its sender_key the session's device.",
    "violation": "envelope.binding"
  },
  "RL-23": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "Sizes, canonical header, version, content type and epoch ≤ the group's epoch are checked; the signature is the receivers' business.",
    "violation": "envelope.parse"
  },
  "RL-24": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "Per sender the relay keeps the *head* for ever: the sequence, the H and the stub (EN-12) of its highest envelope. An item above the head needs sequence = head + 1 and previous = the head's H; only a sender's first item and one flagged `skip` may have any sequence above the head and any previous. At or below the head `skip` changes nothing.",
    "violation": "envelope.chain"
  },
  "RL-25": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "A repeat of a stored sequence with the same H is answered DUPLICATE with the cursor it has. An envelope that has expired counts as stored until it is removed.",
    "violation": null
  },
  "RL-26": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "Per sender the relay keeps for ever its *holes*: the sequences below the head of which it has never stored an envelope. A first item above sequence 1 leaves the hole below it, and `skip` the one that it jumps over. A sequence at or below the head that is not stored and lies in no hole was removed and is answered REMOVED, except another H in the head's place (RL-27). *first* is the sequence above the highest hole, 1 without a hole: from it on the relay has had everything.",
    "violation": null
  },
  "RL-27": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "Another H at a stored sequence, or in the head's place also after its removal, is refused as SEQUENCE_CONFLICT, and the Error carries the stub of the envelope that has the place, never more of it.",
    "violation": "envelope.chain"
  },
  "RL-28": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "Group quotas in bytes and envelopes are running counters of the same transaction; an envelope that exceeds one is refused.",
    "violation": "session.quota"
  },
  "RL-29": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "Enrolment and epoch are checked inside the writing transaction.",
    "violation": "session.unauthorized"
  },
  "RL-30": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "Cursors are dense per group, from 1, assigned in the insert's transaction, never falling and never used again. received_at_ms is the greater of the one before it in the group and the retention clock (RL-52), never the wall clock.",
    "violation": null
  },
  "RL-31": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "A push costs the same in a large group as in a small one.",
    "violation": null
  },
  "RL-32": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "An item in a hole is *backfill*: it is stored with the next cursor, leaves the head as it is, and shortens the hole from its upper end. Items of one Push in one hole, next to each other, each with the sequence after the one before and with its H as previous, are one *run*; an item that stands alone is a run of one. A run is stored whole, in the order sent, when its last item is the hole's last sequence and the H of that item is `previous` of the envelope above the hole, which the relay keeps as long as the hole. Otherwise the run's first item is refused as CHAIN_BROKEN.",
    "violation": "envelope.chain"
  },
  "RL-33": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "Epoch (RL-23) and quotas (RL-28) are checked for a whole run, and what fails is the refusal of its first item. So one Push fills a hole upwards, and several Pushes fill it from the highest part down.",
    "violation": "session.quota"
  },
  "RL-34": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "At most HOLES_MAX holes of a sender are kept. One more makes the two lowest one hole, from the lower end to the upper end; what is stored within it is still answered as stored.",
    "violation": "resource.limit"
  },
  "RL-40": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "Pull answers one Page of at most min(bytes_max, PAGE_BYTES_MAX) bytes and PAGE_ITEMS_MAX envelopes, but at least one envelope when there is one. An envelope costs the sum of its header, nonce, ciphertext and signature lengths.",
    "violation": null
  },
  "RL-41": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "Every cursor in (after, next] is accounted for: (after, removed_through] was removed below the floor, removed_through + 1 to next are the envelopes, none missing.",
    "violation": "cursor.gap"
  },
  "RL-42": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "When the relay serves the envelope at `after`, which is to say that it is stored and has not expired, hash_at_after must be its H: another hash is refused as rolled back, and so is an empty one. Where the relay does not serve it, any hash is taken, and an empty one too. An `after` above the head is refused as rolled back: the relay has lost data.",
    "violation": "cursor.regress"
  },
  "RL-43": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "A reader never sees cursor N + 1 before N.",
    "violation": null
  },
  "RL-44": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "Subscribe is Pull repeated: backlog, then live, in cursor order, each stretch a Deliver with the Subscribe's request_id. The first Deliver is sent at once, also when it is empty. A session has at most one subscription.",
    "violation": "frame.state"
  },
  "RL-45": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "Delivery needs credit: it goes on while credit is above 0, one envelope may overdraw it, and Credit adds to the credit, up to CREDIT_BYTES_MAX.",
    "violation": "resource.limit"
  },
  "RL-46": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "A subscriber that does not read costs a bounded queue and nobody else anything.",
    "violation": "resource.limit"
  },
  "RL-47": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "Expiry is filtered on read: an expired envelope is never served, swept or not.",
    "violation": null
  },
  "RL-48": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "Ack is monotonic and at most what was delivered to this session or acknowledged before; it only feeds optional early removal.",
    "violation": "cursor.range"
  },
  "RL-49": {"chapter":"spec/relay.md","level":"must","text":"An own push never moves a pull cursor.","violation":null},
  "RL-50": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "Envelopes are removed from the low end of a group's log only, by age, by size or after every device's Ack, as configured; the floor is the highest removed cursor.",
    "violation": null
  },
  "RL-51": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "Heads, cursors and member records outlive every removal.",
    "violation": null
  },
  "RL-52": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "One sweep removes at most SWEEP_ITEMS_MAX envelopes of a group. Ages go by the *retention clock*, which passes with time, approaches the wall clock by a bounded step per sweep, and outlives a restart, so that neither a clock that jumped nor a long stop expires everything at once.",
    "violation": null
  },
  "RL-53": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "A relay removes nothing by age, by size or after Acks unless its operator has configured it.",
    "violation": null
  },
  "RL-60": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "The relay's seed stands in `relay.key`, made once with mode 0600, and survives restarts.",
    "violation": null
  },
  "RL-61": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "Connections count against CONNECTIONS_PER_ADDRESS_MAX and the relay's total, before Hello and after; those of strangers only have a share of the total. A stranger is a connection without an accepted Hello, or whose Hello created its group. When the share or the total is full, a new connection takes the place of the oldest one, a stranger's first, of the address that holds the most places, if that address keeps at least as many as the new one's then holds; otherwise it is turned away.",
    "violation": "session.rate"
  },
  "RL-62": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "Rates are limited per address, per group and per device in bounded maps that shrink. A limit of attempts takes an attempt's place before the relay acts, and gives it back when the attempt does not count, so that attempts at once never exceed it.",
    "violation": "session.rate"
  },
  "RL-63": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "Received bytes that are not processed are bounded per connection, by UNREAD_BYTES_MAX or by STRANGER_UNREAD_BYTES_MAX before a Hello is accepted; beyond the bound the connection closes.",
    "violation": "resource.limit"
  },
  "RL-64": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "/health, /ready and /metrics never scan a table; the admin port listens on loopback by default, and a token guards it elsewhere.",
    "violation": null
  },
  "RL-65": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "Logs, metrics and error texts name no secret, no plaintext, no full id: a group-id prefix, sizes, cursors and error numbers only.",
    "violation": null
  },
  "RL-66": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "When storage fails, requests that need a write are refused as STORAGE_UNAVAILABLE, nothing is acknowledged, and service resumes when storage does. Hello of an enrolled device, Pull, Subscribe, Credit, ListDevices and Ping need no write.",
    "violation": "resource.limit"
  },
  "RL-67": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "SIGTERM and SIGINT drain: GoAway to every session, what was begun is finished, then the process ends with 0.",
    "violation": null
  },
  "RL-68": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "A group, once created, keeps its id, records and heads until it is deleted.",
    "violation": null
  },
  "RL-70": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "Until the relay accepts a Hello, a frame has at most STRANGER_FRAME_BYTES_MAX bytes and a record at most STRANGER_RECORD_BYTES_MAX; a longer one is refused when its length is read, and nothing of it is kept.",
    "violation": "frame.length"
  },
  "RL-71": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "Bytes that are received and not processed, requests that wait for the disk, and bytes that the network has not taken count against one budget over all connections and listeners, which the configuration sets; while it is exceeded, the connection that holds most is closed with RESOURCES_EXCEEDED.",
    "violation": "resource.limit"
  },
  "RL-72": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "While the network has not taken UNSENT_BYTES_MAX bytes of a connection, or its part of what is left of the budget if that is less, nothing more is read of that connection and nothing is delivered to it; what waits is answered in its order, later.",
    "violation": null
  },
  "RL-73": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "Connections with work take turns of a bounded number of operations. A Page or a Deliver of the backlog has a turn of its own. Four kinds of turns have equal parts of the operations as long as there are any: of those that were idle, for Pages and Delivers, of those that had work left, and of those without an accepted Hello.",
    "violation": null
  },
  "RL-74": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "Every operation is taken from the rates of RL-62, whether it has an answer or not; while a rate is overdrawn, nothing more is read of the connections that it counts.",
    "violation": null
  },
  "RL-75": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "A transaction is filled from the groups that wait, in turns by bytes; what one group has waiting delays another group's push by one such turn only. Within a group the order stays.",
    "violation": null
  },
  "RL-76": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "A log that cannot be written costs its lines and nothing else; SIGHUP opens the log file again and ends nothing.",
    "violation": null
  },
  "RL-77": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "On a wildcard address, answers leave from the address that was dialled, and the relay names addresses that can be dialled.",
    "violation": null
  },
  "RL-78": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "What a flood left behind in memory is given back when the relay has calmed, not when it is busy again.",
    "violation": null
  },
  "RL-80": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "Every limit by address counts an IPv4-mapped IPv6 address as its IPv4 address, and any other IPv6 address as its /64.",
    "violation": "session.rate"
  },
  "RL-81": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "An operator can bound the bytes that all groups of one creating address hold together, and those of all groups; an envelope beyond one is refused as beyond RL-28.",
    "violation": "session.quota"
  },
  "RL-82": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "The relay keeps a reserve of disk space, which it releases only to start and to remove envelopes. Until the reserve is back, new envelopes use only what removal has freed.",
    "violation": null
  },
  "RL-83": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "A relay starts while its disk is full; a start writes nothing where everything is there.",
    "violation": null
  },
  "RL-84": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "After an input or output error of a write, what was committed before is copied to the database file and synced before anything is acknowledged again.",
    "violation": null
  },
  "RL-85": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "Every failure of storage, of a read as of a write, is logged, counted in /metrics, and told by /ready until storage works again; damage is told until the relay restarts.",
    "violation": null
  },
  "RL-86": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "A relay that has its key and finds its database missing or empty refuses to start, unless its operator has said that it begins anew.",
    "violation": null
  },
  "RL-87": {
    "chapter": "spec/relay.md",
    "level": "must",
    "text": "The audit log is bounded in total, by kind, and by group and kind; rows of one group and kind are limited per minute. It is trimmed by a few rows with each row that is added, and never all at once.",
    "violation": null
  },
  "RO-01": {
    "chapter": "spec/rotation.md",
    "level": "must",
    "text": "A rotation continues the chain: its group_id is the group's, its epoch the last one + 1, previous the R of the last rotation, 32 zero bytes for epoch 1; auth_signature is by auth of epoch e − 1, device_signature by signer, and signer is a member of epoch e − 1 and one of members.",
    "violation": "rotation.invalid"
  },
  "RO-02": {
    "chapter": "spec/rotation.md",
    "level": "must",
    "text": "Each of members is a member of epoch e − 1 (RO-05) and was never removed. Each of removed was a member of some earlier epoch and was not removed before. A device in neither list is *left out*.",
    "violation": "rotation.invalid"
  },
  "RO-03": {
    "chapter": "spec/rotation.md",
    "level": "must",
    "text": "A rotation counts only with a receipt by the signing key of the anchor that the state of epoch e − 1 names; for e = 1 that is the first relay of the Welcome, or of the group's creator. Without it the rotation is a *proposal* and changes nothing.",
    "violation": "rotation.invalid"
  },
  "RO-04": {
    "chapter": "spec/rotation.md",
    "level": "must",
    "text": "A device takes an epoch when its welcome has its welcome_hash and opens, the secret gives auth_key (GR-05), the state opens, and the previous secret in it gives auth of epoch e − 1; otherwise its welcome is *bad*. One welcome opens all history: a device that was away walks from the newest epoch whose welcome it has down to its own, then checks the receipts upwards, each by the anchor of the state below it. A group's relays and pins are those of its newest state.",
    "violation": "rotation.invalid"
  },
  "RO-05": {
    "chapter": "spec/rotation.md",
    "level": "must",
    "text": "A device is a member in epoch c when it is in members(c), or when auth_c countersigned its record (GR-09) and no rotation up to epoch c has removed it. A record of another epoch proves nothing about c.",
    "violation": "session.unauthorized"
  },
  "RO-06": {
    "chapter": "spec/rotation.md",
    "level": "must",
    "text": "With c the newest epoch, an envelope of epoch k < c is valid when its sender is in members(k + 1) and was never removed. When a rotation of epoch r removed the sender, the envelope is valid only for k < r, and only below the sequence of its cut, or at it with the H of the cut. An envelope of epoch c is valid when its sender is a member in c.",
    "violation": "envelope.auth"
  },
  "RO-13": {
    "chapter": "spec/rotation.md",
    "level": "must",
    "text": "Two bodies of one epoch with receipts of the anchor are a fork of the anchor: the device keeps the first, and reports it. A rotation with a receipt of another relay of the newest state is *forced*, the way out when the anchor is lost: it counts as one with a receipt of the anchor after the user compared its *code*, the first 10 characters of R in z-base-32, with the device that made it.",
    "violation": "rotation.invalid"
  },
  "RO-15": {
    "chapter": "spec/rotation.md",
    "level": "must",
    "text": "body is canonical (OV-04) and at most ROTATION_BODY_BYTES_MAX bytes; its epoch is at least 1; it has at least one member; members and removed each ascend strictly by device_key, compared byte by byte, and have no device in common.",
    "violation": "rotation.invalid"
  },
  "RO-16": {
    "chapter": "spec/rotation.md",
    "level": "must",
    "text": "R = BLAKE3(`0k-sync/v1/rotation-body` || body), 32 bytes, names the rotation. auth_signature and device_signature are Ed25519 over `0k-sync/v1/rotation-body` || body, the receipt is Ed25519 over `0k-sync/v1/rotation-receipt` || R; a rotation without receipt has an empty one.",
    "violation": "rotation.invalid"
  },
  "RO-17": {
    "chapter": "spec/rotation.md",
    "level": "must",
    "text": "The secret of epoch e is 32 random bytes, and sealed to each member as a *welcome* of 1168 bytes: c || XChaCha20-Poly1305(HKDF(ss, label OV-42 || group_id || u32(e) || device_key), nonce = 24 zero bytes, no ad, secret), where (c, ss) is an X-Wing encapsulation, fresh for each member, to the key in the member's record. welcome_hash is BLAKE3(welcome).",
    "violation": "rotation.invalid"
  },
  "RO-18": {
    "chapter": "spec/rotation.md",
    "level": "must",
    "text": "X-Wing refuses an encapsulation key that fails HS-06, and a key or ciphertext whose X25519 result is all zero (HS-05). A member whose key is refused gets 1168 random bytes as its welcome, so that nobody stops a rotation by a bad key.",
    "violation": "rotation.invalid"
  },
  "RO-19": {
    "chapter": "spec/rotation.md",
    "level": "must",
    "text": "sealed_state = nonce (24 random bytes) || XChaCha20-Poly1305(HKDF(secret, label OV-43 || group_id || u32(e)), nonce, ad = group_id || u32(e) || previous, GroupState padded as in EN-14), at most SEALED_STATE_BYTES_MAX bytes. GroupState has the secret of epoch e − 1 and 1 to RELAYS_MAX relays; relays[0] is the anchor from then on: its node_id is the body's anchor, and its signing_key is not empty.",
    "violation": "rotation.invalid"
  },
  "SC-20": {
    "chapter": "spec/security.md",
    "level": "must",
    "text": "Ed25519 verification checks [S]B = R + [k]A on the exact bytes, requires S < L and canonical encodings of A and R, and refuses A and R of small order.",
    "violation": "envelope.auth"
  },
  "SC-21": {
    "chapter": "spec/security.md",
    "level": "must",
    "text": "Providers of the primitives give identical bytes and identical verdicts on every vector.",
    "violation": null
  },
  "SC-22": {
    "chapter": "spec/security.md",
    "level": "must",
    "text": "Bad input costs bounded time and memory, changes no state, and never ends the service for others.",
    "violation": "resource.limit"
  },
  "SC-23": {
    "chapter": "spec/security.md",
    "level": "must",
    "text": "No plaintext, key, name, invite or passphrase appears in a relay's database, files, logs, metrics or error texts.",
    "violation": null
  },
  "SC-24": {
    "chapter": "spec/security.md",
    "level": "must",
    "text": "Secrets never pass through argv or the terminal's echo.",
    "violation": null
  },
  "SE-01": {
    "chapter": "spec/session.md",
    "level": "must",
    "text": "A client opens exactly one control stream per connection; a relay resets any other stream.",
    "violation": "resource.limit"
  },
  "SE-02": {
    "chapter": "spec/session.md",
    "level": "must",
    "text": "Each end drives its side with the tables below; a frame in a state that does not accept it is refused and ends the connection.",
    "violation": "frame.state"
  },
  "SE-03": {
    "chapter": "spec/session.md",
    "level": "must",
    "text": "A request that is refused gets an Error with its request_id; a refusal never looks like an outage.",
    "violation": null
  },
  "SE-04": {
    "chapter": "spec/session.md",
    "level": "must",
    "text": "A request_id is not 0 and not one of a request still unanswered; answers repeat it. Frames without an answer carry 0, and so does the Error that refuses one of them or the whole session.",
    "violation": "frame.state"
  },
  "SE-05": {
    "chapter": "spec/session.md",
    "level": "must",
    "text": "Requests are pipelined up to REQUESTS_IN_FLIGHT_MAX; one more is refused.",
    "violation": "resource.limit"
  },
  "SE-06": {
    "chapter": "spec/session.md",
    "level": "must",
    "text": "Requests of one session take effect in the order sent.",
    "violation": null
  },
  "SE-07": {
    "chapter": "spec/session.md",
    "level": "must",
    "text": "A relay sends a fatal Error before it closes the connection; either end closes it with the number of what is wrong.",
    "violation": null
  },
  "SE-08": {
    "chapter": "spec/session.md",
    "level": "must",
    "text": "An answer to no request, or of another kind than its request asks for, ends the connection; an Error answers any request, and with request_id 0 needs none.",
    "violation": "frame.state"
  },
  "SE-10": {
    "chapter": "spec/session.md",
    "level": "must",
    "text": "Hello.signature is Ed25519 by device_key over `0k-sync/v1/hello` || handshake hash (32) || group_id (32).",
    "violation": "session.unauthorized"
  },
  "SE-11": {
    "chapter": "spec/session.md",
    "level": "must",
    "text": "A device is let in when it is enrolled in that group, or brings an Enrolment that makes it so.",
    "violation": "session.unauthorized"
  },
  "SE-12": {
    "chapter": "spec/session.md",
    "level": "must",
    "text": "An Enrolment's auth_key hashes to the group id, its record verifies (GR-14) with epoch 0's auth key, and names the group and device of the Hello. The first one creates the group.",
    "violation": "session.unauthorized"
  },
  "SE-13": {
    "chapter": "spec/session.md",
    "level": "must",
    "text": "Group creation is open, by access_token, or closed, as the relay is configured, and limited per address. A group whose id the configuration names may be created in every mode.",
    "violation": "session.unauthorized"
  },
  "SE-14": {
    "chapter": "spec/session.md",
    "level": "must",
    "text": "A stranger is refused alike, after equal work, whether the group exists or not.",
    "violation": "session.unauthorized"
  },
  "SE-15": {
    "chapter": "spec/session.md",
    "level": "must",
    "text": "HelloAck gives head, floor, the stub of this device's own head as the relay keeps it (RL-24) or none, epoch, limits, the relay's time, capabilities and signing key.",
    "violation": null
  },
  "SE-16": {
    "chapter": "spec/session.md",
    "level": "must",
    "text": "What a relay claims is a claim: a client clamps limits to the spec's and never wipes anything on a relay's word.",
    "violation": null
  },
  "SE-17": {
    "chapter": "spec/session.md",
    "level": "must",
    "text": "A relay names the capability `ack-removal` in HelloAck exactly when it is configured to remove envelopes after every device's Ack (RL-50).",
    "violation": null
  },
  "SE-18": {
    "chapter": "spec/session.md",
    "level": "must",
    "text": "HelloAck's retention_seconds is the age at which the relay expires envelopes, and retention_bytes the bytes above which it removes a group's oldest (RL-50); each is 0 exactly when the relay is configured to remove nothing by it.",
    "violation": null
  },
  "SE-20": {
    "chapter": "spec/session.md",
    "level": "must",
    "text": "A client that is done sends Bye; the relay finishes what it has begun, ends the stream and closes with 0.",
    "violation": null
  },
  "SE-21": {
    "chapter": "spec/session.md",
    "level": "must",
    "text": "A relay that shuts down sends GoAway, refuses new requests, finishes what it has begun, and closes after at most DRAIN_MS.",
    "violation": null
  },
  "SE-22": {
    "chapter": "spec/session.md",
    "level": "must",
    "text": "An end that has heard nothing for IDLE_TIMEOUT_MS closes; a client pings after PING_INTERVAL_MS in which it sent nothing, or in which it heard nothing.",
    "violation": "resource.limit"
  },
  "SE-23": {
    "chapter": "spec/session.md",
    "level": "must",
    "text": "Several sessions of one device may live at once, at most SESSIONS_PER_DEVICE_MAX. When a newer one exceeds that number, it is let in, and the relay ends the device's session that it has heard nothing from for the longest time with SESSIONS_EXCEEDED. Ending one never touches another.",
    "violation": "resource.limit"
  },
  "SE-24": {
    "chapter": "spec/session.md",
    "level": "must",
    "text": "A client is *quiet since* the later of its last life and the time from which on it has had something unanswered: a request, a Ping, or a Subscribe before its first Deliver. Quiet for QUIET_MS_MAX, it sends one Ping; when PROBE_MS_MAX have passed since that Ping without life, the session is over as DEADLINE_EXCEEDED. *Life* is a byte heard; and, where the transport tells it, that at the end of either time bytes wait to be sent, fewer than at its start. Life begins both times anew.",
    "violation": "resource.limit"
  },
  "SE-25": {
    "chapter": "spec/session.md",
    "level": "must",
    "text": "A request other than Ping that is unanswered ANSWER_MS_MAX after the network took its last byte ends the session as DEADLINE_EXCEEDED, however alive the link is; while a frame is partly there it may take ANSWER_ARRIVING_MS_MAX instead.",
    "violation": "resource.limit"
  },
  "SE-26": {
    "chapter": "spec/session.md",
    "level": "must",
    "text": "After the end of SE-24 a session that the relay had let in is dialled again at once, after that of SE-25 under CL-36. A call of the app that waited for an answer is refused with DEADLINE_EXCEEDED, unless the app asked for it to be made again; only what stands in the outbox is sent again.",
    "violation": null
  },
  "WI-01": {
    "chapter": "spec/wire.md",
    "level": "must",
    "text": "The client opens the control stream with the preface `30 4b`, the version 1 or 2, and the kind 0.",
    "violation": "handshake.parse"
  },
  "WI-02": {
    "chapter": "spec/wire.md",
    "level": "must",
    "text": "A relay answers an unknown version, whatever its kind, with one preface that carries the highest version it speaks, and closes.",
    "violation": "transport.version"
  },
  "WI-03": {
    "chapter": "spec/wire.md",
    "level": "must",
    "text": "The preface alone decides the version; a relay may compare it with the ALPN (WI-21) where the transport shows that.",
    "violation": "transport.version"
  },
  "WI-04": {
    "chapter": "spec/wire.md",
    "level": "must",
    "text": "Each handshake message is preceded by its length as u16, and has exactly the length that [handshake](handshake.md) gives for an empty payload.",
    "violation": "handshake.parse"
  },
  "WI-05": {
    "chapter": "spec/wire.md",
    "level": "must",
    "text": "After the handshake each record is a u16 length, 17 to 65,535, and that many bytes of ChaCha20-Poly1305 ciphertext with empty associated data under the direction's key and counter.",
    "violation": "frame.parse"
  },
  "WI-06": {
    "chapter": "spec/wire.md",
    "level": "must",
    "text": "A record that does not open ends the connection at once; nothing after it is read.",
    "violation": "frame.parse"
  },
  "WI-07": {
    "chapter": "spec/wire.md",
    "level": "must",
    "text": "Records carry one byte stream: several frames may share a record and one frame may span several.",
    "violation": null
  },
  "WI-10": {
    "chapter": "spec/wire.md",
    "level": "must",
    "text": "Each Frame is preceded by its length as a minimal varint of at most 5 bytes, 1 to FRAME_BYTES_MAX.",
    "violation": "frame.length"
  },
  "WI-11": {
    "chapter": "spec/wire.md",
    "level": "must",
    "text": "A declared length is checked before memory is set aside for it.",
    "violation": "frame.length"
  },
  "WI-12": {
    "chapter": "spec/wire.md",
    "level": "must",
    "text": "A stream that ends inside a frame, a record or a handshake message, or that ends without Bye, GoAway or a closing Error, is truncated.",
    "violation": "frame.length"
  },
  "WI-13": {
    "chapter": "spec/wire.md",
    "level": "must",
    "text": "A frame passes the strict wire walk before it is decoded.",
    "violation": "frame.parse"
  },
  "WI-14": {
    "chapter": "spec/wire.md",
    "level": "must",
    "text": "The strict wire walk refuses field numbers 0 and above 2^29−1, groups, wire types 3, 4, 6 and 7, a wire type other than the schema's, a singular field given twice, two members of one oneof, varints that are not minimal or exceed 64 bits, lengths beyond the enclosing message, strings that are not UTF-8, and nesting deeper than FRAME_DEPTH_MAX.",
    "violation": "frame.parse"
  },
  "WI-15": {
    "chapter": "spec/wire.md",
    "level": "must",
    "text": "Unknown fields of a frame are walked and ignored; a frame without a known body is refused.",
    "violation": "frame.type"
  },
  "WI-16": {
    "chapter": "spec/wire.md",
    "level": "must",
    "text": "A uint32 or enum field above 2^32−1, a uint64 field above 2^53−1, and a bool above 1 is refused.",
    "violation": "frame.parse"
  },
  "WI-17": {
    "chapter": "spec/wire.md",
    "level": "must",
    "text": "Repeated fields are bounded by the item limits of [limits](limits.md) while they are walked.",
    "violation": "resource.limit"
  },
  "WI-18": {
    "chapter": "spec/wire.md",
    "level": "must",
    "text": "Byte fields whose length the schema's comment fixes are refused at any other length, also when they are absent; so are fields longer than their comment allows, but for the header and ciphertext of an Envelope, which EN-04 judges one by one.",
    "violation": "frame.parse"
  },
  "WI-19": {
    "chapter": "spec/wire.md",
    "level": "must",
    "text": "An enum value that the schema does not name is refused in what a client sends.",
    "violation": "frame.parse"
  },
  "WI-20": {
    "chapter": "spec/wire.md",
    "level": "must",
    "text": "A singular message field is given unless the schema's comment says when it is present.",
    "violation": "frame.parse"
  },
  "WI-21": {
    "chapter": "spec/wire.md",
    "level": "must",
    "text": "The client offers one ALPN (RFC 7301), that of its suite in [handshake](handshake.md); a relay refuses a connection without one that it speaks.",
    "violation": "transport.version"
  },
  "WI-22": {
    "chapter": "spec/wire.md",
    "level": "must",
    "text": "TLS is the one of QUIC v1 (RFC 9001), the relay's certificate is self-signed and new at each start, and a client verifies neither it nor a name.",
    "violation": null
  },
  "WI-23": {
    "chapter": "spec/wire.md",
    "level": "must",
    "text": "The control stream is the first bidirectional stream of the client; its end is the FIN of that direction; an error's number is the application error code of the CONNECTION_CLOSE (RFC 9000 section 19.19), and 0 is a close in order.",
    "violation": null
  }
} as const

export type RequirementId = keyof typeof requirements

/** Every id of the spec and what it names. */
export const identifiers = {
  "CL-01": "requirement",
  "CL-02": "requirement",
  "CL-03": "requirement",
  "CL-04": "requirement",
  "CL-05": "requirement",
  "CL-06": "requirement",
  "CL-07": "requirement",
  "CL-08": "requirement",
  "CL-09": "requirement",
  "CL-11": "requirement",
  "CL-12": "requirement",
  "CL-13": "requirement",
  "CL-14": "requirement",
  "CL-15": "requirement",
  "CL-16": "requirement",
  "CL-17": "requirement",
  "CL-18": "requirement",
  "CL-19": "requirement",
  "CL-20": "requirement",
  "CL-21": "requirement",
  "CL-22": "requirement",
  "CL-23": "requirement",
  "CL-24": "requirement",
  "CL-25": "requirement",
  "CL-26": "requirement",
  "CL-27": "requirement",
  "CL-28": "requirement",
  "CL-29": "requirement",
  "CL-30": "requirement",
  "CL-31": "requirement",
  "CL-32": "requirement",
  "CL-33": "requirement",
  "CL-34": "requirement",
  "CL-35": "requirement",
  "CL-36": "requirement",
  "CL-37": "requirement",
  "CL-38": "requirement",
  "CL-39": "requirement",
  "CL-40": "transition",
  "CL-41": "transition",
  "CL-42": "transition",
  "CL-43": "transition",
  "CL-44": "transition",
  "CL-45": "transition",
  "CL-46": "transition",
  "CL-47": "transition",
  "CL-48": "transition",
  "CL-49": "transition",
  "CL-50": "transition",
  "CL-51": "transition",
  "CL-52": "transition",
  "CL-53": "transition",
  "CL-54": "transition",
  "CL-55": "transition",
  "CL-56": "transition",
  "CL-57": "transition",
  "CL-58": "transition",
  "CL-60": "requirement",
  "CL-61": "requirement",
  "CL-62": "requirement",
  "CL-63": "transition",
  "CL-64": "transition",
  "CL-65": "transition",
  "CL-66": "requirement",
  "CL-67": "requirement",
  "CL-68": "requirement",
  "CL-69": "requirement",
  "CL-70": "requirement",
  "CL-71": "requirement",
  "CL-72": "requirement",
  "CO-01": "requirement",
  "CO-02": "requirement",
  "CO-03": "requirement",
  "CO-04": "requirement",
  "CO-10": "requirement",
  "CO-11": "requirement",
  "CO-12": "requirement",
  "CO-13": "requirement",
  "CO-14": "requirement",
  "CO-15": "requirement",
  "CO-16": "requirement",
  "CO-17": "requirement",
  "CO-20": "requirement",
  "CO-21": "requirement",
  "CO-22": "requirement",
  "EN-03": "requirement",
  "EN-04": "requirement",
  "EN-05": "requirement",
  "EN-06": "requirement",
  "EN-07": "requirement",
  "EN-08": "requirement",
  "EN-09": "requirement",
  "EN-10": "requirement",
  "EN-11": "requirement",
  "EN-12": "requirement",
  "EN-13": "requirement",
  "EN-14": "requirement",
  "EN-15": "requirement",
  "EN-16": "requirement",
  "EN-17": "requirement",
  "EN-20": "requirement",
  "EN-21": "requirement",
  "EN-22": "requirement",
  "EN-23": "requirement",
  "EN-24": "requirement",
  "EN-25": "requirement",
  "EN-26": "requirement",
  "EN-27": "requirement",
  "EN-28": "requirement",
  "EN-29": "requirement",
  "EN-30": "requirement",
  "EN-31": "requirement",
  "EN-32": "requirement",
  "EN-33": "requirement",
  "EN-34": "requirement",
  "EN-35": "requirement",
  "EN-36": "requirement",
  "ER-01": "requirement",
  "ER-02": "requirement",
  "ER-03": "requirement",
  "ER-04": "requirement",
  "ER-05": "requirement",
  "ER-06": "requirement",
  "ER-07": "requirement",
  "GR-01": "requirement",
  "GR-02": "requirement",
  "GR-04": "requirement",
  "GR-05": "requirement",
  "GR-06": "requirement",
  "GR-08": "requirement",
  "GR-09": "requirement",
  "GR-10": "requirement",
  "GR-11": "requirement",
  "GR-12": "requirement",
  "GR-13": "requirement",
  "GR-14": "requirement",
  "GR-15": "requirement",
  "GR-16": "requirement",
  "HS-01": "requirement",
  "HS-02": "requirement",
  "HS-03": "requirement",
  "HS-04": "requirement",
  "HS-05": "requirement",
  "HS-06": "requirement",
  "HS-07": "requirement",
  "HS-08": "requirement",
  "HS-09": "requirement",
  "HS-10": "requirement",
  "HS-11": "requirement",
  "HS-12": "requirement",
  "HS-13": "requirement",
  "HS-14": "requirement",
  "HS-15": "requirement",
  "HS-16": "requirement",
  "HS-20": "requirement",
  "HS-21": "requirement",
  "HS-30": "transition",
  "HS-31": "transition",
  "HS-32": "transition",
  "HS-33": "transition",
  "HS-34": "transition",
  "HS-35": "transition",
  "HS-36": "transition",
  "HS-37": "transition",
  "HS-38": "transition",
  "HS-39": "transition",
  "HS-40": "transition",
  "HS-41": "transition",
  "HS-42": "transition",
  "HS-43": "transition",
  "HS-44": "transition",
  "HS-45": "transition",
  "HS-50": "transition",
  "HS-51": "transition",
  "HS-52": "transition",
  "HS-53": "transition",
  "HS-54": "transition",
  "HS-55": "transition",
  "HS-56": "transition",
  "HS-57": "transition",
  "HS-58": "transition",
  "HS-59": "transition",
  "HS-60": "transition",
  "HS-61": "transition",
  "HS-62": "transition",
  "HS-63": "transition",
  "HS-64": "transition",
  "LI-01": "limit",
  "LI-02": "limit",
  "LI-03": "limit",
  "LI-04": "limit",
  "LI-05": "limit",
  "LI-06": "limit",
  "LI-07": "limit",
  "LI-08": "limit",
  "LI-09": "limit",
  "LI-10": "limit",
  "LI-11": "limit",
  "LI-12": "limit",
  "LI-13": "limit",
  "LI-14": "limit",
  "LI-15": "limit",
  "LI-16": "limit",
  "LI-17": "limit",
  "LI-18": "limit",
  "LI-19": "limit",
  "LI-20": "limit",
  "LI-21": "limit",
  "LI-22": "limit",
  "LI-23": "limit",
  "LI-24": "limit",
  "LI-25": "limit",
  "LI-26": "limit",
  "LI-27": "limit",
  "LI-28": "limit",
  "LI-29": "limit",
  "LI-30": "limit",
  "LI-31": "limit",
  "LI-32": "limit",
  "LI-33": "limit",
  "LI-34": "limit",
  "LI-35": "limit",
  "LI-36": "limit",
  "LI-37": "limit",
  "LI-38": "limit",
  "LI-39": "limit",
  "LI-40": "limit",
  "LI-41": "limit",
  "LI-42": "limit",
  "LI-43": "limit",
  "LI-44": "limit",
  "LI-45": "limit",
  "LI-46": "limit",
  "LI-47": "limit",
  "LI-48": "limit",
  "LI-50": "limit",
  "LI-51": "limit",
  "LI-60": "limit",
  "LI-61": "limit",
  "LI-62": "limit",
  "LI-63": "limit",
  "LI-64": "limit",
  "LI-70": "limit",
  "LI-71": "limit",
  "LI-72": "limit",
  "LI-73": "limit",
  "LI-74": "limit",
  "LI-75": "limit",
  "LI-76": "limit",
  "LI-77": "limit",
  "LI-78": "limit",
  "LI-80": "limit",
  "LI-81": "limit",
  "LI-82": "limit",
  "OV-01": "requirement",
  "OV-02": "requirement",
  "OV-03": "requirement",
  "OV-04": "requirement",
  "OV-05": "requirement",
  "OV-06": "requirement",
  "OV-07": "requirement",
  "OV-20": "label",
  "OV-21": "label",
  "OV-22": "label",
  "OV-23": "label",
  "OV-24": "label",
  "OV-25": "label",
  "OV-26": "label",
  "OV-27": "label",
  "OV-28": "label",
  "OV-29": "label",
  "OV-30": "label",
  "OV-31": "label",
  "OV-32": "label",
  "OV-33": "label",
  "OV-34": "label",
  "OV-35": "label",
  "OV-36": "label",
  "OV-40": "label",
  "OV-41": "label",
  "OV-42": "label",
  "OV-43": "label",
  "PA-01": "requirement",
  "PA-02": "requirement",
  "PA-03": "requirement",
  "PA-04": "requirement",
  "PA-05": "requirement",
  "PA-06": "requirement",
  "PA-07": "requirement",
  "PA-08": "requirement",
  "PA-09": "requirement",
  "PA-10": "requirement",
  "PA-11": "requirement",
  "PA-12": "requirement",
  "PA-13": "requirement",
  "PA-14": "requirement",
  "PA-15": "requirement",
  "PA-16": "requirement",
  "PA-17": "requirement",
  "PA-18": "requirement",
  "PA-19": "requirement",
  "PA-20": "requirement",
  "PA-21": "requirement",
  "PA-22": "requirement",
  "PA-23": "requirement",
  "PA-24": "requirement",
  "PA-25": "requirement",
  "PA-30": "transition",
  "PA-31": "transition",
  "PA-32": "transition",
  "PA-33": "transition",
  "PA-34": "transition",
  "PA-35": "transition",
  "PA-36": "transition",
  "PA-37": "transition",
  "RL-20": "requirement",
  "RL-21": "requirement",
  "RL-22": "requirement",
  "RL-23": "requirement",
  "RL-24": "requirement",
  "RL-25": "requirement",
  "RL-26": "requirement",
  "RL-27": "requirement",
  "RL-28": "requirement",
  "RL-29": "requirement",
  "RL-30": "requirement",
  "RL-31": "requirement",
  "RL-32": "requirement",
  "RL-33": "requirement",
  "RL-34": "requirement",
  "RL-40": "requirement",
  "RL-41": "requirement",
  "RL-42": "requirement",
  "RL-43": "requirement",
  "RL-44": "requirement",
  "RL-45": "requirement",
  "RL-46": "requirement",
  "RL-47": "requirement",
  "RL-48": "requirement",
  "RL-49": "requirement",
  "RL-50": "requirement",
  "RL-51": "requirement",
  "RL-52": "requirement",
  "RL-53": "requirement",
  "RL-60": "requirement",
  "RL-61": "requirement",
  "RL-62": "requirement",
  "RL-63": "requirement",
  "RL-64": "requirement",
  "RL-65": "requirement",
  "RL-66": "requirement",
  "RL-67": "requirement",
  "RL-68": "requirement",
  "RL-70": "requirement",
  "RL-71": "requirement",
  "RL-72": "requirement",
  "RL-73": "requirement",
  "RL-74": "requirement",
  "RL-75": "requirement",
  "RL-76": "requirement",
  "RL-77": "requirement",
  "RL-78": "requirement",
  "RL-80": "requirement",
  "RL-81": "requirement",
  "RL-82": "requirement",
  "RL-83": "requirement",
  "RL-84": "requirement",
  "RL-85": "requirement",
  "RL-86": "requirement",
  "RL-87": "requirement",
  "RO-01": "requirement",
  "RO-02": "requirement",
  "RO-03": "requirement",
  "RO-04": "requirement",
  "RO-05": "requirement",
  "RO-06": "requirement",
  "RO-13": "requirement",
  "RO-15": "requirement",
  "RO-16": "requirement",
  "RO-17": "requirement",
  "RO-18": "requirement",
  "RO-19": "requirement",
  "RO-40": "transition",
  "RO-41": "transition",
  "RO-42": "transition",
  "RO-43": "transition",
  "RO-44": "transition",
  "RO-45": "transition",
  "RO-46": "transition",
  "RO-47": "transition",
  "RO-48": "transition",
  "SC-20": "requirement",
  "SC-21": "requirement",
  "SC-22": "requirement",
  "SC-23": "requirement",
  "SC-24": "requirement",
  "SE-01": "requirement",
  "SE-02": "requirement",
  "SE-03": "requirement",
  "SE-04": "requirement",
  "SE-05": "requirement",
  "SE-06": "requirement",
  "SE-07": "requirement",
  "SE-08": "requirement",
  "SE-10": "requirement",
  "SE-11": "requirement",
  "SE-12": "requirement",
  "SE-13": "requirement",
  "SE-14": "requirement",
  "SE-15": "requirement",
  "SE-16": "requirement",
  "SE-17": "requirement",
  "SE-18": "requirement",
  "SE-20": "requirement",
  "SE-21": "requirement",
  "SE-22": "requirement",
  "SE-23": "requirement",
  "SE-24": "requirement",
  "SE-25": "requirement",
  "SE-26": "requirement",
  "SE-30": "transition",
  "SE-31": "transition",
  "SE-32": "transition",
  "SE-33": "transition",
  "SE-34": "transition",
  "SE-35": "transition",
  "SE-36": "transition",
  "SE-37": "transition",
  "SE-38": "transition",
  "SE-39": "transition",
  "SE-40": "transition",
  "SE-41": "transition",
  "SE-42": "transition",
  "SE-43": "transition",
  "SE-44": "transition",
  "SE-45": "transition",
  "SE-46": "transition",
  "SE-47": "transition",
  "SE-48": "transition",
  "SE-49": "transition",
  "SE-50": "transition",
  "SE-51": "transition",
  "SE-52": "transition",
  "SE-53": "transition",
  "SE-54": "transition",
  "SE-55": "transition",
  "SE-56": "transition",
  "SE-57": "transition",
  "SE-58": "transition",
  "SE-59": "transition",
  "SE-60": "transition",
  "SE-61": "transition",
  "SE-62": "transition",
  "SE-63": "transition",
  "SE-64": "transition",
  "SE-65": "transition",
  "SE-70": "transition",
  "SE-71": "transition",
  "SE-72": "transition",
  "SE-73": "transition",
  "SE-74": "transition",
  "SE-75": "transition",
  "SE-76": "transition",
  "SE-77": "transition",
  "SE-78": "transition",
  "SE-79": "transition",
  "SE-80": "transition",
  "SE-81": "transition",
  "SE-82": "transition",
  "SE-83": "transition",
  "SE-84": "transition",
  "SE-85": "transition",
  "SE-86": "transition",
  "SE-87": "transition",
  "SE-88": "transition",
  "SE-89": "transition",
  "SE-90": "transition",
  "SE-91": "transition",
  "SE-92": "transition",
  "SE-93": "transition",
  "SE-94": "transition",
  "SE-95": "transition",
  "SE-96": "transition",
  "SE-97": "transition",
  "SE-98": "transition",
  "SE-99": "transition",
  "SE-100": "transition",
  "SE-101": "transition",
  "SE-102": "transition",
  "SE-103": "transition",
  "SE-104": "transition",
  "SE-105": "transition",
  "SE-106": "transition",
  "SE-107": "transition",
  "SE-108": "transition",
  "SE-109": "transition",
  "WI-01": "requirement",
  "WI-02": "requirement",
  "WI-03": "requirement",
  "WI-04": "requirement",
  "WI-05": "requirement",
  "WI-06": "requirement",
  "WI-07": "requirement",
  "WI-10": "requirement",
  "WI-11": "requirement",
  "WI-12": "requirement",
  "WI-13": "requirement",
  "WI-14": "requirement",
  "WI-15": "requirement",
  "WI-16": "requirement",
  "WI-17": "requirement",
  "WI-18": "requirement",
  "WI-19": "requirement",
  "WI-20": "requirement",
  "WI-21": "requirement",
  "WI-22": "requirement",
  "WI-23": "requirement"
} as const

export type Identifier = keyof typeof identifiers

/** The text of the rows that are no obligations: transitions, labels and limits, by id. */
export const rowTexts = {
  "CL-40": "outbox-entry: seal in queued leads to sealed, store-sealed",
  "CL-41": "outbox-entry: drop in queued leads to dropped, delete",
  "CL-42": "outbox-entry: send in sealed leads to sent",
  "CL-43": "outbox-entry: accepted in sent leads to acknowledged, report-acknowledged",
  "CL-44": "outbox-entry: connection-lost in sent leads to sealed",
  "CL-45": "outbox-entry: refused-later in sent leads to deferred, schedule-retry",
  "CL-46": "outbox-entry: refused in sent leads to refused, report-refused",
  "CL-47": "outbox-entry: retry in refused leads to sealed",
  "CL-48": "outbox-entry: drop in refused leads to dropped, delete, mark-skip",
  "CL-49": "outbox-entry: connection-lost in sealed leads to the same",
  "CL-50": "outbox-entry: connection-lost in queued leads to the same",
  "CL-51": "outbox-entry: connection-lost in refused leads to the same",
  "CL-52": "outbox-entry: seal in any other state leads to the same, refuse-command",
  "CL-53": "outbox-entry: send in any other state leads to the same, refuse-command",
  "CL-54": "outbox-entry: drop in any other state leads to the same, refuse-command",
  "CL-55": "outbox-entry: retry in any other state leads to the same, refuse-command",
  "CL-56": "outbox-entry: accepted in any other state leads to the same",
  "CL-57": "outbox-entry: refused-later in any other state leads to the same",
  "CL-58": "outbox-entry: refused in any other state leads to the same",
  "CL-63": "outbox-entry: send in deferred leads to sent",
  "CL-64": "outbox-entry: drop in deferred leads to dropped, delete, mark-skip",
  "CL-65": "outbox-entry: connection-lost in deferred leads to the same",
  "HS-30": "handshake-initiator: begin in start leads to wait-message-2, send-preface, write-message",
  "HS-31": "handshake-initiator: message in wait-message-2 leads to check-pin, check-pin",
  "HS-32": "handshake-initiator: pin-accepted-classical in check-pin leads to complete, write-message, split",
  "HS-33": "handshake-initiator: pin-accepted-hybrid in check-pin leads to wait-message-4, write-message",
  "HS-34": "handshake-initiator: pin-refused in check-pin leads to failed, close",
  "HS-35": "handshake-initiator: message in wait-message-4 leads to complete, split",
  "HS-36": "handshake-initiator: version-answer in wait-message-2 leads to failed, close",
  "HS-37": "handshake-initiator: failure in any other state leads to failed, close",
  "HS-38": "handshake-initiator: ended in any other state leads to failed, close",
  "HS-39": "handshake-initiator: deadline in any other state leads to failed, close",
  "HS-40": "handshake-initiator: begin in any other state leads to failed, close-out-of-order",
  "HS-41": "handshake-initiator: message in any other state leads to failed, close-out-of-order",
  "HS-42": "handshake-initiator: version-answer in any other state leads to failed, close-out-of-order",
  "HS-43": "handshake-initiator: pin-accepted-classical in any other state leads to failed, close-out-of-order",
  "HS-44": "handshake-initiator: pin-accepted-hybrid in any other state leads to failed, close-out-of-order",
  "HS-45": "handshake-initiator: pin-refused in any other state leads to failed, close-out-of-order",
  "HS-50": "handshake-responder: preface in start leads to wait-message-1, begin",
  "HS-51": "handshake-responder: preface-unknown-version in start leads to failed, send-preface, close",
  "HS-52": "handshake-responder: preface-malformed in start leads to failed, close",
  "HS-53": "handshake-responder: message in wait-message-1 leads to wait-message-3, write-message",
  "HS-54": "handshake-responder: message-classical in wait-message-3 leads to complete, split",
  "HS-55": "handshake-responder: message-hybrid in wait-message-3 leads to complete, write-message, split",
  "HS-56": "handshake-responder: failure in any other state leads to failed, close",
  "HS-57": "handshake-responder: ended in any other state leads to failed, close",
  "HS-58": "handshake-responder: deadline in any other state leads to failed, close",
  "HS-59": "handshake-responder: preface in any other state leads to failed, close-out-of-order",
  "HS-60": "handshake-responder: preface-unknown-version in any other state leads to failed, close-out-of-order",
  "HS-61": "handshake-responder: preface-malformed in any other state leads to failed, close-out-of-order",
  "HS-62": "handshake-responder: message in any other state leads to failed, close-out-of-order",
  "HS-63": "handshake-responder: message-classical in any other state leads to failed, close-out-of-order",
  "HS-64": "handshake-responder: message-hybrid in any other state leads to failed, close-out-of-order",
  "LI-01": "FRAME_BYTES_MAX = 1048576 bytes: one Frame",
  "LI-02": "FRAME_DEPTH_MAX = 8 levels: nested messages in a Frame",
  "LI-03": "RECORD_BYTES_MAX = 65535 bytes: one record's ciphertext",
  "LI-04": "HEADER_BYTES_MAX = 256 bytes: one EnvelopeHeader",
  "LI-05": "CIPHERTEXT_BYTES_MAX = 262160 bytes: one envelope's ciphertext: 256 KiB and the tag",
  "LI-06": "CIPHERTEXT_BYTES_MIN = 272 bytes: the smallest padded plaintext and the tag",
  "LI-07": "CONTENT_BYTES_MAX = 196608 bytes: content of one Message",
  "LI-08": "METADATA_BYTES_MAX = 16384 bytes: metadata of one Message",
  "LI-09": "REQUESTS_IN_FLIGHT_MAX = 256 requests: unanswered requests of one session",
  "LI-10": "PUSH_ITEMS_MAX = 256 items: one Push",
  "LI-11": "PAGE_ITEMS_MAX = 1024 items: one segment",
  "LI-12": "PAGE_BYTES_MAX = 524288 bytes: one segment; a single envelope may exceed it",
  "LI-13": "CREDIT_BYTES_MAX = 4194304 bytes: outstanding credit of one subscription",
  "LI-14": "DEVICES_MAX = 64 devices: member records of one group",
  "LI-15": "DEVICE_NAME_BYTES_MAX = 64 bytes: a device's name",
  "LI-16": "SESSIONS_PER_DEVICE_MAX = 4 sessions: one device at one relay",
  "LI-17": "CONNECTIONS_PER_ADDRESS_MAX = 1024 connections: one address at one relay; configurable",
  "LI-18": "MAILBOXES_MAX = 16 mailboxes: one group at one relay",
  "LI-19": "MAILBOX_PAYLOAD_BYTES_MAX = 131072 bytes: one sealed Welcome",
  "LI-20": "INVITE_LIFETIME_MS_MAX = 600000 ms: one invite",
  "LI-21": "INVITE_CHARACTERS_MAX = 1024 characters: one invite link",
  "LI-22": "CLOCK_SKEW_MS_MAX = 300000 ms: tolerated between two clocks",
  "LI-23": "HELLO_DEADLINE_MS = 10000 ms: from the connection to an accepted Hello or claim",
  "LI-24": "IDLE_TIMEOUT_MS = 60000 ms: silence that ends a session",
  "LI-25": "PING_INTERVAL_MS = 20000 ms: silence after which a client pings",
  "LI-26": "DRAIN_MS = 5000 ms: from GoAway to the close",
  "LI-27": "GAP_WAIT_MS = 5000 ms: how long a gap holds its sender's later envelopes",
  "LI-28": "GAP_BYTES_MAX = 4194304 bytes: held envelopes of one group",
  "LI-29": "QUARANTINE_BYTES_MAX = 4194304 bytes: rejected envelopes of one group",
  "LI-30": "RECONNECT_MS_MIN = 1000 ms: first reconnect window",
  "LI-31": "RECONNECT_MS_MAX = 30000 ms: widest reconnect window",
  "LI-32": "RECONNECT_STABLE_MS = 30000 ms: a session that lasted this long resets the window",
  "LI-33": "ACCESS_TOKEN_BYTES_MAX = 256 bytes: access_token of Hello",
  "LI-34": "ERROR_DETAIL_BYTES_MAX = 256 bytes: detail of an Error",
  "LI-35": "RELAY_ADDRESS_BYTES_MAX = 262 bytes: host, colon, port",
  "LI-36": "UNREAD_BYTES_MAX = 8388608 bytes: received and not processed, one connection",
  "LI-37": "SWEEP_ITEMS_MAX = 10000 items: removed from one group by one sweep",
  "LI-38": "RELAYS_MAX = 16 relays: one group's list",
  "LI-39": "SAFE_INTEGER_MAX = 9007199254740991 count: sequences and cursors",
  "LI-40": "CAPABILITIES_MAX = 32 items: capabilities of one HelloAck",
  "LI-41": "OUTBOX_ITEMS_MAX = 100000 items: one client's queue",
  "LI-42": "EPOCHS_MAX = 1024 items: epoch secrets of one Welcome",
  "LI-43": "HOLES_MAX = 16 holes: one sender's chain at one relay",
  "LI-44": "STUB_BYTES_MAX = 352 bytes: header, body hash and signature of one stub",
  "LI-45": "SKIPPED_RANGES_MAX = 16 items: ranges that one plaintext names as skipped",
  "LI-46": "EVIDENCE_ITEMS_MAX = 16 items: forks of one sender that a client keeps, as two stubs each",
  "LI-47": "TOPIC_BYTES_MAX = 64 bytes: topic of one Message",
  "LI-48": "PUSHES_IN_FLIGHT_MAX = 2 requests: unanswered Pushes of one session of a client",
  "LI-50": "ROTATION_BODY_BYTES_MAX = 32768 bytes: one RotationBody",
  "LI-51": "SEALED_STATE_BYTES_MAX = 8192 bytes: nonce and sealed GroupState of one rotation",
  "LI-60": "STRANGER_FRAME_BYTES_MAX = 8192 bytes: one Frame before the relay accepts the Hello",
  "LI-61": "STRANGER_RECORD_BYTES_MAX = 16384 bytes: one record's ciphertext before the relay accepts the Hello",
  "LI-62": "STRANGER_UNREAD_BYTES_MAX = 65536 bytes: received and not processed before the relay accepts the Hello, one connection",
  "LI-63": "UNSENT_BYTES_MAX = 589824 bytes: written and not taken by the network, one connection: a whole page and small answers; with more its next request waits",
  "LI-64": "OPERATION_BYTES = 4096 bytes: of a Page or Deliver that cost one operation",
  "LI-70": "QUIET_MS_MAX = 5000 ms: silence while something is unanswered, after which a client pings",
  "LI-71": "PROBE_MS_MAX = 3000 ms: from that Ping to the end of a session without life",
  "LI-72": "ANSWER_MS_MAX = 30000 ms: from a request's last byte to its answer",
  "LI-73": "ANSWER_ARRIVING_MS_MAX = 120000 ms: the same, while a frame is partly there",
  "LI-74": "RECONNECT_EQUAL_MAX = 5 failures: equal unauthenticated failures in a row, after which the window grows on",
  "LI-75": "RECONNECT_EQUAL_MS_MAX = 600000 ms: widest reconnect window after them",
  "LI-76": "REFUSED_RETRY_MS = 21600000 ms: from an authenticated refusal of 1001 to 1003 to the next attempt",
  "LI-77": "RETRY_AFTER_MS_MAX = 3600000 ms: longest wait that a relay can ask for",
  "LI-78": "ROLL_BACK_MS_MIN = 3600000 ms: from a roll-back that is believed to the next one of the same relay",
  "LI-80": "CODE_NUMBER_MAX = 9999 number: highest number of a short code",
  "LI-81": "CODE_CHARACTERS_MAX = 128 characters: a short code as somebody types it",
  "LI-82": "CODE_CLAIMANTS_MAX = 3 runs: of the exchange with one short code",
  "OV-20": "`0k-sync/v1/group-id`: BLAKE3 prefix of the group id (GR-02)",
  "OV-21": "`0k-sync/v1/device-key`: device seed to the Ed25519 seed in one group (GR-10)",
  "OV-22": "`0k-sync/v1/device-xwing`: device seed to the X-Wing seed in one group (GR-10)",
  "OV-23": "`0k-sync/v1/auth`: epoch secret to the Ed25519 seed of auth_e (GR-05)",
  "OV-24": "`0k-sync/v1/message`: epoch secret to the message key (GR-05)",
  "OV-25": "`0k-sync/v1/member-record`: prefix of what both record signatures cover (GR-09)",
  "OV-26": "`0k-sync/v1/hello`: prefix of what the Hello signature covers (SE-10)",
  "OV-27": "`0k-sync/v1/envelope`: BLAKE3 prefix of H (EN-12)",
  "OV-28": "`0k-sync/v1/relay-x25519`: relay seed to the X25519 static (HS-20)",
  "OV-29": "`0k-sync/v1/relay-mlkem768`: relay seed to d and z of the ML-KEM static (HS-20)",
  "OV-30": "`0k-sync/v1/relay-signing`: relay seed to the Ed25519 signing seed (HS-20)",
  "OV-31": "`0k-sync/v1/welcome`: invite key to the sealing key of the Welcome (PA-11)",
  "OV-32": "`0k-sync/v1/invite-checksum`: BLAKE3 prefix of the link's checksum (PA-04)",
  "OV-33": "`0k-sync/v1/claim-token`: device seed to the token that claims one mailbox (PA-20)",
  "OV-34": "`0k-sync/v1/body`: BLAKE3 prefix of the body hash B (EN-12)",
  "OV-35": "`0k-sync/v1/code`: prefix of the channel identifier of a short code (CO-10)",
  "OV-36": "`0k-sync/v1/by-code`: exchange key and X-Wing secret to the sealing key of the Welcome (CO-21)",
  "OV-40": "`0k-sync/v1/rotation-body`: BLAKE3 prefix of R, and prefix of what both signatures of a rotation cover (RO-16)",
  "OV-41": "`0k-sync/v1/rotation-receipt`: prefix of what a receipt covers (RO-16)",
  "OV-42": "`0k-sync/v1/rotation-welcome`: X-Wing secret to the key of one welcome (RO-17)",
  "OV-43": "`0k-sync/v1/rotation-state`: epoch secret to the key of its sealed state (RO-19)",
  "PA-30": "invite: claim in open leads to claimed, bind-token, give-payload",
  "PA-31": "invite: claim-again in claimed leads to the same, give-payload",
  "PA-32": "invite: acknowledge in claimed leads to used, delete",
  "PA-33": "invite: cancel in any other state leads to cancelled, delete",
  "PA-34": "invite: expire in any other state leads to expired, delete",
  "PA-35": "invite: claim in any other state leads to the same, refuse",
  "PA-36": "invite: claim-again in any other state leads to the same, refuse",
  "PA-37": "invite: acknowledge in any other state leads to the same, refuse",
  "RO-40": "epoch: rotated in current leads to the same, take-epoch, judge-held-again, seal-unsent-again",
  "RO-41": "epoch: welcome-bad in current leads to waiting, hold-cursor, report-waiting",
  "RO-42": "epoch: rotated in waiting leads to current, take-epoch, judge-held-again, seal-unsent-again",
  "RO-43": "epoch: welcome-bad in waiting leads to the same",
  "RO-44": "epoch: removed in any other state leads to removed, stop-pushing, report-removed",
  "RO-45": "epoch: left-out in any other state leads to left-out, stop-pushing, report-left-out",
  "RO-46": "epoch: proposed in any other state leads to the same",
  "RO-47": "epoch: forced in any other state leads to the same, ask-user",
  "RO-48": "epoch: anchor-forked in any other state leads to the same, report-fork",
  "SE-30": "client-session: channel-ready in handshaking leads to fresh, report-channel",
  "SE-31": "client-session: hello in fresh leads to greeting, send-hello",
  "SE-32": "client-session: hello-ack in greeting leads to ready, report-ready",
  "SE-33": "client-session: request in fresh leads to the same, send-request",
  "SE-34": "client-session: request in ready leads to the same, send-request",
  "SE-35": "client-session: answer in fresh leads to the same, report-answer",
  "SE-36": "client-session: answer in greeting leads to the same, report-answer",
  "SE-37": "client-session: answer in ready leads to the same, report-answer",
  "SE-38": "client-session: answer in leaving leads to the same, report-answer",
  "SE-39": "client-session: deliver in ready leads to the same, report-delivery",
  "SE-40": "client-session: deliver in leaving leads to the same, report-delivery",
  "SE-41": "client-session: error-answer in fresh leads to the same, report-refusal",
  "SE-42": "client-session: error-answer in ready leads to the same, report-refusal",
  "SE-43": "client-session: error-answer in leaving leads to the same, report-refusal",
  "SE-44": "client-session: go-away in fresh leads to leaving, report-go-away",
  "SE-45": "client-session: go-away in greeting leads to leaving, report-go-away",
  "SE-46": "client-session: go-away in ready leads to leaving, report-go-away",
  "SE-47": "client-session: go-away in leaving leads to the same",
  "SE-48": "client-session: bye in fresh leads to leaving, send-bye",
  "SE-49": "client-session: bye in ready leads to leaving, send-bye",
  "SE-50": "client-session: bye in leaving leads to the same, send-bye",
  "SE-51": "client-session: bye in handshaking leads to closed, close",
  "SE-52": "client-session: bye in greeting leads to closed, close",
  "SE-53": "client-session: ended in leaving leads to closed, report-closed",
  "SE-54": "client-session: ended in any other state leads to closed, report-truncated",
  "SE-55": "client-session: error-final in any other state leads to closed, report-closed, close",
  "SE-56": "client-session: violation in any other state leads to closed, close",
  "SE-57": "client-session: deadline in any other state leads to closed, close",
  "SE-58": "client-session: hello in any other state leads to the same, refuse-command",
  "SE-59": "client-session: request in any other state leads to the same, refuse-command",
  "SE-60": "client-session: channel-ready in any other state leads to closed, close-out-of-order",
  "SE-61": "client-session: hello-ack in any other state leads to closed, close-out-of-order",
  "SE-62": "client-session: answer in any other state leads to closed, close-out-of-order",
  "SE-63": "client-session: deliver in any other state leads to closed, close-out-of-order",
  "SE-64": "client-session: error-answer in any other state leads to closed, report-closed, close",
  "SE-65": "client-session: go-away in any other state leads to closed, close-out-of-order",
  "SE-70": "relay-session: channel-ready in handshaking leads to fresh",
  "SE-71": "relay-session: hello in fresh leads to authorizing, authorize",
  "SE-72": "relay-session: hello in claimed leads to authorizing, authorize",
  "SE-73": "relay-session: hello-accepted in authorizing leads to ready, send-hello-ack",
  "SE-74": "relay-session: hello-refused in authorizing leads to closed, send-error, close",
  "SE-75": "relay-session: mailbox in fresh leads to the same, serve",
  "SE-76": "relay-session: mailbox in claimed leads to the same, serve",
  "SE-77": "relay-session: claim-accepted in fresh leads to claimed, extend-deadline",
  "SE-78": "relay-session: claim-accepted in claimed leads to the same, extend-deadline",
  "SE-79": "relay-session: request in ready leads to the same, serve",
  "SE-80": "relay-session: request in draining leads to the same, refuse-shutting-down",
  "SE-81": "relay-session: ping in fresh leads to the same, send-pong",
  "SE-82": "relay-session: ping in claimed leads to the same, send-pong",
  "SE-83": "relay-session: ping in ready leads to the same, send-pong",
  "SE-84": "relay-session: ping in draining leads to the same, send-pong",
  "SE-85": "relay-session: bye in fresh leads to finishing, finish",
  "SE-86": "relay-session: bye in claimed leads to finishing, finish",
  "SE-87": "relay-session: bye in ready leads to finishing, finish",
  "SE-88": "relay-session: bye in draining leads to finishing, finish",
  "SE-89": "relay-session: drained in finishing leads to closed, end-stream, close",
  "SE-90": "relay-session: shutdown in ready leads to draining, send-go-away",
  "SE-91": "relay-session: shutdown in draining leads to the same",
  "SE-92": "relay-session: shutdown in finishing leads to the same",
  "SE-93": "relay-session: shutdown in any other state leads to closed, send-go-away, close",
  "SE-94": "relay-session: drained in any other state leads to the same",
  "SE-95": "relay-session: claim-accepted in any other state leads to the same",
  "SE-96": "relay-session: hello-accepted in any other state leads to the same",
  "SE-97": "relay-session: hello-refused in any other state leads to the same",
  "SE-98": "relay-session: deadline in finishing leads to closed, close",
  "SE-99": "relay-session: deadline in draining leads to closed, close",
  "SE-100": "relay-session: deadline in any other state leads to closed, send-error, close",
  "SE-101": "relay-session: ended in finishing leads to the same",
  "SE-102": "relay-session: ended in any other state leads to closed, close",
  "SE-103": "relay-session: violation in any other state leads to closed, send-error, close",
  "SE-104": "relay-session: hello in any other state leads to closed, send-error, close",
  "SE-105": "relay-session: mailbox in any other state leads to closed, send-error, close",
  "SE-106": "relay-session: request in any other state leads to closed, send-error, close",
  "SE-107": "relay-session: ping in any other state leads to closed, send-error, close",
  "SE-108": "relay-session: bye in any other state leads to closed, close",
  "SE-109": "relay-session: channel-ready in any other state leads to closed, close-out-of-order"
} as const
