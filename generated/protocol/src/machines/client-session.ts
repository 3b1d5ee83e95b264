// generated, do not edit: `make generate` writes this file from spec/ and proto/

/** The machine `client-session` of spec/session.md. */
export const clientSession = {
  "name": "client-session",
  "initial": "handshaking",
  "finals": ["closed"],
  "states": ["handshaking","fresh","greeting","ready","leaving","closed"],
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
      "channel-ready": {"next":"fresh","actions":["report-channel"],"id":"SE-30"},
      "hello": {"next":"handshaking","actions":["refuse-command"],"id":"SE-58"},
      "hello-ack": {"next":"closed","actions":["close-out-of-order"],"id":"SE-61"},
      "request": {"next":"handshaking","actions":["refuse-command"],"id":"SE-59"},
      "answer": {"next":"closed","actions":["close-out-of-order"],"id":"SE-62"},
      "deliver": {"next":"closed","actions":["close-out-of-order"],"id":"SE-63"},
      "error-answer": {"next":"closed","actions":["report-closed","close"],"id":"SE-64"},
      "go-away": {"next":"closed","actions":["close-out-of-order"],"id":"SE-65"},
      "bye": {"next":"closed","actions":["close"],"id":"SE-51"},
      "ended": {"next":"closed","actions":["report-truncated"],"id":"SE-54"},
      "error-final": {"next":"closed","actions":["report-closed","close"],"id":"SE-55"},
      "violation": {"next":"closed","actions":["close"],"id":"SE-56"},
      "deadline": {"next":"closed","actions":["close"],"id":"SE-57"}
    },
    "fresh": {
      "channel-ready": {"next":"closed","actions":["close-out-of-order"],"id":"SE-60"},
      "hello": {"next":"greeting","actions":["send-hello"],"id":"SE-31"},
      "hello-ack": {"next":"closed","actions":["close-out-of-order"],"id":"SE-61"},
      "request": {"next":"fresh","actions":["send-request"],"id":"SE-33"},
      "answer": {"next":"fresh","actions":["report-answer"],"id":"SE-35"},
      "deliver": {"next":"closed","actions":["close-out-of-order"],"id":"SE-63"},
      "error-answer": {"next":"fresh","actions":["report-refusal"],"id":"SE-41"},
      "go-away": {"next":"leaving","actions":["report-go-away"],"id":"SE-44"},
      "bye": {"next":"leaving","actions":["send-bye"],"id":"SE-48"},
      "ended": {"next":"closed","actions":["report-truncated"],"id":"SE-54"},
      "error-final": {"next":"closed","actions":["report-closed","close"],"id":"SE-55"},
      "violation": {"next":"closed","actions":["close"],"id":"SE-56"},
      "deadline": {"next":"closed","actions":["close"],"id":"SE-57"}
    },
    "greeting": {
      "channel-ready": {"next":"closed","actions":["close-out-of-order"],"id":"SE-60"},
      "hello": {"next":"greeting","actions":["refuse-command"],"id":"SE-58"},
      "hello-ack": {"next":"ready","actions":["report-ready"],"id":"SE-32"},
      "request": {"next":"greeting","actions":["refuse-command"],"id":"SE-59"},
      "answer": {"next":"greeting","actions":["report-answer"],"id":"SE-36"},
      "deliver": {"next":"closed","actions":["close-out-of-order"],"id":"SE-63"},
      "error-answer": {"next":"closed","actions":["report-closed","close"],"id":"SE-64"},
      "go-away": {"next":"leaving","actions":["report-go-away"],"id":"SE-45"},
      "bye": {"next":"closed","actions":["close"],"id":"SE-52"},
      "ended": {"next":"closed","actions":["report-truncated"],"id":"SE-54"},
      "error-final": {"next":"closed","actions":["report-closed","close"],"id":"SE-55"},
      "violation": {"next":"closed","actions":["close"],"id":"SE-56"},
      "deadline": {"next":"closed","actions":["close"],"id":"SE-57"}
    },
    "ready": {
      "channel-ready": {"next":"closed","actions":["close-out-of-order"],"id":"SE-60"},
      "hello": {"next":"ready","actions":["refuse-command"],"id":"SE-58"},
      "hello-ack": {"next":"closed","actions":["close-out-of-order"],"id":"SE-61"},
      "request": {"next":"ready","actions":["send-request"],"id":"SE-34"},
      "answer": {"next":"ready","actions":["report-answer"],"id":"SE-37"},
      "deliver": {"next":"ready","actions":["report-delivery"],"id":"SE-39"},
      "error-answer": {"next":"ready","actions":["report-refusal"],"id":"SE-42"},
      "go-away": {"next":"leaving","actions":["report-go-away"],"id":"SE-46"},
      "bye": {"next":"leaving","actions":["send-bye"],"id":"SE-49"},
      "ended": {"next":"closed","actions":["report-truncated"],"id":"SE-54"},
      "error-final": {"next":"closed","actions":["report-closed","close"],"id":"SE-55"},
      "violation": {"next":"closed","actions":["close"],"id":"SE-56"},
      "deadline": {"next":"closed","actions":["close"],"id":"SE-57"}
    },
    "leaving": {
      "channel-ready": {"next":"closed","actions":["close-out-of-order"],"id":"SE-60"},
      "hello": {"next":"leaving","actions":["refuse-command"],"id":"SE-58"},
      "hello-ack": {"next":"closed","actions":["close-out-of-order"],"id":"SE-61"},
      "request": {"next":"leaving","actions":["refuse-command"],"id":"SE-59"},
      "answer": {"next":"leaving","actions":["report-answer"],"id":"SE-38"},
      "deliver": {"next":"leaving","actions":["report-delivery"],"id":"SE-40"},
      "error-answer": {"next":"leaving","actions":["report-refusal"],"id":"SE-43"},
      "go-away": {"next":"leaving","actions":[],"id":"SE-47"},
      "bye": {"next":"leaving","actions":["send-bye"],"id":"SE-50"},
      "ended": {"next":"closed","actions":["report-closed"],"id":"SE-53"},
      "error-final": {"next":"closed","actions":["report-closed","close"],"id":"SE-55"},
      "violation": {"next":"closed","actions":["close"],"id":"SE-56"},
      "deadline": {"next":"closed","actions":["close"],"id":"SE-57"}
    }
  }
} as const

export type ClientSessionState = (typeof clientSession.states)[number]
export type ClientSessionEvent = (typeof clientSession.events)[number]
export type ClientSessionAction = (typeof clientSession.actions)[number]
