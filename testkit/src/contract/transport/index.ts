import type { TestFunction } from '../test-function.ts';
import { closeContract } from './close.ts';
import type { TransportContractConfig } from './config.ts';
import { connectContract } from './connect.ts';
import { dataContract } from './data.ts';
import { streamContract } from './streams.ts';

export type { TestFunction } from '../test-function.ts';
export type { TransportContractConfig } from './config.ts';

/**
 * Registers the tests that every implementation of the `Transport` port passes.
 * @param test registers one test with the runner
 */
export function transportContract(test: TestFunction, config: TransportContractConfig): void {
  const { makeEnds } = config;
  dataContract(test, makeEnds);
  streamContract(test, makeEnds);
  closeContract(test, makeEnds);
  connectContract(test, makeEnds, { refusalMs: REFUSAL_MS, ...config });
}

/** Longer than any machine takes to refuse a connection. */
const REFUSAL_MS = 60_000;
