import type { GuardedFetch } from '../egress/guarded-fetch.ts';
import { type Channel, ChannelFault, type Notice, type Way } from './channel.ts';
import type { Contact } from './contact.ts';
import { messageId } from './message-id.ts';
import { reachByNumber } from './reach.ts';
import { neutralNotification, neutralTitle } from './words.ts';

export interface DigipostSettings {
  /** The address of the integration point, before `/api/messages/out/multipart`. */
  readonly base: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** The organisation number of the sender. */
  readonly organization: string;
  /** How surely who reads the letter has signed in: 3 or 4. */
  readonly securityLevel: 3 | 4;
}

/** Digital post to citizens (DPI) takes people from 18 years on. */
const YEARS_MIN = 18;
const ANSWER_BYTES_MAX = 256 * 1024;
const DOCUMENT = 'melding.txt';

/**
 * Sends a letter to a digital mailbox (Digipost and others of DPI) by the sender's own integration point of eFormidling,
 * which looks up the mailbox, encrypts for its certificate and shows Maskinporten who sends (docs.digdir.no, document type
 * `digital`): `POST [base]/api/messages/out/multipart` with a standard business document and the letter.
 *
 * Our reading, since the pages say nothing: a message identifier that was used already is answered by 409. Title and
 * notifications show before anybody has signed in, so they are neutral.
 */
export function digipost(settings: DigipostSettings, guarded: GuardedFetch): Channel {
  const { base, user, password } = settings;
  const credentials = Buffer.from(`${user}:${password ?? ''}`).toString('base64');
  return {
    name: 'digipost',
    medium: 'secure',
    reach: reachOf,
    async send(notice) {
      const id = messageId(notice.idempotencyKey);
      const boundary = `svar-${id}`;
      const { status } = await guarded(`${base}/api/messages/out/multipart`, {
        method: 'POST',
        headers: {
          ...(user !== undefined && { authorization: `Basic ${credentials}` }),
          'content-type': `multipart/form-data; boundary=${boundary}`,
        },
        body: multipart(boundary, [
          ['sbd', undefined, 'application/json', JSON.stringify(businessDocument(notice, id, settings))],
          [neutralTitle(notice.language), DOCUMENT, 'text/plain; charset=utf-8', letter(notice)],
        ]),
        accept: ['application/json'],
        bytesMax: ANSWER_BYTES_MAX,
      });
      if ((status < 200 || status > 299) && status !== 409) {
        throw new ChannelFault(`the integration point for digital post answered ${status}`);
      }
      return undefined;
    },
  };
}

function reachOf(contact: Contact, at: Date): Way {
  const way = reachByNumber(contact, at, YEARS_MIN);
  return 'address' in way && !contact.mailbox ? { unreachable: 'no-secure-mailbox' } : way;
}

function businessDocument({ recipient, language, at }: Notice, id: string, settings: DigipostSettings): object {
  const actor = (value: string) => [{ identifier: { authority: 'iso6523-actorid-upis', value } }];
  const told = neutralNotification(language);
  return {
    standardBusinessDocumentHeader: {
      headerVersion: '1.0',
      sender: actor(`0192:${settings.organization}`),
      receiver: actor(recipient),
      documentIdentification: {
        standard: 'urn:no:difi:digitalpost:xsd:digital::digital',
        typeVersion: '2.0',
        instanceIdentifier: id,
        type: 'digital',
        creationDateAndTime: at.toISOString(),
      },
      businessScope: {
        scope: [
          {
            type: 'ConversationId',
            instanceIdentifier: id,
            identifier: 'urn:no:difi:profile:digitalpost:info:ver1.0',
          },
        ],
      },
    },
    digital: {
      sikkerhetsnivaa: settings.securityLevel,
      hoveddokument: DOCUMENT,
      tittel: neutralTitle(language),
      spraak: language.split('-')[0],
      digitalPostInfo: { virkningsdato: at.toISOString().slice(0, 10), aapningskvittering: false },
      varsler: { epostTekst: told, smsTekst: told },
    },
  };
}

function letter({ text, link }: Notice): string {
  return link === undefined ? text : `${text}\n\n${link}\n`;
}

type Part = readonly [name: string, file: string | undefined, type: string, content: string];

/** A body as RFC 7578 has it. Names are ours, and of ours alone. */
function multipart(boundary: string, parts: readonly Part[]): string {
  const written = parts.map(([name, file, type, content]) => {
    const disposition = `form-data; name="${name}"${file === undefined ? '' : `; filename="${file}"`}`;
    return `--${boundary}\r\nContent-Disposition: ${disposition}\r\nContent-Type: ${type}\r\n\r\n${content}\r\n`;
  });
  return `${written.join('')}--${boundary}--\r\n`;
}
