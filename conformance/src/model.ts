/** Parts of an implementation that can be tested, each useful alone. */
export type Level = 'vectors' | 'relay' | 'client' | 'pair';

export type Importance = 'must' | 'should';

/** One test as the runner lists, plans and counts it. */
export interface TestInfo {
  /** `area/topic/slug`, axes as suffix: `?hs=hybrid`. Never reused or renamed. */
  readonly id: string;
  /** One sentence that says what holds when it passes. */
  readonly title: string;
  readonly level: Importance;
  /** Requirement ids of spec/. */
  readonly requirements: readonly string[];
  /** Capabilities of the adapter without which it cannot be judged: ops, roles, actions. */
  readonly requires: readonly string[];
}

/** A test that runs against a target: throws `Failed` with what was expected and seen. */
export interface Scenario<Target> extends TestInfo {
  run(target: Target): Promise<void>;
}

/**
 * `unproven`: a negative whose positive twin or control did not pass. `unsupported`: disclaimed. `not-run`: the toolchain
 * or a prerequisite is missing, or the budget of restarts is used up. `unjudged`: the target does not let us ask. All of them are counted, none
 * of them is a pass.
 */
export type Verdict =
  | 'pass'
  | 'fail'
  | 'unproven'
  | 'unsupported'
  | 'unjudged'
  | 'crash'
  | 'hang'
  | 'early-exit'
  | 'protocol'
  | 'not-run'
  | 'known-failure';

export interface Outcome {
  readonly test: TestInfo;
  readonly verdict: Verdict;
  readonly expected?: string | undefined;
  readonly actual?: string | undefined;
  /** Help to find the cause: last frames, stderr, a hint. */
  readonly detail?: string | undefined;
  readonly durationMs: number;
}

/** An assertion of a scenario that does not hold. */
export class Failed extends Error {
  readonly expected: string;
  readonly actual: string;

  constructor(what: string, expected: string, actual: string) {
    super(`${what}: expected ${expected}, got ${actual}`);
    this.name = 'Failed';
    this.expected = expected;
    this.actual = actual;
  }
}

/** A control of a negative test that does not hold: its verdict is `unproven`. */
export class Unproven extends Error {
  override readonly name = 'Unproven';
}

/** The target is within its rights not to let the test be run: its verdict is `unjudged`. The message says what would help. */
export class Unjudged extends Error {
  override readonly name = 'Unjudged';
}
