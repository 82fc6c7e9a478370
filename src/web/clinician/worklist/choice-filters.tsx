import { NativeSelect } from '@mantine/core';
import type { ReactElement } from 'react';
import { wordOf } from '../words/words.ts';
import type { Registration } from './registration.ts';
import type { Filter } from './sorting.ts';
import { useListWords } from './words.ts';

export interface ChoiceFiltersProps {
  readonly all: readonly Registration[];
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
}

/** Ward, location and consent: each of those that the list has. */
export function ChoiceFilters({ all, filter, onFilter }: ChoiceFiltersProps): ReactElement[] {
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
