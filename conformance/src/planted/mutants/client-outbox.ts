import type { Mutant } from './mutant.ts';

const LANE = 'client/src/outbound/push-lane.ts';
const OUTBOX = 'client/src/outbound/outbox.ts';
const DRAFT = 'client/src/outbound/draft.ts';
const EXCHANGE = 'client/src/session/exchange.ts';

/** Mistakes of a client with what it writes. */
export const clientOutboxMutants: readonly Mutant[] = [
  {
    name: 'text-normalised',
    what: 'normalises and trims what it is given to push',
    file: DRAFT,
    from: "{ $case: 'text', value: content }",
    to: "{ $case: 'text', value: content.normalize('NFC').trim() }",
    killedBy: ['pair/messages/contents', 'client/content/unicode'],
  },
  {
    name: 'nothing-is-no-message',
    what: 'pushes no message without content',
    file: DRAFT,
    from: 'const message = {',
    to: "if (value.value.length === 0) throw new SyncError('argument', 'The message is empty.', {});\n  const message = {",
    killedBy: ['client/content/empty-text', 'client/content/empty-data'],
  },
  {
    name: 'data-as-text',
    what: 'takes data through a text',
    file: DRAFT,
    from: "{ $case: 'data', value: content }",
    to: "{ $case: 'data', value: new TextEncoder().encode(new TextDecoder().decode(content)) }",
    killedBy: ['client/content/every-byte'],
  },
  {
    name: 'sent-again-otherwise',
    what: 'changes the bytes of what it sends again',
    file: LANE,
    from: 'return { envelope: Envelope.decode(envelope), skip };',
    to: 'const decoded = Envelope.decode(envelope);\n      const sent = (globalThis.sent ??= new Set());\n      const isAgain = sent.has(String(envelope));\n      sent.add(String(envelope));\n      const nonce = isAgain ? decoded.nonce.map((byte) => byte ^ 1) : decoded.nonce;\n      return { envelope: { ...decoded, nonce }, skip };',
    killedBy: [
      'client/push/lost-ack',
      'client/push/lost-push',
      'client/push/later-item',
      'client/push/later-whole',
      'client/push/storage-later',
    ],
  },
  {
    name: 'stored-means-accepted',
    what: 'counts neither DUPLICATE nor REMOVED as stored',
    file: LANE,
    from: 'case PushStatus.PUSH_STATUS_DUPLICATE:\n        return cursor > 0n;\n      case PushStatus.PUSH_STATUS_REMOVED:\n        return true;',
    to: '  return cursor > 0n;',
    killedBy: ['client/push/duplicate', 'client/push/removed'],
  },
  {
    name: 'every-refusal-final',
    what: 'takes every refusal for final',
    file: LANE,
    from: "const willRetry = errors[errorName].retry !== 'no';",
    to: 'const willRetry = false;',
    killedBy: ['client/push/later-item', 'client/push/later-whole', 'client/push/storage-later'],
  },
  {
    name: 'refused-overtaken',
    what: 'pushes on over a message that was refused',
    file: LANE,
    from: 'entry.sequence >= firstRefused || ',
    to: '',
    killedBy: ['client/push/final'],
  },
  {
    name: 'sealed-backwards',
    what: 'seals what waits in the reverse order',
    file: 'client/src/outbound/sealer.ts',
    from: 'for (const entry of queued) {',
    to: 'for (const entry of queued.toReversed()) {',
    killedBy: ['pair/messages/converge', 'client/push/in-order', 'client/durable/offline-push'],
  },
  {
    name: 'results-uncounted',
    what: 'takes a PushAck with more results than items',
    file: LANE,
    from: ' || results.length > items',
    to: '',
    killedBy: ['client/push/too-many-results'],
  },
  {
    name: 'pushed-ids-unchecked',
    what: 'queues a message under an id that it has used',
    file: OUTBOX,
    from: 'return entry && { id: name',
    to: 'return entry && undefined && { id: name',
    killedBy: ['pair/messages/repeated-id', 'client/push/repeated-id'],
  },
  {
    name: 'unreachable-as-defect',
    what: 'reports a relay that it cannot reach as a defect of its own',
    file: 'client/src/relay/link-end.ts',
    from: "new SyncError('unreachable', message,",
    to: "new SyncError('protocol', message,",
    killedBy: ['client/push/unreachable'],
  },
  {
    name: 'any-own-head',
    what: 'pushes upon any head of its chain that a relay names',
    file: 'client/src/outbound/own-head.ts',
    from: 'if (sequence === 0) return true;',
    to: 'if (sequence >= 0) return true;',
    also: {
      file: LANE,
      from: 'Math.min(Number(session.helloAck.ownSequence), deps.outbox.firstSealed - 1)',
      to: 'Math.min(deps.chains.chainOf(deps.membership.deviceKey).head, deps.outbox.firstSealed - 1)',
    },
    killedBy: ['client/own-chain/invented-sequence', 'client/own-chain/invented-hash'],
  },
  {
    name: 'own-past-unread',
    what: 'reads nothing before it gives up on a head of its chain that it does not know',
    file: EXCHANGE,
    from: 'await this.puller.pull();\n      if (!(await isOwnHeadKnown(this.#deps, helloAck))) return',
    to: 'return',
    killedBy: ['client/own-chain/behind'],
  },
  {
    name: 'lost-not-given-again',
    what: 'pushes nothing again that a relay has lost',
    file: LANE,
    from: 'this.#through = Math.min(Number(session.helloAck.ownSequence), deps.outbox.firstSealed - 1);',
    to: 'this.#through = Math.min(deps.chains.chainOf(deps.membership.deviceKey).head, deps.outbox.firstSealed - 1);',
    killedBy: ['client/own-chain/ahead', 'client/rollback/reported-and-healed'],
  },
];
