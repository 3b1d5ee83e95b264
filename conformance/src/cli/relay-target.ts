import { readFile } from 'node:fs/promises';
import { fromHex, readZBase32 } from '@0k-sync/core/bytes';
import { exitCodes } from '../run/exit.ts';
import { shellWord } from '../run/shell.ts';
import { SuiteError } from '../run/suite-error.ts';
import type { RelayTarget } from '../suites/relay/index.ts';

/** A relay that runs somewhere, as its options name it. */
export interface TargetOptions {
  /** `host:port`, IPv6 in brackets. */
  readonly target?: string;
  /** `nodeid[.kem hash]`, each in z-base-32 or hexadecimal. */
  readonly relay?: string;
  readonly accessTokenFile?: string;
}

const KEY_BYTES = 32;
const PORT_DEFAULT = 4433;
const PORT_MAX = 65_535;

/** A usage error: one sentence and a hint. */
export function usage(message: string, hint: string): SuiteError {
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

/** Reads a 32-byte key in z-base-32 or hexadecimal. OV-03. */
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

/** The relay that the options name, or undefined when they name none. Throws `SuiteError`. */
export async function targetOf({ target, relay, accessTokenFile }: TargetOptions): Promise<RelayTarget | undefined> {
  if (target === undefined && relay === undefined) return undefined;
  if (target === undefined || relay === undefined)
    throw usage('--target and --relay belong together', 'write --target host:port --relay NODEID');
  const [nodeId = '', kemHash, ...more] = relay.split('.');
  if (more.length > 0)
    throw usage(`${relay} has more parts than a relay has keys`, 'write --relay NODEID or NODEID.KEMHASH');
  return {
    address: addressOf(target),
    nodeId: keyOf(nodeId),
    kemHash: kemHash === undefined ? undefined : keyOf(kemHash),
    accessToken: await accessTokenOf(accessTokenFile),
  };
}

/** The level and the options that name the same relay again. */
export function repeatOf({ target = '', relay = '', accessTokenFile }: TargetOptions): string {
  const token = accessTokenFile === undefined ? '' : ` --access-token-file ${shellWord(accessTokenFile)}`;
  return `relay --target ${shellWord(target)} --relay ${shellWord(relay)}${token}`;
}
