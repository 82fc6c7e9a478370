import { afterEach, expect, test } from 'vitest';
import { certificate } from '../../tests/kit/certificate.ts';
import { type MailServer, mailServer } from '../../tests/kit/mail-server.ts';
import type { Channel } from './channel.ts';
import { type SmtpSettings, smtpChannel } from './smtp.ts';

let server: MailServer;
let channel: Channel;

afterEach(async () => {
  channel.close?.();
  await server.close();
});

async function open(changes: Partial<SmtpSettings> = {}, startTls = true): Promise<void> {
  server = await mailServer({ startTls });
  channel = smtpChannel({
    ...{ host: 'localhost', port: server.port, tls: 'starttls', from: 'ikke-svar@melding.example.org' },
    ...{ user: 'svar', password: 'post', ca: certificate },
    ...changes,
  });
}

const notice = {
  ...{ idempotencyKey: 'Communication/1', recipient: 'person@post.example.net', language: 'nb' },
  ...{ text: 'Åpne det her:', link: 'https://svar.example.org/l/x', at: new Date(0) },
};

test('a message goes over TLS, known by the same Message-ID however often it is sent', async () => {
  await open();
  await channel.send(notice);
  const [first] = server.mails;
  // not the machine's own name
  const greeting = 'melding.example.org';
  expect(first).toMatchObject({ secure: true, to: ['person@post.example.net'], greeting });
  const idOf = (source = '') => /^Message-ID: (.*)$/im.exec(source)?.[1];
  expect(idOf(first?.source)).toMatch(/^<[0-9a-f-]{36}@melding\.example\.org>$/);
  channel.close?.();
  const { port } = server;
  // another process, which does not know what this one has sent
  channel = smtpChannel({
    ...{ host: 'localhost', port, tls: 'starttls', from: 'ikke-svar@melding.example.org' },
    ...{ user: 'svar', password: 'post', ca: certificate },
  });
  await channel.send(notice);
  expect(idOf(server.mails[1]?.source)).toBe(idOf(first?.source));
});

test('the same process sends it once', async () => {
  await open();
  await channel.send(notice);
  await channel.send(notice);
  expect(server.mails).toHaveLength(1);
});

test('without STARTTLS nothing is sent but on this machine, where no password is needed', async () => {
  await open({ user: undefined, password: undefined }, false);
  expect(await channel.send(notice)).toBeUndefined();
  channel.close?.();
  await server.close();
  // reaches this machine too, by a name that is not known to
  await open({ host: '0.0.0.0', user: undefined, password: undefined }, false);
  await expect(channel.send(notice)).rejects.toThrow(/took no message/);
  expect(server.mails).toEqual([]);
});

test('a certificate of somebody else is not believed', async () => {
  await open({ ca: undefined });
  await expect(channel.send(notice)).rejects.toThrow(/took no message/);
  expect(server.mails).toEqual([]);
});

test('faults tell codes, and nothing of whom or what: not what the server quotes either', async () => {
  await open();
  server.busy = 1;
  const fault = await channel.send(notice).then(
    () => undefined,
    (problem: Error) => `${problem.message} ${problem.stack} ${JSON.stringify(problem)} ${String(problem.cause)}`,
  );
  expect(fault).toMatch(/took no message: EMESSAGE DATA 451/);
  expect(fault).not.toMatch(/person@|\/l\/x|post\.example/);
});

test('a mailbox that is not there is a reason; what is no address is not sent to', async () => {
  await open();
  server.unknown.add(notice.recipient);
  expect(await channel.send(notice)).toBe('address-refused');
  await expect(channel.send({ ...notice, recipient: 'a@b.no\r\nBcc: c@d.no' })).rejects.toThrow('is not one');
});
