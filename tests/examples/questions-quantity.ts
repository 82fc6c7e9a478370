import { createRequire } from 'node:module';
import type { Parameter, Value } from './package-values.ts';
import { asking, object, type Question, string } from './questions.ts';
import { passes, type Span, spanOfNumber } from './ranges.ts';
import { escaped } from './text.ts';

const UCUM = 'http://unitsofmeasure.org';
const CURRENCY = 'urn:iso:std:iso:4217';
const BEYOND = 1e300;

export interface Measured extends Span {
  readonly system: string | undefined;
  readonly code: string | undefined;
  readonly unit: string | undefined;
}

interface Ucum {
  convertUnitTo(from: string, value: number, to: string): { status: string; toVal: number | null };
}

const ucum: Ucum = createRequire(import.meta.url)('@lhncbc/ucum-lhc').UcumLhcUtils.getInstance();

/** What a Quantity, Range, Money or SampledData measures. */
export function measuredOf({ type, value }: Value): readonly Measured[] {
  const given = object(value);
  const unit = (of: Readonly<Record<string, unknown>>) => ({
    system: string(of.system),
    code: string(of.code),
    unit: string(of.unit),
  });
  switch (type) {
    case 'Money':
      return typeof given.value === 'number'
        ? [{ lo: given.value, hi: given.value, system: CURRENCY, code: string(given.currency), unit: undefined }]
        : [];
    case 'Range': {
      const [low, high] = [object(given.low), object(given.high)];
      return low.value === undefined && high.value === undefined
        ? []
        : [
            {
              lo: Number(low.value ?? -BEYOND),
              hi: Number(high.value ?? BEYOND),
              ...unit(low.value === undefined ? high : low),
            },
          ];
    }
    case 'SampledData': {
      const origin = object(given.origin);
      const samples = String(given.data ?? '')
        .split(' ')
        .map((each) => Number(origin.value ?? 0) + Number(each) * Number(given.factor ?? 1))
        .filter(Number.isFinite);
      return samples.length === 0 ? [] : [{ lo: Math.min(...samples), hi: Math.max(...samples), ...unit(origin) }];
    }
    default: {
      if (typeof given.value !== 'number') {
        return [];
      }
      const comparator = string(given.comparator) ?? '';
      return [
        {
          lo: comparator.startsWith('<') ? -BEYOND : given.value,
          hi: comparator.startsWith('>') ? BEYOND : given.value,
          ...unit(given),
        },
      ];
    }
  }
}

/** In another UCUM unit; undefined where the units do not measure the same. */
function converted(measured: Measured, to: string): Span | undefined {
  if (measured.code === to) {
    return measured;
  }
  const ends = [measured.lo, measured.hi].map((end) => {
    const answer = Math.abs(end) === BEYOND ? { toVal: end } : ucum.convertUnitTo(measured.code ?? '', end, to);
    return answer.toVal === null ? undefined : Number(answer.toVal?.toPrecision(12));
  });
  const [lo, hi] = ends;
  const comparable = ucum.convertUnitTo(measured.code ?? '', 1, to).status === 'succeeded';
  return !comparable || lo === undefined || hi === undefined
    ? undefined
    : { lo: Math.min(lo, hi), hi: Math.max(lo, hi) };
}

export function quantityForms(measured: Measured): readonly { unit: string; as(other: Measured): Span | undefined }[] {
  const { system, code, unit } = measured;
  const forms: { unit: string; as(other: Measured): Span | undefined }[] = [{ unit: '', as: (other) => other }];
  for (const text of new Set([code, unit])) {
    if (text !== undefined) {
      forms.push({
        unit: `||${escaped(text)}`,
        as: (other) => (other.code === text || other.unit === text ? other : undefined),
      });
    }
  }
  if (system !== undefined && code !== undefined) {
    forms.push({
      unit: `|${escaped(system)}|${escaped(code)}`,
      as: (other) => {
        if (other.system === system && other.code === code) {
          return other;
        }
        return system === UCUM && other.system === UCUM && other.code !== undefined
          ? converted(other, code)
          : undefined;
      },
    });
  }
  return forms;
}

export function questionsOfQuantity({ code }: Parameter, value: Value): readonly Question[] {
  return measuredOf(value).flatMap((measured) => {
    const number = String(Math.abs(measured.lo) === BEYOND ? measured.hi : measured.lo);
    return quantityForms(measured).flatMap(({ unit, as }) =>
      asking(
        code,
        number,
        (prefix) => (other) =>
          measuredOf(other).some((each) => {
            const span = as(each);
            return span !== undefined && passes(prefix, spanOfNumber(number, prefix), span);
          }),
        false,
      ).map((question) => ({ ...question, value: question.value + unit })),
    );
  });
}
