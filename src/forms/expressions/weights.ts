import type { CodeSystemConcept, Questionnaire } from '@medplum/fhirtypes';
import { member, textMember } from '../answers.ts';
import type { FormItem, FormOptions } from '../form.ts';
import { codingKey, findOption, optionsOfCodings, weightOf } from '../options.ts';
import type { FormData } from './data.ts';

/** CodeSystem property, as SDC 4 defines it for R5. */
const PROPERTY = 'http://hl7.org/fhir/concept-properties#itemWeight';

/**
 * Weights of answers: by the options of the question (on the option, on its coding, on a contained value set's concept or
 * expansion), then by the stored value set that it takes its options from, then by a code system in the form, and last
 * by what the answer itself carries. So nobody can give another weight to an option than the form gives.
 */
export class Weights {
  readonly #data: FormData;
  readonly #codes: ReadonlyMap<string, number>;
  readonly #valueSets = new Map<string, FormOptions | undefined>();

  constructor(codes: ReadonlyMap<string, number>, data: FormData) {
    this.#codes = codes;
    this.#data = data;
  }

  /** The weight of a value as answer to an item; `key` is its JSON name: `valueCoding`. */
  of(item: FormItem, key: string, value: unknown): number | undefined {
    const options = item.options ?? (item.valueSet === undefined ? undefined : this.#stored(item.valueSet));
    const weight = options === undefined ? undefined : findOption(options, key, value)?.weight;
    return weight ?? this.ofCoding(value);
  }

  /** The weight of a coding that answers no question of the form; also of another value that carries one. */
  ofCoding(value: unknown): number | undefined {
    if (typeof value !== 'object' || value === null) {
      return undefined;
    }
    if (this.#codes.size > 0) {
      const weight = this.#codes.get(codingKey(textMember(value, 'system'), textMember(value, 'code')));
      if (weight !== undefined) return weight;
    }
    const extensions = member(value, 'extension');
    return Array.isArray(extensions) ? weightOf(extensions) : undefined;
  }

  #stored(canonical: string): FormOptions | undefined {
    if (this.#valueSets.has(canonical)) {
      return this.#valueSets.get(canonical);
    }
    const codings = this.#data.valueSets?.(canonical);
    const options = codings === undefined ? undefined : optionsOfCodings(codings);
    this.#valueSets.set(canonical, options);
    return options;
  }
}

/** The weights in the code systems that a Questionnaire contains, by system and code. */
export function codeSystemWeights(questionnaire: Questionnaire): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const resource of questionnaire.contained ?? []) {
    if (resource.resourceType !== 'CodeSystem') continue;
    const names = new Set([
      'itemWeight',
      ...(resource.property ?? []).flatMap(({ uri, code }) => (uri === PROPERTY ? [code] : [])),
    ]);
    const add = (concepts: readonly CodeSystemConcept[]): void => {
      for (const { code, extension, property, concept } of concepts) {
        const own = property?.find((each) => names.has(each.code));
        const weight = weightOf(extension) ?? own?.valueDecimal ?? own?.valueInteger;
        if (weight !== undefined) weights.set(codingKey(resource.url, code), weight);
        add(concept ?? []);
      }
    };
    add(resource.concept ?? []);
  }
  return weights;
}
