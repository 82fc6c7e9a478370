import type { TypedValue } from '../../fhirpath/fhirpath.ts';
import type { PermittedOptions } from '../answer-faults.ts';
import { answerValue, textMember } from '../answers.ts';
import type { FormState } from '../expressions/form-state.ts';
import { permittedAnswers } from '../expressions/permitted-answers.ts';
import type { FormItem, FormOptions } from '../form.ts';
import { optionKey, optionsOfValues } from '../options.ts';
import type { Place } from '../place.ts';
import type { ValueSetOptions } from './value-set-options.ts';

/**
 * What may be answered to a question at a place: the form's options, those of a value set (which an expression may name),
 * or those that answerExpression yields; without those that are switched off. `unknown` where the value set is not to be
 * had, undefined where anything of the type may be answered or the options can not be known here.
 */
export function permittedOptions(
  state: FormState,
  valueSets: ValueSetOptions,
  item: FormItem,
  place: () => Place,
): PermittedOptions | 'unknown' | undefined {
  const { answers, toggles, elements } = item.expressions;
  const listed = elements.has('answerValueSet') ? undefined : item.options;
  if (answers === undefined && listed !== undefined) {
    const rule = item.source.answerOption === undefined ? 'invalidCoding' : 'invalidAnswerOption';
    const isOff = toggles.length === 0 ? undefined : switchedOff(state, item, place());
    return isOff === undefined ? { options: listed, rule } : { options: listed, rule, isOff };
  }
  if (answers !== undefined) {
    const options = calculatedOptions(state, item, place());
    return options && { options, rule: 'invalidAnswerOption' };
  }
  const named = elements.get('answerValueSet');
  const canonical = named === undefined ? item.valueSet : textOf(state.evaluate(named, place())[0]);
  const found = canonical === undefined ? undefined : valueSets.of(canonical);
  return found === undefined || found === 'unknown' ? found : { options: found, rule: 'invalidCoding' };
}

/** SDC answerOptionsToggleExpression: a toggled option is permitted where one of its expressions is true. */
function switchedOff(state: FormState, { expressions }: FormItem, place: Place): PermittedOptions['isOff'] {
  const on = new Map<string, boolean>();
  for (const { options, expression } of expressions.toggles) {
    const holds = state.test(expression, place) === true;
    for (const { key, value } of options) {
      const name = optionKey(key, value);
      on.set(name, holds || on.get(name) === true);
    }
  }
  return (key, value) => on.get(optionKey(key, value)) === false;
}

function calculatedOptions(state: FormState, item: FormItem, place: Place): FormOptions | undefined {
  const values = permittedAnswers(state, item, place)?.flatMap((answer) => {
    const value = answerValue(answer);
    return value === undefined ? [] : [[value.key, value.value] as const];
  });
  // Nothing may also mean that what the expression asks for was not fetched.
  return values === undefined || values.length === 0 ? undefined : optionsOfValues(values);
}

function textOf(value: TypedValue | undefined): string | undefined {
  return typeof value?.value === 'string' ? value.value : textMember(value?.value, 'value');
}
