import type { HelloCommand } from '@0k-sync/core/session';
import type { HelloAck } from '@0k-sync/generated/wire/frame';
import type { Device } from '../author/author.ts';

/** The Hello of a device, as a client's engine takes it. */
export function helloOf({ keys, enrolment }: Device): HelloCommand {
  const { groupId, deviceKey } = keys;
  return { groupId, deviceKey, sign: (message) => keys.sign(message), enrolment };
}

/** A HelloAck for the first device of a group. Some of its limits are above those of the spec, some below. SE-16. */
export const helloAck: HelloAck = {
  head: 0n,
  floor: 0n,
  ownHead: undefined,
  epoch: 0,
  limits: {
    frameBytesMax: 2 ** 31,
    ciphertextBytesMax: 0,
    requestsInFlightMax: 4,
    pushItemsMax: 1,
    pageBytesMax: 1,
    creditBytesMax: 1,
  },
  serverTimeMs: 1n,
  capabilities: [],
  signingKey: new Uint8Array(32).fill(1),
  retentionSeconds: 0,
  retentionBytes: 0n,
};
