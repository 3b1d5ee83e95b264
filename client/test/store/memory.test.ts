import { deviceStoreContract, storeContract } from '@0k-sync/testkit/contract/store';
import t from 'tap';
import { MemoryStore } from '../../src/store/memory.ts';
import { MemoryDeviceStore } from '../../src/store/memory-device.ts';

storeContract(
  (title, body) => t.test(`memory: ${title}`, body),
  async () => new MemoryStore(),
);

deviceStoreContract(
  (title, body) => t.test(`memory: ${title}`, body),
  async () => new MemoryDeviceStore(),
);
