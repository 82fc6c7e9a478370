import type { Parameters } from '@medplum/fhirtypes';
import { mayAtAll } from '../access/predicate.ts';
import type { Engine } from '../interactions/engine.ts';
import type { Caller } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';
import { textAnswer } from '../rest/answer.ts';
import type { Endpoint } from '../rest/exchange.ts';
import { OperationInput } from '../rest/operation-input.ts';
import type { Operation } from '../rest/operations.ts';
import { parkedWork, tryParked } from '../store/outbox.ts';
import { ATTEMPTS_MAX } from './runner.ts';

/** Who looks after what did not get done: who runs the server, and the registry's system coordinator. */
const LOOKING_AFTER: readonly string[] = ['operator', 'sc'];
/** What one of them may change, if their token lets them change anything. */
const CHANGING = ['Organization', 'Location', 'ResearchStudy', 'Consent'] as const;
/** Work that is taken up again by one request. */
const RETRIED_MAX = 1000;

/** What bots could not do, and its next attempt: docs/coordinator.md. Definitions in fhir/operations. */
export function parkedWorkOperations(engine: Engine): readonly Operation[] {
  return [
    operation('parked-work', tellParked(engine), false),
    operation('retry-parked-work', retryParked(engine), true),
  ];
}

/** $parked-work: by bot, kind of resource and class of error how much there is, and since when; nothing of a patient. */
function tellParked({ readers }: Engine): Endpoint {
  return async (exchange) => {
    refuseRole(exchange.caller);
    const bot = new OperationInput(exchange, ['bot']).text('bot');
    const found = await parkedWork(readers, bot);
    const parameters: Parameters = {
      resourceType: 'Parameters',
      parameter: found.map(({ type, since, count, attempts, problem, ...row }) => ({
        name: 'work',
        part: [
          { name: 'bot', valueCode: row.bot },
          { name: 'type', valueCode: type },
          { name: 'count', valueInteger: count },
          ...(since === undefined ? [] : [{ name: 'since', valueInstant: new Date(since).toISOString() }]),
          { name: 'attempts', valueInteger: attempts },
          { name: 'problem', valueString: problem },
        ],
      })),
    };
    return textAnswer(exchange, JSON.stringify(parameters));
  };
}

/** $retry-parked-work: each piece of a bot's parked work gets one more attempt, the oldest first. */
function retryParked({ pool }: Engine): Endpoint {
  return async (exchange) => {
    const { caller } = exchange;
    refuseRole(caller);
    if (caller.access !== 'all' && !CHANGING.some((type) => mayAtAll(caller, 'update', type))) {
      throw fhirError(403, 'forbidden', 'This program was not given enough to do this for you.');
    }
    const bot = new OperationInput(exchange, ['bot']).text('bot');
    if (bot === undefined) throw fhirError(400, 'required', 'The parameter bot is needed.');
    const count = await tryParked(pool, bot, ATTEMPTS_MAX, RETRIED_MAX);
    const parameters: Parameters = { resourceType: 'Parameters', parameter: [{ name: 'count', valueInteger: count }] };
    return textAnswer(exchange, JSON.stringify(parameters));
  };
}

/** @throws FhirError 403 */
function refuseRole({ access, agent }: Caller): void {
  if (access === 'all' || (access !== 'none' && LOOKING_AFTER.includes(agent?.role ?? ''))) return;
  throw fhirError(403, 'forbidden', 'This is for who runs the server, and for the system coordinator.');
}

function operation(code: string, endpoint: Endpoint, affectsState: boolean): Operation {
  const definition = `https://svar.example.org/fhir/OperationDefinition/${code}`;
  return { code, definition, levels: ['system'], types: [], endpoint, affectsState };
}
