import { control, expect } from './expect.ts';

/** The party under attack, as an honest party sees it. */
export interface Victim {
  /** Does what it must for who attacks nobody. */
  serves(when: 'before' | 'after'): Promise<void>;
  /** The state that an attack may not change, as one text. */
  state(): Promise<string>;
}

/**
 * Control, attack, verdict, control: the victim serves, `attack` is carried out and judges what becomes of it, nothing
 * has changed, and the victim serves again.
 */
export async function attacked(victim: Victim, attack: () => Promise<void>): Promise<void> {
  await victim.serves('before');
  const before = await control('the state before', () => victim.state());
  await attack();
  expect('the state, after the attack', await victim.state(), before);
  await victim.serves('after');
}
