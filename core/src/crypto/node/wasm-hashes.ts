import { wipe } from '../../bytes/index.ts';
import type { CryptoProvider } from '../port.ts';
import { opensslHashes } from './openssl.ts';

/** A hash of hash-wasm, which holds the state of one message at a time. */
interface Hasher {
  init(): unknown;
  update(bytes: Uint8Array): unknown;
  digest(form: 'binary'): Uint8Array;
}

/** The functions of hash-wasm that the Node provider calls. */
export interface HashWasm {
  createBLAKE3(): Promise<Hasher>;
  createBLAKE2s(): Promise<Hasher>;
}

const HMAC_BLOCK_BYTES = 64;
/** Room for an envelope of some kilobytes, so that it is hashed in one piece. */
const JOINT_BYTES = 8192;

/** The part of the port that hash-wasm carries out: BLAKE3 and BLAKE2s. */
export async function wasmHashes({ createBLAKE3, createBLAKE2s }: HashWasm) {
  const [blake3, blake2s] = await Promise.all([createBLAKE3(), createBLAKE2s()]);
  return {
    blake3: (...parts) => digest(blake3, parts),
    hash: (name, ...parts) => (name === 'BLAKE2s' ? digest(blake2s, parts) : opensslHashes.hash(name, ...parts)),
    hmac: (name, key, ...parts) =>
      name === 'BLAKE2s' ? hmacBlake2s(blake2s, key, parts) : opensslHashes.hmac(name, key, ...parts),
  } satisfies Partial<CryptoProvider>;
}

/** Hashes short input in one piece: a call into WebAssembly costs as much as hashing some hundred bytes. */
function digest(state: Hasher, parts: readonly Uint8Array[]): Uint8Array {
  const joined = join(parts);
  state.init();
  for (const part of joined === undefined ? parts : [joined]) state.update(part);
  wipe(joined);
  return state.digest('binary');
}

const joint = new Uint8Array(JOINT_BYTES);

/** Joins the parts in memory that the next call overwrites; undefined when they are too long for it. */
function join(parts: readonly Uint8Array[]): Uint8Array | undefined {
  let total = 0;
  for (const part of parts) total += part.length;
  if (total > JOINT_BYTES) return undefined;
  let position = 0;
  for (const part of parts) {
    joint.set(part, position);
    position += part.length;
  }
  return joint.subarray(0, total);
}

/** Computes HMAC (RFC 2104) over BLAKE2s. */
function hmacBlake2s(blake2s: Hasher, key: Uint8Array, parts: readonly Uint8Array[]): Uint8Array {
  const short = key.length > HMAC_BLOCK_BYTES ? digest(blake2s, [key]) : key;
  const inner = new Uint8Array(HMAC_BLOCK_BYTES).fill(0x36);
  const outer = new Uint8Array(HMAC_BLOCK_BYTES).fill(0x5c);
  for (let index = 0; index < short.length; index += 1) {
    const byte = short[index] ?? 0;
    inner[index] = byte ^ 0x36;
    outer[index] = byte ^ 0x5c;
  }
  const hash = digest(blake2s, [inner, ...parts]);
  const mac = digest(blake2s, [outer, hash]);
  wipe(inner, outer, hash);
  return mac;
}
