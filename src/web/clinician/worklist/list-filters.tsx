import { Button, TextInput } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { ChoiceFilters } from './choice-filters.tsx';
import type { Registration } from './registration.ts';
import type { Filter } from './sorting.ts';
import { useListWords } from './words.ts';

interface ListFiltersProps<F extends Filter> {
  readonly all: readonly Registration[];
  readonly filter: F;
  readonly onFilter: (filter: F) => void;
  /** Takes every part of the filter away. */
  readonly onClear: () => void;
  /** What one list alone is filtered by. */
  readonly children?: ReactNode;
}

/** What a list of courses is filtered by, as it is typed and chosen. */
export function ListFilters<F extends Filter>(props: ListFiltersProps<F>): ReactElement {
  const { all, filter, onFilter, onClear, children } = props;
  const list = useListWords();
  return (
    <search className="filters">
      <TextInput
        size="xs"
        w={260}
        maw="100%"
        label={list.filterText}
        autoComplete="off"
        value={filter.text}
        onChange={({ currentTarget }) => onFilter({ ...filter, text: currentTarget.value })}
      />
      <ChoiceFilters all={all} filter={filter} onFilter={onFilter} />
      {children}
      <Button size="xs" variant="default" onClick={onClear}>
        {list.clear}
      </Button>
    </search>
  );
}
