export { Device, type Forgery, Group, itemOf, type MessageFields } from './author.ts';
