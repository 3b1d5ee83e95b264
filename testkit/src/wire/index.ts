export { delimited, field, frameBytes, lengthField, requestIdField, varint } from './forms.ts';
