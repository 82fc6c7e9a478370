import { uriForm } from '../keys.ts';
import type { Indexer } from './emit.ts';
import { text } from './json.ts';
import { canonicalForms } from './reference.ts';

/** R4 search, 3.1.1.4.13: a uri is compared as it stands; a canonical also without its version. */
export function uriIndexer(type: string): Indexer {
  return (value, out) => {
    const uri = text(value);
    if (uri === undefined) {
      return;
    }
    if (type === 'canonical') {
      canonicalForms(uri, out);
    } else {
      out.form(uriForm(uri));
    }
    out.uriText(uri);
  };
}
