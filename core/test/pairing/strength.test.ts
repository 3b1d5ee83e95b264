import { PASSPHRASE_STRENGTH_MIN, passphraseStrength } from '@0k-sync/core/pairing';
import t from 'tap';

t.test('PA-23 a passphrase counts what its characters, words and repetitions are worth', async (t) => {
  const strengths = {
    '': 0,
    password1: 203,
    hunter2: 153,
    'open sesame': 250,
    aaaaaaaaaaaaaaaaaaaaaaaa: 47,
    '1212121212121212': 33,
    '1234567890123': 66,
    qwertyuiop123: 253,
    caf\u00e9: 180,
    'cafe\u0301': 180,
    'correct horse battery staple': 560,
    'lamp-otter-quiet-mango': 630,
    k7Qp2mXz4r: 407,
    'zw\u00f6lf \u00c4pfel': 438,
    '\ud83e\udd80': 60,
  };
  for (const [text, strength] of Object.entries(strengths)) t.equal(passphraseStrength(text), strength, text);
  t.equal(PASSPHRASE_STRENGTH_MIN, 400);
});
