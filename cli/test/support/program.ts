import { type Finished, runProgram } from '../../../tools/demo/device.ts';
import type { JsonObject } from '../../../tools/demo/lines.ts';

/** The environment of the tests without what changes the program's behaviour. */
export function cleanEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(ZEROK_|XDG_|NO_COLOR|FORCE_COLOR|TAP)/.test(name));
  return { ...Object.fromEntries(kept), ...more };
}

/** Runs the real program to its end in a process of its own, without a terminal. */
export function zerok(args: readonly string[], input = '', more: Readonly<Record<string, string>> = {}) {
  return runProgram(args, input, cleanEnvironment(more));
}

/** The JSON objects in an output. */
export function objects(output: string): JsonObject[] {
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** Those of one type. */
export function ofType(output: string, type: string): JsonObject[] {
  return objects(output).filter((each) => each['type'] === type);
}

export function contents(output: string): unknown[] {
  return ofType(output, 'message').map((each) => each['content']);
}

export type { Finished };
