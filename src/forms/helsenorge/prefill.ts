import type { Extension } from '@medplum/fhirtypes';
import { dialect, sdc } from './addresses.ts';
import { ifFhirPath, needsOf, withHeads } from './paths.ts';
import type { Place } from './place.ts';
import { portable } from './portable-expression.ts';
import { whyNotRun } from './runs-here.ts';
import type { Translation, Twin } from './twins.ts';

/** Declares `%patient` (SDC, launchContext). */
export const PATIENT_CONTEXT: Extension = {
  url: sdc.launchContext,
  extension: [
    {
      url: 'name',
      valueCoding: { system: 'http://hl7.org/fhir/uv/sdc/CodeSystem/launchContext', code: 'patient' },
    },
    { url: 'type', valueCode: 'Patient' },
  ],
};

/** An extension on Patient that Helsenorge makes for its expressions; no patient here has it. */
const AGE = 'sdf-age';
/** What both know while a form is being filled in before it is opened. */
const KNOWN = new Set(['patient']);

/**
 * sdf-fhirpath: a first answer, which Helsenorge finds before the form is opened in a bundle of Patient, RelatedPerson,
 * Practitioner (the GP) and Consent. Only what concerns the patient is known here, as `%patient`.
 */
export function prefillTwin(place: Place): Twin<Extension> {
  return {
    isSdc: ({ url }) => url === sdc.initialExpression,
    isDialect: ({ url }) => url === dialect.fhirPath,
    matches: () => true,
    toSdc,
    toDialect: (extension) => toDialect(extension, place),
  };
}

/** Whether an extension is an initial expression that asks for `%patient`. */
export function asksForPatient({ url, valueExpression }: Extension): boolean {
  const text = url === sdc.initialExpression ? valueExpression?.expression : undefined;
  return text !== undefined && (ifFhirPath(() => needsOf(text).externals.has('patient')) ?? false);
}

function toSdc({ valueString, ...rest }: Extension): Translation<Extension> {
  const missed = 'the answer would not be filled in';
  const expression =
    valueString === undefined
      ? undefined
      : ifFhirPath(() =>
          withHeads(valueString, ({ name, external }) => (!external && name === 'Patient' ? '%patient' : undefined)),
        );
  if (expression === undefined) return { fault: `is no FHIRPath; ${missed}` };
  if (expression.includes(AGE)) {
    return { fault: `asks for the age that Helsenorge adds to the patient; ${missed}` };
  }
  const { externals, relative } = needsOf(expression);
  const unknown = [...externals].find((name) => name !== 'patient');
  if (unknown !== undefined || relative) {
    return { fault: `asks for ${unknown === undefined ? 'more than the patient' : `%${unknown}`}; ${missed}` };
  }
  const to: Extension = {
    ...rest,
    url: sdc.initialExpression,
    valueExpression: { language: 'text/fhirpath', expression },
  };
  const fault = whyNotRun(to, [PATIENT_CONTEXT]);
  return fault === undefined ? { to } : { fault: `can't be run here (${fault}); ${missed}` };
}

function toDialect({ valueExpression, valueString: plain, ...rest }: Extension, place: Place): Translation<Extension> {
  const missed = 'the answer would not be filled in';
  const text = valueExpression?.expression ?? plain;
  if (text === undefined || (valueExpression !== undefined && valueExpression.language !== 'text/fhirpath')) {
    return { fault: `is not in FHIRPath; ${missed}` };
  }
  const expression = portable(text, place, KNOWN);
  if ('fault' in expression) return { fault: `${expression.fault}; ${missed}` };
  const valueString = withHeads(expression.to, ({ name, external, atRoot }) =>
    external && atRoot && name === 'patient' ? 'Patient' : undefined,
  );
  return { to: { ...rest, url: dialect.fhirPath, valueString } };
}
