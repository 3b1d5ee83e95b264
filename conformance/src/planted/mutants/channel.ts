import type { Mutant } from './mutant.ts';

const CHANNEL = 'core/src/channel/record-channel.ts';
const MESSAGES = 'core/src/channel/handshake-messages.ts';
const RESPONDER = 'core/src/channel/responder.ts';
const HANDSHAKE = 'core/src/noise/handshake-state.ts';

/** Mistakes in the handshake and in the records behind it. */
export const channelMutants: readonly Mutant[] = [
  {
    name: 'statics-used-up',
    what: 'wipes its static keys with the ephemeral ones when a handshake is over',
    file: HANDSHAKE,
    from: 'this.#wasSplit = true;',
    to: 'this.#wasSplit = true; this.#config.staticKeys.wipe();',
    killedBy: ['relay/handshake/hybrid'],
  },
  {
    name: 'one-prologue',
    what: 'hashes the prologue of version 2 in both versions',
    file: 'core/src/channel/preface.ts',
    from: 'export function prologue(version: number): Uint8Array {',
    to: 'export function prologue(version: number): Uint8Array { version = 2;',
    killedBy: ['relay/handshake/classical'],
  },
  {
    name: 'unauthenticated-handshakes',
    what: 'goes on with what does not authenticate in a handshake',
    file: HANDSHAKE,
    from: 'const plaintext = this.#symmetric.decryptAndHash(ciphertext);',
    to: 'const plaintext = this.#symmetric.decryptAndHash(ciphertext) ?? ciphertext.subarray(0, -TAG_BYTES);',
    killedBy: [
      'relay/handshake/changed-static',
      'relay/handshake/changed-payload-tag',
      'relay/handshake/wrong-ciphertext',
      'client/handshake/message-2-flipped',
      'client/handshake/message-2-ciphertext',
      'client/handshake/message-2-replayed',
      'client/handshake/message-4-flipped',
    ],
  },
  {
    name: 'messages-of-any-length',
    what: 'takes handshake messages of any length',
    file: MESSAGES,
    from: 'return length === expected ?',
    to: 'return expected !== undefined ?',
    killedBy: ['relay/handshake/message-1-long', 'relay/handshake/length-max', 'client/handshake/message-2-long'],
  },
  {
    name: 'message-lengths-as-frames',
    what: 'refuses a handshake message of another length as if it were a frame',
    file: MESSAGES,
    from: ": fail('HANDSHAKE_MALFORMED',",
    to: ": fail('FRAME_TOO_LARGE',",
    killedBy: [
      'client/handshake/message-2-short',
      'client/handshake/message-4-short',
      'relay/handshake/message-1-short',
      'relay/handshake/message-3-short',
      'relay/handshake/message-1-twice',
    ],
  },
  {
    name: 'unreduced-keys',
    what: 'reduces a coefficient of an encapsulation key that is not',
    file: HANDSHAKE,
    from: 'if (!isReduced(encapsulationKey)) throw',
    to: 'if (!isReduced(encapsulationKey)) return new Uint8Array(MLKEM_KEY_BYTES);\n  if (encapsulationKey.length === 0) throw',
    killedBy: ['relay/handshake/unreduced-ephemeral-key', 'relay/handshake/unreduced-static-key'],
  },
  {
    name: 'any-magic',
    what: 'looks at the version of a preface alone',
    file: RESPONDER,
    from: 'if (first !== PREFACE_MAGIC[0] || second !== PREFACE_MAGIC[1]) {',
    to: 'if (first === undefined && second === undefined) {',
    killedBy: ['relay/preface/wrong-magic', 'relay/preface/other-protocol'],
  },
  {
    name: 'any-kind',
    what: 'takes a preface of any kind for one of the control stream',
    file: RESPONDER,
    from: 'kind !== KIND_CONTROL',
    to: 'kind === undefined',
    killedBy: ['relay/preface/wrong-kind'],
  },
  {
    name: 'preface-version-ignored',
    what: 'speaks its highest version whatever the preface says',
    file: RESPONDER,
    from: 'const suite = suites[version];',
    to: "const suite = suites[version] && 'hybrid';",
    killedBy: ['relay/preface/alpn-disagrees', 'relay/handshake/classical'],
  },
  {
    name: 'lowest-version-answered',
    what: 'answers an unknown version with its lowest one',
    file: RESPONDER,
    from: 'preface(VERSION_MAX)',
    to: 'preface(1)',
    killedBy: ['relay/preface/unknown-version'],
  },
  {
    name: 'records-dropped',
    what: 'passes over records that do not open',
    file: CHANNEL,
    from: "plaintext === undefined ? this.#refuse('RECORD_INVALID') :",
    to: 'plaintext === undefined ? true :',
    killedBy: [
      'relay/record/changed',
      'relay/record/repeated',
      'relay/record/left-out',
      'relay/record/reflected',
      'relay/handshake/message-after-completion',
      'relay/handshake/records-are-not-shared',
    ],
  },
  {
    name: 'record-lengths-as-frames',
    what: 'refuses a record without content as if it were a frame',
    file: 'core/src/channel/records.ts',
    from: "fail('RECORD_INVALID',",
    to: "fail('FRAME_TOO_LARGE',",
    killedBy: ['relay/record/too-short', 'relay/record/empty', 'client/frames/record-short'],
  },
];
