import { writeFile } from 'node:fs/promises';
import type { Command } from '../command.ts';
import { countOptions, query, studyOf } from './coverage.ts';
import { fhirClient } from './fhir-client.ts';

/** SmerteReg manual 1.8, "Lokal oversikt". */
export const overview: Command = {
  summary: "simple charts of a hospital's registrations, as a page",
  operands: '<file>',
  flags: {},
  options: { ...countOptions, language: 'nb, sv or en (nb)' },
  async run(invocation) {
    const [file, ...more] = invocation.operands;
    if (file === undefined || more.length > 0) {
      throw new Error('overview needs one file to write the page to: npm run svar -- overview oversikt.html');
    }
    const server = fhirClient(invocation);
    const address = `${await studyOf(invocation, server)}/$overview?as=page&${query(invocation)}`;
    const page = await server.text(address, invocation.options.language ?? 'nb');
    await writeFile(file, page);
    process.stdout.write(`${file} is written; open it in a browser.\n`);
  },
};
