import { memo, useRef } from 'react';
import type { ItemView, RowView } from '../contract.ts';
import { focusFirstControl } from './focus.ts';
import { idsOf, useForm } from './form-context.ts';
import { Items } from './items.tsx';

interface RowsProps {
  readonly view: ItemView;
  readonly rows: readonly RowView[];
  readonly level: number;
}

/**
 * A group that may be there several times. The focus follows: to a new row's first question, and from a row that is removed to
 * the button that would bring one back.
 */
export function Rows({ view, rows, level }: RowsProps) {
  const { session, words, announce, readOnly, prefix } = useForm();
  const name = nameOf(view);
  const box = useRef<HTMLDivElement>(null);
  const add = useRef<HTMLButtonElement>(null);
  const canChange = !readOnly && !view.readOnly;
  const canAdd = canChange && rows.length < view.item.constraints.maxOccurs;
  const remove = (row: RowView) => {
    session.removeRow(row.key);
    announce(words.rowRemoved(name));
    add.current?.focus();
  };
  return (
    <div ref={box} className={view.control === 'row-table' ? 'rows in-table' : 'rows'}>
      {rows.map((row, index) => (
        <Row
          key={row.key}
          row={row}
          id={idsOf(prefix, row.key).question}
          name={words.row(name, index + 1)}
          level={level}
          onRemove={canChange && (rows.length > 1 || !view.required) ? remove : undefined}
          removeName={words.removeRow(name, index + 1)}
        />
      ))}
      {canAdd && (
        <button
          ref={add}
          type="button"
          className="add"
          onClick={() => {
            session.addRow(view.key);
            announce(words.rowAdded(name, rows.length + 1));
            // after the row has come
            requestAnimationFrame(() => focusFirstControl(box.current?.querySelector(':scope > .row:last-of-type')));
          }}
        >
          <span aria-hidden="true">+ </span>
          {words.addRow(name)}
        </button>
      )}
    </div>
  );
}

/** What a row is called: the group without its number in the form. */
function nameOf({ text, item }: ItemView): string {
  const { prefix } = item.source;
  return prefix !== undefined && text.startsWith(prefix) ? text.slice(prefix.length).trim() : text;
}

interface RowProps {
  readonly row: RowView;
  readonly id: string;
  readonly name: string;
  readonly level: number;
  readonly onRemove: ((row: RowView) => void) | undefined;
  readonly removeName: string;
}

const Row = memo(
  function Row({ row, id, name, level, onRemove, removeName }: RowProps) {
    return (
      // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a table or a grid
      <div id={id} className="row" role="group" aria-label={name}>
        <p className="row-name" aria-hidden="true">
          {name}
        </p>
        <div className="row-items">
          <Items items={row.children} level={level} />
        </div>
        {onRemove && (
          <button type="button" className="quiet remove" aria-label={removeName} onClick={() => onRemove(row)}>
            <span aria-hidden="true">× </span>
            {removeName}
          </button>
        )}
      </div>
    );
  },
  // a row of the same things is the same row, though the function that removes it is another
  (before, after) =>
    before.row === after.row &&
    before.name === after.name &&
    before.level === after.level &&
    (before.onRemove === undefined) === (after.onRemove === undefined),
);
