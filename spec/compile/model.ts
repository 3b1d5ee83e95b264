import type { Place } from './report.ts';

type Located = { readonly place: Place };

/** The level of an obligation. */
export type Level = 'must' | 'should' | 'may';
/** A row of a requirements table. */
export type Requirement = Located & {
  readonly id: string;
  readonly level: Level;
  readonly text: string;
  /** Reject class of a violation; null when no peer can see one. */
  readonly violation: string | null;
};

/** A row of the limits table. */
export type Limit = Located & {
  readonly id: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly meaning: string;
};

/** A row of the labels table. */
export type Label = Located & {
  readonly id: string;
  readonly label: string;
  readonly name: string;
  readonly use: string;
};

/** A row of the errors table. */
export type ErrorRow = Located & {
  readonly number: number;
  readonly name: string;
  readonly class: string;
  readonly retry: 'no' | 'same' | 'later';
  readonly stream: 'open' | 'close';
  readonly meaning: string;
  readonly hint: string;
};

/** A row of the classes table. */
export type RejectClass = Located & { readonly name: string; readonly clause: string; readonly meaning: string };

/** A row of the frames table. */
export type FrameRow = Located & {
  readonly frame: string;
  readonly from: 'client' | 'relay';
  /** States of the receiver's machine that accept the frame. */
  readonly states: readonly string[];
  /** The event that the frame is to that machine. */
  readonly event: string;
  readonly answer: readonly string[];
  readonly meaning: string;
};

/** A Noise token. */
export type Token = 'e' | 's' | 'ee' | 'es' | 'se' | 'ekem' | 'skem';
/** An end of the handshake. */
export type Role = 'initiator' | 'responder';
/** One handshake message of a pattern. */
export type PatternMessage = Located & {
  readonly number: number;
  readonly from: Role;
  readonly tokens: readonly Token[];
  /** Bytes of the message with an empty payload. */
  readonly length: number;
};
/** A suite with its messages. */
export type Suite = Located & {
  readonly suite: string;
  readonly protocolName: string;
  readonly alpn: string;
  readonly version: number;
  readonly messages: readonly PatternMessage[];
};

/** One row of a machine table; `state` may be `*`, `next` may be `=`. */
export type MachineRow = Located & {
  readonly id: string;
  readonly state: string;
  readonly event: string;
  readonly next: string;
  readonly actions: readonly string[];
};
/** The effect of an event in a state, and the id of its row. */
export type Transition = { readonly next: string; readonly actions: readonly string[]; readonly id: string };
/** A machine with its rows and its expanded table. */
export type Machine = Located & {
  readonly name: string;
  readonly initial: string;
  readonly finals: readonly string[];
  readonly states: readonly string[];
  readonly events: readonly string[];
  readonly rows: readonly MachineRow[];
  /** state → event → transition, with `*` and `=` expanded; final states have none. */
  readonly table: ReadonlyMap<string, ReadonlyMap<string, Transition>>;
};

/** The content of the tables. The order of each list does not depend on the order of rows. */
export type Model = {
  readonly requirements: readonly Requirement[];
  readonly machines: readonly Machine[];
  readonly limits: readonly Limit[];
  readonly errors: readonly ErrorRow[];
  readonly classes: readonly RejectClass[];
  readonly labels: readonly Label[];
  readonly frames: readonly FrameRow[];
  readonly suites: readonly Suite[];
};
