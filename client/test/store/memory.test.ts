import { storeContract } from '@0k-sync/testkit/contract/store';
import t from 'tap';
import { MemoryStore } from '../../src/store/memory.ts';

storeContract(
  (title, body) => t.test(`memory: ${title}`, body),
  async () => new MemoryStore(),
);
