import type {
  Coding,
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';

/** What the joint ePROM service carries: flat and nearly untyped, keyed by the names of fields. */
export type FormData = Readonly<Record<string, unknown>>;

export interface ReadAnswers {
  readonly item: QuestionnaireResponseItem[];
  /** Fields that were not understood, by name, and why; never their values. */
  readonly warnings: readonly string[];
}

/**
 * Answers as items of a form. A field is named as the item (linkId); of an item with several answers each option is a
 * field of its own, named by its code (the registries' columns). `null` and an empty text are no answer.
 */
export function answersOf(form: Questionnaire, data: FormData): ReadAnswers {
  const left = new Set(Object.keys(data));
  const warnings: string[] = [];
  const take = (name: string): unknown => {
    left.delete(name);
    const value = data[name];
    return value === null || value === '' ? undefined : value;
  };
  const read = (items: readonly QuestionnaireItem[]): QuestionnaireResponseItem[] =>
    items.flatMap((item): QuestionnaireResponseItem[] => {
      const answer = item.type === 'group' || item.type === 'display' ? [] : answerOf(item, take, warnings);
      const below = read(item.item ?? []);
      if (answer.length === 0 && below.length === 0) return [];
      if (item.type === 'group') return [{ linkId: item.linkId, item: below }];
      const [first, ...more] = answer;
      if (first === undefined) return [];
      return [{ linkId: item.linkId, answer: [below.length === 0 ? first : { ...first, item: below }, ...more] }];
    });
  const item = read(form.item ?? []);
  return { item, warnings: [...warnings, ...[...left].map((name) => `${name}: the form has no such field`)] };
}

function answerOf(
  item: QuestionnaireItem,
  take: (name: string) => unknown,
  warnings: string[],
): QuestionnaireResponseItemAnswer[] {
  if (item.repeats === true && item.answerOption !== undefined) {
    return item.answerOption.flatMap(({ valueCoding }) => {
      const ticked = valueCoding?.code === undefined ? undefined : take(valueCoding.code);
      return isTicked(ticked) && valueCoding !== undefined ? [{ valueCoding: codeOf(valueCoding) }] : [];
    });
  }
  const value = take(item.linkId);
  if (value === undefined) return [];
  const answer = typed(item, value);
  if (answer === undefined) warnings.push(`${item.linkId}: is no answer to this question`);
  return answer === undefined ? [] : [answer];
}

function isTicked(value: unknown): boolean {
  return value === true || value === 1 || value === '1' || value === 'true';
}

function typed(item: QuestionnaireItem, value: unknown): QuestionnaireResponseItemAnswer | undefined {
  const said =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
  if (said === undefined) return undefined;
  switch (item.type) {
    case 'choice':
    case 'open-choice': {
      const option = item.answerOption?.find(({ valueCoding }) => valueCoding?.code === said)?.valueCoding;
      return option === undefined ? undefined : { valueCoding: codeOf(option) };
    }
    case 'boolean':
      return said === 'false' || said === '0'
        ? { valueBoolean: false }
        : isTicked(value)
          ? { valueBoolean: true }
          : undefined;
    case 'integer':
      return /^-?\d+$/.test(said) ? { valueInteger: Number(said) } : undefined;
    case 'decimal':
      return /^-?\d+(\.\d+)?$/.test(said) ? { valueDecimal: Number(said) } : undefined;
    case 'date':
      return /^\d{4}-\d\d-\d\d/.test(said) ? { valueDate: said.slice(0, 10) } : undefined;
    case 'dateTime':
      return Number.isNaN(Date.parse(said)) ? undefined : { valueDateTime: new Date(said).toISOString() };
    case 'string':
    case 'text':
      return { valueString: said };
    default:
      return undefined;
  }
}

function codeOf({ system, code }: Coding): Coding {
  return { ...(system === undefined ? {} : { system }), ...(code === undefined ? {} : { code }) };
}

/** A response as the service carries it: the inverse of answersOf. */
export function formDataOf(
  form: Questionnaire,
  response: QuestionnaireResponse,
): Record<string, string | number | boolean> {
  const data: Record<string, string | number | boolean> = {};
  const several = new Set(
    itemsOf(form.item ?? []).flatMap(({ linkId, repeats }) => (repeats === true ? [linkId] : [])),
  );
  const write = (items: readonly QuestionnaireResponseItem[]): void => {
    for (const { linkId, answer = [], item = [] } of items) {
      for (const one of answer) {
        if (several.has(linkId) && one.valueCoding?.code !== undefined) data[one.valueCoding.code] = true;
        else {
          const value = plain(one);
          if (value !== undefined) data[linkId] = value;
        }
        write(one.item ?? []);
      }
      write(item);
    }
  };
  write(response.item ?? []);
  return data;
}

function itemsOf(items: readonly QuestionnaireItem[]): QuestionnaireItem[] {
  return items.flatMap((item) => [item, ...itemsOf(item.item ?? [])]);
}

function plain(answer: QuestionnaireResponseItemAnswer): string | number | boolean | undefined {
  return (
    answer.valueCoding?.code ??
    answer.valueBoolean ??
    answer.valueInteger ??
    answer.valueDecimal ??
    answer.valueDate ??
    answer.valueDateTime ??
    answer.valueTime ??
    answer.valueString
  );
}
