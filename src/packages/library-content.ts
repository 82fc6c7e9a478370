import path from 'node:path';
import type { Library } from '@medplum/fhirtypes';
import { error } from '../model/issue.ts';
import type { FoundResource } from './found-resources.ts';
import type { Refusal } from './package-fault.ts';
import type { SourceFile } from './source-files.ts';

/** Libraries with their contents in them, and the names of the files that these came from, which are no resources. */
export interface Filled {
  readonly resources: readonly FoundResource[];
  readonly contents: ReadonlySet<string>;
  readonly refusals: readonly Refusal[];
}

/** A file name, in the Library's own folder: no scheme, no folder. */
const RELATIVE = /^[\w.-]+$/;

/**
 * Puts files that Libraries name by `content.url` into them as `content.data`, so that rules and tables are written and
 * compared as files of their own. The url, which would mean nothing in the store, becomes the title.
 */
export function fillLibraries(resources: readonly FoundResource[], files: readonly SourceFile[]): Filled {
  const byName = new Map(files.map(({ name, bytes }) => [name, bytes]));
  const contents = new Set<string>();
  const refusals: Refusal[] = [];
  const filled = resources.map((found): FoundResource => {
    const { resource, origin } = found;
    if (resource.resourceType !== 'Library' || !Array.isArray(resource.content)) return found;
    let changed = false;
    const content = resource.content.map((attachment, index) => {
      const { url, ...rest } = attachment;
      if (url === undefined || !RELATIVE.test(url)) return attachment;
      const name = path.join(path.dirname(origin.file), url);
      const bytes = byName.get(name);
      if (bytes === undefined) {
        const text = `The file ${url} is not there: it must stand in the folder of its Library.`;
        refusals.push({ origin, issue: error('not-found', text, `Library.content[${index}].url`) });
        return attachment;
      }
      changed = true;
      contents.add(name);
      return { ...rest, title: rest.title ?? url, data: bytes.toString('base64') };
    });
    if (!changed) return found;
    const library: Library = { ...resource, content };
    return { ...found, resource: library, text: JSON.stringify(library) };
  });
  return { resources: filled, contents, refusals };
}
