import type { Level, TestInfo } from './model.ts';
import type { Result } from './run/result.ts';
import { matches } from './run/select.ts';

interface Part {
  readonly level: Level;
  readonly only: readonly string[];
}

/** A set of tests that somebody may claim as a whole. It may need several levels. */
export interface Profile {
  readonly name: string;
  readonly title: string;
  readonly parts: readonly Part[];
}

export const profiles: readonly Profile[] = [
  {
    name: 'vectors',
    title: 'every pure function gives the bytes of the spec',
    parts: [{ level: 'vectors', only: ['**'] }],
  },
  {
    name: 'core-client',
    title: 'a client that syncs and distrusts its relay',
    parts: [{ level: 'client', only: ['**'] }],
  },
  {
    name: 'core-relay',
    title: 'a relay that serves honest clients and withstands others',
    parts: [{ level: 'relay', only: ['**'] }],
  },
  {
    name: 'hybrid',
    title: 'the post-quantum handshake of version 2',
    parts: [{ level: 'vectors', only: ['handshake/*/*hybrid*', 'kem/**', 'keys/relay/*'] }],
  },
  {
    name: 'pairing',
    title: 'invites, welcomes and joining a group',
    parts: [
      { level: 'vectors', only: ['pairing/**', 'primitives/argon2id/*'] },
      { level: 'client', only: ['client/pairing/**'] },
    ],
  },
  { name: 'content', title: 'what is inside a message', parts: [] },
  { name: 'revocation', title: 'removing a device from a group', parts: [] },
  { name: 'multi-relay', title: 'one group on several relays', parts: [] },
];

/** The result of a run for one profile. Only a profile whose every part is full is a badge. */
export interface Badge {
  readonly profile: string;
  /** Tests of the profile at this level that must pass, and how many did. */
  readonly needed: number;
  readonly passed: number;
  /** Some that did not pass. */
  readonly missing: readonly string[];
  /** Levels that the profile needs besides this one. */
  readonly alsoNeeds: readonly Level[];
}

export function isFull(badge: Badge): boolean {
  return badge.needed > 0 && badge.passed === badge.needed;
}

export function profileNamed(name: string): Profile | undefined {
  return profiles.find((profile) => profile.name === name);
}

/** The patterns of a profile at a level; empty when it needs nothing of it. */
export function patternsOf(profile: Profile, level: Level): readonly string[] {
  return profile.parts.flatMap((part) => (part.level === level ? part.only : []));
}

export function isPartOf(profile: Profile, level: Level, id: string): boolean {
  return patternsOf(profile, level).some((pattern) => matches(id, pattern));
}

/**
 * Counts the tests that a run of a level has passed for each profile that needs that level. `all`: every test of the level that exists; `common`:
 * what every profile needs besides its own.
 */
export function badgesOf(
  level: Level,
  all: readonly TestInfo[],
  common: readonly TestInfo[],
  results: readonly Result[],
): Badge[] {
  const passed = new Set(results.filter(({ verdict }) => verdict === 'pass').map(({ test }) => test.id));
  const concerned = profiles.filter((profile) => patternsOf(profile, level).length > 0);
  return concerned.map((profile) => {
    const own = all.filter((test) => test.level === 'must' && isPartOf(profile, level, test.id));
    const needed = own.length > 0 ? [...own, ...common] : [];
    const missing = needed.filter(({ id }) => !passed.has(id)).map(({ id }) => id);
    return {
      profile: profile.name,
      needed: needed.length,
      passed: needed.length - missing.length,
      missing,
      alsoNeeds: [...new Set(profile.parts.map((part) => part.level))].filter((other) => other !== level),
    };
  });
}
