import type { Search } from './full-scan.ts';
import type { Instance } from './instances.ts';
import { folded } from './text.ts';

/** Searches by `near` around every position there is, and what each must find. */
export function nearSearches(stored: readonly Instance[]): readonly Search[] {
  const places = stored.flatMap(({ id, resource }) => {
    const position = resource.resourceType === 'Location' ? resource.position : undefined;
    const [latitude, longitude] = [position?.latitude, position?.longitude];
    return latitude === undefined || longitude === undefined ? [] : [{ id, latitude, longitude }];
  });
  return places.flatMap((centre) =>
    [1, 100, 5000, 21_000].map((within) => ({
      query: `Location?near=${centre.latitude}|${centre.longitude}|${within}|km`,
      expected: places
        .filter((place) => km(centre, place) <= within)
        .map(({ id }) => id)
        .sort(),
    })),
  );
}

interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** By the spherical law of cosines. */
function km(a: Place, b: Place): number {
  const [phi, psi, lambda] = [a.latitude, b.latitude, b.longitude - a.longitude].map((each) => (each * Math.PI) / 180);
  const cosine =
    Math.sin(phi ?? 0) * Math.sin(psi ?? 0) + Math.cos(phi ?? 0) * Math.cos(psi ?? 0) * Math.cos(lambda ?? 0);
  return Math.acos(Math.max(-1, Math.min(1, cosine))) * 6371.0088;
}

/** Searches by `_list` for every type that a List of the examples refers to, and one that it does not. */
export function listSearches(stored: readonly Instance[]): readonly Search[] {
  const known = new Set(stored.map(({ key }) => key));
  return stored.flatMap(({ id, resource }) => {
    const items =
      resource.resourceType === 'List' ? (resource.entry ?? []).map(({ item }) => item?.reference ?? '') : [];
    const there = [...new Set(items)].filter((key) => known.has(key));
    const types = resource.resourceType === 'List' ? ['Substance', ...there.map((key) => key.split('/')[0])] : [];
    return [...new Set(types)].map((type) => ({
      query: `${type}?_list=${id}`,
      expected: there
        .filter((key) => key.startsWith(`${type}/`))
        .map((key) => key.slice(key.indexOf('/') + 1))
        .sort(),
    }));
  });
}

/** A search by `_text` and one by `_content` for each word, and what a look at every resource of the type finds. */
export function wordSearches(ofType: readonly Instance[], type: string): readonly Search[] {
  const narratives = new Map(
    ofType.map(({ id, resource }) => [id, words('text' in resource ? [resource.text?.div] : [])]),
  );
  const contents = new Map(ofType.map(({ id, resource }) => [id, words(valuesIn(resource))]));
  const searches = (name: string, of: ReadonlyMap<string, ReadonlySet<string>>): Search[] =>
    [...new Set([...of.values()].flatMap((each) => [...each]))].map((word) => ({
      query: `${type}?${name}="${word}"`,
      expected: [...of]
        .filter(([, each]) => each.has(word))
        .map(([id]) => id)
        .sort(),
    }));
  return [...searches('_text', narratives), ...searches('_content', contents)];
}

function valuesIn(value: unknown): readonly unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(valuesIn) : [value];
}

/** Words of plain letters, without tags and entities. */
function words(values: readonly unknown[]): ReadonlySet<string> {
  const found = values.flatMap((value) =>
    folded(
      String(value ?? '')
        .replace(/<\/?[a-z][^<>]*>/gi, ' ')
        .replace(/&#?\w+;/g, ' '),
      Number.POSITIVE_INFINITY,
    ).split(/[^\p{L}\p{N}]+/u),
  );
  return new Set(found.filter((word) => /^[a-z]{3,30}$/.test(word)));
}
