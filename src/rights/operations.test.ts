import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { OperationDefinition, Resource } from '@medplum/fhirtypes';
import { describe, expect, test } from 'vitest';
import { validateResource } from '../conformance/validate-resource.ts';
import { rightsOperations } from './operations.ts';
import type { RightsParts } from './parts.ts';

const FOLDER = path.join(import.meta.dirname, '../../fhir/operations');
const operations = rightsOperations({ secrets: undefined } as unknown as RightsParts);

const definitions = new Map<string, OperationDefinition>();
for (const name of await readdir(FOLDER)) {
  const definition = JSON.parse(await readFile(path.join(FOLDER, name), 'utf8')) as OperationDefinition;
  definitions.set(definition.url ?? '', definition);
}

describe.each(operations.map((operation) => [operation.definition, operation] as const))('%s', (url, operation) => {
  const definition = definitions.get(url);

  test('is defined as it is offered, and its definition is valid', () => {
    expect(definition).toMatchObject({
      code: operation.code,
      resource: operation.types,
      affectsState: operation.affectsState,
      system: false,
      type: operation.levels.includes('type'),
      instance: operation.levels.includes('instance'),
    });
    expect(validateResource(definition as Resource)).toEqual([]);
  });

  test('takes the parameters that are documented and no others', async () => {
    const names = (definition?.parameter ?? []).filter(({ use }) => use === 'in').map(({ name }) => name);
    const folder = await readdir(import.meta.dirname, { recursive: true });
    const sources = await Promise.all(
      folder
        .filter((file) => file.endsWith('.ts') && !file.includes('.test.'))
        .map((file) => readFile(path.join(import.meta.dirname, file), 'utf8')),
    );
    const taken = sources
      .flatMap((source) => [...source.matchAll(/(?:OperationInput\(exchange, |const names = )\[([^\]]*)\]/g)])
      .map(([, list = '']) => [...list.matchAll(/'([\w-]+)'/g)].map(([, name]) => name).sort());
    expect(taken).toContainEqual([...names].sort());
  });
});
