import { expect, test } from 'vitest';
import { fhirOver, Offline, Refused, SignedOut } from './fhir.ts';

const answering = (answer: Response | Error) =>
  fhirOver(
    async () => {
      if (answer instanceof Error) throw answer;
      return answer;
    },
    () => 'nb',
  );
const json = (status: number, body: object) => new Response(JSON.stringify(body), { status });

test('no answer, and one of a server that is busy, mean that it may be tried again', async () => {
  for (const answer of [
    new TypeError('failed to fetch'),
    json(503, {}),
    json(429, {}),
    new Response('<html>', { status: 200 }),
  ]) {
    await expect(answering(answer).read('Task', 't')).rejects.toBeInstanceOf(Offline);
  }
});

test('a session that has ended is told apart from a refusal, which says why', async () => {
  await expect(answering(json(401, {})).read('Task', 't')).rejects.toBeInstanceOf(SignedOut);
  const outcome = {
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code: 'conflict', diagnostics: 'no' }],
  };
  const refusal = await answering(json(412, outcome))
    .read('Task', 't')
    .catch((problem: unknown) => problem);
  expect(refusal).toBeInstanceOf(Refused);
  expect(refusal).toMatchObject({ status: 412, message: 'no', isConflict: true, outcome });
});

test('an answer of another type than was asked for is none', async () => {
  await expect(answering(json(200, { resourceType: 'Patient' })).read('Task', 't')).rejects.toBeInstanceOf(Offline);
});

test('what is saved says on which condition, comes from our own page, and outlives it if browsers let it', async () => {
  const asked: [string, RequestInit][] = [];
  const fhir = fhirOver(
    async (address, request) => {
      asked.push([String(address), request ?? {}]);
      return json(200, { resourceType: 'QuestionnaireResponse' });
    },
    () => 'nn',
  );
  const response = { resourceType: 'QuestionnaireResponse' as const, id: 'q', status: 'in-progress' as const };
  await fhir.create(response, [['identifier', 's|v']]);
  await fhir.update(response, '7');
  await fhir.update({ ...response, item: [{ linkId: 'a', answer: [{ valueString: 'æ'.repeat(30_000) }] }] }, '7');
  const [create, update, large] = asked;
  expect(create?.[0]).toBe('/fhir/R4/QuestionnaireResponse');
  expect(create?.[1].headers).toMatchObject({ 'accept-language': 'nn' });
  expect(create?.[1].headers).toMatchObject({ 'if-none-exist': 'identifier=s%7Cv', 'x-medplum': 'extended' });
  expect(update?.[0]).toBe('/fhir/R4/QuestionnaireResponse/q');
  expect(update?.[1]).toMatchObject({ method: 'PUT', keepalive: true, headers: { 'if-match': 'W/"7"' } });
  expect(large?.[1].keepalive).toBe(false);
});
