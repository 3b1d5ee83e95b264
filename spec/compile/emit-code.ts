import { constantOf, keyed, moduleOf, type Output, PROTOCOL } from './emit-module.ts';
import type { Model } from './model.ts';
import type { Schema } from './proto.ts';

const FRAMES_OF = `/** The frames of one sender, or those that are one event to the receiver: FramesOf<"client", "request"> is what a member asks. */
export type FramesOf<Sender extends "client" | "relay", Event extends string = string> = {
  [Name in FrameName]: (typeof frames)[Name] extends { readonly from: Sender; readonly event: Event } ? Name : never
}[FrameName]`;

/** `errors.ts`: the error table, and the names of the reject classes. */
export function emitErrors({ errors, classes }: Model): Output {
  const table = keyed(
    errors,
    ({ name }) => name,
    ({ place: _, ...row }) => row,
  );
  return moduleOf(PROTOCOL, 'errors', [
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
    unionOf(
      'RejectClass',
      classes.map(({ name }) => name),
    ),
  ]);
}

/** `limits.ts`: a constant for each limit. */
export function emitLimits({ limits }: Model): Output {
  const constants = limits.map(
    ({ id, name, value, unit, meaning }) => `/** ${meaning}; ${unit}. ${id}. */\nexport const ${name} = ${value}`,
  );
  return moduleOf(PROTOCOL, 'limits', constants);
}

/** `labels.ts`: a constant for each label. */
export function emitLabels({ labels }: Model): Output {
  const constants = labels.map(
    ({ id, name, label, use }) => `/** ${use}. ${id}. */\nexport const ${name} = ${JSON.stringify(label)}`,
  );
  return moduleOf(PROTOCOL, 'labels', constants);
}

/** `frames.ts`: each frame with its sender, its answer and the states that accept it. */
export function emitFrames({ frames }: Model, schema: Schema): Output {
  const rows = keyed(
    schema.frames,
    ({ frame }) => frame,
    ({ frame, field, number }) => {
      const row = frames.find((candidate) => candidate.frame === frame);
      return { field, number, from: row?.from, states: row?.states, event: row?.event, answer: row?.answer };
    },
  );
  return moduleOf(PROTOCOL, 'frames', [
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
  return moduleOf(PROTOCOL, 'patterns', [
    constantOf('The Noise suites; `length` is the bytes of a message with an empty payload.', 'patterns', rows),
    [
      'export type SuiteName = keyof typeof patterns',
      'type Message = (typeof patterns)[SuiteName]["messages"][number]',
      'export type Role = Message["from"]',
      'export type Token = Message["tokens"][number]',
    ].join('\n'),
  ]);
}

function unionOf(name: string, values: readonly string[]): string {
  return `export type ${name} =\n${values.map((value) => `  | ${JSON.stringify(value)}`).join('\n')}`;
}
