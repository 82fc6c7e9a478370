import { idOfRid, type Rid, RidAllocator } from '../../src/model/rid.ts';
import { noPostings, type Postings, type PreparedWrite, type Target } from '../../src/store/prepared-write.ts';

const allocator = new RidAllocator(() => Date.now(), Math.random);

/** A rid that no other test of this process has. */
export function newRid(shard = 7): Rid {
  return allocator.next(shard);
}

/** A write as the store takes it: by default the creation of an Observation without a patient. */
export function prepared(fields: Partial<PreparedWrite> = {}): PreparedWrite {
  const rid = fields.rid ?? newRid();
  const type = fields.type ?? 'Observation';
  const version = fields.version ?? 1;
  return {
    rid,
    type,
    id: fields.id ?? idOfRid(rid),
    clientId: fields.id !== undefined,
    version,
    updated: 1_700_000_000_000 + version,
    deleted: false,
    content: fields.deleted ? '' : `{"resourceType":"${type}","meta":{"versionId":"${version}"}}`,
    patient: undefined,
    anchor: undefined,
    date: undefined,
    present: Buffer.alloc(0),
    add: noPostings,
    remove: noPostings,
    definitions: '0',
    targets: [],
    events: [],
    ...fields,
  };
}

/** Postings that tell what they are by their hashes. */
export function postingsOf(...hashes: number[]): Postings {
  return {
    tokens: hashes.map((h) => ({ h: String(h), param: h })),
    ranges: hashes.map((h) => ({ h: String(h), param: h, lo: h, hi: h + 0.5 })),
    strings: hashes.map((h) => ({ h: String(h), param: h, value: `value ${h}`, exact: `Value ${h}` })),
  };
}

/** A reference to what another write makes. */
export function targetOf(write: PreparedWrite, fields: Partial<Target> = {}): Target {
  return { rid: write.rid, type: write.type, id: write.id, expression: 'Observation.focus', ...fields };
}
