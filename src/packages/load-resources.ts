import type { TransactionEntry, WriteResult } from '../interactions/types.ts';
import { FhirError } from '../model/issue.ts';
import type { SearchParameters } from '../search/parameters.ts';
import { addressFaults, entryOf } from './address.ts';
import type { FoundResource } from './found-resources.ts';
import { asHistoric } from './historic-text.ts';
import type { Refusal } from './package-fault.ts';
import { parts, type ReferencesOf } from './parts.ts';
import { addressedForms, type StoredForms, withoutChangedMeaning } from './stored-forms.ts';

export interface Loader extends StoredForms {
  readonly parameters: () => SearchParameters;
  readonly referencesOf: ReferencesOf;
  /** Takes up what stored definitions change. */
  readonly refresh: () => Promise<void>;
}

export interface LoadOptions {
  readonly historic: boolean;
  readonly partMax: number;
  /** Told before each part, counted from 1. */
  readonly progress?: (part: number, of: number, resources: number) => void;
}

export type Outcome = 'created' | 'updated' | 'unchanged';

/** What became of a resource; undefined where its part was refused or never tried. */
export type Counted = { readonly type: string; readonly outcome: Outcome | undefined };

export interface LoadReport {
  readonly counted: readonly Counted[];
  readonly refusals: readonly Refusal[];
  /** Forms that stay as they are stored, and why. */
  readonly warnings: readonly Refusal[];
  readonly parts: number;
  /** Parts that were stored; the first refusal ends the load. */
  readonly partsStored: number;
}

/** Stores resources part by part, each part all or nothing; stops at the first part that is refused. */
export async function loadResources(
  loader: Loader,
  resources: readonly FoundResource[],
  options: LoadOptions,
): Promise<LoadReport> {
  const marked = options.historic ? resources.map(asHistoric) : resources;
  const faults = addressFaults(loader.parameters(), marked);
  const forms = await withoutChangedMeaning(loader, faults.length > 0 ? [] : await addressedForms(loader, marked));
  const all = parts(
    faults.length > 0 ? marked : forms.resources,
    loader.parameters(),
    loader.referencesOf,
    options.partMax,
  );
  const counted: Counted[] = forms.kept.map(() => ({ type: 'Questionnaire', outcome: 'unchanged' }));
  let refusals = faults;
  let partsStored = 0;
  for (const part of all) {
    if (refusals.length > 0) {
      counted.push(...part.map(({ resource }) => ({ type: resource.resourceType, outcome: undefined })));
      continue;
    }
    options.progress?.(partsStored + 1, all.length, part.length);
    const answer = await loadPart(loader, part);
    refusals = answer.refusals;
    counted.push(
      ...part.map(({ resource }, index) => ({ type: resource.resourceType, outcome: answer.outcomes[index] })),
    );
    if (refusals.length === 0) {
      partsStored += 1;
      await loader.refresh();
    }
  }
  return { counted, refusals, warnings: forms.warnings, parts: all.length, partsStored };
}

/** Stores resources in one transaction. */
export async function loadPart(
  { interactions, caller, parameters }: Pick<Loader, 'interactions' | 'caller' | 'parameters'>,
  part: readonly FoundResource[],
): Promise<{ outcomes: readonly (Outcome | undefined)[]; refusals: readonly Refusal[] }> {
  const entries = part.map((found) => required(entryOf(parameters(), found)));
  try {
    const results = await interactions.transaction(caller, entries);
    return { outcomes: results.map((result) => outcomeOf(result as WriteResult | undefined)), refusals: [] };
  } catch (failure) {
    if (failure instanceof FhirError) {
      return { outcomes: [], refusals: refusalsOf(failure, part) };
    }
    throw failure;
  }
}

function required(entry: TransactionEntry | undefined): TransactionEntry {
  if (entry === undefined) {
    throw new Error('a resource without id and canonical url was not refused');
  }
  return entry;
}

function outcomeOf(result: WriteResult | undefined): Outcome {
  return result?.outcome === 'created' || result?.outcome === 'updated' ? result.outcome : 'unchanged';
}

/** Faults of a transaction point at its entries; here they are told as faults of files. */
function refusalsOf({ issues }: FhirError, part: readonly FoundResource[]): readonly Refusal[] {
  return issues.map((issue) => {
    const [, index, inner = ''] =
      /^Bundle\.entry\[(\d+)\](?:\.resource)?(.*)$/s.exec(issue.expression?.[0] ?? '') ?? [];
    const found = index === undefined ? undefined : part[Number(index)];
    if (found === undefined) {
      return { origin: { file: 'the part as a whole', place: '' }, issue };
    }
    const { expression: _whole, ...told } = issue;
    return {
      origin: found.origin,
      issue: inner === '' ? told : { ...told, expression: [`${found.resource.resourceType}${inner}`] },
    };
  });
}
