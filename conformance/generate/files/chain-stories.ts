import type { Sealed } from '../kit/envelope.ts';
import { groupOf } from '../kit/keys.ts';
import { labelled } from '../kit/labelled.ts';
import { Sender } from './chain-sender.ts';

import { bytesOf, CHAIN, FORK, type Story, sorted, told } from './chain-telling.ts';

/** EN-08, EN-20 to EN-23. */
export const stories: readonly Story[] = [
  {
    slug: 'nothing',
    req: ['EN-21'],
    comment: 'No envelopes, no heads.',
    tell: () => ({ envelopes: [], outcomes: [], heads: [] }),
  },
  {
    slug: 'unbroken',
    req: ['EN-08', 'EN-21'],
    comment: 'Three envelopes of one sender, in order.',
    tell: (a) => told(a, a.chain(3), ['accepted', 'accepted', 'accepted'], 3, 2),
  },
  {
    slug: 'two-senders-interleaved',
    req: ['EN-08'],
    flags: CHAIN,
    comment: 'Each sender has a chain of its own.',
    tell: (a, b) => {
      const [one, two] = [a.chain(2), b.chain(2)];
      const envelopes = bytesOf(one[0], two[0], two[1], one[1]);
      const heads = sorted(a.head(2, one[1] as Sealed), b.head(2, two[1] as Sealed));
      return { envelopes, outcomes: ['accepted', 'accepted', 'accepted', 'accepted'], heads };
    },
  },
  {
    slug: 'duplicate',
    req: ['EN-22', 'EN-13'],
    flags: ['ReplayAccepted'],
    comment: 'The same envelope again, at once and later.',
    tell: (a) => {
      const [one, two] = a.chain(2) as [Sealed, Sealed];
      return told(a, [one, one, two, one], ['accepted', 'duplicate', 'accepted', 'duplicate'], 2, two);
    },
  },
  {
    slug: 'fork-of-the-head',
    req: ['EN-23'],
    flags: FORK,
    comment: 'Two envelopes of one place: the first stays.',
    tell: (a) => {
      const [one, two] = a.chain(2) as [Sealed, Sealed];
      return told(a, [one, two, a.at(2, one, '-other')], ['accepted', 'accepted', 'fork'], 2, two);
    },
  },
  {
    slug: 'fork-of-an-older-place',
    req: ['EN-23'],
    flags: FORK,
    comment: 'A place below the head is taken too.',
    tell: (a) => {
      const chain = a.chain(3);
      return told(
        a,
        [...chain, a.at(2, chain[0], '-other')],
        ['accepted', 'accepted', 'accepted', 'fork'],
        3,
        2,
        chain,
      );
    },
  },
  {
    slug: 'fork-of-the-first',
    req: ['EN-23'],
    flags: FORK,
    comment: 'Two first envelopes.',
    tell: (a) => {
      const [one] = a.chain(1) as [Sealed];
      return told(a, [one, a.at(1, undefined, '-other')], ['accepted', 'fork'], 1, one);
    },
  },
  {
    slug: 'fork-replaces-nothing',
    req: ['EN-22', 'EN-23'],
    flags: FORK,
    comment: 'After a fork the first of a place is still the accepted one, and the second still a fork.',
    tell: (a) => {
      const [one, two] = a.chain(2) as [Sealed, Sealed];
      const other = a.at(2, one, '-other');
      return told(a, [one, two, other, two, other], ['accepted', 'accepted', 'fork', 'duplicate', 'fork'], 2, two);
    },
  },
  {
    slug: 'fork-is-not-built-on',
    req: ['EN-23', 'EN-21'],
    flags: FORK,
    comment: 'What continues the second of two envelopes of a place does not continue the chain.',
    tell: (a) => {
      const [one, two] = a.chain(2) as [Sealed, Sealed];
      const other = a.at(2, one, '-other');
      return told(
        a,
        [one, two, other, a.at(3, other)],
        ['accepted', 'accepted', 'fork', 'rejected:envelope.chain'],
        2,
        two,
      );
    },
  },
  {
    slug: 'first-with-a-previous',
    req: ['EN-08'],
    flags: CHAIN,
    comment: 'The first envelope names one before it.',
    tell: (a, _, id) => ({
      envelopes: bytesOf(a.at(1, undefined, '', labelled(id, 'previous'))),
      outcomes: ['rejected:envelope.chain'],
      heads: [],
    }),
  },
  {
    slug: 'broken-then-right',
    req: ['EN-08', 'EN-21'],
    flags: CHAIN,
    comment: 'A second envelope that names another first one is rejected; the right one is accepted later.',
    tell: (a, _, id) => {
      const [one, two] = a.chain(2) as [Sealed, Sealed];
      const broken = a.at(2, one, '-broken', labelled(id, 'previous'));
      return told(a, [one, broken, two], ['accepted', 'rejected:envelope.chain', 'accepted'], 2, two);
    },
  },
  {
    slug: 'stranger',
    req: ['CL-09', 'EN-07'],
    flags: ['StrangerAccepted'],
    comment: 'A sender without a verified record is rejected, however well it signs.',
    tell: (a, b) => {
      const [one] = a.chain(1) as [Sealed];
      const [other] = b.chain(1) as [Sealed];
      return { ...told(a, [other, one], ['rejected:envelope.auth', 'accepted'], 1, one), members: [a] };
    },
  },
  {
    slug: 'forged-signature',
    req: ['EN-12'],
    flags: ['SignatureUnchecked'],
    comment: 'A forged second envelope is rejected, and takes no place.',
    tell: (a) => {
      const [one, two] = a.chain(2) as [Sealed, Sealed];
      const forged = two.envelope.slice();
      forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 2;
      return told(
        a,
        [one, { ...two, envelope: forged }, two],
        ['accepted', 'rejected:envelope.auth', 'accepted'],
        2,
        two,
      );
    },
  },
  {
    slug: 'forged-gap',
    req: ['EN-24', 'EN-12'],
    flags: ['SignatureUnchecked'],
    comment: 'A forged envelope above the head is rejected, not held.',
    tell: (a) => {
      const [one, , three] = a.chain(3) as [Sealed, Sealed, Sealed];
      const forged = three.envelope.slice();
      forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 2;
      return told(a, [one, { ...three, envelope: forged }], ['accepted', 'rejected:envelope.auth'], 1, one);
    },
  },
  {
    slug: 'malformed',
    req: ['EN-20'],
    flags: ['LaxWireWalk'],
    comment: 'Bytes that are no Envelope, and one that is cut short, disturb nothing else.',
    tell: (a) => {
      const [one, two] = a.chain(2) as [Sealed, Sealed];
      const cut = { ...two, envelope: two.envelope.slice(0, -1) };
      const noise = { ...two, envelope: Uint8Array.of(0xff, 0xff) };
      const rejected = 'rejected:frame.parse';
      return told(a, [noise, one, cut, two], [rejected, 'accepted', rejected, 'accepted'], 2, two);
    },
  },
  {
    slug: 'of-another-group',
    req: ['EN-07'],
    flags: ['GroupUnbound'],
    comment: 'An envelope of another group is rejected.',
    tell: (a, _, id) => {
      const [one] = a.chain(1) as [Sealed];
      const foreign = new Sender(`${id}/other`, groupOf(`${id}/other`), 'a').at(1);
      return told(a, [foreign, one], ['rejected:envelope.binding', 'accepted'], 1, one);
    },
  },
];
