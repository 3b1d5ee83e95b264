import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** `config` of `open` for a relay. */
export interface RelayConfig {
  readonly creation?: 'open' | 'token' | 'closed';
  readonly access_token?: string;
  /** In hexadecimal. */
  readonly group_ids?: readonly string[];
  readonly group_bytes_max?: number;
  readonly group_envelopes_max?: number;
  readonly address_bytes_max?: number;
  readonly total_bytes_max?: number;
  readonly memory_bytes_max?: number;
  readonly hello_deadline_ms?: number;
  readonly expire_ms?: number;
  readonly log_level?: string;
}

/** Ports that a relay keeps over its restarts. */
export interface RelayPorts {
  /** UDP; 0 takes any free one. */
  readonly quic: number;
  /** TCP. */
  readonly admin: number;
}

/** The data directory of the relay in an adapter's directory. */
export function dataDirectory(directory: string): string {
  return join(directory, 'data');
}

/** Writes relay.toml. @returns its path */
export function writeRelayConfig(directory: string, config: RelayConfig, ports: RelayPorts): string {
  const sections = {
    server: { address: '127.0.0.1', port: ports.quic },
    http: { port: ports.admin },
    storage: { directory: dataDirectory(directory) },
    limits: { hello_deadline_ms: config.hello_deadline_ms, memory_bytes_max: config.memory_bytes_max },
    retention: {
      age_seconds: config.expire_ms === undefined ? undefined : Math.ceil(config.expire_ms / 1000),
      sweep_seconds: config.expire_ms === undefined ? undefined : 1,
    },
    log: { level: config.log_level },
    groups: {
      creation: config.creation,
      access_tokens: config.access_token === undefined ? undefined : [config.access_token],
      ids: config.group_ids,
      bytes_max: config.group_bytes_max,
      envelopes_max: config.group_envelopes_max,
      bytes_per_address_max: config.address_bytes_max,
      total_bytes_max: config.total_bytes_max,
    },
  };
  const text = Object.entries(sections).map(([name, options]) => `[${name}]\n${lines(options)}\n`);
  const path = join(directory, 'relay.toml');
  writeFileSync(path, text.join('\n'), { mode: 0o600 });
  return path;
}

/** JSON is TOML for texts, numbers and lists of texts. */
function lines(options: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return given.map(([name, value]) => `${name} = ${JSON.stringify(value)}`).join('\n');
}
