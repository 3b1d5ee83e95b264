// generated, do not edit: `make generate` writes this file from spec/ and proto/

/** The machine `handshake-initiator` of spec/handshake.md. */
export const handshakeInitiator = {
  "name": "handshake-initiator",
  "initial": "start",
  "finals": ["complete","failed"],
  "states": ["start","wait-message-2","check-pin","wait-message-4","complete","failed"],
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
  "actions": ["send-preface","write-message","check-pin","split","close","close-out-of-order"],
  "table": {
    "start": {
      "begin": {"next":"wait-message-2","actions":["send-preface","write-message"],"id":"HS-30"},
      "message": {"next":"failed","actions":["close-out-of-order"],"id":"HS-41"},
      "pin-accepted-classical": {"next":"failed","actions":["close-out-of-order"],"id":"HS-43"},
      "pin-accepted-hybrid": {"next":"failed","actions":["close-out-of-order"],"id":"HS-44"},
      "pin-refused": {"next":"failed","actions":["close-out-of-order"],"id":"HS-45"},
      "version-answer": {"next":"failed","actions":["close-out-of-order"],"id":"HS-42"},
      "failure": {"next":"failed","actions":["close"],"id":"HS-37"},
      "ended": {"next":"failed","actions":["close"],"id":"HS-38"},
      "deadline": {"next":"failed","actions":["close"],"id":"HS-39"}
    },
    "wait-message-2": {
      "begin": {"next":"failed","actions":["close-out-of-order"],"id":"HS-40"},
      "message": {"next":"check-pin","actions":["check-pin"],"id":"HS-31"},
      "pin-accepted-classical": {"next":"failed","actions":["close-out-of-order"],"id":"HS-43"},
      "pin-accepted-hybrid": {"next":"failed","actions":["close-out-of-order"],"id":"HS-44"},
      "pin-refused": {"next":"failed","actions":["close-out-of-order"],"id":"HS-45"},
      "version-answer": {"next":"failed","actions":["close"],"id":"HS-36"},
      "failure": {"next":"failed","actions":["close"],"id":"HS-37"},
      "ended": {"next":"failed","actions":["close"],"id":"HS-38"},
      "deadline": {"next":"failed","actions":["close"],"id":"HS-39"}
    },
    "check-pin": {
      "begin": {"next":"failed","actions":["close-out-of-order"],"id":"HS-40"},
      "message": {"next":"failed","actions":["close-out-of-order"],"id":"HS-41"},
      "pin-accepted-classical": {"next":"complete","actions":["write-message","split"],"id":"HS-32"},
      "pin-accepted-hybrid": {"next":"wait-message-4","actions":["write-message"],"id":"HS-33"},
      "pin-refused": {"next":"failed","actions":["close"],"id":"HS-34"},
      "version-answer": {"next":"failed","actions":["close-out-of-order"],"id":"HS-42"},
      "failure": {"next":"failed","actions":["close"],"id":"HS-37"},
      "ended": {"next":"failed","actions":["close"],"id":"HS-38"},
      "deadline": {"next":"failed","actions":["close"],"id":"HS-39"}
    },
    "wait-message-4": {
      "begin": {"next":"failed","actions":["close-out-of-order"],"id":"HS-40"},
      "message": {"next":"complete","actions":["split"],"id":"HS-35"},
      "pin-accepted-classical": {"next":"failed","actions":["close-out-of-order"],"id":"HS-43"},
      "pin-accepted-hybrid": {"next":"failed","actions":["close-out-of-order"],"id":"HS-44"},
      "pin-refused": {"next":"failed","actions":["close-out-of-order"],"id":"HS-45"},
      "version-answer": {"next":"failed","actions":["close-out-of-order"],"id":"HS-42"},
      "failure": {"next":"failed","actions":["close"],"id":"HS-37"},
      "ended": {"next":"failed","actions":["close"],"id":"HS-38"},
      "deadline": {"next":"failed","actions":["close"],"id":"HS-39"}
    }
  }
} as const

export type HandshakeInitiatorState = (typeof handshakeInitiator.states)[number]
export type HandshakeInitiatorEvent = (typeof handshakeInitiator.events)[number]
export type HandshakeInitiatorAction = (typeof handshakeInitiator.actions)[number]
