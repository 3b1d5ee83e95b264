import { envelopeCost } from '@0k-sync/core/session';
import { CIPHERTEXT_BYTES_MIN, ERROR_DETAIL_BYTES_MAX, STUB_BYTES_MAX } from '@0k-sync/generated/limits';
import { Error as WireError } from '@0k-sync/generated/wire/error';
import { Group, itemOf, placeOf } from '@0k-sync/testkit/author';
import { Ended, type RawClient } from '@0k-sync/testkit/raw';
import { delimited, frameBytes } from '@0k-sync/testkit/wire';
import { requiring } from '../../acts.ts';
import { expect, expectClass, expectMembers, expectThat } from '../../expect.ts';
import { fateOf, judgeFate } from '../fate.ts';
import { ACCEPTED, REFUSED, statusesOf } from '../log/pushing.ts';
import { openScene } from '../relays.ts';
import type { Member, RelayActs, RelayScene } from '../scene.ts';

const BYTES_MAX = 100_000;
const MEMORY_BYTES_MAX = 1024 * 1024;
/** Bytes of two Pushes that are more than MEMORY_BYTES_MAX together; the larger one holds most whichever comes first. */
const [LARGE_BYTES, SMALL_BYTES] = [800_000, 350_000];
/** Ciphertext in one envelope, about. */
const PIECE_BYTES = 100_000;
const REQUEST_ID = 5;
const CONFLICTS = 3;
/** A stub, a detail, and the tags, lengths and numbers around them. */
const CONFLICT_BYTES_MAX = STUB_BYTES_MAX + ERROR_DETAIL_BYTES_MAX + 64;
const OVER_BUDGET = { classes: ['resource.limit'] } as const;

/** Pushes one envelope that costs exactly so many bytes. */
function pushOf({ client, device }: Member, bytes: number) {
  const overhead = envelopeCost(new Group().device().forge().envelope) - CIPHERTEXT_BYTES_MIN;
  return client.push([itemOf(device.sized(bytes - overhead))]);
}

/** Groups of one address hold exactly as many bytes together as configured. */
async function holdTogether(scene: RelayScene, config: Readonly<Record<string, number>>): Promise<void> {
  const { inner } = await openScene(scene, config);
  const [one, other] = [await inner.member(), await inner.member()];
  expect('the first group', statusesOf((await pushOf(one, BYTES_MAX / 2)).results), [ACCEPTED]);
  const { results } = await pushOf(other, BYTES_MAX / 2 + 1);
  expect('one byte too many in another group', statusesOf(results), [REFUSED]);
  expectClass('the refusal', results[0]?.error?.code, 'session.quota');
  const again = await inner.member(other.device.group.device());
  expect('what fits exactly', statusesOf((await pushOf(again, BYTES_MAX / 2)).results), [ACCEPTED]);
}

/** A Push of about so many bytes, in two parts: the second one is its last byte. */
function halves({ device }: Member, bytes: number): readonly [Uint8Array, Uint8Array] {
  const items = Array.from({ length: Math.ceil(bytes / PIECE_BYTES) }, () => itemOf(device.sized(PIECE_BYTES)));
  const push = delimited(frameBytes({ $case: 'push', value: { items } }, REQUEST_ID));
  return [push.slice(0, -1), push.slice(-1)];
}

/** The answer to the Push, or the end of the connection. */
async function fateOfPush(client: RawClient): Promise<string> {
  try {
    return (await client.answer(REQUEST_ID)).$case;
  } catch (error) {
    if (error instanceof Ended) return 'the connection has ended';
    throw error;
  }
}

/** Bounds over several groups or connections, and of an answer. */
export const budgetActs: RelayActs = requiring(['relay'], {
  'relay/operator/quota-of-an-address': {
    title: 'All groups of one address together hold as many bytes as configured; one more is refused',
    requirements: ['RL-81'],
    run: (scene) => holdTogether(scene, { address_bytes_max: BYTES_MAX }),
  },
  'relay/operator/quota-of-all': {
    title: 'All groups together hold as many bytes as configured; one more is refused',
    requirements: ['RL-81'],
    run: (scene) => holdTogether(scene, { total_bytes_max: BYTES_MAX }),
  },
  'relay/push/conflict-bytes': {
    title: 'Conflicts with large envelopes are each answered with a stub, whatever the envelopes cost',
    requirements: ['RL-27'],
    run: async (scene) => {
      const { client, device } = await scene.member();
      await client.push([itemOf(device.sized(PIECE_BYTES))]);
      const { sequence, previous: hash } = device;
      for (let conflicts = 0; conflicts < CONFLICTS; conflicts += 1) {
        const { error } = (await client.push([itemOf(device.forge({ sequence }))])).results[0] ?? {};
        expectMembers('the conflict', placeOf(error?.conflict), { sequence, hash });
        const bytes = error === undefined ? 0 : WireError.encode(error).finish().length;
        expectThat('the bytes of the Error', bytes <= CONFLICT_BYTES_MAX, `at most ${CONFLICT_BYTES_MAX}`, bytes);
      }
    },
  },
  'relay/flood/memory-budget': {
    title: 'Where two unfinished Pushes are more than the budget, the larger one is closed and the other one stored',
    requirements: ['RL-71'],
    run: async (scene) => {
      const { inner } = await openScene(scene, { memory_bytes_max: MEMORY_BYTES_MAX });
      const [large, small] = [await inner.member(), await inner.member()];
      const [most] = halves(large, LARGE_BYTES);
      const [first, last] = halves(small, SMALL_BYTES);
      large.client.sendPlaintext(most);
      small.client.sendPlaintext(first);
      judgeFate(await fateOf(large.client, OVER_BUDGET, () => inner.connect()), OVER_BUDGET);
      small.client.sendPlaintext(last);
      expect('the answer to the smaller Push', await fateOfPush(small.client), 'pushAck');
    },
  },
});
