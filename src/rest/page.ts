import type { Page } from '../interactions/types.ts';
import { operationOutcome } from '../model/issue.ts';
import type { StoredVersion } from '../model/stored.ts';
import { bundleText, outcomeEntryText, searchEntryText } from './bundle-text.ts';
import type { Exchange } from './exchange.ts';
import { pageLinks } from './links.ts';
import { shown } from './shown.ts';

/** A page of matches as a searchset Bundle's text; `path` is what was searched, below the base. */
export function searchsetText(exchange: Exchange, path: string, page: Page): string {
  const { presentation, request } = exchange;
  const entry = (stored: StoredVersion, mode: 'match' | 'include') =>
    searchEntryText(`${request.baseUrl}/${stored.type}/${stored.id}`, shown(exchange, stored), mode);
  const entries =
    presentation.summary === 'count'
      ? []
      : [
          ...page.matches.map((stored) => entry(stored, 'match')),
          ...page.includes.map((stored) => entry(stored, 'include')),
        ];
  if (page.notices.length > 0) {
    entries.push(outcomeEntryText(JSON.stringify(operationOutcome(page.notices))));
  }
  return bundleText({
    type: 'searchset',
    total: page.total,
    links: pageLinks(exchange, path, page.used, page),
    entries,
  });
}
