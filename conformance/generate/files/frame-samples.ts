import { Bytes, evaluate, fromJson, toJson, toText, type Value } from '../../src/faults/evaluate.ts';
import type { Tables } from '../../src/faults/tables.ts';
import { hex, labelled } from '../kit/labelled.ts';
import type { JsonObject } from '../model.ts';
import { atRow, type Names, scopeAlone } from '../rows.ts';

/** A good frame, used by encode and decode alike. */
export interface Sample {
  readonly slug: string;
  readonly from: 'client' | 'relay';
  readonly frame: JsonObject;
}

const ID = 'frames/sample';
/** Every value is labelled by the sample: encode and decode share it. */
const bytes = (name: string, length: number) => new Bytes(hex(labelled(ID, name, length)));

const names: Names = {
  envelope: (_, name = null, cursor, receivedAt) => envelope(toText(name), cursor, receivedAt),
  stub: (_, name = null) => stub(toText(name)),
  record: (_, name = null) => ({
    body: bytes(`${toText(name)}/body`, 90),
    device_signature: bytes(`${toText(name)}/device_signature`, 64),
    auth_signature: bytes(`${toText(name)}/auth_signature`, 64),
  }),
  segment: () => ({
    after: '4',
    removed_through: '5',
    envelopes: [envelope('segment/0', '6', '1770000000000'), envelope('segment/1', '7', '1770000000001')],
    next: '7',
    head: '9',
  }),
  limits: () =>
    fromJson({
      frame_bytes_max: 1_048_576,
      ciphertext_bytes_max: 262_160,
      requests_in_flight_max: 256,
      push_items_max: 256,
      page_bytes_max: 524_288,
      credit_bytes_max: 4_194_304,
    }),
};

function stub(name: string): Value {
  return {
    header: bytes(`${name}/header`, 147),
    body_hash: bytes(`${name}/body_hash`, 32),
    signature: bytes(`${name}/signature`, 64),
  };
}

function envelope(name: string, cursor?: Value, receivedAt?: Value): Value {
  return {
    header: bytes(`${name}/header`, 147),
    nonce: bytes(`${name}/nonce`, 24),
    ciphertext: bytes(`${name}/ciphertext`, 272),
    signature: bytes(`${name}/signature`, 64),
    ...(cursor !== undefined && { cursor }),
    ...(receivedAt !== undefined && { received_at_ms: receivedAt }),
  };
}

/** The samples of the tables. Throws DefectiveTables. */
export function samplesOf({ samples }: Tables): readonly Sample[] {
  const scope = scopeAlone(ID, names);
  return samples.map((row) =>
    atRow(row, () => ({ slug: row.slug, from: row.from, frame: toJson(evaluate(row.frame, scope)) as JsonObject })),
  );
}
