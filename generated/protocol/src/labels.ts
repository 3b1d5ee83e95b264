// generated, do not edit: `make generate` writes this file from spec/ and proto/

/** BLAKE3 prefix of the group id (GR-02). OV-20. */
export const LABEL_GROUP_ID = "0k-sync/v1/group-id"

/** device seed to the Ed25519 seed in one group (GR-10). OV-21. */
export const LABEL_DEVICE_KEY = "0k-sync/v1/device-key"

/** device seed to the X-Wing seed in one group (GR-10). OV-22. */
export const LABEL_DEVICE_XWING = "0k-sync/v1/device-xwing"

/** epoch secret to the Ed25519 seed of auth_e (GR-05). OV-23. */
export const LABEL_AUTH = "0k-sync/v1/auth"

/** epoch secret to the message key (GR-05). OV-24. */
export const LABEL_MESSAGE = "0k-sync/v1/message"

/** prefix of what both record signatures cover (GR-09). OV-25. */
export const LABEL_MEMBER_RECORD = "0k-sync/v1/member-record"

/** prefix of what the Hello signature covers (SE-10). OV-26. */
export const LABEL_HELLO = "0k-sync/v1/hello"

/** BLAKE3 prefix of H (EN-12). OV-27. */
export const LABEL_ENVELOPE = "0k-sync/v1/envelope"

/** relay seed to the X25519 static (HS-20). OV-28. */
export const LABEL_RELAY_X25519 = "0k-sync/v1/relay-x25519"

/** relay seed to d and z of the ML-KEM static (HS-20). OV-29. */
export const LABEL_RELAY_MLKEM768 = "0k-sync/v1/relay-mlkem768"

/** relay seed to the Ed25519 signing seed (HS-20). OV-30. */
export const LABEL_RELAY_SIGNING = "0k-sync/v1/relay-signing"

/** invite key to the sealing key of the Welcome (PA-11). OV-31. */
export const LABEL_WELCOME = "0k-sync/v1/welcome"

/** BLAKE3 prefix of the link's checksum (PA-04). OV-32. */
export const LABEL_INVITE_CHECKSUM = "0k-sync/v1/invite-checksum"

/** device seed to the token that claims one mailbox (PA-20). OV-33. */
export const LABEL_CLAIM_TOKEN = "0k-sync/v1/claim-token"

/** BLAKE3 prefix of the body hash B (EN-12). OV-34. */
export const LABEL_BODY = "0k-sync/v1/body"

/** prefix of the channel identifier of a short code (CO-10). OV-35. */
export const LABEL_CODE = "0k-sync/v1/code"

/** exchange key and X-Wing secret to the sealing key of the Welcome (CO-21). OV-36. */
export const LABEL_BY_CODE = "0k-sync/v1/by-code"

/** BLAKE3 prefix of R, and prefix of what both signatures of a rotation cover (RO-16). OV-40. */
export const LABEL_ROTATION_BODY = "0k-sync/v1/rotation-body"

/** prefix of what a receipt covers (RO-16). OV-41. */
export const LABEL_ROTATION_RECEIPT = "0k-sync/v1/rotation-receipt"

/** X-Wing secret to the key of one welcome (RO-17). OV-42. */
export const LABEL_ROTATION_WELCOME = "0k-sync/v1/rotation-welcome"

/** epoch secret to the key of its sealed state (RO-19). OV-43. */
export const LABEL_ROTATION_STATE = "0k-sync/v1/rotation-state"
