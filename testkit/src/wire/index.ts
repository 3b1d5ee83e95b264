export type { Body, Case, Value } from './body.ts';
export { delimited, field, frameBytes, lengthField, requestIdField, varint } from './forms.ts';
