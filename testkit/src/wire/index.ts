export type { Body, Case, Value } from './body.ts';
export { describe } from './describe.ts';
export { delimited, field, frameBytes, lengthField, requestIdField, varint } from './forms.ts';
export { beginnings, byteByByte, type Cut, flip, inPieces, whole } from './mutations.ts';
