import type { Note } from './model.ts';
import { cryptoNotes } from './notes/crypto.ts';
import { envelopeNotes } from './notes/envelope.ts';
import { pairingNotes } from './notes/pairing.ts';
import { wireNotes } from './notes/wire.ts';
import type { Written } from './notes/written.ts';

const notes: Written = { ...wireNotes, ...cryptoNotes, ...envelopeNotes, ...pairingNotes };

export function noteOf(flag: string): Note {
  const note = notes[flag];
  if (note === undefined) throw new RangeError(`the flag ${flag} has no note`);
  const [bug, effect, links] = note;
  return { bug, effect, links };
}

export const noteNames: readonly string[] = Object.keys(notes);
