import type { Bundle, Task } from '@medplum/fhirtypes';
import { asServer } from '../model/caller.ts';
import { idOfRid, type Rid } from '../model/rid.ts';
import { codeSystem } from '../registry/names.ts';
import { openTaskStatuses } from '../registry/order.ts';
import type { Endpoint, Exchange } from '../rest/exchange.ts';
import { OperationInput } from '../rest/operation-input.ts';
import { authorized, reachesResource, refuseRole } from './authority.ts';
import { resourceOf } from './one-commit.ts';
import { type RightsParts, returned } from './parts.ts';

/** Requests in one answer, and restricted records that are looked at. */
const REQUESTS_MAX = 1000;

type Query = readonly (readonly [string, string])[];

/**
 * Task/$patient-rights: the requests that a coordinator has to answer, the nearest deadline first; those of restricted
 * records too, which no search shows to staff. `overdue`: only those whose deadline has passed; `all`: answered ones too.
 */
export function openRequests({ engine }: RightsParts): Endpoint {
  return async (exchange) => {
    const { caller, context } = exchange;
    const input = new OperationInput(exchange, ['overdue', 'all']);
    refuseRole(caller, 'answer', false);
    const query: Query = [
      ['code', `${codeSystem.patientRight}|`],
      ...(input.boolean('all') === true ? [] : [['status', openTaskStatuses.join(',')] as const]),
      ...(input.boolean('overdue') === true ? [['deadline', `lt${engine.clock.now().toISOString()}`] as const] : []),
      ['_sort', 'deadline'],
      ['_count', String(REQUESTS_MAX)],
    ];
    const page = await context.interactions.search(caller, 'Task', query, { lenient: false });
    const found = page.matches.map((stored) => resourceOf<Task>(stored));
    const more = caller.access === 'all' ? [] : await ofRestricted(exchange, engine, query);
    const tasks = [...found, ...more].sort((a, b) => deadlineOf(a) - deadlineOf(b)).slice(0, REQUESTS_MAX);
    const bundle: Bundle<Task> = {
      resourceType: 'Bundle',
      type: 'searchset',
      total: tasks.length,
      ...(tasks.length === 0
        ? {}
        : {
            entry: tasks.map((resource) => ({
              fullUrl: `${exchange.request.baseUrl}/Task/${resource.id}`,
              resource,
              search: { mode: 'match' },
            })),
          }),
    };
    return returned(exchange, bundle);
  };
}

async function ofRestricted(
  { caller, context }: Exchange,
  engine: RightsParts['engine'],
  query: Query,
): Promise<readonly Task[]> {
  const { rows } = await engine.readers.query<{ patient: Rid; id: string | null }>({
    text: `select x.patient, r.id from restriction x join resource r on r.shard = x.shard and r.rid = x.patient
      order by x.since limit ${REQUESTS_MAX}`,
  });
  const tasks: Task[] = [];
  const { witness: _, ...server } = asServer(caller); // not all that is found is shown
  for (const { patient, id } of rows) {
    const patientId = id ?? idOfRid(patient);
    const reached = await authorized(engine.readers, caller, 'answer', patientId).then(
      () => true,
      () => false,
    );
    if (reached) {
      const own: Query = [['patient', `Patient/${patientId}`], ...query];
      const page = await context.interactions.search(server, 'Task', own, { lenient: false });
      for (const stored of page.matches) {
        if (await reachesResource(engine.readers, caller, stored)) {
          caller.witness?.saw([stored]);
          tasks.push(resourceOf<Task>(stored));
        }
      }
    }
  }
  return tasks;
}

function deadlineOf({ restriction }: Task): number {
  return Date.parse(restriction?.period?.end ?? '9999-12-31');
}
