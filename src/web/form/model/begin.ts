import type { FormItem } from '../../../forms/form.ts';
import { initialAnswers } from '../../../forms/populate/initial-answers.ts';
import type { ItemKey } from '../contract.ts';
import type { Draft } from './draft.ts';
import { itemKey, rowKey } from './item-key.ts';

/** What a blank form, or a new row of it, begins with: `initial`, and the rows that a repeating group must have. */
export function begin(
  draft: Draft,
  level: ReadonlyMap<string, FormItem>,
  container: ItemKey,
  newRow: () => string,
): void {
  for (const item of level.values()) {
    const key = itemKey(container, item.linkId);
    if (item.type === 'group' && item.repeats) {
      const count = Math.max(item.constraints.minOccurs, item.required ? 1 : 0);
      const rows = Array.from({ length: count }, newRow);
      if (count > 0) draft.rows.set(key, rows);
      for (const row of rows) begin(draft, item.children, rowKey(key, row), newRow);
    } else if (item.type === 'group') {
      begin(draft, item.children, key, newRow);
    } else if (item.expressions.calculated === undefined) {
      const answers = initialAnswers(item);
      if (answers.length > 0) draft.answers.set(key, answers);
    }
  }
}
