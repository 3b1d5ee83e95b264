import { registerHooks } from 'node:module';
import { type Mutation, mutate, urlOf } from './mutation.ts';

const PARAMETER = 'planted';
/** What a planted instance has of its own; it shares everything else with this process. */
const PLANTED_FOLDERS = ['core/', 'generated/', 'testkit/', 'conformance/src/planted/'];

function isPlantedFolder(url: string): boolean {
  return PLANTED_FOLDERS.some((folder) => url.startsWith(new URL(`../../../${folder}`, import.meta.url).href));
}

function changed(source: unknown, mutation: Mutation): string {
  return mutate(Buffer.from(source as Uint8Array).toString('utf8'), mutation);
}

/** Plants the mistake into everything that this process loads from now on. */
export function plant(mutation: Mutation): void {
  const target = urlOf(mutation);
  registerHooks({
    load: (url, context, next) => {
      const loaded = next(url, context);
      return url === target ? { ...loaded, source: changed(loaded.source, mutation) } : loaded;
    },
  });
}

/** Mutations of instances by their name. */
const instances = new Map<string, Mutation>();

function nameIn(url: string | undefined): string | undefined {
  return url?.includes(`?${PARAMETER}=`) ? (new URL(url).searchParams.get(PARAMETER) ?? undefined) : undefined;
}

/** A module that is imported by an instance belongs to it. */
function hookInstances(): void {
  registerHooks({
    resolve: (specifier, context, next) => {
      const resolved = next(specifier, context);
      const name = nameIn(context.parentURL);
      if (name === undefined || !isPlantedFolder(resolved.url)) return resolved;
      return { ...resolved, url: `${resolved.url}?${PARAMETER}=${name}` };
    },
    load: (url, context, next) => {
      const loaded = next(url, context);
      const mutation = instances.get(nameIn(url) ?? '');
      if (mutation === undefined || !url.startsWith(`${urlOf(mutation)}?`)) return loaded;
      return { ...loaded, source: changed(loaded.source, mutation) };
    },
  });
}

/**
 * A second instance of a module and of everything of the engine below it, with the mistake in it: the module as this
 * process knows it stays as it is.
 */
export async function importPlanted(url: string, name: string, mutation: Mutation): Promise<unknown> {
  if (instances.size === 0) hookInstances();
  instances.set(name, mutation);
  return import(`${url}?${PARAMETER}=${name}`);
}
