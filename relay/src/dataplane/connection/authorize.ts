import { concat, equal, toHex, utf8 } from '@0k-sync/core/bytes';
import type { VerifiedHello } from '@0k-sync/core/session';
import { CIPHERTEXT_BYTES_MAX, FRAME_BYTES_MAX } from '@0k-sync/generated/limits';
import type { HelloAck } from '@0k-sync/generated/wire/frame';
import { isRefused, type OpenedSession, type Refused } from '../../store/port.ts';
import type { SharedDeps } from '../shared/deps.ts';

const NAME_BYTES = 16;

/** Asks the store whether a device is let in. Refusals look the same. SE-11 to SE-14, ER-03. Rejects with StorageError. */
export async function authorize(
  shared: SharedDeps,
  hello: VerifiedHello,
  address: string,
): Promise<OpenedSession | Refused> {
  const { admission, clock, store } = shared;
  const { groupId, deviceKey, enrolment } = hello;
  const mayCreate = mayCreateGroup(shared, hello) && admission.beginCreation(address, clock.monotonic());
  let created = false;
  try {
    const creator = mayCreate ? nameOf(shared, address) : undefined;
    const asked = store.perform({ kind: 'authorize', groupId, deviceKey, enrolment, creator });
    // An enrolled device is let in while storage takes no writes. RL-66.
    const outcome = await asked.catch((failure: unknown) => store.findDevice(hello) ?? Promise.reject(failure));
    created = !isRefused(outcome) && outcome.created;
    return outcome;
  } finally {
    if (mayCreate && !created) admission.notCreated(address, clock.monotonic());
  }
}

/** The name under which the store counts what an address created, 16 bytes. RL-81. */
function nameOf({ crypto, keys }: SharedDeps, address: string): Uint8Array {
  return crypto.blake3(concat(keys.addressSecret, utf8(address))).slice(0, NAME_BYTES);
}

/** Compares every configured token in constant time; a group id is no secret. SE-13. */
function mayCreateGroup({ config }: SharedDeps, { accessToken, groupId }: VerifiedHello): boolean {
  const { creation, access_tokens, ids } = config.groups;
  if (creation === 'open' || ids.includes(toHex(groupId))) return true;
  if (creation === 'closed') return false;
  const given = utf8(accessToken);
  return access_tokens.map((token) => equal(utf8(token), given)).includes(true);
}

/** The relay removes envelopes after every device's Ack. SE-17. */
const ACK_REMOVAL = 'ack-removal';

/** Returns the answer to a Hello whose device is let in. SE-15. */
export function helloAck({ config, clock, keys }: SharedDeps, session: OpenedSession): HelloAck {
  const { limits, retention } = config;
  return {
    head: BigInt(session.head),
    floor: BigInt(session.floor),
    ownHead: session.ownHead,
    epoch: session.epoch,
    limits: {
      frameBytesMax: FRAME_BYTES_MAX,
      ciphertextBytesMax: CIPHERTEXT_BYTES_MAX,
      requestsInFlightMax: limits.requests_in_flight_max,
      pushItemsMax: limits.push_items_max,
      pageBytesMax: limits.page_bytes_max,
      creditBytesMax: limits.credit_bytes_max,
    },
    serverTimeMs: BigInt(clock.wall()),
    capabilities: retention.remove_acknowledged ? [ACK_REMOVAL] : [], // SE-17
    signingKey: keys.signingKey,
    retentionSeconds: retention.age_seconds, // SE-18
    retentionBytes: BigInt(retention.group_bytes),
  };
}
