import type { QuestionnaireResponse, Reference, ServiceRequest } from '@medplum/fhirtypes';
import { identifierSystem } from '../../../registry/names.ts';
import type { PatientSession, WaitingOrder } from '../contract.ts';
import { type Device, deviceOf } from '../device/device.ts';
import { fhir, Offline } from '../network/fhir.ts';
import { forgetForms } from '../network/offline-app.ts';
import { pageData } from '../network/page-data.ts';
import { refreshSession } from '../network/session.ts';
import { Draft } from './draft.ts';
import type { DraftClock, DraftRecord } from './draft-state.ts';
import { mergedResponse } from './merge.ts';
import { emptyResponse } from './response.ts';
import { stateTold } from './state-told.ts';

/** Those of this page that are not closed. */
const open = new Set<Draft>();

const clock: DraftClock = {
  now: () => Date.now(),
  after(ms, act) {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * What was answered to an order so far, on the server and on this device; what is answered from now on is kept on both.
 * Without the net it begins with what is on the device.
 *
 * ```ts
 * const draft = await openDraft(session, order);
 * const form = openFormSession({ questionnaire, response: draft.response, … });
 * const end = draft.keep(form); // saves; draft.at(page), draft.send(), useSyncExternalStore(draft.subscribe, draft.current)
 * ```
 *
 * @throws SignedOut
 */
export async function openDraft(
  session: PatientSession,
  order: Pick<WaitingOrder, 'id' | 'deviceKey' | 'questionnaire'>,
): Promise<Draft> {
  const device = await deviceOf<DraftRecord>(order.deviceKey);
  const [kept, stored] = await Promise.all([keptOf(device, order.id), storedOf(session, order)]);
  watch();
  const draft = new Draft(recordOf(order.id, kept, stored), partsOf(device, session, order.id));
  open.add(draft);
  if (kept?.sending === true) void draft.send();
  return draft;
}

/** What this page holds of an order since it was opened before, else what lies on the device: of each order one draft is at work. */
async function keptOf(device: Device<DraftRecord>, order: string): Promise<DraftRecord | undefined> {
  const before = [...open].filter((draft) => draft.order === order);
  for (const draft of before) open.delete(draft);
  const handedOver = await Promise.all(before.map((draft) => draft.handOver()));
  return handedOver.findLast((record) => record !== undefined) ?? device.read(order);
}

/** Sends what this person had sent when there was no net, and left. @returns the orders that are answered now */
export async function sendWaiting(session: PatientSession): Promise<readonly string[]> {
  watch();
  const sent = session.orders.map(async ({ id, deviceKey }) => {
    const device = await deviceOf<DraftRecord>(deviceKey);
    const record = await device.read(id);
    if (record?.sending !== true || [...open].some(({ order }) => order === id)) return [];
    const draft = new Draft(record, partsOf(device, session, id));
    open.add(draft);
    return (await draft.send()).sending === 'sent' ? [id] : [];
  });
  return (await Promise.all(sent)).flat();
}

/**
 * Before signing out: saves what is not saved, and takes from the device all that the server has. What it does not have
 * stays, encrypted, until this person comes back or 30 days have passed.
 */
export async function leaveDevice(session: PatientSession): Promise<void> {
  await Promise.all([...open].map((draft) => draft.settle()));
  open.clear();
  for (const { id, deviceKey } of session.orders) {
    const device = await deviceOf<DraftRecord>(deviceKey);
    const record = await device.read(id);
    if (record && !record.changed && !record.sending) await device.delete(id);
  }
  await forgetForms();
}

function partsOf(device: Device<DraftRecord>, { person }: PatientSession, order: string) {
  return {
    ...{ fhir, device, clock },
    orderState: async () => stateTold(await refreshSession(order), person),
  };
}

/** The server's response of an order, begun or not; undefined where there is no net. */
async function storedOf(
  { person }: PatientSession,
  order: Pick<WaitingOrder, 'id' | 'questionnaire'>,
): Promise<QuestionnaireResponse | undefined> {
  const { id } = order;
  const page = pageData()?.order;
  try {
    if (page?.id === id && !used.has(id)) {
      used.add(id);
      return page.response ?? emptyResponse(person, order, page.basedOn);
    }
    const [task, found] = await Promise.all([
      fhir.read('Task', id),
      fhir.search('QuestionnaireResponse', [['identifier', `${identifierSystem.response}|${id}`]]),
    ]);
    return found[0] ?? emptyResponse(person, order, task.basedOn?.filter(isReferral));
  } catch (problem) {
    if (problem instanceof Offline) return undefined;
    throw problem;
  }
}

function isReferral(reference: Reference): reference is Reference<ServiceRequest> {
  return reference.reference?.startsWith('ServiceRequest/') === true;
}

/** What the page brought is good for the first opening alone. */
const used = new Set<string>();

/** @param stored what the server holds, or an empty response for it; undefined: not known */
function recordOf(
  order: string,
  kept: DraftRecord | undefined,
  stored: QuestionnaireResponse | undefined,
): DraftRecord {
  if (stored === undefined) {
    if (kept === undefined) throw new Offline('nothing of this order is on the device');
    return kept;
  }
  const base = stored.id === undefined ? undefined : stored;
  const fresh: DraftRecord = { order, response: stored, base, changed: false, sending: false, page: kept?.page };
  if (kept?.changed !== true) return fresh;
  if (kept.sending) return { ...kept, base: kept.base ?? base };
  return { ...fresh, response: mergedResponse(kept.base, kept.response, stored), changed: true };
}

/** Before the page may be gone for good, and when it or the net is back. */
let isWatching = false;
function watch(): void {
  if (isWatching) return;
  isWatching = true;
  addEventListener('pagehide', flushAll);
  addEventListener('online', flushAll);
  document.addEventListener('visibilitychange', flushAll);
}

function flushAll(): void {
  for (const draft of open) draft.flush();
}
