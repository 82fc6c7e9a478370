import type { Bundle, Parameters, Resource } from '@medplum/fhirtypes';
import { syntheticNationalNumber } from '../../src/registry/synthetic/national-number.ts';
import { type Course, refer, response, toItems } from '../kit/course.ts';
import type { TestServer } from '../kit/fhir-server.ts';
import { type Reply, type Rest, rest } from '../kit/rest.ts';
import type { Credentials } from '../kit/sign-in.ts';

/** A course that is in the national registry: seen, all criteria met, consent given. */
export async function nationalCourse(
  client: Rest,
  options: globalThis.Parameters<typeof refer>[1] = {},
): Promise<Course> {
  const course = await refer(client, options);
  const answers = {
    Tilsett: '1',
    Norsktalende: '1',
    KognSvekket: '0',
    SkriftligSamtyk: '1',
    DatoSamtykke: '2026-03-02',
  } as const;
  const to = response(course, 'smertereg-to', 'completed', toItems(answers), '2026-03-02T09:00:00+01:00');
  const { status, body } = await client.post('QuestionnaireResponse', to);
  if (status !== 201) {
    throw new Error(`TO was refused: ${JSON.stringify(body)}`);
  }
  return course;
}

/** Calls an operation with string parameters, or with resources. */
export function call<T = Resource>(
  client: Rest,
  path: string,
  given: Readonly<Record<string, string | Resource>> = {},
): Promise<Reply<T>> {
  const parameter = Object.entries(given).map(([name, value]) =>
    typeof value === 'string' ? { name, valueString: value } : { name, resource: value },
  );
  const body: Parameters = { resourceType: 'Parameters', ...(parameter.length > 0 && { parameter }) };
  return client.post<T>(path, body);
}

export async function moveClock(server: TestServer, client: Rest, now: string): Promise<void> {
  const answer = await client.send('POST', `${server.url}/test-clock`, { now }, { 'content-type': 'application/json' });
  if (answer.status !== 200) {
    throw new Error(`the clock was not moved: ${JSON.stringify(answer.body)}`);
  }
}

/** A valid number of nobody, born on 13 November 1969. */
export const syntheticNumber = (index: number): string =>
  syntheticNationalNumber({ year: 1969, month: 11, day: 13 }, 'female', index);

/** A client that shows who it is with every request. */
export function restAs(base: string, credentials: Credentials): Rest {
  const { send: plain } = rest(base);
  const send: Rest['send'] = (method, path, body, headers = {}) =>
    plain(method, path, body, { ...credentials, ...headers });
  return {
    send,
    get: (path, headers) => send('GET', path, undefined, headers),
    post: (path, body, headers) => send('POST', path, body, headers),
    put: (path, body, headers) => send('PUT', path, body, headers),
    async search<T extends Resource>(query: string): Promise<T[]> {
      const { body } = await send<Bundle<T>>('GET', query);
      return (body.entry ?? []).flatMap(({ resource, search }) =>
        search?.mode === 'match' && resource ? [resource] : [],
      );
    },
  };
}
