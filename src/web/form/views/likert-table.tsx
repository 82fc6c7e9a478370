import { memo } from 'react';
import type { ItemView } from '../contract.ts';
import { Items } from './items.tsx';
import { Question } from './question.tsx';

interface LikertProps {
  readonly items: readonly ItemView[];
  readonly level: number;
}

/**
 * Questions that share their answers. On a wide screen a table, the answers once as heads of its columns; on a phone each
 * question with its answers below it. Either way every question is a group of radios with all their words, so that screen
 * readers need no table.
 */
export function LikertTable({ items, level }: LikertProps) {
  const questions = items.filter(({ item }) => item.type !== 'display');
  const columns = questions[0]?.options ?? [];
  return (
    <>
      <Items items={items.filter(({ item }) => item.type === 'display')} level={level} />
      <div className={`likert columns-${columns.length}`}>
        <div className="likert-heads" aria-hidden="true">
          <span />
          {columns.map(({ key, text }) => (
            <span key={key}>{text}</span>
          ))}
        </div>
        {questions.map((view) => (
          <Row key={view.key} view={view} level={level} />
        ))}
      </div>
    </>
  );
}

const Row = memo(function Row({ view, level }: { readonly view: ItemView; readonly level: number }) {
  return <Question view={view} level={level} />;
});
