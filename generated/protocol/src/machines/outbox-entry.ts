// generated, do not edit: `make generate` writes this file from spec/ and proto/

/** The machine `outbox-entry` of spec/client.md. */
export const outboxEntry = {
  "name": "outbox-entry",
  "initial": "queued",
  "finals": ["acknowledged","dropped"],
  "states": ["queued","sealed","sent","deferred","refused","acknowledged","dropped"],
  "events": ["seal","drop","send","accepted","connection-lost","refused-later","refused","retry"],
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
      "seal": {"next":"sealed","actions":["store-sealed"],"id":"CL-40"},
      "drop": {"next":"dropped","actions":["delete"],"id":"CL-41"},
      "send": {"next":"queued","actions":["refuse-command"],"id":"CL-53"},
      "accepted": {"next":"queued","actions":[],"id":"CL-56"},
      "connection-lost": {"next":"queued","actions":[],"id":"CL-50"},
      "refused-later": {"next":"queued","actions":[],"id":"CL-57"},
      "refused": {"next":"queued","actions":[],"id":"CL-58"},
      "retry": {"next":"queued","actions":["refuse-command"],"id":"CL-55"}
    },
    "sealed": {
      "seal": {"next":"sealed","actions":["refuse-command"],"id":"CL-52"},
      "drop": {"next":"sealed","actions":["refuse-command"],"id":"CL-54"},
      "send": {"next":"sent","actions":[],"id":"CL-42"},
      "accepted": {"next":"sealed","actions":[],"id":"CL-56"},
      "connection-lost": {"next":"sealed","actions":[],"id":"CL-49"},
      "refused-later": {"next":"sealed","actions":[],"id":"CL-57"},
      "refused": {"next":"sealed","actions":[],"id":"CL-58"},
      "retry": {"next":"sealed","actions":["refuse-command"],"id":"CL-55"}
    },
    "sent": {
      "seal": {"next":"sent","actions":["refuse-command"],"id":"CL-52"},
      "drop": {"next":"sent","actions":["refuse-command"],"id":"CL-54"},
      "send": {"next":"sent","actions":["refuse-command"],"id":"CL-53"},
      "accepted": {"next":"acknowledged","actions":["report-acknowledged"],"id":"CL-43"},
      "connection-lost": {"next":"sealed","actions":[],"id":"CL-44"},
      "refused-later": {"next":"deferred","actions":["schedule-retry"],"id":"CL-45"},
      "refused": {"next":"refused","actions":["report-refused"],"id":"CL-46"},
      "retry": {"next":"sent","actions":["refuse-command"],"id":"CL-55"}
    },
    "deferred": {
      "seal": {"next":"deferred","actions":["refuse-command"],"id":"CL-52"},
      "drop": {"next":"dropped","actions":["delete","mark-skip"],"id":"CL-64"},
      "send": {"next":"sent","actions":[],"id":"CL-63"},
      "accepted": {"next":"deferred","actions":[],"id":"CL-56"},
      "connection-lost": {"next":"deferred","actions":[],"id":"CL-65"},
      "refused-later": {"next":"deferred","actions":[],"id":"CL-57"},
      "refused": {"next":"deferred","actions":[],"id":"CL-58"},
      "retry": {"next":"deferred","actions":["refuse-command"],"id":"CL-55"}
    },
    "refused": {
      "seal": {"next":"refused","actions":["refuse-command"],"id":"CL-52"},
      "drop": {"next":"dropped","actions":["delete","mark-skip"],"id":"CL-48"},
      "send": {"next":"refused","actions":["refuse-command"],"id":"CL-53"},
      "accepted": {"next":"refused","actions":[],"id":"CL-56"},
      "connection-lost": {"next":"refused","actions":[],"id":"CL-51"},
      "refused-later": {"next":"refused","actions":[],"id":"CL-57"},
      "refused": {"next":"refused","actions":[],"id":"CL-58"},
      "retry": {"next":"sealed","actions":[],"id":"CL-47"}
    }
  }
} as const

export type OutboxEntryState = (typeof outboxEntry.states)[number]
export type OutboxEntryEvent = (typeof outboxEntry.events)[number]
export type OutboxEntryAction = (typeof outboxEntry.actions)[number]
