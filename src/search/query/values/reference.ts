import { isResourceType, type ResourceType } from '../../../model/resource-types.ts';
import { resourceForm, uriForm } from '../../keys.ts';
import type { SearchParameterDef } from '../../parameters.ts';
import { badValue } from '../refusals.ts';
import { unescaped } from '../split.ts';

const ID = /^[A-Za-z0-9.-]{1,64}$/;
const RELATIVE = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[A-Za-z0-9.-]{1,64})?$/;
const ENDS_IN_TYPE_AND_ID = /\/([A-Z][A-Za-z]+)\/[A-Za-z0-9.-]{1,64}(?:\/_history\/[A-Za-z0-9.-]{1,64})?$/;

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
  const here = text.startsWith(`${baseUrl}/`) ? text.slice(baseUrl.length + 1) : text;
  const relative = RELATIVE.exec(here);
  if (relative !== null) {
    const [, type = '', id = ''] = relative;
    if (!isResourceType(type)) {
      throw badValue(param.code, 'it names no resource type');
    }
    return only === undefined || type === only ? [{ form: resourceForm(type, id), type }] : [];
  }
  if (ID.test(text)) {
    return (only ? [only] : param.targets).map((type) => ({ form: resourceForm(type, text), type }));
  }
  const named = ENDS_IN_TYPE_AND_ID.exec(text)?.[1];
  const type = named !== undefined && isResourceType(named) ? named : undefined;
  return only === undefined || type === undefined || type === only ? [{ form: uriForm(text), type }] : [];
}
