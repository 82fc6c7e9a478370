import { readFile } from 'node:fs/promises';
import { COMMANDS } from './commands/all.ts';
import { helpText, parseCommandLine } from './commands/command-line.ts';
import { createLog } from './runtime/log.ts';
import { readSettings, type SettingSources } from './runtime/settings.ts';

const CONFIG_FILE = 'svar.config.json';

/** The config file: one that is named must exist; the usual one may. */
async function configFile(named: string | undefined): Promise<SettingSources['file']> {
  const name = named ?? CONFIG_FILE;
  let text: string;
  try {
    text = await readFile(name, 'utf8');
  } catch (problem) {
    if (named === undefined && (problem as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`The config file ${name} cannot be read: ${(problem as Error).message}`);
  }
  try {
    return { name, content: JSON.parse(text) };
  } catch {
    throw new Error(`The config file ${name} is not JSON.`);
  }
}

async function main(args: readonly string[]): Promise<void> {
  const { command, operands, flags, options, settings: given, config, help } = parseCommandLine(args, COMMANDS);
  if (help) {
    process.stdout.write(helpText(COMMANDS));
    return;
  }
  const file = await configFile(config);
  const settings = readSettings({ file, environment: process.env, flags: given });
  await command.run({ settings, log: createLog(settings.logLevel), operands, flags, options });
}

process.stdout.on('error', (problem: NodeJS.ErrnoException) => {
  // Who reads the output may have read enough (`svar texts | head`): the command still comes to its end.
  if (problem.code !== 'EPIPE') throw problem;
});

main(process.argv.slice(2)).catch((problem: Error) => {
  // A fault that the operator can mend is told in words. One in Svar itself needs its stack.
  const known = problem.constructor === Error || /^(Settings|CommandLine|Schema|Package)Error$/.test(problem.name);
  process.stderr.write(`svar: ${known ? problem.message : problem.stack}\n`);
  process.exit(1);
});
