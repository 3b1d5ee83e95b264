// generated, do not edit: `make generate` writes this file from spec/ and proto/

/** What an event does in a state; `id` is the spec's row. */
export type Transition<State extends string, Action extends string> = {
  readonly next: State
  readonly actions: readonly Action[]
  readonly id: string
}

/** A proven machine: every state that is not final has one transition for every event. */
export type Machine<State extends string, Event extends string, Action extends string> = {
  readonly name: string
  readonly initial: State
  readonly finals: readonly State[]
  readonly states: readonly State[]
  readonly events: readonly Event[]
  readonly actions: readonly Action[]
  readonly table: { readonly [S in State]?: { readonly [E in Event]: Transition<State, Action> } }
}

/** The machine `client-session` of spec/session.md. */
export const clientSession = {
  "name": "client-session",
  "initial": "handshaking",
  "finals": [
    "closed"
  ],
  "states": [
    "handshaking",
    "fresh",
    "greeting",
    "ready",
    "leaving",
    "closed"
  ],
  "events": [
    "channel-ready",
    "hello",
    "hello-ack",
    "request",
    "answer",
    "deliver",
    "error-answer",
    "go-away",
    "bye",
    "ended",
    "error-final",
    "violation",
    "deadline"
  ],
  "actions": [
    "report-channel",
    "send-hello",
    "report-ready",
    "send-request",
    "report-answer",
    "report-delivery",
    "report-refusal",
    "report-go-away",
    "send-bye",
    "close",
    "report-closed",
    "report-truncated",
    "refuse-command",
    "close-out-of-order"
  ],
  "table": {
    "handshaking": {
      "channel-ready": {
        "next": "fresh",
        "actions": [
          "report-channel"
        ],
        "id": "SE-30"
      },
      "hello": {
        "next": "handshaking",
        "actions": [
          "refuse-command"
        ],
        "id": "SE-58"
      },
      "hello-ack": {
        "next": "closed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "SE-61"
      },
      "request": {
        "next": "handshaking",
        "actions": [
          "refuse-command"
        ],
        "id": "SE-59"
      },
      "answer": {
        "next": "closed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "SE-62"
      },
      "deliver": {
        "next": "closed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "SE-63"
      },
      "error-answer": {
        "next": "closed",
        "actions": [
          "report-closed",
          "close"
        ],
        "id": "SE-64"
      },
      "go-away": {
        "next": "closed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "SE-65"
      },
      "bye": {
        "next": "closed",
        "actions": [
          "close"
        ],
        "id": "SE-51"
      },
      "ended": {
        "next": "closed",
        "actions": [
          "report-truncated"
        ],
        "id": "SE-54"
      },
      "error-final": {
        "next": "closed",
        "actions": [
          "report-closed",
          "close"
        ],
        "id": "SE-55"
      },
      "violation": {
        "next": "closed",
        "actions": [
          "close"
        ],
        "id": "SE-56"
      },
      "deadline": {
        "next": "closed",
        "actions": [
          "close"
        ],
        "id": "SE-57"
      }
    },
    "fresh": {
      "channel-ready": {
        "next": "closed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "SE-60"
      },
      "hello": {
        "next": "greeting",
        "actions": [
          "send-hello"
        ],
        "id": "SE-31"
      },
      "hello-ack": {
        "next": "closed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "SE-61"
      },
      "request": {
        "next": "fresh",
        "actions": [
          "send-request"
        ],
        "id": "SE-33"
      },
      "answer": {
        "next": "fresh",
        "actions": [
          "report-answer"
        ],
        "id": "SE-35"
      },
      "deliver": {
        "next": "closed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "SE-63"
      },
      "error-answer": {
        "next": "fresh",
        "actions": [
          "report-refusal"
        ],
        "id": "SE-41"
      },
      "go-away": {
        "next": "leaving",
        "actions": [
          "report-go-away"
        ],
        "id": "SE-44"
      },
      "bye": {
        "next": "leaving",
        "actions": [
          "send-bye"
        ],
        "id": "SE-48"
      },
      "ended": {
        "next": "closed",
        "actions": [
          "report-truncated"
        ],
        "id": "SE-54"
      },
      "error-final": {
        "next": "closed",
        "actions": [
          "report-closed",
          "close"
        ],
        "id": "SE-55"
      },
      "violation": {
        "next": "closed",
        "actions": [
          "close"
        ],
        "id": "SE-56"
      },
      "deadline": {
        "next": "closed",
        "actions": [
          "close"
        ],
        "id": "SE-57"
      }
    },
    "greeting": {
      "channel-ready": {
        "next": "closed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "SE-60"
      },
      "hello": {
        "next": "greeting",
        "actions": [
          "refuse-command"
        ],
        "id": "SE-58"
      },
      "hello-ack": {
        "next": "ready",
        "actions": [
          "report-ready"
        ],
        "id": "SE-32"
      },
      "request": {
        "next": "greeting",
        "actions": [
          "refuse-command"
        ],
        "id": "SE-59"
      },
      "answer": {
        "next": "greeting",
        "actions": [
          "report-answer"
        ],
        "id": "SE-36"
      },
      "deliver": {
        "next": "closed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "SE-63"
      },
      "error-answer": {
        "next": "closed",
        "actions": [
          "report-closed",
          "close"
        ],
        "id": "SE-64"
      },
      "go-away": {
        "next": "leaving",
        "actions": [
          "report-go-away"
        ],
        "id": "SE-45"
      },
      "bye": {
        "next": "closed",
        "actions": [
          "close"
        ],
        "id": "SE-52"
      },
      "ended": {
        "next": "closed",
        "actions": [
          "report-truncated"
        ],
        "id": "SE-54"
      },
      "error-final": {
        "next": "closed",
        "actions": [
          "report-closed",
          "close"
        ],
        "id": "SE-55"
      },
      "violation": {
        "next": "closed",
        "actions": [
          "close"
        ],
        "id": "SE-56"
      },
      "deadline": {
        "next": "closed",
        "actions": [
          "close"
        ],
        "id": "SE-57"
      }
    },
    "ready": {
      "channel-ready": {
        "next": "closed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "SE-60"
      },
      "hello": {
        "next": "ready",
        "actions": [
          "refuse-command"
        ],
        "id": "SE-58"
      },
      "hello-ack": {
        "next": "closed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "SE-61"
      },
      "request": {
        "next": "ready",
        "actions": [
          "send-request"
        ],
        "id": "SE-34"
      },
      "answer": {
        "next": "ready",
        "actions": [
          "report-answer"
        ],
        "id": "SE-37"
      },
      "deliver": {
        "next": "ready",
        "actions": [
          "report-delivery"
        ],
        "id": "SE-39"
      },
      "error-answer": {
        "next": "ready",
        "actions": [
          "report-refusal"
        ],
        "id": "SE-42"
      },
      "go-away": {
        "next": "leaving",
        "actions": [
          "report-go-away"
        ],
        "id": "SE-46"
      },
      "bye": {
        "next": "leaving",
        "actions": [
          "send-bye"
        ],
        "id": "SE-49"
      },
      "ended": {
        "next": "closed",
        "actions": [
          "report-truncated"
        ],
        "id": "SE-54"
      },
      "error-final": {
        "next": "closed",
        "actions": [
          "report-closed",
          "close"
        ],
        "id": "SE-55"
      },
      "violation": {
        "next": "closed",
        "actions": [
          "close"
        ],
        "id": "SE-56"
      },
      "deadline": {
        "next": "closed",
        "actions": [
          "close"
        ],
        "id": "SE-57"
      }
    },
    "leaving": {
      "channel-ready": {
        "next": "closed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "SE-60"
      },
      "hello": {
        "next": "leaving",
        "actions": [
          "refuse-command"
        ],
        "id": "SE-58"
      },
      "hello-ack": {
        "next": "closed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "SE-61"
      },
      "request": {
        "next": "leaving",
        "actions": [
          "refuse-command"
        ],
        "id": "SE-59"
      },
      "answer": {
        "next": "leaving",
        "actions": [
          "report-answer"
        ],
        "id": "SE-38"
      },
      "deliver": {
        "next": "leaving",
        "actions": [
          "report-delivery"
        ],
        "id": "SE-40"
      },
      "error-answer": {
        "next": "leaving",
        "actions": [
          "report-refusal"
        ],
        "id": "SE-43"
      },
      "go-away": {
        "next": "leaving",
        "actions": [],
        "id": "SE-47"
      },
      "bye": {
        "next": "leaving",
        "actions": [
          "send-bye"
        ],
        "id": "SE-50"
      },
      "ended": {
        "next": "closed",
        "actions": [
          "report-closed"
        ],
        "id": "SE-53"
      },
      "error-final": {
        "next": "closed",
        "actions": [
          "report-closed",
          "close"
        ],
        "id": "SE-55"
      },
      "violation": {
        "next": "closed",
        "actions": [
          "close"
        ],
        "id": "SE-56"
      },
      "deadline": {
        "next": "closed",
        "actions": [
          "close"
        ],
        "id": "SE-57"
      }
    }
  }
} as const
export type ClientSessionState = (typeof clientSession.states)[number]
export type ClientSessionEvent = (typeof clientSession.events)[number]
export type ClientSessionAction = (typeof clientSession.actions)[number]

/** The machine `handshake-initiator` of spec/handshake.md. */
export const handshakeInitiator = {
  "name": "handshake-initiator",
  "initial": "start",
  "finals": [
    "complete",
    "failed"
  ],
  "states": [
    "start",
    "wait-message-2",
    "check-pin",
    "wait-message-4",
    "complete",
    "failed"
  ],
  "events": [
    "begin",
    "message",
    "pin-accepted-classical",
    "pin-accepted-hybrid",
    "pin-refused",
    "version-answer",
    "failure",
    "ended",
    "deadline"
  ],
  "actions": [
    "send-preface",
    "write-message",
    "check-pin",
    "split",
    "close",
    "close-out-of-order"
  ],
  "table": {
    "start": {
      "begin": {
        "next": "wait-message-2",
        "actions": [
          "send-preface",
          "write-message"
        ],
        "id": "HS-30"
      },
      "message": {
        "next": "failed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "HS-41"
      },
      "pin-accepted-classical": {
        "next": "failed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "HS-43"
      },
      "pin-accepted-hybrid": {
        "next": "failed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "HS-44"
      },
      "pin-refused": {
        "next": "failed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "HS-45"
      },
      "version-answer": {
        "next": "failed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "HS-42"
      },
      "failure": {
        "next": "failed",
        "actions": [
          "close"
        ],
        "id": "HS-37"
      },
      "ended": {
        "next": "failed",
        "actions": [
          "close"
        ],
        "id": "HS-38"
      },
      "deadline": {
        "next": "failed",
        "actions": [
          "close"
        ],
        "id": "HS-39"
      }
    },
    "wait-message-2": {
      "begin": {
        "next": "failed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "HS-40"
      },
      "message": {
        "next": "check-pin",
        "actions": [
          "check-pin"
        ],
        "id": "HS-31"
      },
      "pin-accepted-classical": {
        "next": "failed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "HS-43"
      },
      "pin-accepted-hybrid": {
        "next": "failed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "HS-44"
      },
      "pin-refused": {
        "next": "failed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "HS-45"
      },
      "version-answer": {
        "next": "failed",
        "actions": [
          "close"
        ],
        "id": "HS-36"
      },
      "failure": {
        "next": "failed",
        "actions": [
          "close"
        ],
        "id": "HS-37"
      },
      "ended": {
        "next": "failed",
        "actions": [
          "close"
        ],
        "id": "HS-38"
      },
      "deadline": {
        "next": "failed",
        "actions": [
          "close"
        ],
        "id": "HS-39"
      }
    },
    "check-pin": {
      "begin": {
        "next": "failed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "HS-40"
      },
      "message": {
        "next": "failed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "HS-41"
      },
      "pin-accepted-classical": {
        "next": "complete",
        "actions": [
          "write-message",
          "split"
        ],
        "id": "HS-32"
      },
      "pin-accepted-hybrid": {
        "next": "wait-message-4",
        "actions": [
          "write-message"
        ],
        "id": "HS-33"
      },
      "pin-refused": {
        "next": "failed",
        "actions": [
          "close"
        ],
        "id": "HS-34"
      },
      "version-answer": {
        "next": "failed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "HS-42"
      },
      "failure": {
        "next": "failed",
        "actions": [
          "close"
        ],
        "id": "HS-37"
      },
      "ended": {
        "next": "failed",
        "actions": [
          "close"
        ],
        "id": "HS-38"
      },
      "deadline": {
        "next": "failed",
        "actions": [
          "close"
        ],
        "id": "HS-39"
      }
    },
    "wait-message-4": {
      "begin": {
        "next": "failed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "HS-40"
      },
      "message": {
        "next": "complete",
        "actions": [
          "split"
        ],
        "id": "HS-35"
      },
      "pin-accepted-classical": {
        "next": "failed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "HS-43"
      },
      "pin-accepted-hybrid": {
        "next": "failed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "HS-44"
      },
      "pin-refused": {
        "next": "failed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "HS-45"
      },
      "version-answer": {
        "next": "failed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "HS-42"
      },
      "failure": {
        "next": "failed",
        "actions": [
          "close"
        ],
        "id": "HS-37"
      },
      "ended": {
        "next": "failed",
        "actions": [
          "close"
        ],
        "id": "HS-38"
      },
      "deadline": {
        "next": "failed",
        "actions": [
          "close"
        ],
        "id": "HS-39"
      }
    }
  }
} as const
export type HandshakeInitiatorState = (typeof handshakeInitiator.states)[number]
export type HandshakeInitiatorEvent = (typeof handshakeInitiator.events)[number]
export type HandshakeInitiatorAction = (typeof handshakeInitiator.actions)[number]

/** The machine `handshake-responder` of spec/handshake.md. */
export const handshakeResponder = {
  "name": "handshake-responder",
  "initial": "start",
  "finals": [
    "complete",
    "failed"
  ],
  "states": [
    "start",
    "wait-message-1",
    "wait-message-3",
    "complete",
    "failed"
  ],
  "events": [
    "preface",
    "preface-unknown-version",
    "preface-malformed",
    "message",
    "message-classical",
    "message-hybrid",
    "failure",
    "ended",
    "deadline"
  ],
  "actions": [
    "begin",
    "send-preface",
    "close",
    "write-message",
    "split",
    "close-out-of-order"
  ],
  "table": {
    "start": {
      "preface": {
        "next": "wait-message-1",
        "actions": [
          "begin"
        ],
        "id": "HS-50"
      },
      "preface-unknown-version": {
        "next": "failed",
        "actions": [
          "send-preface",
          "close"
        ],
        "id": "HS-51"
      },
      "preface-malformed": {
        "next": "failed",
        "actions": [
          "close"
        ],
        "id": "HS-52"
      },
      "message": {
        "next": "failed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "HS-62"
      },
      "message-classical": {
        "next": "failed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "HS-63"
      },
      "message-hybrid": {
        "next": "failed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "HS-64"
      },
      "failure": {
        "next": "failed",
        "actions": [
          "close"
        ],
        "id": "HS-56"
      },
      "ended": {
        "next": "failed",
        "actions": [
          "close"
        ],
        "id": "HS-57"
      },
      "deadline": {
        "next": "failed",
        "actions": [
          "close"
        ],
        "id": "HS-58"
      }
    },
    "wait-message-1": {
      "preface": {
        "next": "failed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "HS-59"
      },
      "preface-unknown-version": {
        "next": "failed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "HS-60"
      },
      "preface-malformed": {
        "next": "failed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "HS-61"
      },
      "message": {
        "next": "wait-message-3",
        "actions": [
          "write-message"
        ],
        "id": "HS-53"
      },
      "message-classical": {
        "next": "failed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "HS-63"
      },
      "message-hybrid": {
        "next": "failed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "HS-64"
      },
      "failure": {
        "next": "failed",
        "actions": [
          "close"
        ],
        "id": "HS-56"
      },
      "ended": {
        "next": "failed",
        "actions": [
          "close"
        ],
        "id": "HS-57"
      },
      "deadline": {
        "next": "failed",
        "actions": [
          "close"
        ],
        "id": "HS-58"
      }
    },
    "wait-message-3": {
      "preface": {
        "next": "failed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "HS-59"
      },
      "preface-unknown-version": {
        "next": "failed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "HS-60"
      },
      "preface-malformed": {
        "next": "failed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "HS-61"
      },
      "message": {
        "next": "failed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "HS-62"
      },
      "message-classical": {
        "next": "complete",
        "actions": [
          "split"
        ],
        "id": "HS-54"
      },
      "message-hybrid": {
        "next": "complete",
        "actions": [
          "write-message",
          "split"
        ],
        "id": "HS-55"
      },
      "failure": {
        "next": "failed",
        "actions": [
          "close"
        ],
        "id": "HS-56"
      },
      "ended": {
        "next": "failed",
        "actions": [
          "close"
        ],
        "id": "HS-57"
      },
      "deadline": {
        "next": "failed",
        "actions": [
          "close"
        ],
        "id": "HS-58"
      }
    }
  }
} as const
export type HandshakeResponderState = (typeof handshakeResponder.states)[number]
export type HandshakeResponderEvent = (typeof handshakeResponder.events)[number]
export type HandshakeResponderAction = (typeof handshakeResponder.actions)[number]

/** The machine `invite` of spec/pairing.md. */
export const invite = {
  "name": "invite",
  "initial": "open",
  "finals": [
    "used",
    "expired",
    "cancelled"
  ],
  "states": [
    "open",
    "claimed",
    "used",
    "expired",
    "cancelled"
  ],
  "events": [
    "claim",
    "claim-again",
    "acknowledge",
    "cancel",
    "expire"
  ],
  "actions": [
    "bind-token",
    "give-payload",
    "delete",
    "refuse"
  ],
  "table": {
    "open": {
      "claim": {
        "next": "claimed",
        "actions": [
          "bind-token",
          "give-payload"
        ],
        "id": "PA-30"
      },
      "claim-again": {
        "next": "open",
        "actions": [
          "refuse"
        ],
        "id": "PA-36"
      },
      "acknowledge": {
        "next": "open",
        "actions": [
          "refuse"
        ],
        "id": "PA-37"
      },
      "cancel": {
        "next": "cancelled",
        "actions": [
          "delete"
        ],
        "id": "PA-33"
      },
      "expire": {
        "next": "expired",
        "actions": [
          "delete"
        ],
        "id": "PA-34"
      }
    },
    "claimed": {
      "claim": {
        "next": "claimed",
        "actions": [
          "refuse"
        ],
        "id": "PA-35"
      },
      "claim-again": {
        "next": "claimed",
        "actions": [
          "give-payload"
        ],
        "id": "PA-31"
      },
      "acknowledge": {
        "next": "used",
        "actions": [
          "delete"
        ],
        "id": "PA-32"
      },
      "cancel": {
        "next": "cancelled",
        "actions": [
          "delete"
        ],
        "id": "PA-33"
      },
      "expire": {
        "next": "expired",
        "actions": [
          "delete"
        ],
        "id": "PA-34"
      }
    }
  }
} as const
export type InviteState = (typeof invite.states)[number]
export type InviteEvent = (typeof invite.events)[number]
export type InviteAction = (typeof invite.actions)[number]

/** The machine `outbox-entry` of spec/client.md. */
export const outboxEntry = {
  "name": "outbox-entry",
  "initial": "queued",
  "finals": [
    "acknowledged",
    "dropped"
  ],
  "states": [
    "queued",
    "sealed",
    "sent",
    "refused",
    "acknowledged",
    "dropped"
  ],
  "events": [
    "seal",
    "drop",
    "send",
    "accepted",
    "connection-lost",
    "refused-later",
    "refused",
    "retry"
  ],
  "actions": [
    "store-sealed",
    "delete",
    "report-acknowledged",
    "schedule-retry",
    "report-refused",
    "mark-skip",
    "refuse-command"
  ],
  "table": {
    "queued": {
      "seal": {
        "next": "sealed",
        "actions": [
          "store-sealed"
        ],
        "id": "CL-40"
      },
      "drop": {
        "next": "dropped",
        "actions": [
          "delete"
        ],
        "id": "CL-41"
      },
      "send": {
        "next": "queued",
        "actions": [
          "refuse-command"
        ],
        "id": "CL-53"
      },
      "accepted": {
        "next": "queued",
        "actions": [],
        "id": "CL-56"
      },
      "connection-lost": {
        "next": "queued",
        "actions": [],
        "id": "CL-50"
      },
      "refused-later": {
        "next": "queued",
        "actions": [],
        "id": "CL-57"
      },
      "refused": {
        "next": "queued",
        "actions": [],
        "id": "CL-58"
      },
      "retry": {
        "next": "queued",
        "actions": [
          "refuse-command"
        ],
        "id": "CL-55"
      }
    },
    "sealed": {
      "seal": {
        "next": "sealed",
        "actions": [
          "refuse-command"
        ],
        "id": "CL-52"
      },
      "drop": {
        "next": "sealed",
        "actions": [
          "refuse-command"
        ],
        "id": "CL-54"
      },
      "send": {
        "next": "sent",
        "actions": [],
        "id": "CL-42"
      },
      "accepted": {
        "next": "sealed",
        "actions": [],
        "id": "CL-56"
      },
      "connection-lost": {
        "next": "sealed",
        "actions": [],
        "id": "CL-49"
      },
      "refused-later": {
        "next": "sealed",
        "actions": [],
        "id": "CL-57"
      },
      "refused": {
        "next": "sealed",
        "actions": [],
        "id": "CL-58"
      },
      "retry": {
        "next": "sealed",
        "actions": [
          "refuse-command"
        ],
        "id": "CL-55"
      }
    },
    "sent": {
      "seal": {
        "next": "sent",
        "actions": [
          "refuse-command"
        ],
        "id": "CL-52"
      },
      "drop": {
        "next": "sent",
        "actions": [
          "refuse-command"
        ],
        "id": "CL-54"
      },
      "send": {
        "next": "sent",
        "actions": [
          "refuse-command"
        ],
        "id": "CL-53"
      },
      "accepted": {
        "next": "acknowledged",
        "actions": [
          "report-acknowledged"
        ],
        "id": "CL-43"
      },
      "connection-lost": {
        "next": "sealed",
        "actions": [],
        "id": "CL-44"
      },
      "refused-later": {
        "next": "sealed",
        "actions": [
          "schedule-retry"
        ],
        "id": "CL-45"
      },
      "refused": {
        "next": "refused",
        "actions": [
          "report-refused"
        ],
        "id": "CL-46"
      },
      "retry": {
        "next": "sent",
        "actions": [
          "refuse-command"
        ],
        "id": "CL-55"
      }
    },
    "refused": {
      "seal": {
        "next": "refused",
        "actions": [
          "refuse-command"
        ],
        "id": "CL-52"
      },
      "drop": {
        "next": "dropped",
        "actions": [
          "delete",
          "mark-skip"
        ],
        "id": "CL-48"
      },
      "send": {
        "next": "refused",
        "actions": [
          "refuse-command"
        ],
        "id": "CL-53"
      },
      "accepted": {
        "next": "refused",
        "actions": [],
        "id": "CL-56"
      },
      "connection-lost": {
        "next": "refused",
        "actions": [],
        "id": "CL-51"
      },
      "refused-later": {
        "next": "refused",
        "actions": [],
        "id": "CL-57"
      },
      "refused": {
        "next": "refused",
        "actions": [],
        "id": "CL-58"
      },
      "retry": {
        "next": "sealed",
        "actions": [],
        "id": "CL-47"
      }
    }
  }
} as const
export type OutboxEntryState = (typeof outboxEntry.states)[number]
export type OutboxEntryEvent = (typeof outboxEntry.events)[number]
export type OutboxEntryAction = (typeof outboxEntry.actions)[number]

/** The machine `relay-session` of spec/session.md. */
export const relaySession = {
  "name": "relay-session",
  "initial": "handshaking",
  "finals": [
    "closed"
  ],
  "states": [
    "handshaking",
    "fresh",
    "authorizing",
    "claimed",
    "ready",
    "draining",
    "finishing",
    "closed"
  ],
  "events": [
    "channel-ready",
    "hello",
    "hello-accepted",
    "hello-refused",
    "mailbox",
    "claim-accepted",
    "request",
    "ping",
    "bye",
    "drained",
    "shutdown",
    "deadline",
    "ended",
    "violation"
  ],
  "actions": [
    "authorize",
    "send-hello-ack",
    "send-error",
    "close",
    "serve",
    "extend-deadline",
    "refuse-shutting-down",
    "send-pong",
    "finish",
    "end-stream",
    "send-go-away",
    "close-out-of-order"
  ],
  "table": {
    "handshaking": {
      "channel-ready": {
        "next": "fresh",
        "actions": [],
        "id": "SE-70"
      },
      "hello": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-104"
      },
      "hello-accepted": {
        "next": "handshaking",
        "actions": [],
        "id": "SE-96"
      },
      "hello-refused": {
        "next": "handshaking",
        "actions": [],
        "id": "SE-97"
      },
      "mailbox": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-105"
      },
      "claim-accepted": {
        "next": "handshaking",
        "actions": [],
        "id": "SE-95"
      },
      "request": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-106"
      },
      "ping": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-107"
      },
      "bye": {
        "next": "closed",
        "actions": [
          "close"
        ],
        "id": "SE-108"
      },
      "drained": {
        "next": "handshaking",
        "actions": [],
        "id": "SE-94"
      },
      "shutdown": {
        "next": "closed",
        "actions": [
          "send-go-away",
          "close"
        ],
        "id": "SE-93"
      },
      "deadline": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-100"
      },
      "ended": {
        "next": "closed",
        "actions": [
          "close"
        ],
        "id": "SE-102"
      },
      "violation": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-103"
      }
    },
    "fresh": {
      "channel-ready": {
        "next": "closed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "SE-109"
      },
      "hello": {
        "next": "authorizing",
        "actions": [
          "authorize"
        ],
        "id": "SE-71"
      },
      "hello-accepted": {
        "next": "fresh",
        "actions": [],
        "id": "SE-96"
      },
      "hello-refused": {
        "next": "fresh",
        "actions": [],
        "id": "SE-97"
      },
      "mailbox": {
        "next": "fresh",
        "actions": [
          "serve"
        ],
        "id": "SE-75"
      },
      "claim-accepted": {
        "next": "claimed",
        "actions": [
          "extend-deadline"
        ],
        "id": "SE-77"
      },
      "request": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-106"
      },
      "ping": {
        "next": "fresh",
        "actions": [
          "send-pong"
        ],
        "id": "SE-81"
      },
      "bye": {
        "next": "finishing",
        "actions": [
          "finish"
        ],
        "id": "SE-85"
      },
      "drained": {
        "next": "fresh",
        "actions": [],
        "id": "SE-94"
      },
      "shutdown": {
        "next": "closed",
        "actions": [
          "send-go-away",
          "close"
        ],
        "id": "SE-93"
      },
      "deadline": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-100"
      },
      "ended": {
        "next": "closed",
        "actions": [
          "close"
        ],
        "id": "SE-102"
      },
      "violation": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-103"
      }
    },
    "authorizing": {
      "channel-ready": {
        "next": "closed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "SE-109"
      },
      "hello": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-104"
      },
      "hello-accepted": {
        "next": "ready",
        "actions": [
          "send-hello-ack"
        ],
        "id": "SE-73"
      },
      "hello-refused": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-74"
      },
      "mailbox": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-105"
      },
      "claim-accepted": {
        "next": "authorizing",
        "actions": [],
        "id": "SE-95"
      },
      "request": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-106"
      },
      "ping": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-107"
      },
      "bye": {
        "next": "closed",
        "actions": [
          "close"
        ],
        "id": "SE-108"
      },
      "drained": {
        "next": "authorizing",
        "actions": [],
        "id": "SE-94"
      },
      "shutdown": {
        "next": "closed",
        "actions": [
          "send-go-away",
          "close"
        ],
        "id": "SE-93"
      },
      "deadline": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-100"
      },
      "ended": {
        "next": "closed",
        "actions": [
          "close"
        ],
        "id": "SE-102"
      },
      "violation": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-103"
      }
    },
    "claimed": {
      "channel-ready": {
        "next": "closed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "SE-109"
      },
      "hello": {
        "next": "authorizing",
        "actions": [
          "authorize"
        ],
        "id": "SE-72"
      },
      "hello-accepted": {
        "next": "claimed",
        "actions": [],
        "id": "SE-96"
      },
      "hello-refused": {
        "next": "claimed",
        "actions": [],
        "id": "SE-97"
      },
      "mailbox": {
        "next": "claimed",
        "actions": [
          "serve"
        ],
        "id": "SE-76"
      },
      "claim-accepted": {
        "next": "claimed",
        "actions": [
          "extend-deadline"
        ],
        "id": "SE-78"
      },
      "request": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-106"
      },
      "ping": {
        "next": "claimed",
        "actions": [
          "send-pong"
        ],
        "id": "SE-82"
      },
      "bye": {
        "next": "finishing",
        "actions": [
          "finish"
        ],
        "id": "SE-86"
      },
      "drained": {
        "next": "claimed",
        "actions": [],
        "id": "SE-94"
      },
      "shutdown": {
        "next": "closed",
        "actions": [
          "send-go-away",
          "close"
        ],
        "id": "SE-93"
      },
      "deadline": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-100"
      },
      "ended": {
        "next": "closed",
        "actions": [
          "close"
        ],
        "id": "SE-102"
      },
      "violation": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-103"
      }
    },
    "ready": {
      "channel-ready": {
        "next": "closed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "SE-109"
      },
      "hello": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-104"
      },
      "hello-accepted": {
        "next": "ready",
        "actions": [],
        "id": "SE-96"
      },
      "hello-refused": {
        "next": "ready",
        "actions": [],
        "id": "SE-97"
      },
      "mailbox": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-105"
      },
      "claim-accepted": {
        "next": "ready",
        "actions": [],
        "id": "SE-95"
      },
      "request": {
        "next": "ready",
        "actions": [
          "serve"
        ],
        "id": "SE-79"
      },
      "ping": {
        "next": "ready",
        "actions": [
          "send-pong"
        ],
        "id": "SE-83"
      },
      "bye": {
        "next": "finishing",
        "actions": [
          "finish"
        ],
        "id": "SE-87"
      },
      "drained": {
        "next": "ready",
        "actions": [],
        "id": "SE-94"
      },
      "shutdown": {
        "next": "draining",
        "actions": [
          "send-go-away"
        ],
        "id": "SE-90"
      },
      "deadline": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-100"
      },
      "ended": {
        "next": "closed",
        "actions": [
          "close"
        ],
        "id": "SE-102"
      },
      "violation": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-103"
      }
    },
    "draining": {
      "channel-ready": {
        "next": "closed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "SE-109"
      },
      "hello": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-104"
      },
      "hello-accepted": {
        "next": "draining",
        "actions": [],
        "id": "SE-96"
      },
      "hello-refused": {
        "next": "draining",
        "actions": [],
        "id": "SE-97"
      },
      "mailbox": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-105"
      },
      "claim-accepted": {
        "next": "draining",
        "actions": [],
        "id": "SE-95"
      },
      "request": {
        "next": "draining",
        "actions": [
          "refuse-shutting-down"
        ],
        "id": "SE-80"
      },
      "ping": {
        "next": "draining",
        "actions": [
          "send-pong"
        ],
        "id": "SE-84"
      },
      "bye": {
        "next": "finishing",
        "actions": [
          "finish"
        ],
        "id": "SE-88"
      },
      "drained": {
        "next": "draining",
        "actions": [],
        "id": "SE-94"
      },
      "shutdown": {
        "next": "draining",
        "actions": [],
        "id": "SE-91"
      },
      "deadline": {
        "next": "closed",
        "actions": [
          "close"
        ],
        "id": "SE-99"
      },
      "ended": {
        "next": "closed",
        "actions": [
          "close"
        ],
        "id": "SE-102"
      },
      "violation": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-103"
      }
    },
    "finishing": {
      "channel-ready": {
        "next": "closed",
        "actions": [
          "close-out-of-order"
        ],
        "id": "SE-109"
      },
      "hello": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-104"
      },
      "hello-accepted": {
        "next": "finishing",
        "actions": [],
        "id": "SE-96"
      },
      "hello-refused": {
        "next": "finishing",
        "actions": [],
        "id": "SE-97"
      },
      "mailbox": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-105"
      },
      "claim-accepted": {
        "next": "finishing",
        "actions": [],
        "id": "SE-95"
      },
      "request": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-106"
      },
      "ping": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-107"
      },
      "bye": {
        "next": "closed",
        "actions": [
          "close"
        ],
        "id": "SE-108"
      },
      "drained": {
        "next": "closed",
        "actions": [
          "end-stream",
          "close"
        ],
        "id": "SE-89"
      },
      "shutdown": {
        "next": "finishing",
        "actions": [],
        "id": "SE-92"
      },
      "deadline": {
        "next": "closed",
        "actions": [
          "close"
        ],
        "id": "SE-98"
      },
      "ended": {
        "next": "finishing",
        "actions": [],
        "id": "SE-101"
      },
      "violation": {
        "next": "closed",
        "actions": [
          "send-error",
          "close"
        ],
        "id": "SE-103"
      }
    }
  }
} as const
export type RelaySessionState = (typeof relaySession.states)[number]
export type RelaySessionEvent = (typeof relaySession.events)[number]
export type RelaySessionAction = (typeof relaySession.actions)[number]

/** Every machine, by name. */
export const machines = {
  "client-session": clientSession,
  "handshake-initiator": handshakeInitiator,
  "handshake-responder": handshakeResponder,
  "invite": invite,
  "outbox-entry": outboxEntry,
  "relay-session": relaySession,
} as const

export type MachineName = keyof typeof machines
