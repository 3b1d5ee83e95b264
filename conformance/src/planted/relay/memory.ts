import type { ScriptedRelay } from '@0k-sync/testkit/relay';

/** Memory of a small process, bytes. */
const OWN_BYTES = 32 * 1024 * 1024;

const setAside = new WeakMap<ScriptedRelay, number>();

/** A relay takes memory and keeps it. Counted and not taken: many relays of a run share one process. */
export function takeMemory(relay: ScriptedRelay, bytes: number): void {
  setAside.set(relay, (setAside.get(relay) ?? 0) + bytes);
}

/** Returns the memory that a process of the relay's own would use, bytes. */
export function residentBytes(relay: ScriptedRelay): number {
  return OWN_BYTES + (setAside.get(relay) ?? 0);
}
