import type { Extension } from '@medplum/fhirtypes';
import { member, textMember } from '../answers.ts';
import { dialect, sdc } from './addresses.ts';
import { ifFhirPath, needsOf } from './paths.ts';
import type { Place } from './place.ts';
import { whyNotRun } from './runs-here.ts';
import type { Translation, Twin } from './twins.ts';

const VALUES: Readonly<Record<string, string>> = { date: 'valueDate', dateTime: 'valueDateTime', time: 'valueTime' };
/** A date that was written without the @ of FHIRPath, in which it would be a subtraction. */
const BARE_DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * sdf-minvalue and sdf-maxvalue: limits of dates in FHIRPath, in which Refero knows nothing but the day (`today() - 18 years`).
 * In SDC: minValue and maxValue with cqf-expression.
 */
export function dateLimitTwin(name: 'minValue' | 'maxValue', { item }: Place): Twin<Extension> {
  const key = VALUES[item.type ?? ''];
  return {
    isSdc: (extension) => extension.url === sdc[name] && expressionOf(extension) !== undefined,
    isDialect: ({ url }) => url === dialect[name],
    matches: () => true,
    toSdc: (extension) => toSdc(extension, sdc[name], key),
    toDialect: (extension) => toDialect(extension, dialect[name], key),
  };
}

function toSdc({ valueString, ...rest }: Extension, url: string, key: string | undefined): Translation<Extension> {
  const missed = 'any date could be given';
  if (key === undefined || valueString === undefined) return { fault: `limits no date; ${missed}` };
  const expression = BARE_DATE.test(valueString) ? `@${valueString}` : valueString;
  const needs = ifFhirPath(() => needsOf(expression));
  if (needs === undefined || needs.relative || needs.externals.size > 0) {
    return { fault: `is no FHIRPath of dates; ${missed}` };
  }
  const valueExpression = { language: 'text/fhirpath', expression };
  const to = { ...rest, url, [`_${key}`]: { extension: [{ url: sdc.cqfExpression, valueExpression }] } };
  const fault = whyNotRun(to, []);
  return fault === undefined ? { to } : { fault: `can't be run here (${fault}); ${missed}` };
}

function toDialect(extension: Extension, url: string, key: string | undefined): Translation<Extension> {
  const text = expressionOf(extension);
  const missed = 'any value could be given there';
  if (key === undefined || text === undefined)
    return { fault: `limits no date, which is all that Refero can; ${missed}` };
  const needs = ifFhirPath(() => needsOf(text));
  if (needs === undefined || needs.relative || needs.externals.size > 0) {
    return { fault: `depends on other answers, which Refero's date limits can't; ${missed}` };
  }
  return { to: { ...(extension.id !== undefined && { id: extension.id }), url, valueString: text } };
}

/** The expression on the value of an extension; medplum's types know no `_valueDate`. */
function expressionOf(extension: Extension): string | undefined {
  const key = Object.keys(extension).find((name) => name.startsWith('_value'));
  const extensions = key === undefined ? undefined : member(member(extension, key), 'extension');
  const expression = Array.isArray(extensions)
    ? extensions.find((each) => textMember(each, 'url') === sdc.cqfExpression)
    : undefined;
  const value = member(expression, 'valueExpression');
  return textMember(value, 'language') === 'text/fhirpath' ? textMember(value, 'expression') : undefined;
}
