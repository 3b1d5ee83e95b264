import type { RejectClass } from '@0k-sync/generated/errors';
import type { SuiteName } from '@0k-sync/generated/patterns';
import { Ended, type RawClient, type RawClientConfig } from '@0k-sync/testkit/raw';
import { actsOf, type Claim } from '../../acts.ts';
import { control, expect, expectClass } from '../../expect.ts';
import type { RelayActs, RelayScene } from '../scene.ts';

/** A change of an honest client, or the bytes that it sends instead of a handshake. */
type Attempt = RawClientConfig | Uint8Array;

/** Handshakes that must fail. */
interface RefusedHandshake extends Claim {
  readonly refusal: RejectClass;
  /** Hybrid alone unless it says. */
  readonly suites?: readonly SuiteName[];
  readonly attempts: () => readonly Attempt[];
}

const HYBRID: readonly SuiteName[] = ['hybrid'];

/** A whole handshake, and a round trip under its keys. */
export async function shake(scene: RelayScene, suite: SuiteName, options: RawClientConfig = {}): Promise<RawClient> {
  const client = await scene.connect({ suite, ...options });
  await client.ping();
  return client;
}

/** Dials and begins, or sends bytes. */
export async function begun(scene: RelayScene, suite: SuiteName, attempt: Attempt): Promise<RawClient> {
  const isBytes = attempt instanceof Uint8Array;
  const client = await scene.dial(isBytes ? {} : { suite, ...attempt });
  if (isBytes) client.sendRaw(attempt);
  else client.begin();
  return client;
}

/** Handshakes that must fail: the honest one works before and after, nothing is served in between. HS-03 to HS-11. */
export function refusedHandshakes(rows: Readonly<Record<string, RefusedHandshake>>): RelayActs {
  return actsOf(rows, ({ refusal, suites = HYBRID, attempts }) => async (scene: RelayScene) => {
    for (const suite of suites) {
      for (const attempt of attempts()) {
        await control('an honest handshake', () => shake(scene, suite));
        const client = await begun(scene, suite, attempt);
        expect('what comes of the handshake', await outcomeOf(client), 'a refusal');
        expectClass('the close', (await client.gone()).code, refusal);
        await shake(scene, suite);
      }
    }
  });
}

/** The outcome of a handshake that must fail, in words. */
async function outcomeOf(client: RawClient): Promise<string> {
  try {
    await client.ready();
    await client.ping();
    return 'a session';
  } catch (error) {
    if (error instanceof Ended) return 'a refusal';
    // The relay answered as if nothing were wrong: it is this end that could not go on.
    if (client.failure !== undefined) return 'the next handshake message';
    throw error;
  }
}
