import { utf8 } from '@0k-sync/core/bytes';
import { CodeCreator, type CodeGrant, CodeJoiner, type CodeReply, type CreatorRun } from '@0k-sync/core/code';
import { nobleCrypto as crypto } from '@0k-sync/core/crypto';
import { Secret } from '@0k-sync/core/group';
import type { Result } from '@0k-sync/core/wire';
import { device, NOW, random, relay, sampleState } from '../pairing/fixture.ts';

export const WORDS = 'copper-violin';
export const { nodeId } = relay;
export const mailboxId = random(16);
export const state = sampleState();

export function creatorOf(words = WORDS): CodeCreator {
  const options = { nodeId, creator: device.deviceKey, mailboxId, expiresAtMs: NOW };
  return new CodeCreator({ crypto, random }, { ...options, words: new Secret(utf8(words)) });
}

export function joinerOf(words = WORDS, relayId = nodeId): CodeJoiner {
  return new CodeJoiner({ crypto, random }, { words: new Secret(utf8(words)), nodeId: relayId });
}

export function must<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new RangeError(`${result.error}: ${result.detail}`);
  return result.value;
}

export function runOf(creator: CodeCreator, joiner: CodeJoiner): CreatorRun {
  const run = creator.begin(joiner.sid);
  if (run === undefined) throw new RangeError('the code has no more runs');
  return run;
}

/** A run up to the joiner's answer. */
export function answered(
  joiner = joinerOf(),
  creator = creatorOf(),
): { creator: CodeCreator; run: CreatorRun; reply: CodeReply } {
  const run = runOf(creator, joiner);
  return { creator, run, reply: must(joiner.answer(run.offer)) };
}

/** A run up to the grant. */
export function granted(joiner: CodeJoiner): CodeGrant {
  const { run, reply } = answered(joiner);
  must(run.confirm(reply));
  return must(run.grant(state));
}

export function raise(): never {
  throw new RangeError('nothing is left');
}
