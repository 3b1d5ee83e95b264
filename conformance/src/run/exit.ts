/** Exit codes of `0k-conformance`. */
export const exitCodes = {
  conformant: 0,
  failures: 1,
  usage: 2,
  /** The adapter or the target cannot be reached, started or understood. */
  infrastructure: 3,
  /** The suite itself is broken: its sums, its files, its self-test. */
  selfCheck: 4,
  /** The run selected nothing, or proved nothing. */
  nothing: 5,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
