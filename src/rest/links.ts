import type { Query } from '../interactions/types.ts';
import type { BundleParts } from './bundle-text.ts';
import type { Exchange } from './exchange.ts';
import { queryText } from './query.ts';

/** The links of a page: the same request with what was used of it, and the token of the page beside it. */
export function pageLinks(
  { request, presentation }: Exchange,
  path: string,
  used: Query,
  tokens: { readonly next?: string; readonly previous?: string },
): NonNullable<BundleParts['links']> {
  const asked: Query = [...used.filter(([name]) => name !== '_page'), ...presentation.inLinks];
  const url = (query: Query) => {
    const address = path === '' ? request.baseUrl : `${request.baseUrl}/${path}`;
    return query.length === 0 ? address : `${address}?${queryText(query)}`;
  };
  const current = used.filter(([name]) => name === '_page');
  const withoutOffset = asked.filter(([name]) => name !== '_offset');
  const links: { relation: 'self' | 'next' | 'previous'; url: string }[] = [
    { relation: 'self', url: url([...asked, ...current]) },
  ];
  if (tokens.next !== undefined) {
    links.push({ relation: 'next', url: url([...withoutOffset, ['_page', tokens.next]]) });
  }
  if (tokens.previous !== undefined) {
    links.push({ relation: 'previous', url: url([...withoutOffset, ['_page', tokens.previous]]) });
  }
  return links;
}
