import { NO_HASH, plaintextOf, type Sealed, seal } from '../kit/envelope.ts';
import type { Device, groupOf } from '../kit/keys.ts';
import { hex, labelled } from '../kit/labelled.ts';
import type { JsonObject } from '../model.ts';
import { messageOf } from './envelope-samples.ts';

/** One sender's envelopes in one group. */
export class Sender {
  readonly device: Device;
  readonly #group: ReturnType<typeof groupOf>;
  readonly #id: string;
  readonly #name: string;

  constructor(id: string, group: ReturnType<typeof groupOf>, name: string) {
    this.#id = `${id}/${name}`;
    this.#group = group;
    this.#name = name;
    this.device = group.device(name);
  }

  /** The envelope of a place behind another; `variant` gives another envelope of the same place. */
  at(sequence: number, before?: Sealed, variant = '', previous = before?.hash ?? NO_HASH): Sealed {
    const label = `${this.#id}/${sequence}${variant}`;
    const { epoch } = this.#group;
    const content = plaintextOf(messageOf(label, { text: `${this.#name} ${sequence}${variant}` }));
    return seal({ epoch, device: this.device, sequence, previous, nonce: labelled(label, 'nonce', 24), ...content });
  }

  /** An unbroken chain from 1. */
  chain(length: number): Sealed[] {
    const chain: Sealed[] = [];
    for (let sequence = 1; sequence <= length; sequence += 1) chain.push(this.at(sequence, chain.at(-1)));
    return chain;
  }

  head(sequence: number, { hash }: Sealed): JsonObject {
    return { sender_key: hex(this.device.deviceKey), sequence: String(sequence), hash: hex(hash) };
  }
}
