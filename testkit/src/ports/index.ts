export { freeTcpPort, freeUdpPort } from './ports.ts';
