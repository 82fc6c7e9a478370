import { type Context, database } from './engine.ts';
import { everything } from './everything.ts';
import { labels } from './labels.ts';
import { reads } from './reads.ts';
import { transactions } from './transaction/transaction.ts';
import type { Interactions } from './types.ts';
import { validation } from './validation.ts';
import { withholding } from './withheld.ts';
import { witnessed } from './witnessed.ts';
import { writes } from './writes.ts';

/** FHIR's interactions, on their own or within a unit of work. */
export function interactions(context: Context): Interactions {
  const all: Interactions = {
    ...reads(context),
    ...writes(context),
    ...transactions(context),
    ...validation(context),
    ...everything(context),
    ...labels(context),
    formData: (caller, form, response, wish) =>
      context.engine.judge.formData(database(context), caller, form, response, { ...wish, witness: caller.witness }),
  };
  return witnessed(withholding(all, context.engine.withheld, () => database(context)));
}
