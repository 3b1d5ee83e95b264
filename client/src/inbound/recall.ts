import { equal } from '@0k-sync/core/bytes';
import { type HashedEnvelope, judgeAuthentic } from '@0k-sync/core/envelope';
import { Envelope } from '@0k-sync/generated/wire/envelope';
import { pause } from '../async/pause.ts';
import type { Membership } from '../group/membership.ts';
import type { QuarantinedEnvelope, RelayKey } from '../store/types.ts';
import { arrivalOfQuarantined } from './arrival.ts';
import { type AuthenticDeps, findAuthentic } from './authentic.ts';
import type { IntakeBatch } from './intake-batch.ts';
import type { EnvelopeJudge } from './judge.ts';
import { hashedOf } from './stored-envelope.ts';

interface RecallDeps extends AuthenticDeps {
  readonly membership: Membership;
  readonly judge: EnvelopeJudge;
  /** The address of a relay, `host:port`, for events. */
  readonly addressOf: (relay: RelayKey) => string;
}

/** Judges quarantined envelopes again when something new speaks for them. EN-34, CL-12. */
export class Recall {
  readonly #deps: RecallDeps;

  constructor(deps: RecallDeps) {
    this.#deps = deps;
  }

  /** Judges the envelopes again that an authentic one vouches for, from the lowest upwards. EN-34. */
  async before(batch: IntakeBatch, { senderKey, sequence, previous }: HashedEnvelope): Promise<void> {
    const found: { readonly row: QuarantinedEnvelope; readonly hashed: HashedEnvelope }[] = [];
    let [place, hash] = [sequence - 1, previous];
    for (;;) {
      if (batch.countStep()) await pause();
      const row = await this.#deps.store.quarantinedByHash(hash);
      if (row === undefined || !row.unsigned || row.sequence !== place || !equal(row.sender, senderKey)) break;
      if (!batch.noteRecalled(hash)) break;
      const hashed = this.#hashedOf(row);
      found.push({ row, hashed });
      [place, hash] = [place - 1, hashed.previous];
    }
    for (const { row, hashed } of found.reverse()) await this.#judge(batch, row, hashed);
  }

  /** Judges the envelopes of a device again whose record has become known, from the lowest upwards. CL-12. */
  async ofSender(batch: IntakeBatch, sender: Uint8Array): Promise<void> {
    const rows = (await this.#deps.store.quarantinedOf(sender)).map((row) => ({ row, hashed: this.#hashedOf(row) }));
    const authentic = await findAuthentic(
      this.#deps,
      batch,
      rows.map(({ hashed }) => hashed),
    );
    for (const { row, hashed } of rows) {
      if (authentic.has(hashed) && batch.noteRecalled(row.hash)) await this.#judge(batch, row, hashed);
    }
  }

  /** Takes an envelope out of the quarantine, unless it is rejected again: then nothing more recalls it. */
  async #judge(batch: IntakeBatch, row: QuarantinedEnvelope, hashed: HashedEnvelope): Promise<void> {
    const { judge, addressOf } = this.#deps;
    const verdict = await judge.preview(batch, hashed);
    batch.write({ kind: 'unquarantine', hash: row.hash });
    if (verdict === 'rejected') batch.write({ kind: 'quarantine', envelope: { ...row, unsigned: false } });
    else await judge.judge(batch, arrivalOfQuarantined(row, addressOf(row.relay)), hashed, judgeAuthentic);
  }

  #hashedOf({ envelope, hash }: QuarantinedEnvelope): HashedEnvelope {
    const { crypto, membership } = this.#deps;
    return hashedOf(crypto, Envelope.decode(envelope), hash, membership.groupId);
  }
}
