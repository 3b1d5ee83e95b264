import { toHex, utf8 } from '@0k-sync/core/bytes';
import { CodeCreator, CodeJoiner, type CodeOffer, type CreatorRun, drawWords, parseCode } from '@0k-sync/core/code';
import { Secret } from '@0k-sync/core/group';
import { decodeStrict } from '@0k-sync/core/wire';
import { stateOf } from './eval-pairing.ts';
import type { Input } from './input.ts';
import { crypto, type Ops, unwrap } from './op.ts';

/** The two ends of a short code. CO-01 to CO-22. */
export const codeOps = {
  'code.parse': (input) => ({ ...unwrap(parseCode(input.text('text'))) }),

  'code.words': (_input, draws) => {
    const drawn = [draws.bytes('first', 2), draws.bytes('second', 2)];
    return { words: drawWords(() => drawn.shift() ?? exhausted()) };
  },

  'code.offer': (input, draws) => {
    const { sid, share } = creatorRun(input, draws).offer;
    return { sid: toHex(sid), share: toHex(share) };
  },

  'code.answer': (input, draws) => {
    const joiner = joinerOf(input, draws);
    const { joinRequest, share, confirmation } = unwrap(joiner.answer(offerOf(input)));
    return {
      sid: toHex(joiner.sid),
      join_request: toHex(joinRequest),
      share: toHex(share),
      confirmation: toHex(confirmation),
    };
  },

  'code.grant': (input, draws) => {
    const welcome = decodeStrict('Welcome', input.bytes('welcome'));
    if (welcome === undefined) throw new TypeError('welcome is not a Welcome');
    const run = creatorRun(input, draws);
    const reply = input.object('reply');
    const said = {
      joinRequest: reply.bytes('join_request'),
      share: reply.bytes('share'),
      confirmation: reply.bytes('confirmation'),
    };
    unwrap(run.confirm(said));
    const { confirmation, payload } = unwrap(run.grant(stateOf(welcome)));
    return { confirmation: toHex(confirmation), payload: toHex(payload) };
  },

  'code.open': (input, draws) => {
    const joiner = joinerOf(input, draws);
    unwrap(joiner.answer(offerOf(input)));
    const grant = input.object('grant');
    const sealed = { confirmation: grant.bytes('confirmation'), payload: grant.bytes('payload') };
    const { groupId, members } = unwrap(joiner.open(sealed));
    return { group_id: toHex(groupId), devices: members.map(({ deviceKey }) => toHex(deviceKey)) };
  },
} satisfies Ops;

function creatorRun(input: Input, draws: Input): CreatorRun {
  const drawn = [draws.bytes('sid_a', 16), draws.bytes('scalar_a', 64)];
  if (draws.has('eseed')) drawn.push(draws.bytes('eseed', 64), draws.bytes('nonce', 24));
  const options = {
    words: wordsOf(input),
    nodeId: input.bytes('node_id', 32),
    creator: input.bytes('creator', 32),
    mailboxId: input.bytes('mailbox_id', 16),
    expiresAtMs: Number(input.u64('expires_at_ms')),
  };
  const creator = new CodeCreator({ crypto, random: () => drawn.shift() ?? exhausted() }, options);
  return creator.begin(input.bytes('sid_b', 16)) ?? exhausted();
}

function joinerOf(input: Input, draws: Input): CodeJoiner {
  const drawn = [draws.bytes('sid_b', 16), draws.bytes('scalar_b', 64), draws.bytes('xwing_seed', 32)];
  const options = { words: wordsOf(input), nodeId: input.bytes('node_id', 32) };
  return new CodeJoiner({ crypto, random: () => drawn.shift() ?? exhausted() }, options);
}

function offerOf(input: Input): CodeOffer {
  const offer = input.object('offer');
  return {
    creator: offer.bytes('creator', 32),
    mailboxId: offer.bytes('mailbox_id', 16),
    expiresAtMs: Number(offer.u64('expires_at_ms')),
    sid: offer.bytes('sid', 16),
    share: offer.bytes('share'),
  };
}

function wordsOf(input: Input): Secret {
  return new Secret(utf8(input.text('words')));
}

function exhausted(): never {
  throw new TypeError('a draw is missing');
}
