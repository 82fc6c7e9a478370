import { createTransport } from 'nodemailer';
import type { UnreachableReason } from '../registry/unreachable.ts';
import { type Channel, ChannelFault, type Notice } from './channel.ts';
import { EMAIL } from './contact.ts';
import { messageId } from './message-id.ts';
import { reachAtPoint } from './reach.ts';
import { neutralTitle } from './words.ts';

export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  /** `starttls`: the server must offer it, unless it is on this machine. `implicit`: TLS from the first byte. */
  readonly tls: 'starttls' | 'implicit';
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** The sender's address. People see it: it should tell nothing of a registry or a department. */
  readonly from: string;
  /** PEM of the authorities that are believed beside the usual ones. */
  readonly ca: string | undefined;
}

const CONNECT_MS = 10_000;
const SILENCE_MS = 15_000;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;
/** SMTP has no keys: what this process has sent is not sent again when the commit after it has to be tried anew. */
const REMEMBERED_MAX = 10_000;

/**
 * Sends plain e-mails (RFC 5321) over TLS 1.2 or later. A message is known by its Message-ID, the same at every attempt; a
 * process that is killed between the server's answer and the commit sends it again.
 */
export function smtpChannel(settings: SmtpSettings): Channel {
  const { host, port, tls, user, password, from, ca } = settings;
  const domain = from.slice(from.indexOf('@') + 1);
  const transport = createTransport({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls' && !LOOPBACK.test(host),
    // the name by which we greet: else the machine's own
    name: domain,
    ...(user !== undefined && { auth: { user, pass: password ?? '' } }),
    tls: { minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) },
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const sent = new Set<string>();
  return {
    name: 'email',
    medium: 'email',
    reach: (contact) => reachAtPoint(contact, 'email'),
    async send(notice) {
      if (sent.has(notice.idempotencyKey)) return undefined;
      const refused = await transport.sendMail(messageOf(notice, from, domain)).then(
        () => undefined,
        (problem: unknown) => refusalOf(problem),
      );
      if (refused !== undefined) return refused;
      sent.add(notice.idempotencyKey);
      if (sent.size > REMEMBERED_MAX) sent.delete(sent.values().next().value ?? '');
      return undefined;
    },
    close: () => transport.close(),
  };
}

function messageOf({ idempotencyKey, recipient, language, text, link }: Notice, from: string, domain: string) {
  if (!EMAIL.test(recipient)) throw new ChannelFault('an e-mail address is not one');
  const address = { name: '', address: recipient };
  return {
    from: { name: '', address: from },
    to: address,
    envelope: { from, to: [recipient] },
    messageId: `<${messageId(idempotencyKey)}@${domain}>`,
    subject: neutralTitle(language),
    text: link === undefined ? text : `${text}\n\n${link}\n`,
    headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': language },
  };
}

/** What the server says of the recipient for good; everything else is tried again. Answers quote addresses: none is repeated. */
function refusalOf(problem: unknown): UnreachableReason {
  const { command, responseCode, code } = Object(problem) as Record<string, unknown>;
  if (command === 'RCPT TO' && typeof responseCode === 'number' && responseCode >= 500) return 'address-refused';
  const said = [code, command, responseCode].filter((one) => typeof one === 'string' || typeof one === 'number');
  throw new ChannelFault(`the SMTP server took no message: ${said.join(' ')}`);
}
