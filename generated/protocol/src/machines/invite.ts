// generated, do not edit: `make generate` writes this file from spec/ and proto/

/** The machine `invite` of spec/pairing.md. */
export const invite = {
  "name": "invite",
  "initial": "open",
  "finals": ["used","expired","cancelled"],
  "states": ["open","claimed","used","expired","cancelled"],
  "events": ["claim","claim-again","acknowledge","cancel","expire"],
  "actions": ["bind-token","give-payload","delete","refuse"],
  "table": {
    "open": {
      "claim": {"next":"claimed","actions":["bind-token","give-payload"],"id":"PA-30"},
      "claim-again": {"next":"open","actions":["refuse"],"id":"PA-36"},
      "acknowledge": {"next":"open","actions":["refuse"],"id":"PA-37"},
      "cancel": {"next":"cancelled","actions":["delete"],"id":"PA-33"},
      "expire": {"next":"expired","actions":["delete"],"id":"PA-34"}
    },
    "claimed": {
      "claim": {"next":"claimed","actions":["refuse"],"id":"PA-35"},
      "claim-again": {"next":"claimed","actions":["give-payload"],"id":"PA-31"},
      "acknowledge": {"next":"used","actions":["delete"],"id":"PA-32"},
      "cancel": {"next":"cancelled","actions":["delete"],"id":"PA-33"},
      "expire": {"next":"expired","actions":["delete"],"id":"PA-34"}
    }
  }
} as const

export type InviteState = (typeof invite.states)[number]
export type InviteEvent = (typeof invite.events)[number]
export type InviteAction = (typeof invite.actions)[number]
