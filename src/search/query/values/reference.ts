import { isResourceType, type ResourceType } from '../../../model/resource-types.ts';
import { parseReference } from '../../extract/parse-reference.ts';
import { resourceForm, uriForm } from '../../keys.ts';
import type { SearchParameterDef } from '../../parameters.ts';
import { unescaped } from '../split.ts';

const ID = /^[A-Za-z0-9.-]{1,64}$/;

export interface SearchedReference {
  readonly form: string;
  /** The type referred to, where the value tells it. */
  readonly type: ResourceType | undefined;
}

/**
 * The references that a value stands for: `id` (of any type that the parameter may refer to, or of the modifier's),
 * `Type/id`, and urls, of which those under the server's own base are resources here (R4 §3.1.1.4.12).
 */
export function searchedReferences(
  param: SearchParameterDef,
  modifier: ResourceType | undefined,
  value: string,
  baseUrl: string,
): readonly SearchedReference[] {
  const text = unescaped(value);
  const only = modifier ?? param.only;
  if (ID.test(text)) {
    return (only ? [only] : param.targets).map((type) => ({ form: resourceForm(type, text), type }));
  }
  const parsed = parseReference(text, baseUrl);
  const type = 'type' in parsed && parsed.type !== undefined && isResourceType(parsed.type) ? parsed.type : undefined;
  if (only !== undefined && type !== undefined && type !== only) {
    return [];
  }
  return [{ form: parsed.kind === 'relative' ? resourceForm(parsed.type, parsed.id) : uriForm(text), type }];
}
