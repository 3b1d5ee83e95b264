/** The exit codes of the program, as in the table of docs/cli.md. */
export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  notPaired: 3,
  unreachable: 4,
  refused: 5,
  trust: 6,
  storage: 7,
  invite: 8,
  output: 9,
  interrupted: 130,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
