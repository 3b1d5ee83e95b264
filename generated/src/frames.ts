// generated, do not edit: `make generate` writes this file from spec/ and proto/

/** The messages of Frame: field of its oneof, sender, states of the receiver's machine that accept it and its event there, answers. */
export const frames = {
  "Hello": {
    "field": "hello",
    "number": 2,
    "from": "client",
    "states": [
      "claimed",
      "fresh"
    ],
    "event": "hello",
    "answer": [
      "HelloAck"
    ],
    "meaning": "asks to join the session's group"
  },
  "Push": {
    "field": "push",
    "number": 3,
    "from": "client",
    "states": [
      "draining",
      "ready"
    ],
    "event": "request",
    "answer": [
      "PushAck"
    ],
    "meaning": "stores envelopes"
  },
  "PushAck": {
    "field": "push_ack",
    "number": 4,
    "from": "relay",
    "states": [
      "leaving",
      "ready"
    ],
    "event": "answer",
    "answer": [],
    "meaning": "says what is stored durably"
  },
  "Deliver": {
    "field": "deliver",
    "number": 5,
    "from": "relay",
    "states": [
      "leaving",
      "ready"
    ],
    "event": "deliver",
    "answer": [],
    "meaning": "one stretch of the subscription"
  },
  "Page": {
    "field": "page",
    "number": 6,
    "from": "relay",
    "states": [
      "leaving",
      "ready"
    ],
    "event": "answer",
    "answer": [],
    "meaning": "one stretch of the log"
  },
  "Error": {
    "field": "error",
    "number": 7,
    "from": "relay",
    "states": [
      "fresh",
      "greeting",
      "leaving",
      "ready"
    ],
    "event": "error-answer",
    "answer": [],
    "meaning": "refuses a request or ends the session"
  },
  "Pull": {
    "field": "pull",
    "number": 8,
    "from": "client",
    "states": [
      "draining",
      "ready"
    ],
    "event": "request",
    "answer": [
      "Page"
    ],
    "meaning": "reads the log"
  },
  "Subscribe": {
    "field": "subscribe",
    "number": 9,
    "from": "client",
    "states": [
      "draining",
      "ready"
    ],
    "event": "request",
    "answer": [
      "Deliver"
    ],
    "meaning": "reads the log and follows it live"
  },
  "Credit": {
    "field": "credit",
    "number": 10,
    "from": "client",
    "states": [
      "draining",
      "ready"
    ],
    "event": "request",
    "answer": [],
    "meaning": "lets the relay deliver more"
  },
  "Ack": {
    "field": "ack",
    "number": 11,
    "from": "client",
    "states": [
      "draining",
      "ready"
    ],
    "event": "request",
    "answer": [],
    "meaning": "reports what the client has stored"
  },
  "HelloAck": {
    "field": "hello_ack",
    "number": 12,
    "from": "relay",
    "states": [
      "greeting"
    ],
    "event": "hello-ack",
    "answer": [],
    "meaning": "lets the device in"
  },
  "Ping": {
    "field": "ping",
    "number": 13,
    "from": "client",
    "states": [
      "claimed",
      "draining",
      "fresh",
      "ready"
    ],
    "event": "ping",
    "answer": [
      "Pong"
    ],
    "meaning": "asks whether the relay is alive"
  },
  "Pong": {
    "field": "pong",
    "number": 14,
    "from": "relay",
    "states": [
      "fresh",
      "greeting",
      "leaving",
      "ready"
    ],
    "event": "answer",
    "answer": [],
    "meaning": "shows that the relay is alive"
  },
  "Bye": {
    "field": "bye",
    "number": 15,
    "from": "client",
    "states": [
      "claimed",
      "draining",
      "fresh",
      "ready"
    ],
    "event": "bye",
    "answer": [],
    "meaning": "ends the session"
  },
  "GoAway": {
    "field": "go_away",
    "number": 16,
    "from": "relay",
    "states": [
      "fresh",
      "greeting",
      "leaving",
      "ready"
    ],
    "event": "go-away",
    "answer": [],
    "meaning": "announces that the relay will close"
  },
  "ListDevices": {
    "field": "list_devices",
    "number": 17,
    "from": "client",
    "states": [
      "draining",
      "ready"
    ],
    "event": "request",
    "answer": [
      "DeviceList"
    ],
    "meaning": "asks for the member records"
  },
  "DeviceList": {
    "field": "device_list",
    "number": 18,
    "from": "relay",
    "states": [
      "leaving",
      "ready"
    ],
    "event": "answer",
    "answer": [],
    "meaning": "member records"
  },
  "MailboxPut": {
    "field": "mailbox_put",
    "number": 19,
    "from": "client",
    "states": [
      "draining",
      "ready"
    ],
    "event": "request",
    "answer": [
      "MailboxItem"
    ],
    "meaning": "leaves a Welcome"
  },
  "MailboxClaim": {
    "field": "mailbox_claim",
    "number": 20,
    "from": "client",
    "states": [
      "claimed",
      "fresh"
    ],
    "event": "mailbox",
    "answer": [
      "MailboxItem"
    ],
    "meaning": "fetches a Welcome"
  },
  "MailboxAck": {
    "field": "mailbox_ack",
    "number": 21,
    "from": "client",
    "states": [
      "claimed"
    ],
    "event": "mailbox",
    "answer": [
      "MailboxItem"
    ],
    "meaning": "confirms that the Welcome is stored"
  },
  "MailboxCancel": {
    "field": "mailbox_cancel",
    "number": 22,
    "from": "client",
    "states": [
      "draining",
      "ready"
    ],
    "event": "request",
    "answer": [
      "MailboxItem"
    ],
    "meaning": "takes the Welcome back"
  },
  "MailboxItem": {
    "field": "mailbox_item",
    "number": 23,
    "from": "relay",
    "states": [
      "fresh",
      "greeting",
      "leaving",
      "ready"
    ],
    "event": "answer",
    "answer": [],
    "meaning": "gives the state of a mailbox"
  }
} as const

export type FrameName = keyof typeof frames
export type FrameField = (typeof frames)[FrameName]["field"]

/** The frames of one sender, or those that are one event to the receiver: FramesOf<"client", "request"> is what a member asks. */
export type FramesOf<Sender extends "client" | "relay", Event extends string = string> = {
  [Name in FrameName]: (typeof frames)[Name] extends { readonly from: Sender; readonly event: Event } ? Name : never
}[FrameName]
