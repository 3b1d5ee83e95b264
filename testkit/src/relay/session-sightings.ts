import { concat, toHex, utf8 } from '@0k-sync/core/bytes';
import { preface } from '@0k-sync/core/channel';
import type { CryptoProvider } from '@0k-sync/core/crypto';
import type { RelaySession, VerifiedHello } from '@0k-sync/core/session';
import { errorNameOf, type FrameBody, type Refusal } from '@0k-sync/core/wire';
import { type ErrorName, errors } from '@0k-sync/generated/errors';
import { LABEL_HELLO } from '@0k-sync/generated/labels';
import type { HelloAck } from '@0k-sync/generated/wire/frame';
import type { ConnectionEnd } from '@0k-sync/transport';
import type { Reply } from './behaviour.ts';
import type { Sightings } from './sightings.ts';

const PREFACE_BYTES = preface(0).length;
const MAGIC = toHex(preface(0).slice(0, 2));

/** Notes what a client did on one connection. */
export class SessionSightings {
  readonly #sightings: Sightings;
  /** The first bytes of the control stream, until the preface is whole. */
  #preface: Uint8Array = new Uint8Array(0);
  /** The reason why a Hello does not verify. */
  #wrong = 'its Enrolment is not one of its group and device';
  /** The error that was noted before the engine ends the session with it. */
  #told: ErrorName | undefined;

  constructor(sightings: Sightings) {
    this.#sightings = sightings;
  }

  /** Watches the signatures of a Hello: the engine refuses every wrong one alike. */
  watch(crypto: CryptoProvider): CryptoProvider {
    return {
      ...crypto,
      ed25519Verify: (signature, message, publicKey) => {
        const isRight = crypto.ed25519Verify(signature, message, publicKey);
        const isHello = toHex(message).startsWith(toHex(utf8(LABEL_HELLO)));
        if (!isRight) this.#wrong = `${isHello ? 'its signature' : 'a signature of its Enrolment'} does not verify`;
        return isRight;
      },
    };
  }

  received(bytes: Uint8Array): void {
    if (this.#preface.length === PREFACE_BYTES) return;
    this.#preface = concat(this.#preface, bytes).slice(0, PREFACE_BYTES);
    if (this.#preface.length < PREFACE_BYTES) return;
    const [, , version, kind] = this.#preface;
    if (!toHex(this.#preface).startsWith(MAGIC)) this.#note(`preface: the bytes ${toHex(this.#preface)}`);
    else this.#note(`preface: version ${version}${kind === 0 ? '' : `, kind ${kind}`}`);
  }

  /** Notes the answer to a Hello that verifies. */
  greeted({ enrolment }: VerifiedHello, isEnrolled: boolean, answer: HelloAck | Refusal): void {
    const what = `Hello ${enrolment === undefined ? 'without' : 'with'} Enrolment of a device that is`;
    this.#answered(`${what} ${isEnrolled ? 'enrolled' : 'not enrolled'}`, 'error' in answer ? answer.error : undefined);
  }

  served({ $case }: FrameBody, reply: Reply | undefined): void {
    this.#answered($case, reply === undefined || reply === 'silence' ? undefined : refusalIn(reply));
  }

  /** Notes how the engine ended the session. @param before its state before the input that ended it */
  closed(error: ErrorName | undefined, before: RelaySession['state']): void {
    if (error === undefined) this.#note('Bye');
    else if (error === 'STREAM_TRUNCATED') this.#note(this.#truncation(before));
    else if (error === this.#told) return;
    else if (error === 'UNAUTHORIZED') this.#note(`Hello: ${this.#wrong} (${errors[error].number})`);
    else if (isOfHandshake(error)) this.#note(`handshake: ${errorText(error)}`);
    else this.#note(`the relay ended the session: ${errorText(error)}`);
  }

  /** Notes the end of the connection. */
  gone({ code, remote, lost }: ConnectionEnd): void {
    if (lost) this.#note('connection lost');
    else if (remote) this.#note(`connection closed by the client with ${code}`);
  }

  #truncation(before: RelaySession['state']): string {
    if (this.#preface.length < PREFACE_BYTES) return 'a connection that ended before the preface';
    return before === 'handshaking' ? 'handshake: ended in the middle' : 'the stream ended without Bye';
  }

  #answered(what: string, refusal: ErrorName | undefined): void {
    this.#told = refusal ?? this.#told;
    this.#note(refusal === undefined ? what : `${what}: refused, ${errorText(refusal)}`);
  }

  #note(line: string): void {
    this.#sightings.note(line);
  }
}

/** An error's meaning as part of a sentence, and its number. */
function errorText(name: ErrorName): string {
  const { number, meaning } = errors[name];
  return `${meaning.charAt(0).toLowerCase()}${meaning.slice(1, -1)} (${number})`;
}

function isOfHandshake(error: ErrorName): boolean {
  const { class: rejectClass } = errors[error];
  return rejectClass.startsWith('handshake.') || rejectClass === 'transport.version';
}

/** The refusal in a reply; in a PushAck only the last item may be refused. */
function refusalIn(reply: FrameBody | Refusal): ErrorName | undefined {
  if ('error' in reply) return reply.error;
  const error = reply.$case === 'pushAck' ? reply.value.results.at(-1)?.error : undefined;
  return error === undefined ? undefined : errorNameOf(error.code);
}
