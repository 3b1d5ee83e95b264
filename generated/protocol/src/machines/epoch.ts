// generated, do not edit: `make generate` writes this file from spec/ and proto/

/** The machine `epoch` of spec/rotation.md. */
export const epoch = {
  "name": "epoch",
  "initial": "current",
  "finals": ["removed","left-out"],
  "states": ["current","waiting","removed","left-out"],
  "events": ["rotated","welcome-bad","removed","left-out","proposed","forced","anchor-forked"],
  "actions": [
    "take-epoch",
    "judge-held-again",
    "seal-unsent-again",
    "hold-cursor",
    "report-waiting",
    "stop-pushing",
    "report-removed",
    "report-left-out",
    "ask-user",
    "report-fork"
  ],
  "table": {
    "current": {
      "rotated": {"next":"current","actions":["take-epoch","judge-held-again","seal-unsent-again"],"id":"RO-40"},
      "welcome-bad": {"next":"waiting","actions":["hold-cursor","report-waiting"],"id":"RO-41"},
      "removed": {"next":"removed","actions":["stop-pushing","report-removed"],"id":"RO-44"},
      "left-out": {"next":"left-out","actions":["stop-pushing","report-left-out"],"id":"RO-45"},
      "proposed": {"next":"current","actions":[],"id":"RO-46"},
      "forced": {"next":"current","actions":["ask-user"],"id":"RO-47"},
      "anchor-forked": {"next":"current","actions":["report-fork"],"id":"RO-48"}
    },
    "waiting": {
      "rotated": {"next":"current","actions":["take-epoch","judge-held-again","seal-unsent-again"],"id":"RO-42"},
      "welcome-bad": {"next":"waiting","actions":[],"id":"RO-43"},
      "removed": {"next":"removed","actions":["stop-pushing","report-removed"],"id":"RO-44"},
      "left-out": {"next":"left-out","actions":["stop-pushing","report-left-out"],"id":"RO-45"},
      "proposed": {"next":"waiting","actions":[],"id":"RO-46"},
      "forced": {"next":"waiting","actions":["ask-user"],"id":"RO-47"},
      "anchor-forked": {"next":"waiting","actions":["report-fork"],"id":"RO-48"}
    }
  }
} as const

export type EpochState = (typeof epoch.states)[number]
export type EpochEvent = (typeof epoch.events)[number]
export type EpochAction = (typeof epoch.actions)[number]
