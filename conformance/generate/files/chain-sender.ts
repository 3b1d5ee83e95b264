import { NO_HASH, plaintextOf, type Sealed, seal } from '../kit/envelope.ts';
import type { Device, groupOf } from '../kit/keys.ts';
import { hex, labelled } from '../kit/labelled.ts';
import type { JsonObject } from '../model.ts';
import { messageOf } from './envelope-samples.ts';

/** A place in a chain, another envelope of it, and the one that it names before it: `3-other<a2-other`, `1<?`. */
const REFERENCE = /^(?<sequence>\d+)(?<variant>-[a-z]+)?(?:<(?:(?<unknown>\?)|[a-z](?<before>\d.*)))?$/;

/** One sender's envelopes in one group. */
export class Sender {
  readonly device: Device;
  readonly #group: ReturnType<typeof groupOf>;
  readonly name: string;
  readonly #id: string;

  /** `id` is the story's; every value is a labelled hash of it. */
  constructor(id: string, group: ReturnType<typeof groupOf>, name: string) {
    this.#id = id;
    this.#group = group;
    this.name = name;
    this.device = group.device(name);
  }

  /** The envelope of a reference, without the sender's name. Throws SyntaxError. */
  envelope(reference: string): Sealed {
    const found = REFERENCE.exec(reference)?.groups;
    if (found === undefined) throw new SyntaxError(`"${reference}" is no place in a chain`);
    const { sequence = '', variant = '', unknown, before } = found;
    const place = Number(sequence);
    const label = `${this.#id}/${this.name}/${place}${variant}`;
    const content = plaintextOf(messageOf(label, { text: `${this.name} ${place}${variant}` }));
    const { epoch } = this.#group;
    const previous = unknown === undefined ? this.#hashBefore(place, before) : labelled(this.#id, 'previous');
    const nonce = labelled(label, 'nonce', 24);
    return seal({ epoch, device: this.device, sequence: place, previous, nonce, ...content });
  }

  /** The envelope of a reference as the head of the chain. */
  head(reference: string): JsonObject {
    const { hash } = this.envelope(reference);
    const sequence = String(Number.parseInt(reference, 10));
    return { sender_key: hex(this.device.deviceKey), sequence, hash: hex(hash) };
  }

  #hashBefore(place: number, before: string | undefined): Uint8Array {
    if (before === undefined && place === 1) return NO_HASH;
    return this.envelope(before ?? String(place - 1)).hash;
  }
}
