import t from 'tap';
import { CalmCollector } from '../../src/memory/calm-collector.ts';

const MB = 1024 * 1024;

function thread() {
  const state = { used: 20 * MB, share: 0, collected: 0 };
  const collector = new CalmCollector({
    usedBytes: () => state.used,
    share: () => state.share,
    collect: () => {
      state.collected += 1;
      state.used = 20 * MB;
    },
  });
  collector.look();
  return { state, collector };
}

t.test('RL-78 a thread that has calmed gives back what a flood left behind, once', async (t) => {
  const { state, collector } = thread();
  t.equal(state.collected, 1);
  state.used = 80 * MB;
  state.share = 0.5;
  collector.look();
  t.equal(state.collected, 1, 'it works');
  state.share = 0.01;
  collector.look();
  collector.look();
  t.equal(state.collected, 2);
});

t.test('RL-78 a little garbage is not worth a collection', async (t) => {
  const { state, collector } = thread();
  state.used += 3 * MB;
  collector.look();
  t.equal(state.collected, 1);
});
