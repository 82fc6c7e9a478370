import type {
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';
import { between, oneOf } from '../../src/registry/synthetic/random.ts';

const ENABLED_BY_EXPRESSION = /sdc-questionnaire-(enableWhenExpression|calculatedExpression)$/;

/**
 * Answers to a form of any depth, of the size that it has in use: whatever is asked by itself, or by the answers before
 * it, is answered, but for a share `gap`. Whether they hold all the form's rules is for who asks to find out.
 */
export function drawWhole(
  form: Questionnaire,
  random: () => number,
  gap: number,
  date: string,
): QuestionnaireResponse['item'] {
  const given = new Map<string, readonly QuestionnaireResponseItemAnswer[]>();
  const drawn = (items: readonly QuestionnaireItem[] = []): QuestionnaireResponseItem[] =>
    items.flatMap((item): QuestionnaireResponseItem[] => {
      if (!isAsked(item, given) || item.type === 'display') return [];
      if (item.type === 'group') {
        const inner = drawn(item.item);
        return inner.length > 0 ? [{ linkId: item.linkId, item: inner }] : [];
      }
      const answer = item.required !== true && random() < gap ? [] : answers(item, random, date);
      given.set(item.linkId, answer);
      const [first, ...more] = answer;
      if (first === undefined) return [];
      const inner = drawn(item.item);
      return [{ linkId: item.linkId, answer: [inner.length > 0 ? { ...first, item: inner } : first, ...more] }];
    });
  return drawn(form.item);
}

function isAsked(
  item: QuestionnaireItem,
  given: ReadonlyMap<string, readonly QuestionnaireResponseItemAnswer[]>,
): boolean {
  if (item.readOnly === true || item.extension?.some(({ url }) => ENABLED_BY_EXPRESSION.test(url ?? ''))) return false;
  const conditions = item.enableWhen ?? [];
  const holds = (condition: (typeof conditions)[number]): boolean => {
    const answer = given.get(condition.question) ?? [];
    const same = answer.some(
      (one) =>
        (condition.answerCoding !== undefined &&
          one.valueCoding?.code === condition.answerCoding.code &&
          one.valueCoding?.system === condition.answerCoding.system) ||
        (condition.answerBoolean !== undefined && one.valueBoolean === condition.answerBoolean),
    );
    return condition.operator === '='
      ? same
      : condition.operator === 'exists' && answer.length > 0 === condition.answerBoolean;
  };
  return item.enableBehavior === 'any' && conditions.length > 0 ? conditions.some(holds) : conditions.every(holds);
}

function answers(item: QuestionnaireItem, random: () => number, date: string): QuestionnaireResponseItemAnswer[] {
  switch (item.type) {
    case 'choice':
    case 'open-choice': {
      const options = (item.answerOption ?? []).flatMap(({ valueCoding }) => valueCoding ?? []);
      if (options.length === 0) return [];
      const { system, code, display } = oneOf(random, options);
      return [
        { valueCoding: { ...(system ? { system } : {}), ...(code ? { code } : {}), ...(display ? { display } : {}) } },
      ];
    }
    case 'integer':
      return [{ valueInteger: between(random, 1, 5) }];
    case 'decimal':
      return [{ valueDecimal: between(random, 1, 5) }];
    case 'boolean':
      return [{ valueBoolean: random() < 0.5 }];
    case 'date':
      return [{ valueDate: date }];
    case 'dateTime':
      return [{ valueDateTime: `${date}T12:00:00+01:00` }];
    case 'string':
    case 'text':
      return [{ valueString: 'Syntetisk' }];
    default:
      return [];
  }
}
