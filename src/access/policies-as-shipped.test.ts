import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readPolicy } from './policy.ts';

const FOLDER = path.join(import.meta.dirname, '../../fhir/policies');
const shipped = readdirSync(FOLDER).map((name) => [name, JSON.parse(readFileSync(path.join(FOLDER, name), 'utf8'))]);

test.each(shipped)('the policy %s is understood to the last word', (name, statement) => {
  const policy = readPolicy(statement);
  expect(policy).not.toHaveProperty('faults');
  expect(`${policy.id}.json`).toBe(name);
});
