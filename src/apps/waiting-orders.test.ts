import { readFileSync } from 'node:fs';
import type { PlanDefinition, PlanDefinitionAction, Task } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import type { Ask } from '../identity/create-identity.ts';
import { systemCaller } from '../model/caller.ts';
import { readProtocol } from '../registry/protocol.ts';
import { waitingOrders } from './waiting-orders.ts';

const shipped: PlanDefinition = JSON.parse(readFileSync('fhir/registries/smertereg/plan-definition.json', 'utf8'));
const withoutLock = (actions: readonly PlanDefinitionAction[] = []): PlanDefinitionAction[] =>
  actions
    .filter(({ code }) => code?.some(({ coding }) => coding?.some((one) => one.code === 'lock')) !== true)
    .map((one) => ({ ...one, ...(one.action && { action: withoutLock(one.action) }) }));
const plan: PlanDefinition = { ...shipped, action: withoutLock(shipped.action) };
const [form] = readProtocol(plan).schedule;
const order: Task = {
  ...{ resourceType: 'Task', id: 't', status: 'requested', intent: 'order', for: { reference: 'Patient/p' } },
  instantiatesUri: `${plan.url}#${form?.id}`,
  businessStatus: { coding: [{ system: 'https://svar.example.org/fhir/CodeSystem/order-status', code: 'sent' }] },
  input: [
    {
      type: { coding: [{ system: 'http://hl7.org/fhir/uv/sdc/CodeSystem/temp', code: 'questionnaire' }] },
      valueCanonical: form?.questionnaire ?? '',
    },
    { type: { text: 'remind at' }, valueDateTime: '2026-03-05T08:00:00Z' },
  ],
  restriction: { period: { start: '2026-03-02T08:00:00Z', end: '2026-03-05T08:00:00Z' } },
};
const ask: Ask = async (_caller, path) => {
  const found = path.startsWith('Task') ? [order] : path.startsWith('PlanDefinition') ? [plan] : [];
  return { resourceType: 'Bundle', type: 'searchset', entry: found.map((resource) => ({ resource })) };
};

test('of an order that never locks the time of its reminder is told, and no end', async () => {
  expect(form?.lock).toBeUndefined();
  const [waiting] = await waitingOrders(ask, systemCaller, 'Patient/p', 'nb');
  expect(waiting).toMatchObject({ id: 't', remindAt: '2026-03-05T08:00:00Z' });
  expect(waiting).not.toHaveProperty('until');
});
