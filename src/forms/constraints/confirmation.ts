import type { Extension } from '@medplum/fhirtypes';

/**
 * On an answer, an item or a response: the person saw the warning and confirmed that it is right all the same. Holds the
 * rule (a code of CodeSystem response-rule) and, for a constraint of the form, its key.
 */
export const confirmationUrl = 'https://svar.example.org/fhir/StructureDefinition/confirmed-warning';

/** Whether an element says that a warning was confirmed; it is not told again then. */
export function isConfirmed(element: { readonly extension?: Extension[] }, rule: string, key?: string): boolean {
  return (
    element.extension?.some(
      ({ url, extension }) =>
        url === confirmationUrl &&
        extension?.some((part) => part.url === 'rule' && part.valueCode === rule) === true &&
        (key === undefined || extension.some((part) => part.url === 'key' && part.valueString === key)),
    ) === true
  );
}

/** The extension that records a confirmation. */
export function confirmation(rule: string, key?: string): Extension {
  return {
    url: confirmationUrl,
    extension: [{ url: 'rule', valueCode: rule }, ...(key === undefined ? [] : [{ url: 'key', valueString: key }])],
  };
}
