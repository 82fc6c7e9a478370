import { readdirSync, readFileSync } from 'node:fs';
import type { Resource } from '@medplum/fhirtypes';

/** All resources below a folder of the repository, one a file; rule files are the content of resources. */
export function readFolder(folder: string): Resource[] {
  const root = new URL(`../../${folder}/`, import.meta.url);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json') && !name.endsWith('.rules.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(new URL(name, root), 'utf8')) as Resource);
}
