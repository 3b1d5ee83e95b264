/** Settings of `make docs`: a reference of what the packages export, made from their doc comments. */
import { readFileSync } from 'node:fs';

const PACKAGES = ['client', 'transport', 'core', 'relay', 'testing'];

/** The modules that a package exports, as [name in an import, source file]. */
function modulesOf(workspace) {
  const { name, exports } = JSON.parse(readFileSync(new URL(`../${workspace}/package.json`, import.meta.url), 'utf8'));
  return Object.entries(exports)
    .filter(([, entry]) => '@0k-sync/source' in entry)
    .map(([path, entry]) => [name + path.slice(1), `${workspace}/${entry['@0k-sync/source'].slice(2)}`]);
}

const modules = PACKAGES.flatMap(modulesOf);

/** A module goes by the name that an import gives it; typedoc names it by its file, without `/index.ts` or `.ts`. */
function nameModules({ converter }) {
  const names = new Map(modules.map(([name, source]) => [source.replace(/(\/index)?\.ts$/, ''), name]));
  converter.on('resolveBegin', ({ project }) => {
    for (const module of project.children ?? []) module.name = names.get(module.name) ?? module.name;
  });
}

export default {
  name: '0k-sync',
  entryPoints: modules.map(([, source]) => `../${source}`),
  tsconfig: 'typedoc.tsconfig.json',
  out: '../dist/reference',
  readme: 'none',
  plugin: [nameModules],
  excludeExternals: true,
  excludePrivate: true,
  disableSources: true,
  treatWarningsAsErrors: true,
};
