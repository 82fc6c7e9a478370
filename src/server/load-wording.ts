import type { Questionnaire } from '@medplum/fhirtypes';
import { wordingMisfits } from '../forms/text/fit.ts';
import type { LicensedWording } from '../forms/text/licensed-wording.ts';
import { WordingFaults } from '../forms/text/read-wording.ts';
import { withWording } from '../forms/text/with-wording.ts';
import { inUnit } from '../interactions/unit-of-work.ts';
import { systemCaller } from '../model/caller.ts';
import type { Rid } from '../model/rid.ts';
import type { StoredVersion } from '../model/stored.ts';
import { codeSystem } from '../registry/names.ts';
import { hash64 } from '../search/hash64.ts';
import { keyOf, paramName, systemCodeForm } from '../search/keys.ts';
import { queueAgain } from '../store/queue-again.ts';
import { retrying } from '../store/transaction.ts';
import type { FhirServer } from './fhir-server.ts';

/** Orders handed over in one transaction: fewer than the locks that one may take. */
const PAGE = 500;

export interface LoadedWording {
  readonly outcome: 'loaded' | 'unchanged';
  /** The stored form: Questionnaire/<id>, and its version. */
  readonly form: string;
  /** How many refused orders are looked at again. */
  readonly orders: number;
}

/**
 * Puts licensed words into the stored form that they are for, as a new version of the resource; orders that were refused
 * for want of them are looked at again. The same words under the same licence change nothing.
 *
 * @throws WordingFaults with everything that does not fit, FhirError where other words were answered to (form-versions.ts);
 * nothing is stored then
 */
export async function loadWording(fhir: FhirServer, wording: LicensedWording): Promise<LoadedWording> {
  const stored = await storedForm(fhir, wording);
  const form = JSON.parse(stored.content) as Questionnaire;
  const misfits = wordingMisfits(form, wording);
  if (misfits.length > 0) throw new WordingFaults(misfits);
  const worded = withWording(form, wording, fhir.engine.clock.now().toISOString());
  if (worded === form) {
    return { outcome: 'unchanged', form: `Questionnaire/${stored.id}/_history/${stored.version}`, orders: 0 };
  }
  const body = { resource: worded, text: JSON.stringify(worded) };
  const target = { id: stored.id };
  const options = { ifMatch: stored.version };
  const { stored: now } = await fhir.interactions.update(systemCaller, 'Questionnaire', target, body, options);
  const orders = await orderAgain(fhir);
  return { outcome: 'loaded', form: `Questionnaire/${now.id}/_history/${now.version}`, orders };
}

async function storedForm({ interactions }: FhirServer, { url, version }: LicensedWording): Promise<StoredVersion> {
  const query = [
    ['url', url],
    ['version', version],
  ] as const;
  const { matches } = await interactions.search(systemCaller, 'Questionnaire', query, { lenient: false });
  const [form, second] = matches;
  if (form === undefined) throw new WordingFaults([`questionnaire: there is no form ${url}|${version} here`]);
  if (second !== undefined) throw new WordingFaults([`questionnaire: there are several forms ${url}|${version} here`]);
  return form;
}

/** Hands every refused order to the bot that orders, which makes a new one where there is no reason against it any more. */
async function orderAgain({ engine }: FhirServer): Promise<number> {
  const parameter = engine.definitions().parameters.get('Task', 'business-status');
  if (parameter === undefined) throw new Error('R4 has the search parameter Task.business-status');
  const h = hash64(keyOf(paramName(parameter), systemCodeForm(codeSystem.orderStatus, 'refused')), engine.hashSeed);
  let after: Rid | undefined = '0';
  let orders = 0;
  while (after !== undefined) {
    const from: Rid = after;
    const page = await retrying(engine, () =>
      inUnit(engine, async (unit) => {
        const queued = await queueAgain(unit.client, { bot: 'order', h, after: from, limit: PAGE });
        unit.done.events ||= queued.queued > 0;
        return queued;
      }),
    );
    after = page.last;
    orders += page.queued;
  }
  return orders;
}
