import type { Questionnaire } from '@medplum/fhirtypes';
import { bare } from '../../registry/protocol.ts';

/** A search by which a form asks for other answers, with every version of the forms that it names. */
export function inEveryVersion(query: string, known: readonly Pick<Questionnaire, 'url' | 'version'>[]): string {
  const [type, text] = query.split('?');
  const parameters = new URLSearchParams(text);
  const forms = parameters.get('questionnaire');
  if (type !== 'QuestionnaireResponse' || forms === null) return query;
  parameters.set('questionnaire', everyVersion(forms.split(','), known));
  return `${type}?${parameters}`;
}

/**
 * The value by which answers to forms are searched, whichever version they answer: each address with and without its
 * versions. R4 wants servers to look past the version (search.html#versions); Medplum's compares the whole text.
 *
 * @param forms canonicals, with or without a version
 * @param known the versions that there are, of these forms and others
 */
export function everyVersion(
  forms: readonly string[],
  known: readonly Pick<Questionnaire, 'url' | 'version'>[],
): string {
  const addresses = new Set(forms.map(bare));
  const versions = known.flatMap(({ url = '', version }) =>
    addresses.has(url) && version !== undefined ? `${url}|${version}` : [],
  );
  return [...new Set([...addresses, ...forms, ...versions])].join(',');
}
