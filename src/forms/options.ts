import type {
  Coding,
  Extension,
  Questionnaire,
  QuestionnaireItem,
  ValueSet,
  ValueSetExpansionContains,
} from '@medplum/fhirtypes';
import { member, textMember } from './answers.ts';
import { nameOfExtension } from './constraints/extension-values.ts';
import type { FormOption, FormOptions } from './form.ts';

/** Where the weight of an option is found in the wild: SDC 4 itemWeight, R4 ordinalValue (facts of both in use). */
const weightUrls: ReadonlySet<string> = new Set([
  'http://hl7.org/fhir/StructureDefinition/itemWeight',
  'http://hl7.org/fhir/StructureDefinition/ordinalValue',
  'http://hl7.org/fhir/StructureDefinition/questionnaire-ordinalValue',
]);

/** The key of a coding among a question's options. */
export function codingKey(system: string | undefined, code: string | undefined): string {
  return `${system ?? ''}|${code ?? ''}`;
}

/** The key of an option that is not a coding. */
export function valueKey(type: string, value: unknown): string {
  return `${type}=${JSON.stringify(value)}`;
}

/**
 * The permitted answers of a question: its answerOption, or a ValueSet contained in the Questionnaire. Undefined where
 * anything of the type may be answered, and where the value set can't be listed from the form alone (then
 * FormData.valueSets is asked).
 */
export function readOptions(questionnaire: Questionnaire, item: QuestionnaireItem): FormOptions | undefined {
  if (item.answerOption !== undefined) {
    return index(
      item.answerOption.map((option) => {
        const coding = option.valueCoding;
        const exclusive = isExclusive(option.extension) || isExclusive(coding?.extension);
        const weight = weightOf(option.extension) ?? weightOf(coding?.extension);
        const [type, value] = optionValue(option);
        return [optionKey(type, value), { coding, weight, exclusive }] as const;
      }),
    );
  }
  const contained = containedValueSet(questionnaire, item.answerValueSet);
  const codings = contained === undefined ? undefined : codingsOf(contained);
  return codings === undefined ? undefined : optionsOfCodings(codings);
}

/** Options for codings: of a value set that was expanded elsewhere. */
export function optionsOfCodings(codings: readonly Coding[]): FormOptions {
  return index(
    codings.map((coding) => [
      codingKey(coding.system, coding.code),
      { coding, weight: weightOf(coding.extension), exclusive: isExclusive(coding.extension) },
    ]),
  );
}

/** Options for values of any kind, each with the JSON name of its type: `valueCoding`. */
export function optionsOfValues(values: readonly (readonly [key: string, value: unknown])[]): FormOptions {
  return index(
    values.map(([key, value]) => [optionKey(key, value), { coding: asCoding(key, value), exclusive: false }] as const),
  );
}

/**
 * The option that an answer's value is. A coding without system is taken for the option of that code, if only one has it;
 * undefined where the value is none of the options.
 */
export function findOption({ byKey, byCode }: FormOptions, key: string, value: unknown): FormOption | undefined {
  const found = byKey.get(optionKey(key, value));
  if (found !== undefined || key !== 'valueCoding' || textMember(value, 'system') !== undefined) {
    return found;
  }
  const code = textMember(value, 'code');
  return code === undefined ? undefined : byCode.get(code);
}

/** The ValueSet that the Questionnaire contains and a `#id` names. */
export function containedValueSet(questionnaire: Questionnaire, canonical: string | undefined): ValueSet | undefined {
  const id = canonical?.startsWith('#') ? canonical.slice(1) : undefined;
  return questionnaire.contained?.find(
    (resource): resource is ValueSet => id !== undefined && resource.resourceType === 'ValueSet' && resource.id === id,
  );
}

/** The JSON name of an option's value and the value. */
export function optionValue(option: NonNullable<QuestionnaireItem['answerOption']>[number]): [string, unknown] {
  if (option.valueCoding !== undefined) return ['valueCoding', option.valueCoding];
  if (option.valueInteger !== undefined) return ['valueInteger', option.valueInteger];
  if (option.valueDate !== undefined) return ['valueDate', option.valueDate];
  if (option.valueTime !== undefined) return ['valueTime', option.valueTime];
  if (option.valueString !== undefined) return ['valueString', option.valueString];
  return ['valueReference', option.valueReference];
}

/** What makes two values the same option. */
export function optionKey(key: string, value: unknown): string {
  if (key === 'valueCoding') {
    return codingKey(textMember(value, 'system'), textMember(value, 'code'));
  }
  return valueKey(key, key === 'valueReference' ? member(value, 'reference') : value);
}

function index(entries: readonly (readonly [string, FormOption])[]): FormOptions {
  const byCode = new Map<string, FormOption>();
  const ambiguous = new Set<string>();
  for (const [, option] of entries) {
    const code = option.coding?.code;
    if (code === undefined) continue;
    if (byCode.has(code)) ambiguous.add(code);
    byCode.set(code, option);
  }
  for (const code of ambiguous) byCode.delete(code);
  return { byKey: new Map(entries), byCode };
}

function asCoding(key: string, value: unknown): Coding | undefined {
  return key === 'valueCoding' && typeof value === 'object' && value !== null ? (value as Coding) : undefined;
}

/**
 * The codings that a value set lists itself, undefined where it does not. What it is defined by counts, and its expansion
 * too, which may be all there is, and may be where the weights are.
 */
export function codingsOf({ expansion, compose }: ValueSet): readonly Coding[] | undefined {
  const expanded = expansion && listed(expansion.contains ?? []);
  const defined = definedCodings(compose);
  if (expanded === undefined || defined === undefined) {
    return expanded ?? defined;
  }
  const known = new Set(expanded.map(({ system, code }) => codingKey(system, code)));
  return [...expanded, ...defined.filter(({ system, code }) => !known.has(codingKey(system, code)))];
}

function definedCodings(compose: ValueSet['compose']): readonly Coding[] | undefined {
  const include = compose?.include ?? [];
  const plain = include.every(
    (part) => part.concept !== undefined && part.filter === undefined && part.valueSet === undefined,
  );
  if (include.length === 0 || !plain || (compose?.exclude?.length ?? 0) > 0) {
    return undefined;
  }
  return include.flatMap((part) =>
    (part.concept ?? []).map(({ code, display, extension }) => ({ system: part.system, code, display, extension })),
  );
}

/** An expansion's codes, nested ones too; abstract ones are there to find one's way only. */
function listed(contains: readonly ValueSetExpansionContains[]): Coding[] {
  return contains.flatMap(({ system, code, display, extension, abstract, contains: inner }) => [
    ...(code === undefined || abstract === true ? [] : [{ system, code, display, extension }]),
    ...listed(inner ?? []),
  ]);
}

/** The weight that extensions give to what they stand on. */
export function weightOf(extensions: readonly Extension[] | undefined): number | undefined {
  const extension = extensions?.find((candidate) => candidate.url !== undefined && weightUrls.has(candidate.url));
  return extension?.valueDecimal ?? extension?.valueInteger;
}

function isExclusive(extensions: readonly Extension[] | undefined): boolean {
  return (
    extensions?.some((each) => nameOfExtension(each.url) === 'optionExclusive' && each.valueBoolean === true) ?? false
  );
}
