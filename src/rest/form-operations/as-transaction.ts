import type { Bundle } from '@medplum/fhirtypes';
import type { Answer, Exchange } from '../exchange.ts';

/**
 * Carries a transaction out as the caller's own: all rules of a write apply, and all is stored or nothing. Status 200, or
 * the refusal.
 */
export function asTransaction({ caller, request, handle }: Exchange, bundle: Bundle): Promise<Answer> {
  return handle(caller, {
    method: 'POST',
    path: '',
    headers: { prefer: request.headers.prefer },
    resource: { resource: bundle, text: JSON.stringify(bundle) },
    baseUrl: request.baseUrl,
  });
}
