import type { Coding, Extension, Questionnaire, QuestionnaireItem, ValueSet } from '@medplum/fhirtypes';
import type { FormOption, FormOptions } from './form.ts';

/** Where the weight of an option is found in the wild: SDC 4 itemWeight, R4 ordinalValue (facts of both in use). */
const weightUrls: ReadonlySet<string> = new Set([
  'http://hl7.org/fhir/StructureDefinition/itemWeight',
  'http://hl7.org/fhir/StructureDefinition/ordinalValue',
]);
const exclusiveUrl = 'http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive';

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
 * anything of the type may be answered, and where the value set is outside (then the terminology service is asked).
 */
export function readOptions(questionnaire: Questionnaire, item: QuestionnaireItem): FormOptions | undefined {
  if (item.answerOption !== undefined) {
    return index(
      item.answerOption.map((option) => {
        const coding = option.valueCoding;
        const exclusive = option.extension?.some((e) => e.url === exclusiveUrl && e.valueBoolean === true) ?? false;
        const weight = weightOf(option.extension) ?? weightOf(coding?.extension);
        const key = coding !== undefined ? codingKey(coding.system, coding.code) : valueKey(...plainValue(option));
        return [key, { coding, weight, exclusive }] as const;
      }),
    );
  }
  if (item.answerValueSet?.startsWith('#')) {
    const id = item.answerValueSet.slice(1);
    const valueSet = questionnaire.contained?.find(
      (resource): resource is ValueSet => resource.resourceType === 'ValueSet' && resource.id === id,
    );
    const codings = valueSet === undefined ? undefined : codingsOf(valueSet);
    return codings === undefined
      ? undefined
      : index(
          codings.map((coding) => [
            codingKey(coding.system, coding.code),
            { coding, weight: weightOf(coding.extension), exclusive: false },
          ]),
        );
  }
  return undefined;
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

function plainValue(option: NonNullable<QuestionnaireItem['answerOption']>[number]): [string, unknown] {
  if (option.valueInteger !== undefined) return ['valueInteger', option.valueInteger];
  if (option.valueDate !== undefined) return ['valueDate', option.valueDate];
  if (option.valueTime !== undefined) return ['valueTime', option.valueTime];
  if (option.valueString !== undefined) return ['valueString', option.valueString];
  return ['valueReference', option.valueReference?.reference];
}

/** Undefined where the value set can't be listed from its own content. */
function codingsOf(valueSet: ValueSet): readonly Coding[] | undefined {
  if (valueSet.expansion !== undefined) {
    return (valueSet.expansion.contains ?? []).map(({ system, code, extension }) => ({ system, code, extension }));
  }
  const include = valueSet.compose?.include ?? [];
  if (include.some((part) => part.concept === undefined || part.filter !== undefined)) {
    return undefined;
  }
  return include.flatMap((part) =>
    (part.concept ?? []).map(({ code, extension }) => ({ system: part.system, code, extension })),
  );
}

function weightOf(extensions: readonly Extension[] | undefined): number | undefined {
  const extension = extensions?.find((candidate) => candidate.url !== undefined && weightUrls.has(candidate.url));
  return extension?.valueDecimal ?? extension?.valueInteger;
}
