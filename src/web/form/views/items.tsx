import { memo } from 'react';
import type { ItemView } from '../contract.ts';
import { Group } from './group.tsx';
import { Question } from './question.tsx';

interface ItemsProps {
  readonly items: readonly ItemView[];
  /** Of headings inside, h1 to h6. */
  readonly level: number;
}

/** Items below each other, each rendered anew only where its own view has changed. */
export function Items({ items, level }: ItemsProps) {
  return (
    <>
      {items.map((view) => (
        <Item key={view.key} view={view} level={level} />
      ))}
    </>
  );
}

const Item = memo(function Item({ view, level }: { readonly view: ItemView; readonly level: number }) {
  if (view.item.type === 'group') return <Group view={view} level={level} />;
  if (view.item.type === 'display') return <p className={`text is-${view.control}`}>{view.text}</p>;
  return <Question view={view} level={level} />;
});
