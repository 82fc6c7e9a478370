import type { Coding, Quantity } from '@medplum/fhirtypes';
import { type ChangeEvent, useState } from 'react';
import { type ControlProps, useForm } from '../form-context.ts';
import { useMisfit } from '../misfits.ts';
import { numberOf } from '../number-text.ts';
import { Misfit } from './misfit.tsx';
import { useTyped } from './number.tsx';

/** A number and what it counts, where there is a choice of units. */
export function QuantityField({ view, ids, describedBy, invalid }: ControlProps) {
  const { session, words } = useForm();
  const units = view.item.constraints.units;
  const options = units?.options ?? [];
  const answer = view.answers[0]?.valueQuantity;
  const [unit, setUnit] = useState<Partial<Quantity>>(() => unitFrom(answer) ?? withUnit(options[0]));
  const { text, setText } = useTyped(answer?.value, (typed) => numberOf(typed, false), words.language);
  const [left, setLeft] = useState(false);
  const wrong = text.trim() !== '' && numberOf(text, false) === undefined;
  const misfit = wrong ? words.notANumber : undefined;
  useMisfit(view, misfit);
  const tell = (typed: string, of: Partial<Quantity>) => {
    const value = numberOf(typed, false);
    session.answer(view.key, value === undefined ? [] : [{ valueQuantity: { ...of, value } }]);
  };
  const change = (of: Partial<Quantity>) => {
    setUnit(of);
    tell(text, of);
  };
  return (
    <>
      <div className="beside">
        <input
          className="number"
          inputMode="decimal"
          autoComplete="off"
          aria-labelledby={ids.label}
          aria-describedby={[describedBy, left && wrong && `${ids.question}-m`].filter(Boolean).join(' ') || undefined}
          aria-invalid={invalid || (left && wrong) || undefined}
          value={text}
          onBlur={() => setLeft(true)}
          onChange={(event: ChangeEvent<HTMLInputElement>) => {
            setText(event.target.value);
            tell(event.target.value, unit);
          }}
        />
        {options.length === 1 && units?.open === 'optionsOnly' ? (
          <span>{unit.unit}</span>
        ) : options.length > 1 ? (
          <select
            aria-label={words.unit}
            value={options.findIndex(({ system, code }) => system === unit.system && code === unit.code)}
            onChange={(event: ChangeEvent<HTMLSelectElement>) => change(withUnit(options[Number(event.target.value)]))}
          >
            {options.map((each, index) => (
              <option key={`${each.system}|${each.code}`} value={index}>
                {nameOf(each)}
              </option>
            ))}
          </select>
        ) : (
          <input
            className="unit"
            aria-label={words.unit}
            value={unit.unit ?? ''}
            onChange={(event: ChangeEvent<HTMLInputElement>) => change({ unit: event.target.value })}
          />
        )}
      </div>
      <Misfit id={`${ids.question}-m`} text={left ? misfit : undefined} />
    </>
  );
}

function unitFrom(quantity: Quantity | undefined): Partial<Quantity> | undefined {
  if (quantity === undefined) return undefined;
  const { value: _value, ...unit } = quantity;
  return unit;
}

function withUnit(coding: Coding | undefined): Partial<Quantity> {
  if (coding === undefined) return {};
  const { system, code } = coding;
  return { unit: nameOf(coding), ...(system === undefined ? {} : { system }), ...(code === undefined ? {} : { code }) };
}

function nameOf({ display, code }: Coding): string {
  return display ?? code ?? '';
}
