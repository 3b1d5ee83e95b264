// generated, do not edit: `make generate` writes this file from spec/ and proto/

/** The effect of an event in a state; `id` is the spec's row. */
export type Transition<State extends string, Action extends string> = {
  readonly next: State
  readonly actions: readonly Action[]
  readonly id: string
}

/** A proven machine: every state that is not final has one transition for every event. */
export type Machine<State extends string, Event extends string, Action extends string> = {
  readonly name: string
  readonly initial: State
  readonly finals: readonly State[]
  readonly states: readonly State[]
  readonly events: readonly Event[]
  readonly actions: readonly Action[]
  readonly table: { readonly [S in State]?: { readonly [E in Event]: Transition<State, Action> } }
}
