import type { Sealed } from '../kit/envelope.ts';

import { bytesOf, CHAIN, FORK, type Story, told } from './chain-telling.ts';

/** EN-24: what is held. */
export const gapStories: readonly Story[] = [
  {
    slug: 'gap-and-closed',
    req: ['EN-24'],
    flags: ['GapDropped'],
    comment: 'The third before the second: it is held, and accepted behind it.',
    tell: (a) => {
      const [one, two, three] = a.chain(3) as [Sealed, Sealed, Sealed];
      return told(a, [one, three, two], ['accepted', 'gap', 'accepted'], 3, three);
    },
  },
  {
    slug: 'gap-stays-open',
    req: ['EN-24', 'EN-21'],
    flags: ['GapDropped'],
    comment: 'What is missing does not come: the head stays.',
    tell: (a) => {
      const [one, , three] = a.chain(3) as [Sealed, Sealed, Sealed];
      return told(a, [one, three], ['accepted', 'gap'], 1, one);
    },
  },
  {
    slug: 'gap-at-the-start',
    req: ['EN-24'],
    flags: ['GapDropped'],
    comment: 'Nothing of the sender was there before: it has no head.',
    tell: (a) => {
      const [, two] = a.chain(2) as [Sealed, Sealed];
      return { envelopes: bytesOf(two), outcomes: ['gap'], heads: [] };
    },
  },
  {
    slug: 'backwards',
    req: ['EN-24'],
    flags: ['GapDropped'],
    comment: 'Four envelopes in reverse: all are accepted with the last.',
    tell: (a) => {
      const chain = a.chain(4);
      return told(a, [...chain].reverse(), ['gap', 'gap', 'gap', 'accepted'], 4, chain[3] as Sealed);
    },
  },
  {
    slug: 'two-gaps',
    req: ['EN-24'],
    flags: ['GapDropped'],
    comment: 'Two places are missing; one comes, and what was held behind it counts.',
    tell: (a) => {
      const [one, two, three, , five] = a.chain(5) as [Sealed, Sealed, Sealed, Sealed, Sealed];
      return told(a, [one, three, five, two], ['accepted', 'gap', 'gap', 'accepted'], 3, three);
    },
  },
  {
    slug: 'held-on-another-chain',
    req: ['EN-24', 'EN-08'],
    flags: CHAIN,
    comment: 'What was held names another envelope before it than the one that came: it is not accepted.',
    tell: (a) => {
      const [one, two] = a.chain(2) as [Sealed, Sealed];
      const three = a.at(3, a.at(2, one, '-other'));
      return told(a, [one, three, two], ['accepted', 'gap', 'accepted'], 2, two);
    },
  },
  {
    slug: 'two-held-for-one-place',
    req: ['EN-24', 'EN-08'],
    flags: CHAIN,
    comment: 'Two envelopes wait for one place; the second of them is the one that continues the chain.',
    tell: (a) => {
      const [one, two, three] = a.chain(3) as [Sealed, Sealed, Sealed];
      const other = a.at(3, a.at(2, one, '-other'), '-other');
      return told(a, [one, other, three, two], ['accepted', 'gap', 'gap', 'accepted'], 3, three);
    },
  },
  {
    slug: 'two-held-that-both-continue',
    req: ['EN-23', 'EN-24'],
    flags: FORK,
    comment: 'Two envelopes wait for one place and both continue the chain: the first that came stays.',
    tell: (a) => {
      const [one, two, three] = a.chain(3) as [Sealed, Sealed, Sealed];
      const other = a.at(3, two, '-other');
      return told(a, [one, other, three, two, three], ['accepted', 'gap', 'gap', 'accepted', 'fork'], 3, other);
    },
  },
  {
    slug: 'held-twice',
    req: ['EN-24', 'EN-22'],
    flags: ['ReplayAccepted'],
    comment: 'What is held comes again: it is no duplicate before it is accepted.',
    tell: (a) => {
      const [one, two, three] = a.chain(3) as [Sealed, Sealed, Sealed];
      return told(a, [one, three, three, two, three], ['accepted', 'gap', 'gap', 'accepted', 'duplicate'], 3, three);
    },
  },
];
