import { readFileSync } from 'node:fs';

/** From package.json: one version for all packages. */
export const VERSION: string = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;
