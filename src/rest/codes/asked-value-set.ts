import type { ValueSet } from '@medplum/fhirtypes';
import { fhirError } from '../../model/issue.ts';
import type { Exchange } from '../exchange.ts';
import type { OperationInput } from '../operation-input.ts';
import { ofPath } from './definitions.ts';

/** The value set that an operation is about: of the path, `valueSet` itself, or the canonical of `url`. @throws FhirError 400 for none */
export async function askedValueSet(exchange: Exchange, input: OperationInput): Promise<ValueSet | string> {
  const url = input.text('url');
  const version = input.text('valueSetVersion');
  const canonical = url !== undefined && version !== undefined ? `${url}|${version}` : url;
  const asked =
    (await ofPath<ValueSet>(exchange, 'ValueSet')) ?? input.resource<ValueSet>('valueSet', 'ValueSet') ?? canonical;
  if (asked === undefined) {
    throw fhirError(400, 'required', 'There is no value set: give url, valueSet, or the id in the path.');
  }
  return asked;
}
