import { type LoadFnOutput, registerHooks } from 'node:module';
import { type Mutation, mutate, urlOf } from './mutation.ts';

const PARAMETER = 'planted';
/** The modules that a planted instance has for itself; it shares the others with this process. */
const PLANTED_FOLDERS = ['core/', 'generated/', 'testkit/', 'conformance/src/planted/'];

function isPlantedFolder(url: string): boolean {
  return PLANTED_FOLDERS.some((folder) => url.startsWith(new URL(`../../../${folder}`, import.meta.url).href));
}

/** The module at `url` with the changes of its file. */
function changed(loaded: LoadFnOutput, url: string, mutations: readonly Mutation[]): LoadFnOutput {
  const own = mutations.filter((mutation) => urlOf(mutation) === url);
  if (own.length === 0) return loaded;
  return { ...loaded, source: own.reduce(mutate, Buffer.from(loaded.source as Uint8Array).toString('utf8')) };
}

/** Plants the mistake into everything that this process loads from now on. */
export function plant(mutations: readonly Mutation[]): void {
  registerHooks({ load: (url, context, next) => changed(next(url, context), url, mutations) });
}

/** Changes of the sources by the name of the instance that has them. */
const instances = new Map<string, readonly Mutation[]>();

/** A module that is imported by an instance belongs to it. */
function hookInstances(): void {
  registerHooks({
    resolve: (specifier, context, next) => {
      const resolved = next(specifier, context);
      const [, name] = context.parentURL?.split(`?${PARAMETER}=`) ?? [];
      if (name === undefined || !isPlantedFolder(resolved.url)) return resolved;
      return { ...resolved, url: `${resolved.url}?${PARAMETER}=${name}` };
    },
    load: (url, context, next) => {
      const [path = '', name] = url.split(`?${PARAMETER}=`);
      return changed(next(url, context), path, instances.get(name ?? '') ?? []);
    },
  });
}

/**
 * A second instance of a module and of everything of the engine below it, with the mistake in it: the module as this
 * process knows it stays as it is.
 */
export async function importPlanted(url: string, name: string, mutations: readonly Mutation[]): Promise<unknown> {
  if (instances.size === 0) hookInstances();
  instances.set(name, mutations);
  return import(`${url}?${PARAMETER}=${name}`);
}
