import { TransportError } from '../error.ts';
import type { Address, Listener } from '../port.ts';

/** Time between two looks at the addresses of the machine, ms. */
const RESCAN_MS = 5000;
/** Attempts to find a free port that no address has in use. */
const PORT_ATTEMPTS_MAX = 16;

/** Collaborators of a wildcard listener. */
export interface WildcardDeps {
  /** The addresses of this machine now. */
  readonly addresses: () => readonly string[];
  /** Listens on one address. Rejects with TransportError. */
  readonly listen: (address: Address) => Promise<Listener>;
}

/**
 * Listens on each address of the machine with a socket of its own: a socket of all addresses answers from an address
 * that the system chooses, and a client drops what comes from another address than the one it dialled. RL-77.
 */
export class WildcardListener implements Listener {
  readonly host: string;
  readonly port: number;
  readonly #deps: WildcardDeps;
  readonly #listeners: Map<string, Listener>;
  readonly #timer: NodeJS.Timeout;
  #scanning: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  private constructor(deps: WildcardDeps, host: string, listeners: Map<string, Listener>) {
    this.#deps = deps;
    this.host = host;
    this.#listeners = listeners;
    this.port = [...listeners.values()][0]?.port ?? 0;
    this.#timer = setInterval(() => void this.rescan(), RESCAN_MS).unref();
  }

  /** Port 0 takes a port that is free on every address. Rejects with TransportError. */
  static async open(deps: WildcardDeps, { host, port }: Address): Promise<WildcardListener> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return new WildcardListener(deps, host, await listenOnAll(deps, port));
      } catch (error) {
        const isTaken = error instanceof TransportError && error.kind === 'address-in-use';
        if (port !== 0 || !isTaken || attempt === PORT_ATTEMPTS_MAX) throw error;
      }
    }
  }

  /** Listens on addresses that are new, and no longer on those that are gone. One that cannot be used yet is tried again. */
  rescan(): Promise<void> {
    this.#scanning ??= this.#rescan().finally(() => {
      this.#scanning = undefined;
    });
    return this.#scanning;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #rescan(): Promise<void> {
    const addresses = this.#deps.addresses();
    const isUsed = this.#listeners;
    for (const host of addresses) {
      if (this.#closing !== undefined) return;
      if (isUsed.has(host)) continue;
      const listener = await this.#deps.listen({ host, port: this.port }).catch(() => undefined);
      if (listener !== undefined) isUsed.set(host, listener);
    }
    for (const [host, listener] of [...isUsed]) {
      if (addresses.includes(host)) continue;
      isUsed.delete(host);
      await listener.close();
    }
  }

  async #close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#scanning;
    await Promise.all([...this.#listeners.values()].map((listener) => listener.close()));
  }
}

async function listenOnAll(deps: WildcardDeps, port: number): Promise<Map<string, Listener>> {
  const listeners = new Map<string, Listener>();
  try {
    let chosen = port;
    for (const host of deps.addresses()) {
      const listener = await deps.listen({ host, port: chosen }).catch(unlessUnavailable);
      if (listener === undefined) continue;
      chosen = listener.port;
      listeners.set(host, listener);
    }
    if (listeners.size > 0) return listeners;
    throw new TransportError('address-unavailable', 'this machine has no address', 'configure a network interface');
  } catch (error) {
    await Promise.all([...listeners.values()].map((listener) => listener.close()));
    throw error;
  }
}

/** An address that is not ready yet is tried again by a later scan. */
function unlessUnavailable(error: unknown): undefined {
  if (error instanceof TransportError && error.kind === 'address-unavailable') return undefined;
  throw error;
}
