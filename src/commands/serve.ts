import { stopOnSignal } from '../runtime/shutdown.ts';
import { startServer } from '../server/server.ts';
import type { Command } from './command.ts';

export const serve: Command = {
  summary: 'start the server (npm start)',
  operands: '',
  flags: {},
  async run({ settings, log }) {
    const server = await startServer(settings, log);
    stopOnSignal(() => server.stop(), log);
    process.stdout.write(`Svar is ready\n  FHIR R4  ${server.url}/fhir/R4\n  health   ${server.url}/healthz\n`);
  },
};
