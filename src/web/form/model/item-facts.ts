import type { Coding } from '@medplum/fhirtypes';
import { answerValue, textMember } from '../../../forms/answers.ts';
import { isMarked } from '../../../forms/constraints/extension-values.ts';
import type { Form, FormItem } from '../../../forms/form.ts';
import { optionKey, optionsOfCodings } from '../../../forms/options.ts';
import type { FormLanguage, OptionView } from '../contract.ts';
import { type Control, controlOf } from './control.ts';
import type { Answers } from './draft.ts';
import { itemControlsOf, textOf } from './form-texts.ts';

/** An option before it is known whether it is chosen. */
export type Offer = Omit<OptionView, 'selected'>;

/** The codings of a value set that the form does not hold; undefined while, or where, they are not known. */
export type Codings = (valueSet: string) => readonly Coding[] | undefined;

/** What is known of the items of a form in a language, whatever is answered: each fact found once. */
export class ItemFacts {
  readonly language: FormLanguage;
  readonly #form: Form;
  readonly #codings: Codings;
  readonly #texts = new Map<FormItem, string>();
  readonly #helps = new Map<FormItem, string | undefined>();
  readonly #controls = new Map<FormItem, Control>();
  readonly #offers = new Map<FormItem, readonly Offer[] | undefined>();

  constructor(form: Form, language: FormLanguage, codings: Codings) {
    this.#form = form;
    this.language = language;
    this.#codings = codings;
  }

  /** The item's text with its prefix. */
  text(item: FormItem): string {
    return known(this.#texts, item, () =>
      [this.words(item.source, 'prefix'), this.words(item.source, 'text')].filter((part) => part !== '').join(' '),
    );
  }

  /** What stands in a question or a group to help with it (SDC help, flyover). */
  help(item: FormItem): string | undefined {
    return known(this.#helps, item, () => {
      const texts = [...item.children.values()].filter(isHelp).map((each) => this.text(each));
      return texts.length === 0 ? undefined : texts.join('\n');
    });
  }

  control(item: FormItem): Control {
    return known(this.#controls, item, () => controlOf(item, (each) => this.offers(each)?.map(({ key }) => key)));
  }

  /** The options that the form or a value set lists; undefined where there is no list, or it is not to be had. */
  offers(item: FormItem): readonly Offer[] | undefined {
    return known(this.#offers, item, () => {
      if (item.expressions.elements.has('answerValueSet')) return undefined;
      const found = item.valueSet === undefined ? undefined : this.#codings(item.valueSet);
      const options = item.options ?? (found && optionsOfCodings(found));
      if (options === undefined) return undefined;
      const values = (item.source.answerOption ?? []).map((each) => answerValue(each));
      return [...options.byKey].map(([key, { coding, exclusive }]) => {
        const value =
          coding === undefined ? values.find((each) => each && optionKey(each.key, each.value) === key) : undefined;
        return coding === undefined
          ? this.offer({ [value?.key ?? 'valueString']: value?.value })
          : { ...this.offer({ valueCoding: coding }), exclusive };
      });
    });
  }

  /** An answer as an option of its own: one that was searched for, or that an expression yields. */
  offer(answer: Answers[number]): Offer {
    const { key = 'valueString', value } = answerValue(answer) ?? {};
    const own = { key: optionKey(key, value), exclusive: false };
    if (answer.valueCoding !== undefined) {
      const { system, code, version, display } = answer.valueCoding;
      const coding = JSON.parse(JSON.stringify({ system, version, code, display })) as Coding;
      return {
        ...own,
        text: this.words(answer.valueCoding, 'display') || (code ?? ''),
        answer: { valueCoding: coding },
      };
    }
    const text = textMember(value, 'display') ?? textMember(value, 'reference');
    return { ...own, text: text ?? String(typeof value === 'object' ? '' : value), answer: { [key]: value } };
  }

  words(owner: object, element: string): string {
    return textOf(owner, element, this.language, this.#form.source.language ?? '');
  }
}

/** Whether an item is a text that helps with what it stands in. */
export function isHelp({ type, source }: FormItem): boolean {
  return type === 'display' && itemControlsOf(source).some((code) => code === 'help' || code === 'flyover');
}

/** Whether nobody, or not this audience, is ever shown an item. */
export function isConcealed({ source }: FormItem, audience: 'patient' | 'staff'): boolean {
  return isMarked(source.extension, 'hidden') || (audience === 'patient' && isMarked(source.extension, 'internal'));
}

function known<K, V>(map: Map<K, V>, key: K, find: () => V): V {
  const found = map.get(key);
  if (found !== undefined || map.has(key)) return found as V;
  const made = find();
  map.set(key, made);
  return made;
}
