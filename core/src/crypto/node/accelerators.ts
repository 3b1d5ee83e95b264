import type { Sodium } from './sodium.ts';
import type { HashWasm } from './wasm-hashes.ts';

/** The optional packages that make the Node provider faster. */
export interface Accelerators {
  /** `sodium-native`: ciphers, X25519 and Ed25519. */
  readonly sodium?: Sodium;
  /** `hash-wasm`: BLAKE3 and BLAKE2s. */
  readonly hashWasm?: HashWasm;
}

/** Loads the accelerators that are installed and have a build for this system. */
export async function loadAccelerators(): Promise<Accelerators> {
  const [sodium, hashWasm] = await Promise.all([
    load<{ readonly default: Sodium }>('sodium-native'),
    load<HashWasm>('hash-wasm'),
  ]);
  return { ...(sodium && { sodium: sodium.default }), ...(hashWasm && { hashWasm }) };
}

/** Describes the cost of the missing accelerators; undefined if none is missing. */
export function describeMissing({ sodium, hashWasm }: Accelerators): string | undefined {
  const missing = [
    ...(sodium
      ? []
      : ['sodium-native does not load here: encryption and signatures take ten to twenty times as long.']),
    ...(hashWasm ? [] : ['hash-wasm does not load here: hashes take ten times as long.']),
  ];
  return missing.length === 0 ? undefined : missing.join(' ');
}

/** The name is an argument so that bundlers leave these packages, which hold native code, where they are installed. */
async function load<Package>(name: string): Promise<Package | undefined> {
  try {
    return (await import(name)) as Package;
  } catch {
    return undefined;
  }
}
