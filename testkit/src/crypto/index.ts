export { crypto, random } from './provider.ts';
