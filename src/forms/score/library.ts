import type { Library } from '@medplum/fhirtypes';
import { error, FhirError } from '../../model/issue.ts';
import { parseScoreRules } from './read-score-rules.ts';
import type { ScoreRule, ScoreRules } from './rule.ts';
import { parseTable, type ScoreTable } from './table.ts';

/**
 * The rules that a Library holds; undefined for one without a rule file (JSON with a member `scores`: other Libraries may
 * hold JSON of their own).
 *
 * @throws FhirError 422 for a faulty one
 */
export function rulesOf(library: Library): ScoreRules | undefined {
  const text = contentOf(library, 'application/json');
  if (text === undefined || !/"scores"\s*:/.test(text)) return undefined;
  return parseScoreRules(text, library.url ?? library.id ?? 'Library');
}

/** The table that a Library holds. @throws FhirError 422 where it holds none, or a faulty one. */
export function tableOf(library: Library): ScoreTable {
  const name = canonicalOf(library);
  const text = contentOf(library, 'text/csv');
  if (text === undefined)
    throw new FhirError(422, [error('not-found', `The Library ${name} holds no table (text/csv).`)]);
  return parseTable(text, name);
}

/** The tables that rules name, by canonical with version. */
export function tablesOf(rules: readonly ScoreRule[]): readonly string[] {
  return [
    ...new Set(
      rules.flatMap(({ table, aggregate }) => [
        ...(table === undefined ? [] : [table.table]),
        ...(aggregate.kind === 'omeq' ? aggregate.tables : []),
      ]),
    ),
  ];
}

/** Canonical with version. */
export function canonicalOf({ url, version }: Library): string {
  return version === undefined ? (url ?? '') : `${url}|${version}`;
}

function contentOf(library: Library, contentType: string): string | undefined {
  const data = library.content?.find((attachment) => attachment.contentType?.split(';')[0] === contentType)?.data;
  if (data === undefined) return undefined;
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}
