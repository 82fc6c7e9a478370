import { expect, test } from 'vitest';
import { createLog } from './log.ts';

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  let text = '';
  const to = {
    write: (line: string) => {
      text += line;
    },
  };
  write(createLog('info', to));
  return text;
}

test('a request is logged without its query, which may hold a name', () => {
  const text = logged((log) => log.info({ req: { method: 'GET', url: '/fhir/R4/Patient?name=Eksempel', body: 'x' } }));
  expect(JSON.parse(text)).toMatchObject({ level: 'info', req: { method: 'GET', path: '/fhir/R4/Patient' } });
  expect(text).not.toContain('Eksempel');
});

test('of an error that quotes data, only its kind and its place are logged', () => {
  const quoting = [
    Object.assign(new Error('invalid input syntax for type integer: "Eksempel"'), { code: '22P02' }),
    Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (name)=(Eksempel) already exists.' }),
    new Error('outer', { cause: new SyntaxError('Unexpected token in "Eksempel"') }),
  ];
  try {
    JSON.parse('{"name": Eksempel}');
  } catch (problem) {
    quoting.push(problem as Error);
  }
  for (const err of quoting) {
    const text = logged((log) => log.error({ err }, 'failed'));
    expect(text).not.toContain('Eksempel');
    expect(text).toContain('log.test.ts');
  }
  expect(logged((log) => log.error({ err: quoting[1] }, 'failed'))).toContain('23505');
});

test('another error is logged with its message', () => {
  expect(logged((log) => log.error({ err: new TypeError('x is not a function') }))).toContain('x is not a function');
});
