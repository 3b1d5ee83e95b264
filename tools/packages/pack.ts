import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** The directory in which `make build` leaves the tarballs. */
export const TARBALLS = 'dist/packages';

const LICENCES = ['LICENSE', 'LICENSE-APACHE', 'LICENSE-MIT'];

/** A workspace as `npm pack` would publish it. */
export interface Packed {
  readonly name: string;
  /** Folder of the workspace, relative to the root. */
  readonly folder: string;
  /** Path of the tarball. */
  readonly tarball: string;
  /** Paths in the tarball, relative to the package. */
  readonly files: readonly string[];
  /** Bytes of the tarball, and of what it unpacks to. */
  readonly size: number;
  readonly unpackedSize: number;
}

/** The output of `npm pack --json` for one package. */
interface PackReport {
  readonly name: string;
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** Copies the licences into each published workspace and packs it into TARBALLS. */
export function packAll(): Packed[] {
  rmSync(TARBALLS, { recursive: true, force: true });
  mkdirSync(TARBALLS, { recursive: true });
  return publishedFolders().map((folder) => pack(folder));
}

function publishedFolders(): string[] {
  const { workspaces } = readJson<{ readonly workspaces: readonly string[] }>('package.json');
  return workspaces.filter((folder) => !readJson<{ readonly private?: boolean }>(`${folder}/package.json`).private);
}

function pack(folder: string): Packed {
  for (const licence of LICENCES) copyFileSync(licence, join(folder, licence));
  const { status, stdout, stderr } = spawnSync(
    'npm',
    ['pack', `./${folder}`, '--json', '--pack-destination', TARBALLS],
    {
      encoding: 'utf8',
    },
  );
  const [report] = status === 0 ? (JSON.parse(stdout) as PackReport[]) : [];
  if (report === undefined) throw new Error(`npm pack ${folder}: ${stderr}`);
  const { name, filename, size, unpackedSize, files } = report;
  return { name, folder, tarball: join(TARBALLS, filename), files: files.map(({ path }) => path), size, unpackedSize };
}

function readJson<Value>(path: string): Value {
  return JSON.parse(readFileSync(path, 'utf8')) as Value;
}
