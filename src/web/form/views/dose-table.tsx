import { type ReactElement, useState } from 'react';
import type { ItemKey, ItemView } from '../contract.ts';
import { type Doses, dosesOf, emptyRows, isCalculated } from './doses.ts';
import { emptyRowsWords } from './empty-rows-words.ts';
import { idsOf, useForm } from './form-context.ts';
import { Items } from './items.tsx';
import { misfitsOf } from './misfits.ts';
import { Question } from './question.tsx';

const NONE: ReadonlySet<ItemKey> = new Set();

/** How the forms of staff show a group of doses; undefined for other groups. */
export function doseTable({ key, children }: ItemView, level: number): ReactElement | undefined {
  const doses = dosesOf(children);
  return doses && <DoseTable {...doses} group={key} level={level} />;
}

interface DoseTableProps extends Doses {
  readonly group: ItemKey;
  readonly level: number;
}

/**
 * Doses as a table: what is given, how much, and what it comes to. What follows it, as its total, stays on screen while the
 * doses are written. Rows without a dose are hidden and shown again by a button (manual 1.8, 4b).
 */
function DoseTable({ rows, head, before, after, group, level }: DoseTableProps) {
  const { session, words, prefix } = useForm();
  const { hide, show } = emptyRowsWords[words.language === 'se' ? 'nb' : words.language];
  // those that were empty when they were hidden: what is emptied later stays under the hand that empties it
  const [hidden, setHidden] = useState<ReadonlySet<ItemKey>>(NONE);
  // what was typed and is no number is no answer either, and yet there
  const emptyNow = (): readonly ItemKey[] => {
    const misfits = new Set(misfitsOf(session).map(({ key }) => key));
    return emptyRows(rows).filter((key) => !misfits.has(key));
  };
  const empty = emptyNow();
  const gone = new Set(empty.filter((key) => hidden.has(key)));
  const id = `${idsOf(prefix, group).question}-doses`;
  return (
    <>
      <Items items={before} level={level} />
      {empty.length > 0 && (
        <button
          type="button"
          className="quiet"
          aria-expanded={gone.size === 0}
          aria-controls={id}
          onClick={() => setHidden(gone.size === 0 ? new Set(emptyNow()) : NONE)}
        >
          {gone.size === 0 ? hide(empty.length) : show(gone.size)}
        </button>
      )}
      <div id={id} className="doses">
        <div className="dose-heads" aria-hidden="true">
          <span />
          <span>{head}</span>
        </div>
        {rows
          .filter(([dose]) => dose === undefined || !gone.has(dose.key))
          .map((row) => (
            <div key={row[0]?.key} className="dose">
              {row.map((view) =>
                view.item.type === 'display' ? (
                  <p key={view.key} className="text">
                    {view.text}
                  </p>
                ) : (
                  <Question key={view.key} view={view} level={level} />
                ),
              )}
            </div>
          ))}
      </div>
      <div className={after.some(isCalculated) ? 'total' : undefined}>
        <Items items={after} level={level} />
      </div>
    </>
  );
}
