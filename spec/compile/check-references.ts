import type { Identifier } from './identifiers.ts';
import type { Model } from './model.ts';
import type { Schema } from './proto.ts';
import type { Report } from './report.ts';
import type { Sources } from './sources.ts';

const MENTIONED_ID = /(?<![\w-])[A-Z]{2}-(?:[1-9]\d{2}|\d{2})(?![\w-])/g;
const MENTIONED_LIMIT = /(?<!\w)[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_(?:MAX|MIN|MS|BYTES)(?!\w)/g;
const MENTIONED_LABEL = /0k-sync\/v1\/[a-z0-9]+(?:-[a-z0-9]+)*/g;

/** Every class that a table names is in the closed list, and every violation's class is an error's. */
export function checkClasses(model: Model, identifiers: readonly Identifier[], report: Report): void {
  const classes = new Set(model.classes.map(({ name }) => name));
  const told = new Set(model.errors.map((error) => error.class));
  const ids = new Set(identifiers.map(({ id }) => id));
  for (const { place, name, clause } of model.classes) {
    if (!ids.has(clause)) report(place, `the clause "${clause}" of ${name} is no id`);
  }
  for (const { place, name, class: rejectClass } of model.errors) {
    if (!classes.has(rejectClass))
      report(place, `the class "${rejectClass}" of ${name} is not in the list of reject classes`);
  }
  for (const { place, id, violation } of model.requirements) {
    if (violation === null) continue;
    if (!classes.has(violation))
      report(place, `the violation "${violation}" of ${id} is not in the list of reject classes`);
    else if (!told.has(violation)) report(place, `the violation "${violation}" of ${id} is the class of no error`);
  }
}

/** Reports differences between the errors table and the schema's ErrorCode. ER-01. */
export function checkErrors(model: Model, schema: Schema, report: Report): void {
  for (const { place, name, number } of model.errors) {
    const value = schema.errors.find((candidate) => candidate.name === name);
    if (value === undefined) report(place, `ErrorCode has no ERROR_CODE_${name}`);
    else if (value.number !== number)
      report(place, `${name} is ${number} here and ${value.number} at ${value.place.file}:${value.place.line}`);
  }
  for (const { place, name } of schema.errors) {
    if (!model.errors.some((error) => error.name === name))
      report(place, `ERROR_CODE_${name} has no row in the errors table`);
  }
}

/** The frames table and Frame's oneof are the same; states and events are the receiver's, answers go the other way. */
export function checkFrames(model: Model, schema: Schema, report: Report): void {
  for (const { place, frame, from, states, event, answer } of model.frames) {
    const receiver = from === 'client' ? 'relay-session' : 'client-session';
    const machine = model.machines.find(({ name }) => name === receiver);
    if (machine === undefined) report(place, `the frame ${frame} needs a machine ${receiver}`);
    if (!schema.frames.some((field) => field.frame === frame)) report(place, `Frame has no message ${frame}`);
    if (machine?.events.includes(event) === false) report(place, `${receiver} has no event "${event}" for ${frame}`);
    if (states.length === 0) report(place, `the frame ${frame} is accepted in no state`);
    for (const state of states) {
      if (machine?.table.has(state) === false)
        report(place, `${receiver} has no state "${state}" that could accept ${frame}`);
    }
    for (const name of answer) {
      const row = model.frames.find((candidate) => candidate.frame === name);
      if (row === undefined) report(place, `the answer "${name}" to ${frame} is no frame`);
      else if (row.from === from) report(place, `the answer "${name}" to ${frame} comes from the ${from} too`);
    }
  }
  for (const { place, frame } of schema.frames) {
    if (!model.frames.some((row) => row.frame === frame))
      report(place, `the message ${frame} of Frame has no row in the frames table`);
  }
}

/** Every id, limit and label that a chapter or a schema's comment names exists. */
export function checkMentions(
  sources: Sources,
  model: Model,
  identifiers: readonly Identifier[],
  report: Report,
): void {
  const ids = new Set(identifiers.map(({ id }) => id));
  const limits = new Set(model.limits.map(({ name }) => name));
  const labels = new Set(model.labels.map(({ label }) => label));
  const checkLine = (text: string, file: string, line: number): void => {
    for (const [id] of text.matchAll(MENTIONED_ID))
      if (!ids.has(id)) report({ file, line }, `${id} is defined nowhere`);
    for (const [name] of text.matchAll(MENTIONED_LIMIT))
      if (!limits.has(name)) report({ file, line }, `the limit ${name} is defined nowhere`);
    for (const [label] of text.matchAll(MENTIONED_LABEL))
      if (!labels.has(label)) report({ file, line }, `the label ${label} is defined nowhere`);
  };
  for (const { file, text } of sources.chapters) {
    text.split('\n').forEach((line, index) => void checkLine(line, file, index + 1));
  }
  for (const { file, text } of sources.schemas) {
    text.split('\n').forEach((line, index) => void checkLine(/\/\/.*$/.exec(line)?.[0] ?? '', file, index + 1));
  }
}
