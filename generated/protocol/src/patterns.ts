// generated, do not edit: `make generate` writes this file from spec/ and proto/

/** The Noise suites; `length` is the bytes of a message with an empty payload. */
export const patterns = {
  "classical": {
    "protocolName": "Noise_XX_25519_ChaChaPoly_BLAKE2s",
    "alpn": "/0k-sync/1",
    "version": 1,
    "messages": [
      {"from":"initiator","tokens":["e"],"length":32},
      {"from":"responder","tokens":["e","ee","s","es"],"length":96},
      {"from":"initiator","tokens":["s","se"],"length":64}
    ]
  },
  "hybrid": {
    "protocolName": "Noise_hybridXX_25519+MLKEM768_ChaChaPoly_BLAKE2s",
    "alpn": "/0k-sync/2",
    "version": 2,
    "messages": [
      {"from":"initiator","tokens":["e"],"length":1216},
      {"from":"responder","tokens":["ekem","e","ee","s","es"],"length":3568},
      {"from":"initiator","tokens":["skem","s","se"],"length":2368},
      {"from":"responder","tokens":["skem"],"length":1120}
    ]
  }
} as const

export type SuiteName = keyof typeof patterns
type Message = (typeof patterns)[SuiteName]["messages"][number]
export type Role = Message["from"]
export type Token = Message["tokens"][number]
