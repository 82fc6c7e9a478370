import { fhirError } from '../model/issue.ts';
import { textAnswer } from './answer.ts';
import type { Endpoint } from './exchange.ts';
import { searchsetText } from './page.ts';

/** Patient/[id]/$everything: the patient and all that is in the patient's compartment, by page. */
export const everything: Endpoint = async (exchange) => {
  const { caller, context, route, query } = exchange;
  if (route.kind !== 'operation' || route.id === undefined) {
    throw fhirError(400, 'not-supported', '$everything is asked of one patient: Patient/[id]/$everything.');
  }
  const page = await context.interactions.everything(caller, route.id, query);
  return textAnswer(exchange, searchsetText(exchange, `Patient/${route.id}/$everything`, page));
};
