import { basename } from 'node:path';
import type { Output } from './emit-code.ts';
import type { Schema } from './proto.ts';
import type { Report } from './report.ts';
import type { SourceFile } from './sources.ts';

const RUNTIME = '@bufbuild/protobuf';

type Manifest = {
  version: string;
  license: string;
  engines: Record<string, string>;
  devDependencies: Record<string, string>;
};

/** package.json and tsconfig of generated/. Versions are those of the root package. */
export function emitPackage(
  modules: readonly string[],
  schema: Schema,
  manifest: SourceFile,
  report: Report,
): Output[] {
  const root = JSON.parse(manifest.text) as Manifest;
  const runtime = root.devDependencies[RUNTIME];
  if (runtime === undefined)
    report({ file: manifest.file, line: 1 }, `no development dependency on ${RUNTIME}, which the wire types need`);
  const wires = schema.files.map((file) => ({
    name: `wire/${basename(file, '.proto')}`,
    source: `wire/${file.replace(/^proto\//, '').replace(/\.proto$/, '')}`,
  }));
  const subpaths = [...modules.map((name) => ({ name, source: name })), ...wires];
  const description = {
    name: '@0k-sync/generated',
    version: root.version,
    description: 'Wire types, state machines, errors and limits of 0k-sync, generated from its spec',
    license: root.license,
    type: 'module',
    engines: root.engines,
    sideEffects: false,
    files: ['dist', 'src'],
    exports: Object.fromEntries(subpaths.map(({ name, source }) => [`./${name}`, conditionsOf(source)])),
    dependencies: { [RUNTIME]: runtime },
  };
  return [jsonOf('package.json', description), jsonOf('tsconfig.json', CHECK), jsonOf('tsconfig.build.json', BUILD)];
}

function conditionsOf(source: string): Record<string, string> {
  return { '@0k-sync/source': `./src/${source}.ts`, types: `./dist/${source}.d.ts`, default: `./dist/${source}.js` };
}

const CHECK = { extends: '../tsconfig.base.json', compilerOptions: { noEmit: true }, include: ['src'] };

const BUILD = {
  extends: '../tsconfig.base.json',
  compilerOptions: {
    composite: true,
    allowImportingTsExtensions: false,
    rootDir: 'src',
    outDir: 'dist',
    sourceMap: true,
    declarationMap: true,
    tsBuildInfoFile: 'dist/.tsbuildinfo',
  },
  include: ['src'],
  references: [],
};

/** JSON has no comments; these files' names say where they come from. */
export function jsonOf(path: string, value: unknown): Output {
  return { path, text: `${JSON.stringify(value, null, 2)}\n` };
}
