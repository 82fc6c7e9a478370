import type { GuardedFetch } from '../egress/guarded-fetch.ts';
import { type Channel, ChannelFault } from './channel.ts';
import { E164 } from './contact.ts';
import { messageId } from './message-id.ts';
import { reachAtPoint } from './reach.ts';

export interface SmsSettings {
  readonly url: string;
  readonly token: string;
  /** What telephones show as the sender: a number or up to eleven letters. */
  readonly sender: string;
  /** What the gateway calls the fields of a message. */
  readonly fields: SmsFields;
}

export interface SmsFields {
  readonly to: string;
  readonly from: string;
  readonly text: string;
  readonly reference: string;
}

export const smsFields: SmsFields = { to: 'to', from: 'from', text: 'text', reference: 'reference' };

const ANSWER_BYTES_MAX = 64 * 1024;

/**
 * Sends SMS by a gateway over HTTP. There is no common contract of such gateways; this one is ours, and most can be
 * brought to speak it: `POST <url>` with `Authorization: Bearer`, a flat JSON object (telephone in E.164, sender, text,
 * reference; the names are configurable), and `Idempotency-Key` (IETF draft-ietf-httpapi-idempotency-key-header). 2xx is
 * sent. So is 422, by which that draft answers a key that was used with another content: our link differs each time.
 */
export function smsGateway({ url, token, sender, fields }: SmsSettings, guarded: GuardedFetch): Channel {
  return {
    name: 'sms',
    medium: 'sms',
    reach: (contact) => reachAtPoint(contact, 'mobile'),
    async send({ idempotencyKey, recipient, text, link }) {
      if (!E164.test(recipient)) throw new ChannelFault('a telephone number is not E.164');
      const reference = messageId(idempotencyKey);
      const { status } = await guarded(url, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'idempotency-key': reference,
        },
        body: JSON.stringify({
          [fields.to]: recipient,
          [fields.from]: sender,
          [fields.text]: link === undefined ? text : `${text} ${link}`,
          [fields.reference]: reference,
        }),
        accept: ['application/json', 'text/plain'],
        bytesMax: ANSWER_BYTES_MAX,
      });
      if (status !== 422 && (status < 200 || status > 299)) {
        throw new ChannelFault(`the SMS gateway answered ${status}`);
      }
      return undefined;
    },
  };
}
