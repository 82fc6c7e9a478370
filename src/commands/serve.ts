import { stopOnSignal } from '../runtime/shutdown.ts';
import type { Command } from './command.ts';

/** Production has none of these. */
const DEMO = `This is a demo. Programs: demo-ehr, demo-admin, secret demo (curl -u demo-ehr:demo …).
People: lu, lc, patient (Haukeland), lu2 (St. Olavs), sc; password demo.
`;

export const serve: Command = {
  summary: 'start the server (npm start)',
  operands: '',
  flags: {},
  async run({ settings, log }) {
    // Loaded only now, so that `--help` and a mistake in the settings are answered at once.
    const { startServer } = await import('../server/server.ts');
    const starting = startServer(settings, log);
    // A signal during the start waits for its end: else the database that it has started would stay behind.
    stopOnSignal(() => starting.then((server) => server.stop()), log);
    const server = await starting;
    process.stdout.write(`Svar is ready\n  FHIR R4  ${server.url}/fhir/R4\n  health   ${server.url}/healthz\n`);
    process.stdout.write(`  patients ${server.url}/patient/\n  staff    ${server.url}/clinician/\n`);
    process.stdout.write(`  sign in  ${server.url}/sign-in\n`);
    if (!settings.production) process.stdout.write(DEMO);
  },
};
