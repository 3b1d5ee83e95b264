import { equal, wipe } from '../bytes/index.ts';
import type { WelcomeContent } from '../pairing/index.ts';
import { decodeCanonical, fail, type Result, succeed } from '../wire/index.ts';
import { sealCodeWelcome } from './code-welcome.ts';
import { type CpaceContext, type CpaceKeys, cpaceKeys, cpaceShare, cpaceTag } from './cpace.ts';
import { type CodeDeps, type CodeGrant, type CodeOffer, type CodeReply, offerData, SCALAR_BYTES } from './messages.ts';

const JOIN_REQUEST_VERSION = 1;

/** One joiner's guess at the words of a code, at the creator. CO-12 to CO-16. */
export class CreatorRun {
  /** The message that the joiner is told. */
  readonly offer: CodeOffer;
  readonly #deps: CodeDeps;
  readonly #context: CpaceContext;
  readonly #scalar: Uint8Array;
  #state: 'offered' | 'confirmed' | 'failed' = 'offered';
  #confirmed: { readonly keys: CpaceKeys; readonly xwingKey: Uint8Array } | undefined;

  constructor(deps: CodeDeps, context: CpaceContext, offer: Omit<CodeOffer, 'share'>) {
    this.#deps = deps;
    this.#context = context;
    this.#scalar = deps.random(SCALAR_BYTES);
    const share = cpaceShare(deps.crypto, context, this.#scalar);
    if (share === undefined) throw new RangeError('the random source gave a scalar of zero');
    this.offer = { ...offer, share };
  }

  /** `offered` until the joiner has answered, or is given up; then the verdict. */
  get state(): 'offered' | 'confirmed' | 'failed' {
    return this.#state;
  }

  /**
   * Judges the joiner's one answer. CO-13, CO-14.
   * Errors: INVITE_MALFORMED for a request or a share that is not valid; CODE_MISMATCH for other words.
   */
  confirm({ joinRequest, share, confirmation }: CodeReply): Result<undefined> {
    if (this.#state !== 'offered') throw new TypeError('this run has had its answer');
    this.#state = 'failed';
    const request = decodeCanonical('JoinRequest', joinRequest);
    const responder = { share, data: joinRequest };
    const keys =
      request?.version === JOIN_REQUEST_VERSION
        ? cpaceKeys(this.#deps.crypto, this.#context, this.#scalar, {
            initiator: { share: this.offer.share, data: offerData(this.offer) },
            responder,
            own: 'initiator',
          })
        : undefined;
    wipe(this.#scalar);
    if (request === undefined || keys === undefined) {
      return fail('INVITE_MALFORMED', 'The answer of the joining device is not valid.');
    }
    if (!equal(confirmation, cpaceTag(this.#deps.crypto, keys, responder))) {
      wipe(keys.key, keys.macKey);
      return fail('CODE_MISMATCH', 'Somebody tried the code with other words.');
    }
    this.#state = 'confirmed';
    this.#confirmed = { keys, xwingKey: request.xwingKey };
    return succeed(undefined);
  }

  /**
   * Seals the Welcome for the joiner, and ends the run. CO-15, CO-20.
   * Throws a RangeError for a Welcome that is too large. Error: INVITE_MALFORMED for an X-Wing key that is not valid.
   */
  grant(state: WelcomeContent): Result<CodeGrant> {
    const { crypto, random } = this.#deps;
    if (this.#confirmed === undefined) throw new TypeError('only a confirmed run is granted, and only once');
    const { keys, xwingKey } = this.#confirmed;
    const { mailboxId, share } = this.offer;
    const confirmation = cpaceTag(crypto, keys, { share, data: offerData(this.offer) });
    const payload = sealCodeWelcome(crypto, random, { isk: keys.key, xwingKey, mailboxId }, state);
    this.close();
    return payload.ok ? succeed({ confirmation, payload: payload.value }) : payload;
  }

  /** Ends the run, and wipes its secrets. One without an answer has failed: the joiner is given up. CO-16, CO-22. */
  close(): void {
    if (this.#state === 'offered') this.#state = 'failed';
    wipe(this.#scalar, this.#confirmed?.keys.key, this.#confirmed?.keys.macKey);
    this.#confirmed = undefined;
  }
}
