import { JoinRequest } from '@0k-sync/generated/wire/pairing';
import { concat, equal, wipe } from '../bytes/index.ts';
import type { Secret } from '../group/index.ts';
import type { GroupState } from '../pairing/index.ts';
import { fail, type Result, succeed } from '../wire/index.ts';
import { openCodeWelcome } from './code-welcome.ts';
import {
  type CpaceContext,
  type CpaceKeys,
  type CpaceMessage,
  codeChannel,
  cpaceKeys,
  cpaceShare,
  cpaceTag,
} from './cpace.ts';
import {
  type CodeDeps,
  type CodeGrant,
  type CodeOffer,
  type CodeReply,
  offerData,
  SCALAR_BYTES,
  SID_BYTES,
} from './messages.ts';

const JOIN_REQUEST_VERSION = 1;
const XWING_SEED_BYTES = 32;

/** The code that somebody typed. */
export interface CodeJoinerOptions {
  /** The words of the code, which this object wipes on close. */
  readonly words: Secret;
  /** The NodeId of the relay that knows the number, 32 bytes. */
  readonly nodeId: Uint8Array;
}

interface Answered {
  readonly keys: CpaceKeys;
  readonly initiator: CpaceMessage;
  readonly mailboxId: Uint8Array;
}

/** The joiner's end of a short code: one run. Send `sid`, then call `answer` and `open`, once each; then `close`. CO-17. */
export class CodeJoiner {
  /** sid_b, 16 bytes. */
  readonly sid: Uint8Array;
  readonly #deps: CodeDeps;
  readonly #options: CodeJoinerOptions;
  readonly #scalar: Uint8Array;
  readonly #xwingSeed: Uint8Array;
  #hasAnswered = false;
  #answered: Answered | undefined;

  constructor(deps: CodeDeps, options: CodeJoinerOptions) {
    this.#deps = deps;
    this.#options = options;
    this.sid = deps.random(SID_BYTES);
    this.#scalar = deps.random(SCALAR_BYTES);
    this.#xwingSeed = deps.random(XWING_SEED_BYTES);
  }

  /** Answers the creator's offer. CO-11 to CO-14. Error: INVITE_MALFORMED for a share that is not valid. */
  answer(offer: CodeOffer): Result<CodeReply> {
    if (this.#hasAnswered) throw new TypeError('this run has had its offer');
    this.#hasAnswered = true;
    const { crypto } = this.#deps;
    const context = this.#contextOf(offer);
    const share = cpaceShare(crypto, context, this.#scalar);
    if (share === undefined) throw new RangeError('the random source gave a scalar of zero');
    const xwingKey = crypto.xwingPublicKey(this.#xwingSeed);
    const joinRequest = JoinRequest.encode({ version: JOIN_REQUEST_VERSION, xwingKey }).finish();
    const initiator = { share: offer.share, data: offerData(offer) };
    const responder = { share, data: joinRequest };
    const keys = cpaceKeys(crypto, context, this.#scalar, { initiator, responder, own: 'responder' });
    wipe(this.#scalar);
    if (keys === undefined) return fail('INVITE_MALFORMED', 'The offer of the other device is not valid.');
    this.#answered = { keys, initiator, mailboxId: offer.mailboxId };
    return succeed({ joinRequest, share, confirmation: cpaceTag(crypto, keys, responder) });
  }

  /**
   * Checks the creator's confirmation, and opens the Welcome. CO-15, CO-20.
   * Errors: CODE_MISMATCH for other words; INVITE_MALFORMED for a Welcome that was changed or does not verify.
   */
  open({ confirmation, payload }: CodeGrant): Result<GroupState> {
    if (this.#answered === undefined) throw new TypeError('this run has no answer to open a Welcome with');
    const { keys, initiator, mailboxId } = this.#answered;
    const { crypto } = this.#deps;
    const opened = equal(confirmation, cpaceTag(crypto, keys, initiator))
      ? openCodeWelcome(crypto, { isk: keys.key, xwingSeed: this.#xwingSeed, mailboxId }, payload)
      : fail('CODE_MISMATCH', 'The other device has other words for this code.');
    this.close();
    return opened;
  }

  /** Ends the run, and wipes its secrets and the words. CO-22. */
  close(): void {
    wipe(this.#scalar, this.#xwingSeed, this.#answered?.keys.key, this.#answered?.keys.macKey);
    this.#answered = undefined;
    this.#options.words.wipe();
  }

  #contextOf({ sid }: CodeOffer): CpaceContext {
    const { words, nodeId } = this.#options;
    return { password: words.reveal(), channel: codeChannel(nodeId), sid: concat(sid, this.sid) };
  }
}
