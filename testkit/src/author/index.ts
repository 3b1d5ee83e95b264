export { Device, type Forgery, Group, itemOf } from './author.ts';
