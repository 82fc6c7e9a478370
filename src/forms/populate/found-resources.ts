import type { TypedValue } from '../../fhirpath/fhirpath.ts';
import { member } from '../answers.ts';

/** Values one by one: a searchset Bundle stands for the resources that it found, without those that it includes. */
export function foundResources(values: readonly TypedValue[]): readonly TypedValue[] {
  return values.flatMap(({ type, value }) =>
    type === 'Bundle' || member(value, 'resourceType') === 'Bundle' ? matches(value) : [{ type, value }],
  );
}

function matches(bundle: unknown): readonly TypedValue[] {
  const entries = member(bundle, 'entry');
  return (Array.isArray(entries) ? entries : []).flatMap((entry) => {
    const value = member(entry, 'resource');
    const type = member(value, 'resourceType');
    const mode = member(member(entry, 'search'), 'mode');
    return typeof type !== 'string' || mode === 'include' || mode === 'outcome' ? [] : [{ type, value }];
  });
}
