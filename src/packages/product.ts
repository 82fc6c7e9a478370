import { stat } from 'node:fs/promises';
import path from 'node:path';
import { addressFaults } from './address.ts';
import { foundResources } from './found-resources.ts';
import { withoutOlderLibraries } from './kept-libraries.ts';
import { withoutConfigured } from './kept-settings.ts';
import { withKeptWording } from './kept-wording.ts';
import { type Loader, loadPart } from './load-resources.ts';
import { refusalLine } from './package-fault.ts';
import { refusalLines } from './report.ts';
import { sourceFiles } from './source-files.ts';
import { addressedForms, withoutChangedMeaning } from './stored-forms.ts';

const ROOT = path.join(import.meta.dirname, '../..');

/** What every server holds: its own definitions, forms, registries and policies. */
const PRODUCT_FOLDERS = [
  'fhir/extensions',
  'fhir/operations',
  'fhir/search-parameters',
  'terminology',
  'questionnaires',
  'fhir/registries',
  'fhir/policies',
].map((folder) => path.join(ROOT, folder));
/** The demo's hospitals and their local registries. */
const DEMO_FOLDER = path.join(ROOT, 'fhir/demo');
/** The demo's staff and their roles. */
const DEMO_PEOPLE_FOLDER = path.join(ROOT, 'fhir/demo-people');

/**
 * Loads what every server holds, the demo's hospitals and, but in production, the demo's staff. What has not changed since
 * is left as it is, and so are licensed words that were loaded into forms, a Library of which a later version stands here,
 * a study that is marked as configured, and a form that may not be changed any more: of that the operator is told by `warn`.
 *
 * @throws Error that names file and fault, for the operator
 */
export async function loadProduct(
  loader: Omit<Loader, 'referencesOf'>,
  warn: (text: string) => void,
  { production = false }: { readonly production?: boolean } = {},
): Promise<void> {
  await loadFolders(loader, PRODUCT_FOLDERS, warn);
  await loader.refresh();
  await loadFolders(loader, production ? [DEMO_FOLDER] : [DEMO_FOLDER, DEMO_PEOPLE_FOLDER], warn);
}

/** Loads what some folders hold, all or nothing. */
async function loadFolders(
  loader: Omit<Loader, 'referencesOf'>,
  folders: readonly string[],
  warn: (text: string) => void,
): Promise<void> {
  const files = await Promise.all(
    folders.map(async (folder) => {
      const there = await stat(folder).catch(() => undefined);
      const files = there === undefined ? [] : await sourceFiles(folder);
      return files.map(({ name, bytes }) => ({ name: path.relative(ROOT, path.join(folder, name)), bytes }));
    }),
  );
  const { resources: found, refusals } = foundResources(files.flat());
  const newer = await withoutConfigured(loader, await withoutOlderLibraries(loader, found));
  const forms = (await addressedForms(loader, newer)).map(withKeptWording);
  const { resources, warnings } = await withoutChangedMeaning(loader, forms);
  for (const warning of warnings) warn(refusalLine(warning));
  const faults = [...refusals, ...addressFaults(loader.parameters(), resources)];
  const refused = faults.length > 0 ? faults : (await loadPart(loader, resources)).refusals;
  if (refused.length > 0) {
    throw new Error(`The product's own package cannot be loaded:\n${refusalLines(refused).join('\n')}`);
  }
}
