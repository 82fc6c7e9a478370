import { Button, NativeSelect } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { DayField } from '../day-field.tsx';
import { DAY, type Days, monthsIn } from './days.ts';
import type { CoordinatorWords } from './words.ts';

interface PeriodFormProps {
  readonly days: Days;
  /** More months than this are refused; undefined: any number is counted. */
  readonly monthsMax: number | undefined;
  readonly words: CoordinatorWords;
  readonly onShow: (days: Days) => void;
  /** Where there are several to choose from. */
  readonly hospitals?: HospitalChoice | undefined;
}

interface HospitalChoice {
  readonly all: readonly { readonly hospital: string; readonly name: string }[];
  /** '' for all of them. */
  readonly chosen: string;
  readonly onChoose: (hospital: string) => void;
}

/** Which days are counted, and of which hospital. */
export function PeriodForm({ days, monthsMax, words, onShow, hospitals }: PeriodFormProps): ReactElement {
  const [asked, setAsked] = useState(days);
  const [fault, setFault] = useState<string>();
  return (
    <form
      noValidate
      className="coordinator-form"
      onSubmit={(event) => {
        event.preventDefault();
        const found = faultOf(asked, monthsMax, words);
        setFault(found);
        if (found === undefined) onShow({ ...asked });
      }}
    >
      {(['start', 'end'] as const).map((name) => (
        <DayField
          key={name}
          label={words.coverage[name]}
          value={asked[name]}
          error={name === 'start' ? fault : undefined}
          onDay={(day) => setAsked((before) => ({ ...before, [name]: day }))}
        />
      ))}
      <Button type="submit" className="coordinator-form-send">
        {words.coverage.show}
      </Button>
      {hospitals !== undefined && (
        <NativeSelect
          label={words.hospital}
          value={hospitals.chosen}
          onChange={({ currentTarget }) => hospitals.onChoose(currentTarget.value)}
        >
          <option value="">{words.coverage.allHospitals}</option>
          {hospitals.all.map(({ hospital, name }) => (
            <option key={hospital} value={hospital}>
              {name}
            </option>
          ))}
        </NativeSelect>
      )}
      <Button variant="default" className="coordinator-form-send" onClick={() => window.print()}>
        {words.coverage.print}
      </Button>
    </form>
  );
}

/** What is wrong with a period, in words. */
function faultOf(days: Days, monthsMax: number | undefined, { coverage }: CoordinatorWords): string | undefined {
  if (!DAY.test(days.start) || !DAY.test(days.end)) return coverage.needed;
  if (days.start > days.end) return coverage.order;
  if (monthsMax !== undefined && monthsIn(days) > monthsMax) {
    return coverage.tooLong.replace('{months}', String(monthsMax));
  }
  return undefined;
}
