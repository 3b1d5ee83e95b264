// generated, do not edit: `make generate` writes this file from spec/ and proto/

/** One field as the strict wire walk sees it. WI-14 to WI-20. */
export type FieldSchema = {
  readonly number: number
  readonly name: string
  readonly type: 'bool' | 'bytes' | 'string' | 'uint32' | 'uint64' | 'enum' | 'message'
  /** The message that a field of type `message` holds. */
  readonly message?: string
  /** Values that the enum names. */
  readonly values?: readonly number[]
  /** The oneof that the field is a member of. */
  readonly oneof?: string
  /** True for a scalar whose absence differs from zero or empty. */
  readonly isOptional?: boolean
  /** Exact length, bytes. */
  readonly length?: number
  /** True for a field of exact length that may also be empty or absent. */
  readonly mayBeEmpty?: boolean
  /** Greatest length, bytes. */
  readonly lengthMax?: number
  /** Greatest number of items; only and always in repeated fields. */
  readonly itemsMax?: number
  /** True for a message field that must be present. */
  readonly required?: boolean
}

/** A message's fields, ascending. */
export type MessageSchema = { readonly fields: readonly FieldSchema[] }

export type MessageName =
  | 'Ack'
  | 'Bye'
  | 'Credit'
  | 'Deliver'
  | 'DeviceList'
  | 'Enrolment'
  | 'Envelope'
  | 'EnvelopeHeader'
  | 'EpochSecret'
  | 'Error'
  | 'Frame'
  | 'GoAway'
  | 'GroupState'
  | 'Hello'
  | 'HelloAck'
  | 'Invite'
  | 'JoinRequest'
  | 'Limits'
  | 'ListDevices'
  | 'LogSegment'
  | 'MailboxAck'
  | 'MailboxCancel'
  | 'MailboxClaim'
  | 'MailboxItem'
  | 'MailboxPut'
  | 'MemberAnnouncement'
  | 'MemberName'
  | 'MemberRecord'
  | 'MemberRecordBody'
  | 'Message'
  | 'Page'
  | 'PassphraseParameters'
  | 'Ping'
  | 'Pong'
  | 'Pull'
  | 'Push'
  | 'PushAck'
  | 'PushItem'
  | 'PushResult'
  | 'RelayPin'
  | 'Rotation'
  | 'RotationBody'
  | 'RotationCut'
  | 'RotationMember'
  | 'SequenceRange'
  | 'Stub'
  | 'Subscribe'
  | 'Welcome'

/** Every message of the schemas. */
export const schema: { readonly [Name in MessageName]: MessageSchema } = {
  Ack: {
    fields: [
      {"number":1,"name":"cursor","type":"uint64"},
    ],
  },
  Bye: {
    fields: [
    ],
  },
  Credit: {
    fields: [
      {"number":1,"name":"bytes","type":"uint32"},
    ],
  },
  Deliver: {
    fields: [
      {"number":1,"name":"segment","type":"message","message":"LogSegment","required":true},
    ],
  },
  DeviceList: {
    fields: [
      {"number":1,"name":"version","type":"uint64"},
      {"number":2,"name":"records","type":"message","message":"MemberRecord","itemsMax":64},
    ],
  },
  Enrolment: {
    fields: [
      {"number":1,"name":"record","type":"message","message":"MemberRecord","required":true},
      {"number":2,"name":"auth_key","type":"bytes","length":32},
    ],
  },
  Envelope: {
    fields: [
      {"number":1,"name":"header","type":"bytes"},
      {"number":2,"name":"nonce","type":"bytes","length":24},
      {"number":3,"name":"ciphertext","type":"bytes"},
      {"number":4,"name":"signature","type":"bytes","length":64},
      {"number":5,"name":"cursor","type":"uint64"},
      {"number":6,"name":"received_at_ms","type":"uint64"},
    ],
  },
  EnvelopeHeader: {
    fields: [
      {"number":1,"name":"version","type":"uint32"},
      {"number":2,"name":"group_id","type":"bytes","length":32},
      {"number":3,"name":"sender_key","type":"bytes","length":32},
      {"number":4,"name":"sequence","type":"uint64"},
      {"number":5,"name":"previous","type":"bytes","length":32},
      {"number":6,"name":"epoch","type":"uint32"},
      {"number":7,"name":"content_type","type":"enum","values":[0,1,2,3]},
    ],
  },
  EpochSecret: {
    fields: [
      {"number":1,"name":"epoch","type":"uint32"},
      {"number":2,"name":"secret","type":"bytes","length":32},
    ],
  },
  Error: {
    fields: [
      {"number":1,"name":"code","type":"enum","values":[0,1000,1001,1002,1003,1004,1010,1011,1012,1013,1014,1015,1016,1017,1020,1021,1022,1023,1030,1031,1032,1033,1034,1035,1036,1037,1038,1039,1040,1041,1042,1050,1051,1052,1053,2000,2001,2002,2003,2004,2005,2006,2007,2008,2009,3000,3001,3002]},
      {"number":2,"name":"detail","type":"string","lengthMax":256},
      {"number":3,"name":"retry_after_ms","type":"uint64"},
      {"number":4,"name":"conflict","type":"message","message":"Stub"},
    ],
  },
  Frame: {
    fields: [
      {"number":1,"name":"request_id","type":"uint32"},
      {"number":2,"name":"hello","type":"message","message":"Hello","oneof":"body"},
      {"number":3,"name":"push","type":"message","message":"Push","oneof":"body"},
      {"number":4,"name":"push_ack","type":"message","message":"PushAck","oneof":"body"},
      {"number":5,"name":"deliver","type":"message","message":"Deliver","oneof":"body"},
      {"number":6,"name":"page","type":"message","message":"Page","oneof":"body"},
      {"number":7,"name":"error","type":"message","message":"Error","oneof":"body"},
      {"number":8,"name":"pull","type":"message","message":"Pull","oneof":"body"},
      {"number":9,"name":"subscribe","type":"message","message":"Subscribe","oneof":"body"},
      {"number":10,"name":"credit","type":"message","message":"Credit","oneof":"body"},
      {"number":11,"name":"ack","type":"message","message":"Ack","oneof":"body"},
      {"number":12,"name":"hello_ack","type":"message","message":"HelloAck","oneof":"body"},
      {"number":13,"name":"ping","type":"message","message":"Ping","oneof":"body"},
      {"number":14,"name":"pong","type":"message","message":"Pong","oneof":"body"},
      {"number":15,"name":"bye","type":"message","message":"Bye","oneof":"body"},
      {"number":16,"name":"go_away","type":"message","message":"GoAway","oneof":"body"},
      {"number":17,"name":"list_devices","type":"message","message":"ListDevices","oneof":"body"},
      {"number":18,"name":"device_list","type":"message","message":"DeviceList","oneof":"body"},
      {"number":19,"name":"mailbox_put","type":"message","message":"MailboxPut","oneof":"body"},
      {"number":20,"name":"mailbox_claim","type":"message","message":"MailboxClaim","oneof":"body"},
      {"number":21,"name":"mailbox_ack","type":"message","message":"MailboxAck","oneof":"body"},
      {"number":22,"name":"mailbox_cancel","type":"message","message":"MailboxCancel","oneof":"body"},
      {"number":23,"name":"mailbox_item","type":"message","message":"MailboxItem","oneof":"body"},
    ],
  },
  GoAway: {
    fields: [
      {"number":1,"name":"code","type":"enum","values":[0,1000,1001,1002,1003,1004,1010,1011,1012,1013,1014,1015,1016,1017,1020,1021,1022,1023,1030,1031,1032,1033,1034,1035,1036,1037,1038,1039,1040,1041,1042,1050,1051,1052,1053,2000,2001,2002,2003,2004,2005,2006,2007,2008,2009,3000,3001,3002]},
      {"number":2,"name":"reconnect_after_ms","type":"uint64"},
    ],
  },
  GroupState: {
    fields: [
      {"number":1,"name":"previous_secret","type":"bytes","length":32},
      {"number":2,"name":"relays","type":"message","message":"RelayPin","itemsMax":16},
    ],
  },
  Hello: {
    fields: [
      {"number":1,"name":"group_id","type":"bytes","length":32},
      {"number":2,"name":"device_key","type":"bytes","length":32},
      {"number":3,"name":"signature","type":"bytes","length":64},
      {"number":4,"name":"enrolment","type":"message","message":"Enrolment"},
      {"number":5,"name":"access_token","type":"string","lengthMax":256},
    ],
  },
  HelloAck: {
    fields: [
      {"number":1,"name":"head","type":"uint64"},
      {"number":2,"name":"floor","type":"uint64"},
      {"number":3,"name":"own_head","type":"message","message":"Stub"},
      {"number":5,"name":"epoch","type":"uint32"},
      {"number":6,"name":"limits","type":"message","message":"Limits","required":true},
      {"number":7,"name":"server_time_ms","type":"uint64"},
      {"number":8,"name":"capabilities","type":"string","itemsMax":32},
      {"number":9,"name":"signing_key","type":"bytes","length":32},
      {"number":10,"name":"retention_seconds","type":"uint32"},
      {"number":11,"name":"retention_bytes","type":"uint64"},
    ],
  },
  Invite: {
    fields: [
      {"number":1,"name":"version","type":"uint32"},
      {"number":2,"name":"relay","type":"message","message":"RelayPin","required":true},
      {"number":3,"name":"mailbox_id","type":"bytes","length":16},
      {"number":4,"name":"invite_key","type":"bytes","length":32},
      {"number":5,"name":"expires_at_ms","type":"uint64"},
      {"number":6,"name":"passphrase","type":"message","message":"PassphraseParameters"},
    ],
  },
  JoinRequest: {
    fields: [
      {"number":1,"name":"version","type":"uint32"},
      {"number":2,"name":"xwing_key","type":"bytes","length":1216},
    ],
  },
  Limits: {
    fields: [
      {"number":1,"name":"frame_bytes_max","type":"uint32"},
      {"number":2,"name":"ciphertext_bytes_max","type":"uint32"},
      {"number":3,"name":"requests_in_flight_max","type":"uint32"},
      {"number":4,"name":"push_items_max","type":"uint32"},
      {"number":5,"name":"page_bytes_max","type":"uint32"},
      {"number":6,"name":"credit_bytes_max","type":"uint32"},
    ],
  },
  ListDevices: {
    fields: [
    ],
  },
  LogSegment: {
    fields: [
      {"number":1,"name":"after","type":"uint64"},
      {"number":2,"name":"removed_through","type":"uint64"},
      {"number":3,"name":"envelopes","type":"message","message":"Envelope","itemsMax":1024},
      {"number":4,"name":"next","type":"uint64"},
      {"number":5,"name":"head","type":"uint64"},
    ],
  },
  MailboxAck: {
    fields: [
      {"number":1,"name":"mailbox_id","type":"bytes","length":16},
      {"number":2,"name":"claim_token","type":"bytes","length":16},
    ],
  },
  MailboxCancel: {
    fields: [
      {"number":1,"name":"mailbox_id","type":"bytes","length":16},
    ],
  },
  MailboxClaim: {
    fields: [
      {"number":1,"name":"mailbox_id","type":"bytes","length":16},
      {"number":2,"name":"claim_token","type":"bytes","length":16},
    ],
  },
  MailboxItem: {
    fields: [
      {"number":1,"name":"state","type":"enum","values":[0,1,2,3]},
      {"number":2,"name":"payload","type":"bytes","lengthMax":131072},
      {"number":3,"name":"expires_at_ms","type":"uint64"},
    ],
  },
  MailboxPut: {
    fields: [
      {"number":1,"name":"mailbox_id","type":"bytes","length":16},
      {"number":2,"name":"payload","type":"bytes","lengthMax":131072},
      {"number":3,"name":"expires_in_ms","type":"uint64"},
    ],
  },
  MemberAnnouncement: {
    fields: [
      {"number":1,"name":"name","type":"string","lengthMax":64},
      {"number":2,"name":"record","type":"message","message":"MemberRecord","required":true},
      {"number":3,"name":"skipped","type":"message","message":"SequenceRange","itemsMax":16},
    ],
  },
  MemberName: {
    fields: [
      {"number":1,"name":"device_key","type":"bytes","length":32},
      {"number":2,"name":"name","type":"string","lengthMax":64},
    ],
  },
  MemberRecord: {
    fields: [
      {"number":1,"name":"body","type":"bytes"},
      {"number":2,"name":"device_signature","type":"bytes","length":64},
      {"number":3,"name":"auth_signature","type":"bytes","length":64},
    ],
  },
  MemberRecordBody: {
    fields: [
      {"number":1,"name":"group_id","type":"bytes","length":32},
      {"number":2,"name":"device_key","type":"bytes","length":32},
      {"number":3,"name":"xwing_key","type":"bytes","length":1216},
      {"number":4,"name":"epoch","type":"uint32"},
    ],
  },
  Message: {
    fields: [
      {"number":1,"name":"id","type":"bytes","length":16},
      {"number":2,"name":"text","type":"string","oneof":"content"},
      {"number":3,"name":"data","type":"bytes","oneof":"content"},
      {"number":4,"name":"metadata","type":"string","isOptional":true},
      {"number":5,"name":"sent_at_ms","type":"uint64"},
      {"number":7,"name":"skipped","type":"message","message":"SequenceRange","itemsMax":16},
      {"number":8,"name":"topic","type":"string","lengthMax":64},
    ],
  },
  Page: {
    fields: [
      {"number":1,"name":"segment","type":"message","message":"LogSegment","required":true},
      {"number":2,"name":"has_more","type":"bool"},
    ],
  },
  PassphraseParameters: {
    fields: [
      {"number":1,"name":"salt","type":"bytes","length":16},
      {"number":2,"name":"memory_kib","type":"uint32"},
      {"number":3,"name":"iterations","type":"uint32"},
      {"number":4,"name":"parallelism","type":"uint32"},
    ],
  },
  Ping: {
    fields: [
    ],
  },
  Pong: {
    fields: [
      {"number":1,"name":"server_time_ms","type":"uint64"},
    ],
  },
  Pull: {
    fields: [
      {"number":1,"name":"after","type":"uint64"},
      {"number":2,"name":"hash_at_after","type":"bytes","length":32,"mayBeEmpty":true},
      {"number":3,"name":"bytes_max","type":"uint32"},
    ],
  },
  Push: {
    fields: [
      {"number":1,"name":"items","type":"message","message":"PushItem","itemsMax":256},
    ],
  },
  PushAck: {
    fields: [
      {"number":1,"name":"results","type":"message","message":"PushResult","itemsMax":256},
      {"number":2,"name":"durable","type":"bool"},
    ],
  },
  PushItem: {
    fields: [
      {"number":1,"name":"envelope","type":"message","message":"Envelope","required":true},
      {"number":2,"name":"skip","type":"bool"},
    ],
  },
  PushResult: {
    fields: [
      {"number":1,"name":"status","type":"enum","values":[0,1,2,3,4]},
      {"number":2,"name":"cursor","type":"uint64"},
      {"number":3,"name":"error","type":"message","message":"Error"},
    ],
  },
  RelayPin: {
    fields: [
      {"number":1,"name":"address","type":"string","lengthMax":262},
      {"number":2,"name":"node_id","type":"bytes","length":32},
      {"number":3,"name":"kem_hash","type":"bytes","length":32,"mayBeEmpty":true},
      {"number":4,"name":"signing_key","type":"bytes","length":32,"mayBeEmpty":true},
    ],
  },
  Rotation: {
    fields: [
      {"number":1,"name":"body","type":"bytes","lengthMax":32768},
      {"number":2,"name":"auth_signature","type":"bytes","length":64},
      {"number":3,"name":"device_signature","type":"bytes","length":64},
      {"number":4,"name":"receipt","type":"bytes","length":64,"mayBeEmpty":true},
    ],
  },
  RotationBody: {
    fields: [
      {"number":1,"name":"group_id","type":"bytes","length":32},
      {"number":2,"name":"epoch","type":"uint32"},
      {"number":3,"name":"previous","type":"bytes","length":32},
      {"number":4,"name":"auth_key","type":"bytes","length":32},
      {"number":5,"name":"signer","type":"bytes","length":32},
      {"number":6,"name":"members","type":"message","message":"RotationMember","itemsMax":64},
      {"number":7,"name":"removed","type":"message","message":"RotationCut","itemsMax":64},
      {"number":8,"name":"anchor","type":"bytes","length":32},
      {"number":9,"name":"sealed_state","type":"bytes","lengthMax":8192},
    ],
  },
  RotationCut: {
    fields: [
      {"number":1,"name":"device_key","type":"bytes","length":32},
      {"number":2,"name":"sequence","type":"uint64"},
      {"number":3,"name":"hash","type":"bytes","length":32},
    ],
  },
  RotationMember: {
    fields: [
      {"number":1,"name":"device_key","type":"bytes","length":32},
      {"number":2,"name":"welcome_hash","type":"bytes","length":32},
    ],
  },
  SequenceRange: {
    fields: [
      {"number":1,"name":"from","type":"uint64"},
      {"number":2,"name":"to","type":"uint64"},
    ],
  },
  Stub: {
    fields: [
      {"number":1,"name":"header","type":"bytes","lengthMax":256},
      {"number":2,"name":"body_hash","type":"bytes","length":32},
      {"number":3,"name":"signature","type":"bytes","length":64},
    ],
  },
  Subscribe: {
    fields: [
      {"number":1,"name":"after","type":"uint64"},
      {"number":2,"name":"hash_at_after","type":"bytes","length":32,"mayBeEmpty":true},
      {"number":3,"name":"credit_bytes","type":"uint32"},
    ],
  },
  Welcome: {
    fields: [
      {"number":1,"name":"version","type":"uint32"},
      {"number":2,"name":"group_id","type":"bytes","length":32},
      {"number":3,"name":"relays","type":"message","message":"RelayPin","itemsMax":16},
      {"number":4,"name":"members","type":"message","message":"MemberRecord","itemsMax":64},
      {"number":5,"name":"epoch_secrets","type":"message","message":"EpochSecret","itemsMax":1024},
      {"number":6,"name":"heads","type":"message","message":"Stub","itemsMax":64},
      {"number":7,"name":"names","type":"message","message":"MemberName","itemsMax":64},
    ],
  },
}
