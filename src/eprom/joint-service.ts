import { type Channel, ChannelFault } from '../delivery/channel.ts';
import { ageAt } from '../delivery/contact.ts';
import { jsonObject } from '../delivery/tokens/access-tokens.ts';
import type { GuardedFetch } from '../egress/guarded-fetch.ts';
import { distributionRule, type FormOrder, readReceipt } from './contract.ts';
import type { EpromSettings } from './settings.ts';

/** The service reaches people by Helsenorge, from 16 years, or by their digital mailbox, from 18. */
const AGE_MIN = 16;
const DAY_MS = 86_400_000;

/**
 * The joint ePROM service as a channel: the notice of an order becomes an order there, which the service sends and in which
 * the patient answers; what becomes of it comes back by callbacks (take-callback.ts). The service knows no key by which an
 * order is made once only: after a failure whose outcome is not known it may be made twice, and the first answer counts.
 * It has no call for a reminder either (it ignores reminderDate): the patient is not reminded by it.
 */
export function jointService(service: NonNullable<EpromSettings['service']>, guarded: GuardedFetch): Channel {
  return {
    name: 'eprom',
    medium: 'secure',
    reach(contact, at) {
      if (contact.nationalNumber === undefined) return { unreachable: 'no-national-number' };
      const age = ageAt(contact, at);
      if (age !== undefined && age < AGE_MIN) return { unreachable: 'too-young' };
      return { address: contact.nationalNumber };
    },
    async send({ recipient, order }) {
      const formId = service.forms.get(order?.questionnaire?.split('|')[0] ?? '');
      if (order === undefined || formId === undefined) return 'channel-not-offered';
      if (order.reminder) return undefined;
      const placed: FormOrder = {
        formId,
        nationalId: recipient,
        expiryDate: new Date((order.end?.getTime() ?? 0) + service.graceDays * DAY_MS).toISOString(),
        distributionRule: distributionRule.basic,
        metadata: JSON.stringify({ task: order.task }),
      };
      const answer = await guarded(`${service.url}/webapi/api/v2/formorder`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Basic ${service.apiKey}` },
        body: JSON.stringify(placed),
        accept: ['application/json'],
      });
      if (answer.status !== 200 && answer.status !== 201) {
        throw new ChannelFault(`the joint ePROM service answered with status ${answer.status}`);
      }
      readReceipt(jsonObject(answer.body));
      return undefined;
    },
  };
}
