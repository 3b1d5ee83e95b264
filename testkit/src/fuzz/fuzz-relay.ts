import { Device, Group } from '../author/index.ts';
import { Attacker, type Connect } from './attacker.ts';
import { Dice } from './dice.ts';
import { HonestDevice } from './honest-device.ts';

/** The choice of what to send. The same seed gives the same choices. */
export interface FuzzConfig {
  readonly seed: number;
  /** Frames that all attackers send together. */
  readonly frames: number;
}

/** The relay under attack, as the attackers and the honest device reach it. */
export interface FuzzDeps {
  /** Connects a peer from a host of its own, after its handshake. */
  connect(host: number): ReturnType<Connect>;
  /** Lets time pass between two rounds, where it passes only then. */
  pass?(): Promise<void>;
  /** The relay's memory, bytes; it is looked at after every round. */
  residentBytes?(): number | Promise<number>;
}

/** The sightings of a run. */
export interface FuzzReport {
  readonly frames: number;
  /** Envelopes of the honest device, each acknowledged in its turn. */
  readonly served: number;
  /** Connections that the relay ended, by the number of the close. */
  readonly closes: ReadonlyMap<number, number>;
  /** The relay's memory after the first round and at its most, bytes; 0 where it is not told. */
  readonly residentBytes: { readonly first: number; readonly most: number };
}

const ATTACKERS = 12;
const GROUPS = 4;
const ROUND_FRAMES = 100;
const HONEST_HOST = 0;

/**
 * Sends a relay frames of strangers and members that are wrong in every way, and checks after each hundred that an honest
 * device of another group is served. Rejects with an error that names seed and frame when it is not. SC-22.
 */
export async function fuzzRelay({ seed, frames }: FuzzConfig, deps: FuzzDeps): Promise<FuzzReport> {
  const groups = Array.from({ length: GROUPS }, () => new Group());
  const attackers = Array.from({ length: ATTACKERS }, (_, index) => {
    const device = groups[index % GROUPS]?.device() ?? new Device();
    return new Attacker(new Dice(seed * ATTACKERS + index), device, () => deps.connect(1 + index));
  });
  const honest = await HonestDevice.enter(() => deps.connect(HONEST_HOST));
  const memory = { first: 0, most: 0 };
  let sent = 0;
  try {
    while (sent < frames) {
      for (let frame = 0; frame < ROUND_FRAMES && sent < frames; frame += 1) {
        await attackers[sent % ATTACKERS]?.step();
        sent += 1;
      }
      await honest.isServed();
      await deps.pass?.();
      const bytes = (await deps.residentBytes?.()) ?? 0;
      if (memory.first === 0) memory.first = bytes;
      memory.most = Math.max(memory.most, bytes);
    }
  } catch (error) {
    throw new Error(`seed ${seed}, frame ${sent}: the honest device is not served`, { cause: error });
  } finally {
    await Promise.all(attackers.map((attacker) => attacker.leave()));
    await honest.leave();
  }
  return { frames: sent, served: honest.served, closes: sum(attackers), residentBytes: memory };
}

function sum(attackers: readonly Attacker[]): ReadonlyMap<number, number> {
  const total = new Map<number, number>();
  for (const { closes } of attackers)
    for (const [code, count] of closes) total.set(code, (total.get(code) ?? 0) + count);
  return total;
}
