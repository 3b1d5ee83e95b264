import { readFile } from 'node:fs/promises';
import { fromHex, readZBase32 } from '@0k-sync/core/bytes';
import { type ExitCode, exitCodes } from '../run/exit.ts';
import type { Done } from '../run/level-run.ts';
import { runRelay, runRelayOfAdapter } from '../run/relay.ts';
import { shellWord } from '../run/shell.ts';
import { SuiteError } from '../run/suite-error.ts';
import { type RelayTarget, scenarios, TargetError } from '../suites/relay/index.ts';
import { conclude } from './conclude.ts';
import type { Io } from './io.ts';
import { demandSelection } from './nothing.ts';
import { levelRunOptions, type RunOptions } from './options.ts';

export interface RelayOptions extends RunOptions {
  /** `host:port`, IPv6 in brackets. */
  readonly target?: string;
  /** `nodeid[.kem hash]`, each in z-base-32 or hexadecimal. */
  readonly relay?: string;
  readonly accessTokenFile?: string;
  readonly adapter?: string;
}

const KEY_BYTES = 32;
const PORT_DEFAULT = 4433;
const PORT_MAX = 65_535;

function usage(message: string, hint: string): SuiteError {
  return new SuiteError(message, hint, exitCodes.usage);
}

function addressOf(text: string): RelayTarget['address'] {
  const parts = /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<host>[^:[\]\s]+))(?::(?<port>\d{1,5}))?$/.exec(text)?.groups;
  const port = Number(parts?.['port'] ?? PORT_DEFAULT);
  const host = parts?.['v6'] ?? parts?.['host'];
  if (host === undefined || port === 0 || port > PORT_MAX)
    throw usage(`${text} is no address of a relay`, 'write --target host:port, IPv6 in brackets');
  return { host, port };
}

/** OV-03. */
function keyOf(text: string): Uint8Array {
  const key = text.length === 2 * KEY_BYTES ? fromHex(text.toLowerCase()) : readZBase32(text);
  if (key?.length === KEY_BYTES) return key;
  throw usage(`${text} is no key of a relay`, 'give the NodeId that the relay shows when it starts: --relay NODEID');
}

async function accessTokenOf(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw usage(`the access token cannot be read: ${error.message}`, 'name the file that holds nothing but the token');
  });
  return text.trim();
}

async function targetOf({ target, relay, accessTokenFile }: RelayOptions): Promise<RelayTarget | undefined> {
  if (target === undefined && relay === undefined) return undefined;
  if (target === undefined || relay === undefined)
    throw usage('--target and --relay belong together', 'write --target host:port --relay NODEID');
  const [nodeId = '', kemHash] = relay.split('.');
  return {
    address: addressOf(target),
    nodeId: keyOf(nodeId),
    kemHash: kemHash === undefined ? undefined : keyOf(kemHash),
    accessToken: await accessTokenOf(accessTokenFile),
  };
}

function repeatOf({ target = '', relay = '', accessTokenFile }: RelayOptions): string {
  const token = accessTokenFile === undefined ? '' : ` --access-token-file ${shellWord(accessTokenFile)}`;
  return `relay --target ${shellWord(target)} --relay ${shellWord(relay)}${token}`;
}

/** Plays honest and evil clients against a relay, one that runs or one that an adapter opens. */
export async function relayCommand(io: Io, options: RelayOptions): Promise<ExitCode> {
  const target = await targetOf(options);
  const { adapter, seed } = options;
  const only = demandSelection('relay', scenarios, options);
  const perform = (): Promise<Done> => {
    if (adapter !== undefined) {
      const beside = target && { target, repeat: repeatOf(options) };
      return runRelayOfAdapter(scenarios, levelRunOptions({ ...options, adapter }, only), beside);
    }
    if (!target) throw usage('there is no relay to test', 'write --target host:port --relay NODEID, or --adapter CMD');
    const name = options.target ?? '';
    return runRelay(scenarios, { target, name, only, seed, repeat: repeatOf(options) });
  };
  try {
    return await conclude(io, options, perform);
  } catch (error) {
    if (error instanceof TargetError) throw new SuiteError(error.message, error.hint, exitCodes.infrastructure);
    throw error;
  }
}
