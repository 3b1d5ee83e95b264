import type { DeviceRow } from '../../store/port.ts';

/** A session that may have to make room for a newer one of its device. */
export interface EndableSession {
  /** When the relay last heard anything of it, monotonic milliseconds. */
  readonly heardAt: number;
  /** Ends it with SESSIONS_EXCEEDED. */
  makeRoom(): void;
}

/** The live sessions by device. They need no disk, so a full one keeps no device out. SE-23, RL-66. */
export class DeviceSessions {
  readonly #max: number;
  readonly #sessions = new Map<DeviceRow, Set<EndableSession>>();

  /** @param max the sessions that one device may have */
  constructor(max: number) {
    this.#max = max;
  }

  /** Adds a session. With too many, the device's other session that was silent for the longest time ends. SE-23. */
  add(device: DeviceRow, session: EndableSession): void {
    const sessions = this.#sessions.get(device) ?? new Set();
    this.#sessions.set(device, sessions);
    if (sessions.size >= this.#max) {
      const silent = mostSilent(sessions);
      sessions.delete(silent);
      silent.makeRoom();
    }
    sessions.add(session);
  }

  /** Removes a session; one that is gone already changes nothing. */
  remove(device: DeviceRow, session: EndableSession): void {
    const sessions = this.#sessions.get(device);
    sessions?.delete(session);
    if (sessions?.size === 0) this.#sessions.delete(device);
  }
}

function mostSilent(sessions: Iterable<EndableSession>): EndableSession {
  return [...sessions].reduce((silent, session) => (session.heardAt < silent.heardAt ? session : silent));
}
