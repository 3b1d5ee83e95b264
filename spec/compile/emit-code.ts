import type { Identifier } from './identifiers.ts';
import type { Model } from './model.ts';
import type { Schema } from './proto.ts';
import { rowTexts } from './row-text.ts';

const HEADER = '// generated, do not edit: `make generate` writes this file from spec/ and proto/\n\n';

const FRAMES_OF = `/** The frames of one sender, or those that are one event to the receiver: FramesOf<"client", "request"> is what a member asks. */
export type FramesOf<Sender extends "client" | "relay", Event extends string = string> = {
  [Name in FrameName]: (typeof frames)[Name] extends { readonly from: Sender; readonly event: Event } ? Name : never
}[FrameName]`;

/** A file to write: path below generated/, and its text. */
export type Output = { readonly path: string; readonly text: string };

/** A module below generated/src. */
export function moduleOf(name: string, blocks: readonly string[]): Output {
  return { path: `src/${name}.ts`, text: HEADER + blocks.map((block) => `${block}\n`).join('\n') };
}

/** `export const <name> = <value> as const`, with a comment before it. */
export function constantOf(comment: string, name: string, value: unknown): string {
  return `/** ${comment} */\nexport const ${name} = ${JSON.stringify(value, null, 2)} as const`;
}

/** An object with the items' keys in their order. */
export function keyed<T, V>(
  items: readonly T[],
  keyOf: (item: T) => string,
  toValue: (item: T) => V,
): Record<string, V> {
  return Object.fromEntries(items.map((item) => [keyOf(item), toValue(item)]));
}

/** `errors.ts`: the error table and the reject classes. */
export function emitErrors({ errors, classes }: Model): Output {
  const table = keyed(
    errors,
    ({ name }) => name,
    ({ place: _, ...row }) => row,
  );
  return moduleOf('errors', [
    constantOf('Every error that can go over the wire, by name.', 'errors', table),
    'export type ErrorName = keyof typeof errors\nexport type ErrorNumber = (typeof errors)[ErrorName]["number"]',
    constantOf(
      'The name of each error number.',
      'errorNames',
      keyed(
        errors,
        ({ number }) => String(number),
        ({ name }) => name,
      ),
    ),
    constantOf(
      'The closed list of reject classes, with the clause that each comes from.',
      'rejectClasses',
      keyed(
        classes,
        ({ name }) => name,
        ({ clause, meaning }) => ({ clause, meaning }),
      ),
    ),
    'export type RejectClass = keyof typeof rejectClasses',
  ]);
}

/** `limits.ts`: a constant for each limit. */
export function emitLimits({ limits }: Model): Output {
  const constants = limits.map(
    ({ id, name, value, unit, meaning }) => `/** ${meaning}; ${unit}. ${id}. */\nexport const ${name} = ${value}`,
  );
  return moduleOf('limits', [
    ...constants,
    constantOf(
      'Every limit, by name.',
      'limits',
      keyed(
        limits,
        ({ name }) => name,
        ({ id, value, unit, meaning }) => ({ id, value, unit, meaning }),
      ),
    ),
    'export type LimitName = keyof typeof limits',
  ]);
}

/** `labels.ts`: a constant for each label. */
export function emitLabels({ labels }: Model): Output {
  const constants = labels.map(
    ({ id, name, label, use }) => `/** ${use}. ${id}. */\nexport const ${name} = ${JSON.stringify(label)}`,
  );
  return moduleOf('labels', [
    ...constants,
    constantOf(
      'Every domain-separation label (ASCII), by id.',
      'labels',
      keyed(
        labels,
        ({ id }) => id,
        ({ label }) => label,
      ),
    ),
    'export type Label = (typeof labels)[keyof typeof labels]',
  ]);
}

/** `frames.ts`: each frame with its sender, its answer and the states that accept it. */
export function emitFrames({ frames }: Model, schema: Schema): Output {
  const rows = keyed(
    schema.frames,
    ({ frame }) => frame,
    ({ frame, field, number }) => {
      const row = frames.find((candidate) => candidate.frame === frame);
      return {
        field,
        number,
        from: row?.from,
        states: row?.states,
        event: row?.event,
        answer: row?.answer,
        meaning: row?.meaning,
      };
    },
  );
  return moduleOf('frames', [
    constantOf(
      "The messages of Frame: field of its oneof, sender, states of the receiver's machine that accept it and its event there, answers.",
      'frames',
      rows,
    ),
    'export type FrameName = keyof typeof frames\nexport type FrameField = (typeof frames)[FrameName]["field"]',
    FRAMES_OF,
  ]);
}

/** `patterns.ts`: the handshake patterns of each suite. */
export function emitPatterns({ suites }: Model): Output {
  const rows = keyed(
    suites,
    ({ suite }) => suite,
    ({ place: _, suite: __, messages, ...row }) => ({
      ...row,
      messages: messages.map(({ from, tokens, length }) => ({ from, tokens, length })),
    }),
  );
  return moduleOf('patterns', [
    constantOf('The Noise suites; `length` is the bytes of a message with an empty payload.', 'patterns', rows),
    [
      'export type SuiteName = keyof typeof patterns',
      'type Message = (typeof patterns)[SuiteName]["messages"][number]',
      'export type Role = Message["from"]',
      'export type Token = Message["tokens"][number]',
    ].join('\n'),
  ]);
}

/** `requirements.ts`: the text of each id. */
export function emitRequirements(model: Model, identifiers: readonly Identifier[]): Output {
  const { requirements } = model;
  const rows = keyed(
    requirements,
    ({ id }) => id,
    ({ place, level, text, violation }) => ({ chapter: place.file, level, text, violation }),
  );
  const kinds = keyed(
    identifiers,
    ({ id }) => id,
    ({ kind }) => kind,
  );
  return moduleOf('requirements', [
    constantOf(
      'Every obligation of the spec, by id; `violation` is the reject class of breaking it, null where no peer can see that.',
      'requirements',
      rows,
    ),
    'export type RequirementId = keyof typeof requirements',
    constantOf('Every id of the spec and what it names.', 'identifiers', kinds),
    'export type Identifier = keyof typeof identifiers',
    constantOf(
      'What the rows say that are no obligations: transitions, labels and limits, by id.',
      'rowTexts',
      rowTexts(model),
    ),
  ]);
}
