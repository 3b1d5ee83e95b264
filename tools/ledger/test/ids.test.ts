import t from 'tap';
import { findIds } from '../ids.ts';

const KNOWN = ['HS-04', 'SE-98', 'SE-99', 'SE-100', 'SE-102'];

t.test('ids are found wherever they stand, each once', async (t) => {
  t.strictSame(findIds('HS-04 SE-99: what HS-04 says', KNOWN), ['HS-04', 'SE-99']);
  t.strictSame(findIds('`SE-102`, (SE-98)', KNOWN), ['SE-102', 'SE-98']);
});

t.test('findings, key types and longer words are no ids', async (t) => {
  t.strictSame(findIds('F-001 SR-002 XC-001 CLI-004 X-HS-04 HS-04-a UTF-8 SE-1000', KNOWN), []);
});

t.test('a range names what lies in it, and its ends also when they are unknown', async (t) => {
  t.strictSame(findIds('SE-98 to SE-102: every row', KNOWN), ['SE-98', 'SE-99', 'SE-100', 'SE-102']);
  t.strictSame(findIds('SE-90 to SE-99', KNOWN), ['SE-90', 'SE-98', 'SE-99']);
  t.strictSame(findIds('HS-04 to SE-100', KNOWN), ['HS-04', 'SE-100']);
});
