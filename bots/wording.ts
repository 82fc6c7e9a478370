import { type BotEvent, type MedplumClient, OperationOutcomeError } from '@medplum/core';
import type { Task } from '@medplum/fhirtypes';
import { now } from '../src/registry/event-time.ts';
import { isTaskInput } from '../src/registry/order.ts';
import type { OrderRefusal } from '../src/registry/order-refusal.ts';
import { isProduction, orderRefusal } from './course/order-refusal.ts';

/** Where a day ends last: an order is refused here once the licence has run out everywhere, earlier by who orders. */
const LAST_ZONE = 'Etc/GMT+12';

const REASONS: Readonly<Record<OrderRefusal, string>> = {
  'wording-missing':
    "has placeholders in the patient's language; it can be ordered once its licensed wording is loaded (load-text)",
  'licence-expired':
    "has words in the patient's language whose licence has run out; it can be ordered once the renewed licence is loaded (load-text)",
};

/** Refuses, on a production server, an order that somebody makes of a form that may not be sent to its patient. */
export async function handler(medplum: MedplumClient, event: BotEvent): Promise<void> {
  const task = event.input as Task;
  for (const [index, input] of (task.input ?? []).entries()) {
    const questionnaire = isTaskInput(input, 'questionnaire') ? input.valueCanonical : undefined;
    if (questionnaire === undefined) continue;
    const asking = { questionnaire, patient: task.for, zone: LAST_ZONE };
    const refusal = await orderRefusal(medplum, { production: isProduction(event), now: now(event) }, asking);
    if (refusal !== undefined) {
      const diagnostics = `The form ${questionnaire} ${REASONS[refusal]}.`;
      throw new OperationOutcomeError({
        resourceType: 'OperationOutcome',
        issue: [
          {
            severity: 'error',
            code: 'business-rule',
            diagnostics,
            expression: [`Task.input[${index}].valueCanonical`],
          },
        ],
      });
    }
  }
}
