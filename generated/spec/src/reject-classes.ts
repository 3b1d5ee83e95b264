// generated, do not edit: `make generate` writes this file from spec/ and proto/

/** The closed list of reject classes, with the clause that each comes from. */
export const rejectClasses = {
  "blob.chunk": {"clause":"LI-05","meaning":"reserved"},
  "blob.hash": {"clause":"LI-05","meaning":"reserved"},
  "blob.size": {"clause":"LI-05","meaning":"reserved"},
  "cursor.gap": {"clause":"RL-41","meaning":"cursors unaccounted for"},
  "cursor.range": {"clause":"RL-48","meaning":"beyond what there is"},
  "cursor.regress": {"clause":"RL-42","meaning":"the log went back"},
  "envelope.auth": {"clause":"EN-12","meaning":"does not verify"},
  "envelope.binding": {"clause":"EN-07","meaning":"other group or sender"},
  "envelope.chain": {"clause":"EN-08","meaning":"does not continue the chain"},
  "envelope.parse": {"clause":"EN-03","meaning":"wrong form"},
  "envelope.replay": {"clause":"EN-22","meaning":"seen before"},
  "envelope.version": {"clause":"EN-05","meaning":"unknown version"},
  "frame.length": {"clause":"WI-10","meaning":"out of bounds or cut short"},
  "frame.parse": {"clause":"WI-13","meaning":"not what the schema says"},
  "frame.state": {"clause":"SE-02","meaning":"not accepted now"},
  "frame.type": {"clause":"WI-15","meaning":"unknown"},
  "handshake.auth": {"clause":"HS-03","meaning":"does not authenticate"},
  "handshake.downgrade": {"clause":"HS-13","meaning":"less than the pin promises"},
  "handshake.identity": {"clause":"HS-12","meaning":"not the pinned relay"},
  "handshake.kem": {"clause":"HS-06","meaning":"invalid encapsulation key"},
  "handshake.order": {"clause":"HS-08","meaning":"out of turn"},
  "handshake.parse": {"clause":"HS-04","meaning":"wrong form"},
  "invite.code": {"clause":"CO-14","meaning":"other words"},
  "invite.expired": {"clause":"PA-05","meaning":"too old"},
  "invite.parse": {"clause":"PA-03","meaning":"not readable"},
  "invite.used": {"clause":"PA-15","meaning":"not to be had"},
  "resource.limit": {"clause":"WI-17","meaning":"a bound of this end"},
  "session.epoch": {"clause":"EN-09","meaning":"unknown epoch"},
  "session.quota": {"clause":"RL-28","meaning":"no room"},
  "session.rate": {"clause":"RL-62","meaning":"too much at once"},
  "session.revoked": {"clause":"SE-11","meaning":"was removed"},
  "session.size": {"clause":"EN-04","meaning":"too large"},
  "session.unauthorized": {"clause":"SE-11","meaning":"not let in"},
  "session.version": {"clause":"WI-02","meaning":"unknown session version"},
  "transport.alpn": {
    "clause": "WI-03",
    "meaning": "ALPN and preface disagree, or TLS refused the ALPN; told as UNSUPPORTED_VERSION"
  },
  "transport.version": {"clause":"WI-02","meaning":"unknown protocol version"}
} as const
