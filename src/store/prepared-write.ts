import type { ChangeGrant } from '../access/change-grant.ts';
import type { Rid } from '../model/rid.ts';
import type { AuditRow } from './audit-row.ts';

/** A posting of token_idx; `h` and `param` as in src/search/keys.ts. */
export interface TokenPosting {
  readonly h: string;
  readonly param: number;
}

export interface RangePosting extends TokenPosting {
  readonly lo: number;
  readonly hi: number;
}

export interface StringPosting extends TokenPosting {
  readonly value: string;
  readonly exact: string;
}

export interface Postings {
  readonly tokens: readonly TokenPosting[];
  readonly ranges: readonly RangePosting[];
  readonly strings: readonly StringPosting[];
}

export const noPostings: Postings = { tokens: [], ranges: [], strings: [] };

/** A resource that must exist, undeleted, when the write commits. */
export interface Target {
  readonly rid: Rid;
  readonly type: string;
  readonly id: string;
  /** Where it is referred to, as FHIRPath. */
  readonly expression: string;
  /** The version that the write was judged by (a Questionnaire's); another version makes the write start again. */
  readonly version?: number;
}

/** Something that a follow bot has to do once the write is committed. */
export interface OutboxEvent {
  readonly bot: string;
  readonly interaction: 'create' | 'update' | 'delete';
  /** ms since 1970: not before. */
  readonly due: number;
}

/** One version of one resource, ready to be stored. */
export interface PreparedWrite {
  readonly rid: Rid;
  readonly type: string;
  readonly id: string;
  /** The id was given by a client: it needs a locator row when version is 1. */
  readonly clientId: boolean;
  /** 1 creates; n > 1 supersedes version n - 1, or the write is in conflict. */
  readonly version: number;
  readonly updated: number;
  readonly deleted: boolean;
  readonly content: string;
  readonly patient: Rid | undefined;
  /** What its access hangs on: see src/interactions/anchor.ts. A tombstone keeps patient and anchor of what was deleted. */
  readonly anchor: Rid | undefined;
  /** On whose word it is done; absent where the caller may do everything. */
  readonly grant?: ChangeGrant | undefined;
  readonly date: number | undefined;
  readonly present: Buffer;
  readonly add: Postings;
  readonly remove: Postings;
  /** The generation of the definitions by which its postings were made: see src/interactions/indexing/custom-parameters.ts. */
  readonly definitions: string;
  readonly targets: readonly Target[];
  readonly events: readonly OutboxEvent[];
  /** The row of the audit that is stored with it. */
  readonly audit?: AuditRow;
}
