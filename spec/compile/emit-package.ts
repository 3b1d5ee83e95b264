import { basename } from 'node:path';
import { type Output, type PackageFolder, PROTOCOL, SPEC } from './emit-module.ts';
import { emitPackageReadme } from './emit-readme.ts';
import type { Schema } from './proto.ts';
import type { Report } from './report.ts';
import type { SourceFile } from './sources.ts';

const RUNTIME = '@bufbuild/protobuf';

/** The fields of the root package.json that the packages below generated/ take over. */
type Manifest = {
  version: string;
  license: string;
  engines: Record<string, string>;
  devDependencies: Record<string, string>;
};

type PackageText = {
  readonly name: string;
  readonly description: string;
  readonly use: string;
  /** The oldest Node that runs it, if that is not the tree's. */
  readonly node?: string;
};

const TEXTS: Readonly<Record<PackageFolder, PackageText>> = {
  [PROTOCOL]: {
    name: '@0k-sync/generated',
    description: 'Wire types, state machines, errors and limits of 0k-sync, generated from its spec',
    use: 'Client and relay run on these tables. Each machine is a module of its own, so that a client loads none of the relay.',
    node: '>=22.14',
  },
  [SPEC]: {
    name: '@0k-sync/spec',
    description: 'The requirements and reject classes of 0k-sync as data, generated from its spec',
    use: 'Tools that explain or prove an implementation read these tables. Neither client nor relay needs them.',
  },
};

/** A module and the name under which the package exports it. */
type Subpath = { readonly name: string; readonly source: string };

/**
 * The manifests, configurations and READMEs of the packages below generated/. Their versions are those of the root package.
 * `modules` are the paths of their modules, such as `protocol/src/errors.ts`.
 */
export function emitPackages(
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
  return [
    ...emitPackage(PROTOCOL, root, [...subpathsOf(PROTOCOL, modules), ...wires], { [RUNTIME]: runtime }),
    ...emitPackage(SPEC, root, subpathsOf(SPEC, modules), {}),
  ];
}

function subpathsOf(folder: PackageFolder, modules: readonly string[]): Subpath[] {
  const prefix = `${folder}/src/`;
  const names = modules
    .filter((path) => path.startsWith(prefix))
    .map((path) => path.slice(prefix.length, -'.ts'.length));
  return names.map((name) => ({ name, source: name }));
}

function emitPackage(
  folder: PackageFolder,
  root: Manifest,
  subpaths: readonly Subpath[],
  dependencies: Record<string, string | undefined>,
): Output[] {
  const { name, description, node } = TEXTS[folder];
  const value = {
    name,
    version: root.version,
    description,
    license: root.license,
    type: 'module',
    engines: node === undefined ? root.engines : { node },
    sideEffects: false,
    files: ['dist', 'src', 'LICENSE-*', '!dist/.tsbuildinfo'],
    exports: Object.fromEntries(subpaths.map(({ name, source }) => [`./${name}`, conditionsOf(source)])),
    dependencies,
  };
  return [
    jsonOf(`${folder}/package.json`, value),
    jsonOf(`${folder}/tsconfig.json`, CHECK),
    jsonOf(`${folder}/tsconfig.build.json`, BUILD),
    emitPackageReadme(
      folder,
      TEXTS[folder],
      subpaths.map((subpath) => subpath.name),
    ),
  ];
}

function conditionsOf(source: string): Record<string, string> {
  return { '@0k-sync/source': `./src/${source}.ts`, types: `./dist/${source}.d.ts`, default: `./dist/${source}.js` };
}

const CHECK = { extends: '../../tsconfig.base.json', compilerOptions: { noEmit: true }, include: ['src'] };

const BUILD = {
  extends: '../../tsconfig.base.json',
  compilerOptions: {
    composite: true,
    allowImportingTsExtensions: false,
    rootDir: 'src',
    outDir: 'dist',
    tsBuildInfoFile: 'dist/.tsbuildinfo',
  },
  include: ['src'],
  references: [],
};

/** JSON has no comments; these files' names say where they come from. */
export function jsonOf(path: string, value: unknown): Output {
  return { path, text: `${JSON.stringify(value, null, 2)}\n` };
}
