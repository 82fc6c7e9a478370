import { nameOfExtension } from '../../../forms/constraints/extension-values.ts';
import type { ItemView } from '../contract.ts';

/** The least and the greatest number that a question takes, and the step between numbers of a scale. */
export function rangeOf({ item }: ItemView): { readonly min?: number; readonly max?: number; readonly step: number } {
  const { min, max } = item.constraints.hard;
  const step = item.source.extension?.find(({ url }) => nameOfExtension(url) === 'sliderStepValue')?.valueInteger;
  return {
    ...(typeof min === 'number' ? { min } : {}),
    ...(typeof max === 'number' ? { max } : {}),
    step: step === undefined || step < 1 ? 1 : step,
  };
}

/** What a number counts: the text that the form shows beside it, or the unit's name. */
export function unitOf({ children, item }: ItemView): string | undefined {
  const shown = children.find(({ control }) => control === 'unit')?.text;
  const unit = item.source.extension?.find(({ url }) => nameOfExtension(url) === 'unit')?.valueCoding;
  return shown ?? unit?.display ?? unit?.code;
}

/** What the ends of a scale mean. */
export function endsOf({ children }: ItemView): {
  readonly lower: string | undefined;
  readonly upper: string | undefined;
} {
  const text = (name: string) => children.find(({ control }) => control === name)?.text;
  return { lower: text('lower'), upper: text('upper') };
}
