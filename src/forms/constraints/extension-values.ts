import type { Extension, Quantity } from '@medplum/fhirtypes';

/** Where the extensions that limit answers are defined: FHIR core, SDC of any release, and here (softMinValue, softMaxValue). */
const BASE =
  /^(?:http:\/\/hl7\.org\/fhir\/(?:u[sv]\/sdc\/)?|https:\/\/svar\.example\.org\/fhir\/)StructureDefinition\/(?:(?:sdc-)?questionnaire-)?([A-Za-z]+)$/;

/** Extensions that say something about a single answer. */
const OF_ANSWERS = [
  ...['minValue', 'maxValue', 'minQuantity', 'maxQuantity', 'softMinValue', 'softMaxValue'],
  ...['minLength', 'regex', 'entryFormat', 'maxDecimalPlaces', 'mimeType', 'maxSize'],
  ...['unit', 'unitOption', 'unitValueSet', 'unitOpen', 'unitSupplementalSystem'],
  ...['referenceResource', 'referenceProfile'],
] as const;

/** Of an extension's url what tells SDC's and core's extensions apart. */
export type ConstraintName = (typeof OF_ANSWERS)[number] | 'minOccurs' | 'maxOccurs';

/** Extensions of an item by name; made once for all its constraints. */
export type ExtensionsByName = ReadonlyMap<string, readonly Extension[]>;

/** The name of a core, SDC or own extension: `minOccurs` for …/questionnaire-minOccurs. Undefined for others. */
export function nameOfExtension(url: string | undefined): string | undefined {
  return url === undefined ? undefined : BASE.exec(url)?.[1];
}

export function extensionsByName(extensions: readonly Extension[] | undefined): ExtensionsByName {
  const found = new Map<string, Extension[]>();
  for (const extension of extensions ?? []) {
    const name = nameOfExtension(extension.url);
    if (name !== undefined) {
      found.set(name, [...(found.get(name) ?? []), extension]);
    }
  }
  return found;
}

/** Whether any of the extensions limits single answers. */
export function limitsAnswers(extensions: ExtensionsByName): boolean {
  return OF_ANSWERS.some((name) => extensions.has(name));
}

/** A whole number of an extension; undefined where it is absent or holds something else. */
export function integerOf(extensions: ExtensionsByName, name: ConstraintName): number | undefined {
  return extensions.get(name)?.[0]?.valueInteger;
}

/** A limit as a Questionnaire writes it. */
export function boundOf(extensions: ExtensionsByName, name: ConstraintName): number | string | Quantity | undefined {
  const extension = extensions.get(name)?.[0];
  return (
    extension?.valueInteger ??
    extension?.valueDecimal ??
    extension?.valueQuantity ??
    extension?.valueDate ??
    extension?.valueDateTime ??
    extension?.valueTime ??
    extension?.valueInstant
  );
}

/** Whether an item carries an extension of that name with the value true: `hidden`, `retired`, `internal`. */
export function isMarked(extensions: readonly Extension[] | undefined, name: string): boolean {
  return extensions?.some(({ url, valueBoolean }) => valueBoolean === true && nameOfExtension(url) === name) ?? false;
}
