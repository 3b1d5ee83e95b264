import { type FrameBody, FrameWriter } from '../wire/index.ts';
import type { Output } from './output.ts';

/** The outputs of an engine in their order. Frames written in one turn share records. WI-07. */
export class OutputQueue<Event> {
  readonly #writer = new FrameWriter();
  #outputs: Output<Event>[] = [];

  send(bytes: Uint8Array): void {
    this.#outputs.push({ type: 'send', bytes });
  }

  event(event: Event): void {
    this.#outputs.push({ type: 'event', event });
  }

  end(): void {
    this.#outputs.push({ type: 'end' });
  }

  /** @param code the error number that the connection is closed with, 0 for none */
  close(code: number): void {
    this.#outputs.push({ type: 'close', code });
  }

  /** Writes a frame, to be sealed by the next `flush`. */
  write(requestId: number, body: FrameBody): void {
    this.#writer.write({ requestId, body });
  }

  /** Gives the frames written since the last call to `seal`. @returns false when there were none */
  flush(seal: (plaintext: Uint8Array) => void): boolean {
    const plaintext = this.#writer.take();
    if (plaintext === undefined) return false;
    seal(plaintext);
    return true;
  }

  /** Takes the events, in order, and leaves the rest. */
  takeEvents(): Event[] {
    const events: Event[] = [];
    const rest: Output<Event>[] = [];
    for (const output of this.#outputs) {
      if (output.type === 'event') events.push(output.event);
      else rest.push(output);
    }
    if (events.length > 0) this.#outputs = rest;
    return events;
  }

  /** Takes everything that was added, in order. */
  take(): Output<Event>[] {
    const outputs = this.#outputs;
    this.#outputs = [];
    return outputs;
  }
}
