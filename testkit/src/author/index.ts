export { Device, type Forgery, Group, itemOf, type MessageFields } from './author.ts';
export { type Place, placeOf } from './place.ts';
