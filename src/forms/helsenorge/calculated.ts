import type { Extension } from '@medplum/fhirtypes';
import { dialect, itemControl, sdc } from './addresses.ts';
import { divides, fromResponseToItem, ifFhirPath, needsOf } from './paths.ts';
import type { Place } from './place.ts';
import { portable } from './portable-expression.ts';
import { whyNotRun } from './runs-here.ts';
import { isScore } from './score-codes.ts';
import type { Translation, Twin } from './twins.ts';

/** Names with % that are known here and, of late, in Refero. */
const KNOWN = new Set(['resource', 'questionnaire', 'ucum']);
const DATA_RECEIVER = 'data-receiver';

/**
 * sdf-calculatedExpression, and the copy of another answer in a data-receiver (cqf-expression on the item): both are
 * calculated answers in SDC. Refero rounds for whole numbers (FhirPathExtensions.ts), so a division is rounded here too.
 */
export function calculatedTwin(place: Place): Twin<Extension> {
  return {
    isSdc: ({ url }) => url === sdc.calculatedExpression,
    isDialect: ({ url }) => url === dialect.calculatedExpression || url === dialect.copy,
    matches: () => true,
    toSdc: (extension) => toSdc(extension, place),
    toDialect: (extension) => toDialect(extension, place),
  };
}

function toSdc({ valueString, valueExpression, ...rest }: Extension, { item }: Place): Translation<Extension> {
  const text = valueString ?? valueExpression?.expression;
  const translated = text === undefined ? undefined : ifFhirPath(() => fromResponseToItem(text));
  if (translated === undefined) return { fault: 'is no FHIRPath; the answer would not be calculated' };
  const unknown = [...needsOf(translated).externals].find((name) => !KNOWN.has(name));
  if (unknown !== undefined) {
    return { fault: `uses %${unknown}, which is not known here; the answer would not be calculated` };
  }
  const expression = item.type === 'integer' && divides(translated) ? `(${translated}).round(0)` : translated;
  const to: Extension = {
    ...rest,
    url: sdc.calculatedExpression,
    valueExpression: { language: 'text/fhirpath', expression },
  };
  const fault = whyNotRun(to, []);
  return fault === undefined ? { to } : { fault: `can't be run here (${fault}); the answer would not be calculated` };
}

function toDialect({ valueExpression, valueString, ...rest }: Extension, place: Place): Translation<Extension> {
  if (isScore(place.item)) return { fault: 'is said by the score codes' };
  const text = valueExpression?.expression ?? valueString;
  if (text === undefined || (valueExpression !== undefined && valueExpression.language !== 'text/fhirpath')) {
    return { fault: 'is not in FHIRPath; the answer would not be calculated' };
  }
  const expression = portable(text, place, KNOWN);
  if ('fault' in expression) return { fault: `${expression.fault}; the answer would not be calculated` };
  const url = isDataReceiver(place) ? dialect.copy : dialect.calculatedExpression;
  return { to: { ...rest, url, valueString: expression.to } };
}

function isDataReceiver({ item }: Place): boolean {
  const codings = (item.extension ?? []).flatMap(({ url, valueCodeableConcept }) =>
    url === sdc.itemControl ? (valueCodeableConcept?.coding ?? []) : [],
  );
  return codings.some(({ system, code }) => system === itemControl.dialect && code === DATA_RECEIVER);
}
