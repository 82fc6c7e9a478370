import type { Library, Questionnaire } from '@medplum/fhirtypes';
import { libraryExtensionUrl } from './names.ts';
import { bare } from './protocol.ts';

/**
 * The Library with the rules by which a form is scored: the one that it names by `cqf-library`, else one that depends on
 * the form; of several versions the one that was stored last. Undefined where there is none.
 */
export function scoreLibrary(questionnaire: Questionnaire, libraries: readonly Library[]): Library | undefined {
  const named = questionnaire.extension?.find(({ url }) => url === libraryExtensionUrl)?.valueCanonical;
  const [url, version] = named?.split('|') ?? [];
  const found = libraries.filter(
    (library) =>
      holdsRules(library) &&
      (named === undefined
        ? library.relatedArtifact?.some(
            ({ type, resource }) => type === 'depends-on' && bare(resource ?? '') === questionnaire.url,
          )
        : library.url === url && (version === undefined || library.version === version)),
  );
  return found.toSorted((a, b) => (a.meta?.lastUpdated ?? '').localeCompare(b.meta?.lastUpdated ?? '')).at(-1);
}

function holdsRules({ status, content }: Library): boolean {
  return status === 'active' && (content ?? []).some(({ contentType }) => contentType === 'application/json');
}
