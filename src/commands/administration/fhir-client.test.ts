import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Bundle } from '@medplum/fhirtypes';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Invocation } from '../command.ts';
import { fhirClient } from './fhir-client.ts';

const PUBLIC = 'https://register.example/fhir/R4';

const asked: string[] = [];
let standIn: Server;

/** Two pages, whose links are of the address at which browsers reach the server. */
beforeAll(async () => {
  standIn = createServer((request, answer) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      asked.push(`${request.method} ${request.url} ${body}`);
      const isLast = body.includes('_page=');
      const bundle: Bundle = {
        resourceType: 'Bundle',
        type: 'searchset',
        link: isLast ? [] : [{ relation: 'next', url: `${PUBLIC}/Patient?name=Berit&_count=200&_page=abc` }],
        entry: [{ resource: { resourceType: 'Patient', id: isLast ? '2' : '1' }, search: { mode: 'match' } }],
      };
      answer.setHeader('content-type', 'application/fhir+json');
      answer.end(JSON.stringify(bundle));
    });
  });
  await new Promise<void>((resolve) => standIn.listen(0, '127.0.0.1', resolve));
});

afterEach(() => vi.unstubAllEnvs());

afterAll(() => void standIn.close());

test('the pages of a list are asked for where the server was told to be, and whatever names a person in a body', async () => {
  vi.stubEnv('SVAR_TOKEN', 'token');
  const server = `http://127.0.0.1:${(standIn.address() as AddressInfo).port}`;
  const client = fhirClient({ settings: {}, options: { server } } as unknown as Invocation);
  const { matches } = await client.all('Patient', [['name', 'Berit']]);
  expect(matches.map(({ id }) => id)).toEqual(['1', '2']);
  expect(asked).toEqual([
    'POST /fhir/R4/Patient/_search _count=200&name=Berit',
    'POST /fhir/R4/Patient/_search name=Berit&_count=200&_page=abc',
  ]);
});
