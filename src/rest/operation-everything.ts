import type { Query } from '../interactions/types.ts';
import { fhirError } from '../model/issue.ts';
import { textAnswer } from './answer.ts';
import type { Endpoint, Exchange } from './exchange.ts';
import { searchsetText } from './page.ts';
import { parameterQuery } from './parameters.ts';
import { optionalBody } from './resource-body.ts';
import { isLenient } from './search.ts';

const PARAMETERS = new Set(['start', 'end', '_since', '_type', '_count', '_page']);

/**
 * Patient/[id]/$everything: the patient and all that is in the patient's compartment, by page (FHIR R4
 * operation-patient-everything.html). Its parameters come in the query or in Parameters.
 */
export const everything: Endpoint = async (exchange) => {
  const { caller, context, route } = exchange;
  if (route.kind !== 'operation' || route.id === undefined) {
    throw fhirError(400, 'not-supported', '$everything is asked of one patient: Patient/[id]/$everything.');
  }
  const page = await context.interactions.everything(caller, route.id, asked(exchange));
  return textAnswer(exchange, searchsetText(exchange, `Patient/${route.id}/$everything`, page));
};

/** A parameter that is passed over would give more than was asked for, so unknown ones are refused, as in searches. */
function asked(exchange: Exchange): Query {
  const sent = optionalBody(exchange);
  const query = [...exchange.query, ...(sent === undefined ? [] : parameterQuery(sent))];
  const known = query.filter(([name]) => PARAMETERS.has(name));
  if (known.length < query.length && !isLenient(exchange)) {
    throw fhirError(400, 'not-supported', '$everything takes start, end, _since, _type and _count only.');
  }
  return known;
}
