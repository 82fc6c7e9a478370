import type { Site } from '../expressions/compile-expressions.ts';
import { Names } from '../expressions/names.ts';
import type { Form, FormItem } from '../form.ts';

/** What expressions can name that are compiled for an item of a form, or for the form itself, after the form's own. */
export function siteAt(form: Form, item: FormItem | undefined): Site {
  return { names: namesAt(form, item), items: form.items, item, launchContexts: form.launchContexts };
}

function namesAt(form: Form, item: FormItem | undefined): Names {
  const names = new Names(item === undefined ? undefined : namesAt(form, item.parent));
  const { variables, contexts } = item?.expressions ?? form.expressions;
  for (const expression of [...variables, ...contexts]) {
    if (expression.name !== undefined) {
      names.declare(expression.name, { expression, item });
    }
  }
  return names;
}
