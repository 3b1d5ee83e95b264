// generated, do not edit: `make generate` writes this file from spec/ and proto/

/** The messages of Frame: field of its oneof, sender, states of the receiver's machine that accept it and its event there, answers. */
export const frames = {
  "Hello": {
    "field": "hello",
    "number": 2,
    "from": "client",
    "states": ["claimed","fresh"],
    "event": "hello",
    "answer": ["HelloAck"]
  },
  "Push": {
    "field": "push",
    "number": 3,
    "from": "client",
    "states": ["draining","ready"],
    "event": "request",
    "answer": ["PushAck"]
  },
  "PushAck": {"field":"push_ack","number":4,"from":"relay","states":["leaving","ready"],"event":"answer","answer":[]},
  "Deliver": {"field":"deliver","number":5,"from":"relay","states":["leaving","ready"],"event":"deliver","answer":[]},
  "Page": {"field":"page","number":6,"from":"relay","states":["leaving","ready"],"event":"answer","answer":[]},
  "Error": {
    "field": "error",
    "number": 7,
    "from": "relay",
    "states": ["fresh","greeting","leaving","ready"],
    "event": "error-answer",
    "answer": []
  },
  "Pull": {
    "field": "pull",
    "number": 8,
    "from": "client",
    "states": ["draining","ready"],
    "event": "request",
    "answer": ["Page"]
  },
  "Subscribe": {
    "field": "subscribe",
    "number": 9,
    "from": "client",
    "states": ["draining","ready"],
    "event": "request",
    "answer": ["Deliver"]
  },
  "Credit": {"field":"credit","number":10,"from":"client","states":["draining","ready"],"event":"request","answer":[]},
  "Ack": {"field":"ack","number":11,"from":"client","states":["draining","ready"],"event":"request","answer":[]},
  "HelloAck": {"field":"hello_ack","number":12,"from":"relay","states":["greeting"],"event":"hello-ack","answer":[]},
  "Ping": {
    "field": "ping",
    "number": 13,
    "from": "client",
    "states": ["claimed","draining","fresh","ready"],
    "event": "ping",
    "answer": ["Pong"]
  },
  "Pong": {
    "field": "pong",
    "number": 14,
    "from": "relay",
    "states": ["fresh","greeting","leaving","ready"],
    "event": "answer",
    "answer": []
  },
  "Bye": {
    "field": "bye",
    "number": 15,
    "from": "client",
    "states": ["claimed","draining","fresh","ready"],
    "event": "bye",
    "answer": []
  },
  "GoAway": {
    "field": "go_away",
    "number": 16,
    "from": "relay",
    "states": ["fresh","greeting","leaving","ready"],
    "event": "go-away",
    "answer": []
  },
  "ListDevices": {
    "field": "list_devices",
    "number": 17,
    "from": "client",
    "states": ["draining","ready"],
    "event": "request",
    "answer": ["DeviceList"]
  },
  "DeviceList": {"field":"device_list","number":18,"from":"relay","states":["leaving","ready"],"event":"answer","answer":[]},
  "MailboxPut": {
    "field": "mailbox_put",
    "number": 19,
    "from": "client",
    "states": ["draining","ready"],
    "event": "request",
    "answer": ["MailboxItem"]
  },
  "MailboxClaim": {
    "field": "mailbox_claim",
    "number": 20,
    "from": "client",
    "states": ["claimed","fresh"],
    "event": "mailbox",
    "answer": ["MailboxItem"]
  },
  "MailboxAck": {
    "field": "mailbox_ack",
    "number": 21,
    "from": "client",
    "states": ["claimed"],
    "event": "mailbox",
    "answer": ["MailboxItem"]
  },
  "MailboxCancel": {
    "field": "mailbox_cancel",
    "number": 22,
    "from": "client",
    "states": ["draining","ready"],
    "event": "request",
    "answer": ["MailboxItem"]
  },
  "MailboxItem": {
    "field": "mailbox_item",
    "number": 23,
    "from": "relay",
    "states": ["fresh","greeting","leaving","ready"],
    "event": "answer",
    "answer": []
  }
} as const

export type FrameName = keyof typeof frames
export type FrameField = (typeof frames)[FrameName]["field"]

/** The frames of one sender, or those that are one event to the receiver: FramesOf<"client", "request"> is what a member asks. */
export type FramesOf<Sender extends "client" | "relay", Event extends string = string> = {
  [Name in FrameName]: (typeof frames)[Name] extends { readonly from: Sender; readonly event: Event } ? Name : never
}[FrameName]
