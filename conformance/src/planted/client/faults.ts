import type { Fault } from '../fault.ts';

/** Faulty clients as data. */
export const faults = [
  {
    name: 'client-constant-nonce',
    level: 'client',
    what: 'seals every envelope under the same nonce',
    killedBy: ['client/durable/nonce-never-repeats'],
  },
  {
    name: 'client-seals-again',
    level: 'client',
    what: 'starts again at the last acknowledged sequence after kill -9, and seals what had left already',
    killedBy: ['client/durable/push-in-flight', 'client/durable/sealed-before-sent'],
  },
  {
    name: 'client-cursor-before-data',
    level: 'client',
    what: 'stores the cursor before the data it stands for',
    killedBy: ['client/durable/killed-at-ack', 'client/durable/killed-at-page'],
  },
  {
    name: 'client-ack-before-store',
    level: 'client',
    what: 'acknowledges before anything is stored',
    killedBy: ['client/durable/killed-at-ack'],
  },
  {
    name: 'client-forgets-held',
    level: 'client',
    what: 'keeps what waits behind a gap in memory only, and has lost it after a restart',
    killedBy: ['client/durable/held-survives', 'client/durable/held-given-up'],
  },
  {
    name: 'client-cursor-on-claim',
    level: 'client',
    what: 'moves the cursor to the head that the relay claims',
    killedBy: ['client/claim/page-head-huge'],
  },
  {
    name: 'client-duplicates-applied',
    level: 'client',
    what: 'delivers an envelope again whenever a relay shows it again',
    killedBy: [
      'client/duplicate/in-a-page',
      'client/duplicate/over-pages',
      'client/duplicate/after-reconnect',
      'client/duplicate/whole-log-again',
      'client/rollback/*',
      'client/identity/permissive',
      'client/identity/other-relay-cursor',
    ],
  },
  {
    name: 'client-has-more-ignored',
    level: 'client',
    what: 'reads one page and never the rest',
    killedBy: [
      'client/pages/one-by-one',
      'client/pages/exact-boundary',
      'client/pages/boundary-and-one',
      'client/pages/has-more-moves-nothing',
      'client/gap/bounded',
    ],
  },
  {
    name: 'client-pin-unchecked',
    level: 'client',
    what: 'replaces a pin from an invite or a relay’s text as if it came from first use',
    killedBy: ['client/identity/pinned-*', 'client/identity/completed-kem', 'client/identity/signing-key'],
  },
  {
    name: 'client-names-another-handshake',
    level: 'client',
    what: 'names a handshake hash that the relay does not have',
    killedBy: ['client/identity/hybrid'],
  },
  {
    name: 'client-falls-back',
    level: 'client',
    what: 'tries version 1 when a hybrid handshake comes to nothing',
    killedBy: ['client/handshake/version-answer', 'client/handshake/closed-at-once'],
  },
  {
    name: 'client-ends-at-refusals',
    level: 'client',
    what: 'ends the session when an Error refuses what has no answer',
    killedBy: ['client/frames/ack-refused'],
  },
  {
    name: 'client-never-returns',
    level: 'client',
    what: 'dials for the sake of an action only, and not after a connection was lost',
    killedBy: ['client/ends/go-away', 'client/ends/relay-killed', 'client/ends/overloaded'],
  },
  {
    name: 'client-gives-up-when-overloaded',
    level: 'client',
    what: 'takes an overloaded relay for one that has refused it for good',
    killedBy: ['client/ends/overloaded'],
  },
  {
    name: 'client-returns-when-revoked',
    level: 'client',
    what: 'dials again by itself after it was told that its device was removed',
    killedBy: ['client/ends/revoked'],
  },
  {
    name: 'client-accepts-low-order',
    level: 'client',
    what: 'goes on with an all-zero X25519 result',
    killedBy: ['client/handshake/message-2-low-order'],
  },
  {
    name: 'client-skips-the-modulus-check',
    level: 'client',
    what: 'takes an encapsulation key that is not reduced',
    killedBy: ['client/handshake/message-2-kem-key'],
  },
  {
    name: 'client-accepts-unsigned',
    level: 'client',
    what: 'takes 64 zero bytes for a signature',
    killedBy: ['client/envelope/signature-zero'],
  },
  {
    name: 'client-rejected-delivered',
    level: 'client',
    what: 'delivers the plaintext of an envelope that it rejects',
    killedBy: ['client/envelope/signature*', 'client/envelope/splice-sender'],
  },
] as const satisfies readonly Fault[];

export type ClientFaultName = (typeof faults)[number]['name'];

export function isClientFault(name: string): name is ClientFaultName {
  return faults.some((fault) => fault.name === name);
}
