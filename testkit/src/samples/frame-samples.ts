import type { FrameBody } from '@0k-sync/core/wire';
import { type FrameName, frames } from '@0k-sync/generated/frames';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import type { Body, Case } from '../wire/body.ts';
import { type Fields, fullMessage, minimalMessage } from './message-samples.ts';

/** One body of every kind. */
export type Bodies = { readonly [K in Case]: Body<K> };

/** The kind of a frame, as Frame's oneof names it. */
export function caseOf<Name extends FrameName>(name: Name): Uncapitalize<Name> {
  return (name.charAt(0).toLowerCase() + name.slice(1)) as Uncapitalize<Name>;
}

/** The frame of a kind. */
export function nameOf({ $case }: { readonly $case: Case }): FrameName {
  return ($case.charAt(0).toUpperCase() + $case.slice(1)) as Capitalize<Case>;
}

/**
 * A frame of every kind, made from the generated schema: `full` with every field set, `minimal` with those alone that
 * must be present. Both pass the strict wire walk; signatures and ciphertexts in them verify nowhere.
 */
export const frameSamples: { readonly full: Bodies; readonly minimal: Bodies } = {
  full: bodiesOf(fullMessage),
  minimal: bodiesOf(minimalMessage),
};

/** Both samples of every frame. */
export const allSamples: readonly FrameBody[] = [
  ...Object.values(frameSamples.full),
  ...Object.values(frameSamples.minimal),
];

/** The envelope of the samples, with a ciphertext of another length if one is given. */
export function sampleEnvelope(ciphertextBytes?: number): Envelope {
  const envelope = fullMessage('Envelope') as unknown as Envelope;
  return ciphertextBytes === undefined
    ? envelope
    : { ...envelope, ciphertext: new Uint8Array(ciphertextBytes).fill(3) };
}

function bodiesOf(message: (name: FrameName) => Fields): Bodies {
  const names = Object.keys(frames) as FrameName[];
  const entries = names.map((name) => {
    const $case: Case = caseOf(name);
    return [$case, { $case, value: message(name) }];
  });
  return Object.fromEntries(entries) as Bodies;
}
