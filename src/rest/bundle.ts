import { fhirError } from '../model/issue.ts';
import { batch } from './batch.ts';
import { entryRequests } from './bundle-entry.ts';
import type { Answer, Exchange } from './exchange.ts';
import { resourceBody } from './resource-body.ts';
import { transaction } from './transaction.ts';

/** batch and transaction: POST [base] (FHIR R4 http.html#transaction). */
export async function bundle(exchange: Exchange): Promise<Answer> {
  const { resource, text } = resourceBody(exchange);
  if (resource.resourceType !== 'Bundle') {
    throw fhirError(
      400,
      'invalid',
      'Only a Bundle can be posted to the base; post a resource to its type.',
      'resourceType',
    );
  }
  if (resource.type === 'batch') {
    return batch(exchange, entryRequests(exchange, resource, text));
  }
  if (resource.type === 'transaction') {
    return transaction(exchange, entryRequests(exchange, resource, text));
  }
  throw fhirError(400, 'value', 'A Bundle posted to the base must have the type batch or transaction.', 'Bundle.type');
}
