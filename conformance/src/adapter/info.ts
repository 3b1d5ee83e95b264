import type { AdapterInfo } from '../zkcp/protocol.ts';

const IN_FLIGHT_MAX = 64;
const LINE_BYTES_MAX = 16 * 1024 * 1024;

/** The answer to hello of the TypeScript adapters. `capabilities` are the names that the adapter claims. */
export function infoOf(capabilities: readonly string[], profiles: readonly string[] = []): AdapterInfo {
  return {
    protocol: 1,
    impl: { name: '0k-sync', version: '0.1.0', language: 'TypeScript', url: '' },
    profiles,
    capabilities: Object.fromEntries(capabilities.map((name) => [name, true] as const)),
    limits: { max_in_flight: IN_FLIGHT_MAX, max_line: LINE_BYTES_MAX },
  };
}
