import type { Bundle } from '@medplum/fhirtypes';

/** Keys (`Type/id`) of a page's matches, of what was included with them, and the addresses beside it. */
export interface PageOfKeys {
  readonly matches: readonly string[];
  readonly included: readonly string[];
  readonly total: number | undefined;
  readonly next: string | undefined;
  readonly previous: string | undefined;
}

/** @param url absolute */
export async function readPage(url: string): Promise<PageOfKeys> {
  const answer = await fetch(url);
  const bundle = (await answer.json()) as Bundle;
  if (answer.status !== 200) {
    throw new Error(`${url}: ${answer.status} ${JSON.stringify(bundle)}`);
  }
  const keys = (mode: string) =>
    (bundle.entry ?? [])
      .filter(({ search }) => search?.mode === mode)
      .map(({ resource }) => `${resource?.resourceType}/${resource?.id}`);
  const link = (relation: string) => bundle.link?.find((each) => each.relation === relation)?.url;
  return {
    matches: keys('match'),
    included: keys('include'),
    total: bundle.total,
    next: link('next'),
    previous: link('previous'),
  };
}

/** All matches, page by page to the end, and the same collected on the way back, each in the order of the search. */
export async function walked(url: string): Promise<{ forth: readonly string[]; back: readonly string[] }> {
  const forth: string[] = [];
  let page = await readPage(url);
  forth.push(...page.matches);
  while (page.next !== undefined) {
    page = await readPage(page.next);
    forth.push(...page.matches);
  }
  let back = [...page.matches];
  while (page.previous !== undefined) {
    page = await readPage(page.previous);
    back = [...page.matches, ...back];
  }
  return { forth, back };
}
