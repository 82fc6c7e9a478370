import type { Questionnaire } from '@medplum/fhirtypes';
import { changesOfMeaning, type Difference } from '../forms/diff/difference.ts';
import type { Interactions } from '../interactions/types.ts';
import type { Caller } from '../model/caller.ts';
import { FhirError, type Issue } from '../model/issue.ts';
import type { FoundResource } from './found-resources.ts';
import type { Refusal } from './package-fault.ts';

/** What forms are compared with. */
export interface StoredForms {
  readonly interactions: Interactions;
  readonly caller: Caller;
  /** Whether responses to this version of a form are stored. */
  readonly hasResponses: (form: Questionnaire) => Promise<boolean>;
}

/** More differences than a person reads at once are only counted. */
const TOLD_MAX = 20;

/**
 * Resources of a package with each form addressed as what it is, a version of its canonical url: as the one that is
 * stored (`stored`, under whatever id); else under the package's id; else, where another version has that id, without an
 * id, so that the server gives one and both can be read. Of the text nothing changes: what stores it puts the id in.
 */
export async function addressedForms(
  forms: StoredForms,
  resources: readonly FoundResource[],
): Promise<readonly FoundResource[]> {
  const taken = new Set<string>();
  const addressed: FoundResource[] = [];
  for (const found of resources) {
    const { resource } = found;
    if (resource.resourceType !== 'Questionnaire' || resource.url === undefined) {
      addressed.push(found);
      continue;
    }
    const stored = await sameVersion(forms, resource);
    if (stored !== undefined) {
      addressed.push({ ...found, resource: { ...resource, id: stored.id }, stored });
    } else if (resource.id !== undefined && (taken.has(resource.id) || (await isStored(forms, resource.id)))) {
      addressed.push({ ...found, resource: { ...resource, id: undefined } });
    } else {
      addressed.push(found);
    }
    if (resource.id !== undefined) taken.add(resource.id);
  }
  return addressed;
}

/**
 * Parts addressed forms from those that may not replace what is stored: another substance under the same version, while
 * responses to it are stored. Those stay as they are, and the operator is told what differs.
 */
export async function withoutChangedMeaning(
  forms: StoredForms,
  resources: readonly FoundResource[],
): Promise<{
  readonly resources: readonly FoundResource[];
  readonly kept: readonly FoundResource[];
  readonly warnings: readonly Refusal[];
}> {
  const kept: FoundResource[] = [];
  const warnings: Refusal[] = [];
  for (const found of resources) {
    const { origin, resource, stored } = found;
    if (resource.resourceType !== 'Questionnaire' || stored === undefined) continue;
    const changes = changesOfMeaning(stored, resource);
    if (changes.length > 0 && (await forms.hasResponses(stored))) {
      kept.push(found);
      warnings.push({ origin, issue: keptIssue(resource, changes) });
    }
  }
  return { resources: resources.filter((found) => !kept.includes(found)), kept, warnings };
}

function keptIssue({ url = '', version }: Questionnaire, changes: readonly Difference[]): Issue {
  const told = changes.slice(0, TOLD_MAX).map(({ linkId, element, kind }) => {
    return `${linkId === undefined ? '' : `item '${linkId}': `}${element} ${kind}`;
  });
  const more = changes.length > TOLD_MAX ? `; and ${changes.length - TOLD_MAX} more` : '';
  const name = version === undefined ? url : `${url}|${version}`;
  return {
    severity: 'warning',
    code: 'business-rule',
    diagnostics: `${name} was not loaded: responses to it are stored, and the form of the package would change what they mean (${told.join('; ')}${more}). The stored form stays. Give the changed form a new version.`,
  };
}

async function sameVersion(
  { interactions, caller }: StoredForms,
  form: Questionnaire,
): Promise<Questionnaire | undefined> {
  const { url = '', version } = form;
  const query = [
    ['url', url] as const,
    version === undefined ? (['version:missing', 'true'] as const) : (['version', version] as const),
  ];
  const { matches } = await interactions.search(caller, 'Questionnaire', query, { lenient: false });
  const same = matches
    .map(({ content }) => JSON.parse(content) as Questionnaire)
    .filter((one) => one.url === url && one.version === version);
  return same.find((one) => one.id === form.id) ?? same[0];
}

async function isStored({ interactions, caller }: StoredForms, id: string): Promise<boolean> {
  try {
    await interactions.read(caller, 'Questionnaire', id);
    return true;
  } catch (problem) {
    if (problem instanceof FhirError && (problem.status === 404 || problem.status === 410)) return false;
    throw problem;
  }
}
