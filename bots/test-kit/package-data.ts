import { readdirSync, readFileSync } from 'node:fs';
import type { Resource } from '@medplum/fhirtypes';
import { foundResources } from '../../src/packages/found-resources.ts';

/** All resources below a folder of the repository, one a file, as the loader of packages reads them. */
export function readFolder(folder: string): Resource[] {
  const root = new URL(`../../${folder}/`, import.meta.url);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(json|csv)$/.test(name))
    .sort()
    .map((name) => ({ name, bytes: readFileSync(new URL(name, root)) }));
  const { resources, refusals } = foundResources(files);
  if (refusals.length > 0) throw new Error(JSON.stringify(refusals));
  return resources.map(({ resource }) => resource);
}
