import type { Bundle, OperationOutcome, Resource } from '@medplum/fhirtypes';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { exampleInstances, type Instance } from './instances.ts';

export interface StoredExamples {
  readonly server: TestServer;
  /** With `resource` as the server gives it: id and meta of its own. */
  readonly stored: readonly Instance[];
  /** By key: why it was refused at first, as status, place and words; what is stored once its patient exists included. */
  readonly refused: Readonly<Record<string, string>>;
  /** By key: why it is refused even then. */
  readonly never: readonly string[];
}

/** How many are sent at the same time. */
const TOGETHER = 8;

/**
 * A server with every example stored that it takes. Examples refer to each other, and some references must lead somewhere
 * even for a caller with open references: what is refused is sent again as long as a round stores something more. Then the
 * patients and plans that the package refers to and does not have are made, with nothing in them but what they must have,
 * and the rest is sent once more.
 */
export async function storeExamples(): Promise<StoredExamples> {
  const server = await testServer({ packages: false, bots: [], background: false, caller: { openReferences: true } });
  const first = await rounds(server.base, exampleInstances());
  const waiting = exampleInstances().filter(({ key }) => key in first.refused);
  await rounds(server.base, absentTargets(waiting, new Set(first.stored.map(({ key }) => key))));
  const second = await rounds(server.base, waiting);
  return {
    server,
    stored: await asStored(server.base),
    refused: first.refused,
    never: Object.keys(second.refused).sort(),
  };
}

async function rounds(base: string, instances: readonly Instance[]) {
  const stored: Instance[] = [];
  let waiting = [...instances];
  let refused: Record<string, string> = {};
  for (let before = Number.POSITIVE_INFINITY; waiting.length < before; ) {
    before = waiting.length;
    const round = waiting;
    const again: Instance[] = [];
    refused = {};
    const send = async (): Promise<void> => {
      for (let next = round.shift(); next !== undefined; next = round.shift()) {
        const fault = await put(base, next);
        if (fault === undefined) {
          stored.push(next);
        } else {
          again.push(next);
          refused[next.key] = fault;
        }
      }
    };
    await Promise.all(Array.from({ length: TOGETHER }, send));
    waiting = again;
  }
  return { stored, refused };
}

async function put(base: string, { type, id, text }: Instance): Promise<string | undefined> {
  const answer = await fetch(`${base}/${type}/${encodeURIComponent(id)}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/fhir+json', prefer: 'return=OperationOutcome' },
    body: text,
  });
  const outcome = (await answer.json()) as OperationOutcome;
  const [issue] = outcome.issue.filter(({ severity }) => severity === 'error');
  return answer.status < 300 ? undefined : `${answer.status} ${issue?.expression?.[0] ?? ''}: ${issue?.diagnostics}`;
}

/** What subject, patient and basedOn name and the package does not have. */
function absentTargets(waiting: readonly Instance[], known: ReadonlySet<string>): readonly Instance[] {
  const named = waiting.flatMap(({ text }) =>
    [...text.matchAll(/"reference"\s*:\s*"(Patient|CarePlan|ServiceRequest)\/([A-Za-z0-9.-]{1,64})"/g)].map(
      ([, type = '', id = '']) => ({ key: `${type}/${id}`, type: type as Instance['type'], id }),
    ),
  );
  const own = new Set([...known, ...waiting.map(({ key }) => key)]);
  const absent = new Map(named.filter(({ key }) => !own.has(key)).map((each) => [each.key, each]));
  const anyone = { subject: { reference: 'Patient/example' } };
  return [...absent.values()].map(({ key, type, id }) => {
    const plan = type === 'Patient' ? {} : { status: 'unknown', intent: 'plan', ...anyone };
    const resource = { resourceType: type, id, ...plan } as Resource;
    return { key, type, id, resource, text: JSON.stringify(resource) };
  });
}

/** All that the server has now, by a search of the whole system. */
async function asStored(base: string): Promise<readonly Instance[]> {
  const found: Instance[] = [];
  for (let url: string | undefined = `${base}?_count=500`; url !== undefined; ) {
    const bundle = (await (await fetch(url)).json()) as Bundle;
    for (const { resource } of bundle.entry ?? []) {
      if (resource !== undefined) {
        const [type, id] = [resource.resourceType, resource.id ?? ''];
        found.push({ key: `${type}/${id}`, type, id, resource, text: JSON.stringify(resource) });
      }
    }
    url = bundle.link?.find(({ relation }) => relation === 'next')?.url;
  }
  return found;
}
