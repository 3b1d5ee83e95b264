import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { transform } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const APP = fileURLToPath(new URL('app/', import.meta.url));
/** A command that takes longer hangs. */
const TIMEOUT_MS = 240_000;
const NPM_OPTIONS = ['--ignore-scripts', '--engine-strict', '--no-audit', '--no-fund', '--loglevel=error'];

/** A folder outside of this tree, with packages installed as users install them. */
export class FreshFolder {
  readonly path: string;
  readonly #node: string;

  /** @param node the Node that npm runs on */
  constructor(path: string, node = process.execPath) {
    this.path = path;
    this.#node = node;
    mkdirSync(path, { recursive: true });
  }

  /**
   * Installs the tarballs of `make build` by their workspace names, and `others` from the registry.
   *
   * @param options of `npm install`
   */
  async install(
    workspaces: readonly string[],
    others: Readonly<Record<string, string>> = {},
    options: readonly string[] = [],
  ): Promise<void> {
    const own = workspaces.map((workspace) => [`@0k-sync/${workspace}`, `file:${tarballOf(workspace)}`] as const);
    const manifest = {
      name: 'fresh',
      private: true,
      type: 'module',
      dependencies: { ...Object.fromEntries(own), ...others },
    };
    this.write('package.json', JSON.stringify(manifest));
    await this.run('npm', 'install', ...NPM_OPTIONS, ...options);
  }

  /** Copies a program of app/ into the folder. */
  copyApp(name: string): void {
    copyFileSync(join(APP, name), join(this.path, name));
  }

  /** Copies a program of app/ into the folder as JavaScript, for a runtime that does not strip types. Returns its name. */
  async compileApp(name: string): Promise<string> {
    const compiled = name.replace(/\.ts$/, '.mjs');
    const { code } = await transform(readFileSync(join(APP, name), 'utf8'), { loader: 'ts', format: 'esm' });
    this.write(compiled, code);
    return compiled;
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.path, name), text);
  }

  has(packageName: string): boolean {
    return existsSync(join(this.path, 'node_modules', packageName));
  }

  /** Runs a command in the folder. Resolves with its output, rejects with all of it when the status is not 0. */
  async run(
    command: string,
    ...args: readonly string[]
  ): Promise<{ readonly stdout: string; readonly stderr: string }> {
    const { NODE_OPTIONS: _, PATH, ...env } = process.env;
    const path = `${dirname(this.#node)}:${PATH}`;
    return await promisify(execFile)(command, args, {
      cwd: this.path,
      env: { ...env, PATH: path },
      timeout: TIMEOUT_MS,
    });
  }
}

function tarballOf(workspace: string): string {
  const [tarball] = globSync(`dist/packages/0k-sync-${workspace}-*.tgz`, { cwd: ROOT });
  if (tarball === undefined) throw new Error(`there is no tarball of ${workspace}; run: make build`);
  return resolve(ROOT, tarball);
}
