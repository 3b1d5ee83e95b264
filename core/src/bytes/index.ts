export { concat, equal, u32, u64, utf8, wipe } from './bytes.ts';
export { fromHex, toHex } from './hex.ts';
export { readKey } from './key.ts';
export { Slab } from './slab.ts';
export { readZBase32, zBase32 } from './z-base-32.ts';
