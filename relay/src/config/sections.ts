import {
  ACCESS_TOKEN_BYTES_MAX,
  CONNECTIONS_PER_ADDRESS_MAX,
  CREDIT_BYTES_MAX,
  DEVICES_MAX,
  DRAIN_MS,
  HELLO_DEADLINE_MS,
  IDLE_TIMEOUT_MS,
  INVITE_LIFETIME_MS_MAX,
  MAILBOXES_MAX,
  PAGE_BYTES_MAX,
  PUSH_ITEMS_MAX,
  REQUESTS_IN_FLIGHT_MAX,
  SESSIONS_PER_DEVICE_MAX,
  UNREAD_BYTES_MAX,
  UNSENT_BYTES_MAX,
} from '@0k-sync/generated/limits';
import { z } from 'zod';
import { oneOf, secret, secrets, text, texts, whole, wholeOrOff, yesOrNo } from './kinds.ts';

const HOST = /^[0-9A-Za-z.:_-]{1,253}$/;
const ADVERTISED = /^$|^(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z._-]+):[0-9]{1,5}$/;
const TOKEN = new RegExp(`^[\\x21-\\x7e]{16,${ACCESS_TOKEN_BYTES_MAX}}$`);
const OPTIONAL_TOKEN = new RegExp(`^$|${TOKEN.source}`);
const GROUP_ID = /^[0-9a-f]{64}$/;
const KIB = 1024;
const MIB = KIB * KIB;
const GIB = KIB * MIB;
const TIB = KIB * GIB;
const MILLION = 1_000_000;
const DAY_SECONDS = 86_400;

/** The QUIC data plane. */
const server = z.strictObject({
  address: text('an IP address or host name', HOST).default('0.0.0.0'),
  port: whole(0, 65_535, 'port number').default(4433),
  advertise: text('empty or "host:port"', ADVERTISED).default(''),
  drain_ms: whole(0, DRAIN_MS, 'milliseconds').default(DRAIN_MS),
});

/** The admin port. RL-64. */
const http = z.strictObject({
  enabled: yesOrNo().default(true),
  address: text('an IP address or host name', HOST).default('127.0.0.1'),
  port: whole(0, 65_535, 'port number').default(9433),
  token: secret('empty or 16 to 256 printable ASCII characters without spaces', OPTIONAL_TOKEN).default(''),
  requests_per_minute: whole(1, MILLION, 'requests').default(600),
});

const storage = z.strictObject({
  directory: text('the path of a directory', /^[^\0]+$/).default('relay-data'),
  begin_anew: yesOrNo().default(false),
  database_bytes_max: wholeOrOff(TIB, 'bytes').default(0),
  reserve_bytes: wholeOrOff(TIB, 'bytes').default(48 * MIB),
  wal_autocheckpoint_pages: whole(100, MILLION, 'pages').default(4000),
  batch_items_max: whole(1, 4096, 'items').default(512),
  batch_bytes_max: whole(64 * KIB, 64 * MIB, 'bytes').default(4 * MIB),
  lock_wait_ms: whole(0, 60_000, 'milliseconds').default(1000),
});

const limits = z.strictObject({
  connections_max: whole(1, MILLION, 'connections').default(4096),
  connections_per_address_max: whole(1, MILLION, 'connections').default(CONNECTIONS_PER_ADDRESS_MAX),
  strangers_percent_max: whole(1, 100, 'percent').default(50),
  connections_per_address_per_second: wholeOrOff(MILLION, 'connections').default(500),
  sessions_per_device_max: whole(1, SESSIONS_PER_DEVICE_MAX, 'sessions').default(SESSIONS_PER_DEVICE_MAX),
  requests_in_flight_max: whole(1, REQUESTS_IN_FLIGHT_MAX, 'requests').default(REQUESTS_IN_FLIGHT_MAX),
  push_items_max: whole(1, PUSH_ITEMS_MAX, 'items').default(PUSH_ITEMS_MAX),
  page_bytes_max: whole(1, PAGE_BYTES_MAX, 'bytes').default(PAGE_BYTES_MAX),
  credit_bytes_max: whole(1, CREDIT_BYTES_MAX, 'bytes').default(CREDIT_BYTES_MAX),
  unread_bytes_max: whole(2 * MIB, UNREAD_BYTES_MAX, 'bytes').default(UNREAD_BYTES_MAX),
  unsent_bytes_max: whole(64 * KIB, UNSENT_BYTES_MAX, 'bytes').default(UNSENT_BYTES_MAX),
  memory_bytes_max: whole(MIB, 64 * GIB, 'bytes').default(64 * MIB),
  hello_deadline_ms: whole(100, HELLO_DEADLINE_MS, 'milliseconds').default(HELLO_DEADLINE_MS),
  idle_timeout_ms: whole(100, IDLE_TIMEOUT_MS, 'milliseconds').default(IDLE_TIMEOUT_MS),
  operations_per_second_per_address: wholeOrOff(10 * MILLION, 'operations').default(400_000),
  operations_per_second_per_group: wholeOrOff(10 * MILLION, 'operations').default(200_000),
  operations_per_second_per_device: wholeOrOff(10 * MILLION, 'operations').default(100_000),
  failed_claims_per_minute_per_address: whole(1, MILLION, 'claims').default(10),
  failed_claims_per_minute_per_mailbox: whole(1, MILLION, 'claims').default(10),
  limiter_entries_max: whole(16, MILLION, 'entries').default(16_384),
});

/** Removal of old envelopes. RL-50, RL-52, RL-53. */
const retention = z.strictObject({
  age_seconds: wholeOrOff(100 * 365 * DAY_SECONDS, 'seconds').default(0),
  group_bytes: wholeOrOff(TIB, 'bytes').default(0),
  remove_acknowledged: yesOrNo().default(false),
  sweep_seconds: whole(1, DAY_SECONDS, 'seconds').default(60),
  clock_step_seconds: whole(1, 365 * DAY_SECONDS, 'seconds').default(60),
});

const groups = z.strictObject({
  creation: oneOf('open', 'token', 'closed').default('open'),
  access_tokens: secrets('a list of tokens of 16 to 256 printable ASCII characters without spaces', TOKEN).default([]),
  ids: texts('a list of group ids of 64 hexadecimal digits', GROUP_ID).default([]),
  created_per_hour_per_address: wholeOrOff(MILLION, 'groups').default(1000),
  bytes_max: whole(1, TIB, 'bytes').default(4 * GIB),
  bytes_per_address_max: wholeOrOff(TIB, 'bytes').default(16 * GIB),
  total_bytes_max: wholeOrOff(TIB, 'bytes').default(0),
  envelopes_max: whole(1, 1000 * MILLION, 'envelopes').default(4 * MILLION),
  devices_max: whole(1, DEVICES_MAX, 'devices').default(DEVICES_MAX),
  mailboxes_max: whole(0, MAILBOXES_MAX, 'mailboxes').default(MAILBOXES_MAX),
  invite_lifetime_ms_max: whole(1000, INVITE_LIFETIME_MS_MAX, 'milliseconds').default(INVITE_LIFETIME_MS_MAX),
});

const log = z.strictObject({
  level: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'silent').default('info'),
  file: text('empty or the path of a file', /^[^\0]*$/).default(''),
  audit_rows_max: whole(0, 10 * MILLION, 'rows').default(10_000),
});

/** Every section and key of relay.toml with its default; relay.example.toml describes them. */
export const sections = { server, http, storage, limits, retention, groups, log } as const;

/** The name of a section of relay.toml. */
export type SectionName = keyof typeof sections;
/** A complete configuration, by section and key of relay.toml. */
export type Config = { readonly [S in SectionName]: Readonly<z.infer<(typeof sections)[S]>> };

/** Returns the schema of one key; undefined for an unknown key. */
export function schemaOf(section: string, key: string): z.ZodType | undefined {
  if (!isSection(section)) return undefined;
  const shape: Readonly<Record<string, z.ZodType>> = sections[section].shape;
  return Object.hasOwn(shape, key) ? shape[key] : undefined;
}

/** True for the name of a section. */
export function isSection(name: string): name is SectionName {
  return Object.hasOwn(sections, name);
}
