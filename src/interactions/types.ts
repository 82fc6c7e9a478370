import type { Meta, QuestionnaireResponse, Resource } from '@medplum/fhirtypes';
import type { FormData } from '../forms/expressions/data.ts';
import type { Form } from '../forms/form.ts';
import type { Caller } from '../model/caller.ts';
import type { Issue } from '../model/issue.ts';
import type { StoredVersion } from '../model/stored.ts';
import type { Query } from '../search/query/nodes.ts';
import type { SearchPage } from '../search/query/run.ts';
import type { FormDataWish } from './form-data.ts';

export type { Query };

/** A resource as it arrived: the parsed value, and the text that will be stored (id, meta and references are spliced in). */
export interface ResourceText {
  readonly resource: Resource;
  readonly text: string;
}

/** The version that a write is made for; `*` is any, so long as there is one. */
export type IfMatch = number | '*';

export interface WriteResult {
  readonly stored: StoredVersion;
  readonly outcome: 'created' | 'updated' | 'unchanged' | 'deleted';
  /** Faults that did not stop the write (severity warning or information). */
  readonly warnings: readonly Issue[];
}

/**
 * A page of a search or of $everything. `next` and `previous` are opaque, signed page tokens, absent at either end; `used`
 * are the parameters for the self link, those left out that were ignored under lenient handling; `notices` tell what was
 * ignored or limited, for an OperationOutcome entry with search.mode `outcome`.
 */
export type Page = SearchPage;

export interface HistoryEntry extends StoredVersion {
  readonly method: 'POST' | 'PUT' | 'DELETE';
}

export interface HistoryPage {
  readonly entries: readonly HistoryEntry[];
  readonly total?: number;
  readonly next?: string;
}

export type TransactionEntry =
  | { method: 'GET'; url: string; lenient?: boolean }
  | { method: 'POST'; url: string; fullUrl?: string; body: ResourceText; ifNoneExist?: Query }
  | { method: 'PUT'; url: string; fullUrl?: string; body: ResourceText; ifMatch?: IfMatch; ifNoneMatch?: '*' }
  | { method: 'PATCH'; url: string; patch: readonly unknown[]; ifMatch?: IfMatch }
  | { method: 'DELETE'; url: string; ifMatch?: IfMatch };

/** What the REST face asks for; every refusal is a FhirError. */
export interface Interactions {
  /** 404 if it never was (or may not be seen), 410 if deleted. */
  read(caller: Caller, type: string, id: string): Promise<StoredVersion>;
  vread(caller: Caller, type: string, id: string, version: number): Promise<StoredVersion>;
  history(caller: Caller, scope: { type?: string; id?: string }, query: Query): Promise<HistoryPage>;
  /** Type search, or system search with _type where `type` is undefined. */
  search(caller: Caller, type: string | undefined, query: Query, options: { lenient: boolean }): Promise<Page>;
  create(caller: Caller, type: string, body: ResourceText, options: { ifNoneExist?: Query }): Promise<WriteResult>;
  /** Create by PUT included. `ifNoneMatch: '*'` refuses (412) where the resource exists. */
  update(
    caller: Caller,
    type: string,
    target: { id: string } | { criteria: Query },
    body: ResourceText,
    options: { ifMatch?: IfMatch; ifNoneMatch?: '*' },
  ): Promise<WriteResult>;
  /** RFC 6902 operations, already parsed from JSON. */
  patch(
    caller: Caller,
    type: string,
    target: { id: string } | { criteria: Query },
    operations: readonly unknown[],
    options: { ifMatch?: IfMatch },
  ): Promise<WriteResult>;
  /** Undefined where there was nothing to delete. */
  delete(
    caller: Caller,
    type: string,
    target: { id: string } | { criteria: Query },
    options: { ifMatch?: IfMatch },
  ): Promise<WriteResult | undefined>;
  /** All or nothing; results in the order of the entries. A GET entry answers a read version or a page. */
  transaction(
    caller: Caller,
    entries: readonly TransactionEntry[],
  ): Promise<readonly (WriteResult | StoredVersion | Page | undefined)[]>;
  /** What is wrong with a resource, without storing it; empty means valid. */
  validate(
    caller: Caller,
    body: ResourceText,
    options: { profile?: string; mode?: 'create' | 'update' | 'delete' },
  ): Promise<readonly Issue[]>;
  /** Patient/$everything, by page. */
  everything(caller: Caller, patientId: string, query: Query): Promise<Page>;
  /** Profiles, security labels and tags in use in a type, or in the system where `type` is undefined; each once. */
  labels(caller: Caller, type: string | undefined): Promise<Meta>;
  /** What a form is evaluated with for a response, fetched as the caller may read it: queries, value sets, contexts. */
  formData(caller: Caller, form: Form, response: QuestionnaireResponse, wish?: FormDataWish): Promise<FormData>;
}
