import { NativeSelect } from '@mantine/core';
import type { ReactElement } from 'react';
import { wordOf } from '../words/words.ts';
import type { Registration } from './registration.ts';
import type { Filter } from './sorting.ts';
import { useListWords } from './words.ts';

interface ChoiceFiltersProps<F extends Filter> {
  readonly all: readonly Registration[];
  readonly filter: F;
  readonly onFilter: (filter: F) => void;
}

/** Ward, location and consent: each of those that the list has. */
export function ChoiceFilters<F extends Filter>({ all, filter, onFilter }: ChoiceFiltersProps<F>): ReactElement[] {
  const list = useListWords();
  const values = (key: 'ward' | 'location' | 'consent') =>
    [...new Set(all.map((row) => row[key]))].filter((one) => one !== '').sort();
  return (['ward', 'location', 'consent'] as const).map((key) => (
    <NativeSelect
      key={key}
      size="xs"
      label={list[key]}
      value={filter[key]}
      onChange={({ currentTarget }) => onFilter({ ...filter, [key]: currentTarget.value })}
      data={[
        { value: '', label: list.all },
        ...values(key).map((value) => ({
          value,
          label: key === 'consent' ? (wordOf(list.consents, value) ?? value) : value,
        })),
      ]}
    />
  ));
}
