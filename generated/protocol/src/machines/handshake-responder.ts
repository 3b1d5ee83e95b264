// generated, do not edit: `make generate` writes this file from spec/ and proto/

/** The machine `handshake-responder` of spec/handshake.md. */
export const handshakeResponder = {
  "name": "handshake-responder",
  "initial": "start",
  "finals": ["complete","failed"],
  "states": ["start","wait-message-1","wait-message-3","complete","failed"],
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
  "actions": ["begin","send-preface","close","write-message","split","close-out-of-order"],
  "table": {
    "start": {
      "preface": {"next":"wait-message-1","actions":["begin"],"id":"HS-50"},
      "preface-unknown-version": {"next":"failed","actions":["send-preface","close"],"id":"HS-51"},
      "preface-malformed": {"next":"failed","actions":["close"],"id":"HS-52"},
      "message": {"next":"failed","actions":["close-out-of-order"],"id":"HS-62"},
      "message-classical": {"next":"failed","actions":["close-out-of-order"],"id":"HS-63"},
      "message-hybrid": {"next":"failed","actions":["close-out-of-order"],"id":"HS-64"},
      "failure": {"next":"failed","actions":["close"],"id":"HS-56"},
      "ended": {"next":"failed","actions":["close"],"id":"HS-57"},
      "deadline": {"next":"failed","actions":["close"],"id":"HS-58"}
    },
    "wait-message-1": {
      "preface": {"next":"failed","actions":["close-out-of-order"],"id":"HS-59"},
      "preface-unknown-version": {"next":"failed","actions":["close-out-of-order"],"id":"HS-60"},
      "preface-malformed": {"next":"failed","actions":["close-out-of-order"],"id":"HS-61"},
      "message": {"next":"wait-message-3","actions":["write-message"],"id":"HS-53"},
      "message-classical": {"next":"failed","actions":["close-out-of-order"],"id":"HS-63"},
      "message-hybrid": {"next":"failed","actions":["close-out-of-order"],"id":"HS-64"},
      "failure": {"next":"failed","actions":["close"],"id":"HS-56"},
      "ended": {"next":"failed","actions":["close"],"id":"HS-57"},
      "deadline": {"next":"failed","actions":["close"],"id":"HS-58"}
    },
    "wait-message-3": {
      "preface": {"next":"failed","actions":["close-out-of-order"],"id":"HS-59"},
      "preface-unknown-version": {"next":"failed","actions":["close-out-of-order"],"id":"HS-60"},
      "preface-malformed": {"next":"failed","actions":["close-out-of-order"],"id":"HS-61"},
      "message": {"next":"failed","actions":["close-out-of-order"],"id":"HS-62"},
      "message-classical": {"next":"complete","actions":["split"],"id":"HS-54"},
      "message-hybrid": {"next":"complete","actions":["write-message","split"],"id":"HS-55"},
      "failure": {"next":"failed","actions":["close"],"id":"HS-56"},
      "ended": {"next":"failed","actions":["close"],"id":"HS-57"},
      "deadline": {"next":"failed","actions":["close"],"id":"HS-58"}
    }
  }
} as const

export type HandshakeResponderState = (typeof handshakeResponder.states)[number]
export type HandshakeResponderEvent = (typeof handshakeResponder.events)[number]
export type HandshakeResponderAction = (typeof handshakeResponder.actions)[number]
