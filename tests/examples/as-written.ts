/** What of a resource must come back as it was sent: all of it, `id` and `meta` told apart since the server places them. */
export interface Written {
  readonly id: unknown;
  /** Without versionId and lastUpdated; undefined if nothing else is in it. */
  readonly meta: string | undefined;
  /** Every other element in order, each number and string spelled as in the text. */
  readonly rest: string;
}

type Source = { readonly source?: string };

/** Reads JSON without losing how its numbers and strings are spelled, nor the order of its members. */
export function asWritten(text: string): Written {
  const parse = JSON.parse as (
    text: string,
    reviver: (key: string, value: unknown, from: Source) => unknown,
  ) => unknown;
  const spelled = parse(text, (_key, value, { source }) => source ?? value) as Record<string, unknown>;
  const { id, meta, ...rest } = spelled;
  const { versionId: _version, lastUpdated: _updated, ...kept } = (meta ?? {}) as Record<string, unknown>;
  return {
    id,
    meta: Object.keys(kept).length === 0 ? undefined : JSON.stringify(kept),
    rest: JSON.stringify(rest),
  };
}
