import type { Binary, OperationOutcome, Questionnaire } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';

let server: TestServer;
let client: Rest;

beforeAll(async () => {
  server = await testServer({ background: false });
  client = rest(server.base);
});

afterAll(() => server.close());

const page = async (path: string, headers: Record<string, string> = { accept: 'text/html,*/*;q=0.8' }) => {
  const answer = await fetch(`${server.base}/${path}`, { headers });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};

describe('Blank printable Pasreg, HADS, Eval and Opioid', () => {
  const forms = [
    ['smertereg-pasreg', 'Pasientregistrering', 7],
    ['hads', 'HADS', 14],
    ['smertereg-eval', 'Pasientevaluering', 13],
    ['smertereg-opioid', 'Opioidskjema', 19],
  ] as const;

  it.each(forms)('%s', async (id, title, questions) => {
    const { status, headers, text } = await page(`Questionnaire/${id}/$print?language=nb`);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).toMatch(/^<!doctype html>\n<html lang="nb">/);
    expect(text).toContain(title);
    expect(text).toContain('Plass til pasientens etikett');
    expect(text.match(/<div class="question">/g)?.length).toBeGreaterThanOrEqual(questions);
    // What the form asks is all there, and boxes to tick.
    const { body } = await client.get<Questionnaire>(`Questionnaire/${id}`);
    for (const item of body.item ?? []) {
      if (item.type === 'choice') {
        for (const { valueCoding } of item.answerOption ?? []) expect(text).toContain(valueCoding?.display);
      }
    }
    expect(text).not.toContain('<script');
  });

  it('for whoever accepts nothing but HTML, too', async () => {
    const { status, headers } = await page('Questionnaire/hads/$print', { accept: 'text/html' });
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  });

  it('in the language that is asked for, else the caller’s', async () => {
    const sv = await page('Questionnaire/smertereg-eval/$print?language=sv');
    expect(sv.text).toContain('<html lang="sv">');
    expect(sv.text).toContain('Plats för patientens etikett');
    const en = await page('Questionnaire/smertereg-eval/$print', {
      accept: 'text/html,*/*;q=0.1',
      'accept-language': 'en',
    });
    expect(en.text).toContain('Space for the patient');
  });

  it('conditional questions say when they are asked', async () => {
    const { text } = await page('Questionnaire/smertereg-eval/$print?language=nb');
    expect(text).toContain('Bare hvis svaret på spørsmål 2 er «Ja».');
  });

  it('the page may load and run nothing', async () => {
    const { headers, text } = await page('Questionnaire/smertereg-pasreg/$print');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]+';/);
    const style = /<style>([\s\S]*)<\/style>/.exec(text)?.[1] ?? '';
    const hash = Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style))).toString('base64');
    expect(policy).toContain(`'sha256-${hash}'`);
  });

  it('a program gets the page in a Binary', async () => {
    const { status, body } = await client.get<Binary>('Questionnaire/smertereg-pasreg/$print?language=nb');
    expect([status, body.resourceType, body.contentType]).toEqual([200, 'Binary', 'text/html; charset=utf-8']);
    expect(Buffer.from(body.data ?? '', 'base64').toString()).toContain('Pasientregistrering');
  });
});

describe('any Questionnaire', () => {
  it('is printed as it is sent, whatever its texts are', async () => {
    const questionnaire: Questionnaire = {
      resourceType: 'Questionnaire',
      status: 'draft',
      language: 'en',
      title: '<script>alert(1)</script>',
      item: [{ linkId: 'a', type: 'string', text: '</p><img src=x onerror=alert(1)>' }],
    };
    const { status, body } = await client.post<Binary>('Questionnaire/$print', questionnaire);
    expect(status).toBe(200);
    const text = Buffer.from(body.data ?? '', 'base64').toString();
    expect(text).not.toMatch(/<script|<img/);
  });

  it('what cannot be printed is told', async () => {
    const wrong = await client.get<OperationOutcome>('Questionnaire/hads/$print?language=%3Cb%3E');
    expect([wrong.status, wrong.body.issue?.[0]?.code]).toEqual([400, 'value']);
    expect((await client.get('Questionnaire/nothing/$print')).status).toBe(404);
    expect((await client.get('Questionnaire/$print')).status).toBe(400);
  });
});
