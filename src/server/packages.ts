import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Resource } from '@medplum/fhirtypes';
import type { Interactions, TransactionEntry } from '../interactions/types.ts';
import type { Caller } from '../model/caller.ts';
import { FhirError } from '../model/issue.ts';
import { parseJson } from '../model/json/parse.ts';

const ROOT = path.join(import.meta.dirname, '../..');

/** What every server holds: its own definitions, forms and registries. */
export const PRODUCT_FOLDERS = [
  'fhir/extensions',
  'fhir/search-parameters',
  'terminology',
  'questionnaires',
  'fhir/registries',
].map((folder) => path.join(ROOT, folder));
/** The demo's hospitals and their local registries. */
export const DEMO_FOLDER = path.join(ROOT, 'fhir/demo');

/**
 * Loads every resource (one a *.json file, with its id) below some folders, all or none. What has not changed since is
 * left as it is.
 *
 * @throws Error that names the file, for the operator
 */
export async function loadFolders(
  interactions: Interactions,
  caller: Caller,
  folders: readonly string[],
): Promise<number> {
  const files = (await Promise.all(folders.map(jsonFiles))).flat();
  const entries = await Promise.all(files.map(entryOf));
  if (entries.length === 0) {
    return 0;
  }
  try {
    const results = await interactions.transaction(caller, entries);
    return results.filter((result) => result !== undefined && 'outcome' in result && result.outcome !== 'unchanged')
      .length;
  } catch (failure) {
    if (failure instanceof FhirError) {
      throw new Error(
        `A package cannot be loaded:\n${failure.issues.map((issue) => `  ${place(files, issue.expression)} ${issue.diagnostics}`).join('\n')}`,
      );
    }
    throw failure;
  }
}

async function entryOf(file: string): Promise<TransactionEntry> {
  try {
    const { value, text } = parseJson(await readFile(file));
    const resource = value as { resourceType?: string; id?: string };
    if (resource.resourceType === undefined || resource.id === undefined) {
      throw new Error('it holds no resource with resourceType and id');
    }
    return {
      method: 'PUT',
      url: `${resource.resourceType}/${resource.id}`,
      body: { resource: value as unknown as Resource, text },
    };
  } catch (problem) {
    throw new Error(`${file} cannot be loaded: ${(problem as Error).message}`);
  }
}

function place(files: readonly string[], expression: readonly string[] | undefined): string {
  const [, index, inner = ''] = /^Bundle\.entry\[(\d+)\](.*)$/.exec(expression?.[0] ?? '') ?? [];
  return index === undefined
    ? ''
    : `${path.relative(ROOT, files[Number(index)] ?? '')}${inner.replace('.resource.', ' ')}:`;
}

async function jsonFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (problem: NodeJS.ErrnoException) => {
      if (problem.code === 'ENOENT') {
        return [];
      }
      throw problem;
    },
  );
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}
