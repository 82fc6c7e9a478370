import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { certificate, certificateKey } from './certificate.ts';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body as they came. */
  readonly source: string;
  readonly secure: boolean;
  /** What the client called itself: relays write it into the message. */
  readonly greeting: string;
}

export interface MailServer {
  readonly port: number;
  readonly mails: ReceivedMail[];
  /** Addresses that are refused for good. */
  readonly unknown: Set<string>;
  /** How many messages are turned away for now before one is taken. */
  busy: number;
  close(): Promise<void>;
}

/** A mail server on this machine (smtp-server) that takes mail from `svar`, password `post`, over TLS. */
export async function mailServer({ startTls = true } = {}): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  const state = { busy: 0, unknown: new Set<string>() };
  const server = new SMTPServer({
    key: certificateKey,
    cert: certificate,
    hideSTARTTLS: !startTls,
    authMethods: ['PLAIN'],
    allowInsecureAuth: false,
    authOptional: !startTls,
    onAuth({ username, password }, _session, done) {
      if (username === 'svar' && password === 'post') done(null, { user: 'svar' });
      else done(new Error('no such user'));
    },
    onRcptTo({ address }, _session, done) {
      const refused = Object.assign(new Error(`no mailbox ${address}`), { responseCode: 550 });
      done(state.unknown.has(address) ? refused : null);
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        if (state.busy > 0) {
          state.busy -= 1;
          done(Object.assign(new Error(`busy with ${rcptTo[0]?.address}`), { responseCode: 451 }));
          return;
        }
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          source: Buffer.concat(chunks).toString('utf8'),
          secure: session.secure,
          greeting: session.hostNameAppearsAs,
        });
        done();
      });
    },
  });
  server.on('error', () => undefined); // a client that gives up
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    unknown: state.unknown,
    get busy() {
      return state.busy;
    },
    set busy(messages) {
      state.busy = messages;
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
