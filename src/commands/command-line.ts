import { parseArgs } from 'node:util';
import { flagOf, SETTINGS, type SettingName, settingOfFlag } from '../runtime/settings.ts';
import type { Command } from './command.ts';

/** What the command line asks for. */
export interface CommandLine {
  readonly command: Command;
  readonly operands: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly options: Readonly<Record<string, string>>;
  readonly settings: Readonly<Partial<Record<SettingName, string>>>;
  readonly config: string | undefined;
  readonly help: boolean;
}

/** Rejected arguments; the message says what to do instead. */
export class CommandLineError extends Error {
  override readonly name = 'CommandLineError';
}

/** Parses the arguments after the program's name; the command may be left out before `--help`. */
export function parseCommandLine(args: readonly string[], commands: Readonly<Record<string, Command>>): CommandLine {
  const name = args[0]?.startsWith('-') ? undefined : args[0];
  const command = Object.hasOwn(commands, name ?? 'serve') ? commands[name ?? 'serve'] : undefined;
  if (!command) {
    throw new CommandLineError(`There is no command ${name}. There are: ${Object.keys(commands).join(', ')}.`);
  }
  const { values, positionals } = parse(name === undefined ? args : args.slice(1), command);
  const settings: Partial<Record<SettingName, string>> = {};
  const flags = new Set<string>();
  const options: Record<string, string> = {};
  for (const [flag, value] of Object.entries(values)) {
    const setting = settingOfFlag(flag);
    if (setting && typeof value === 'string') settings[setting] = value;
    else if (Object.hasOwn(command.flags, flag)) flags.add(flag);
    else if (Object.hasOwn(command.options ?? {}, flag)) options[flag] = String(value);
  }
  if (command.operands === '' && positionals.length > 0) {
    throw new CommandLineError(`${name ?? 'serve'} takes no operands, but was given ${positionals.join(' ')}.`);
  }
  const config = typeof values.config === 'string' ? values.config : undefined;
  return { command, operands: positionals, flags, options, settings, config, help: values.help === true };
}

function parse(args: readonly string[], command: Command) {
  const options: Record<string, { type: 'string' | 'boolean' }> = {
    help: { type: 'boolean' },
    config: { type: 'string' },
  };
  for (const setting of Object.keys(SETTINGS) as SettingName[]) options[flagOf(setting)] = { type: 'string' };
  for (const flag of Object.keys(command.flags)) options[flag] = { type: 'boolean' };
  for (const flag of Object.keys(command.options ?? {})) options[flag] = { type: 'string' };
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (problem) {
    throw new CommandLineError(`${(problem as Error).message}. --help tells what there is.`);
  }
}

/** The text of `--help`: all commands and all settings. */
export function helpText(commands: Readonly<Record<string, Command>>): string {
  const lines = [
    'Svar, a FHIR R4 server for questionnaires and health registries',
    '',
    'svar <command> [settings]',
    '',
  ];
  for (const [name, { operands, summary, flags, options = {} }] of Object.entries(commands)) {
    lines.push(`  ${`${name} ${operands}`.padEnd(28)} ${summary}`);
    const own = Object.entries({ ...options, ...flags });
    for (const [flag, meaning] of own) lines.push(`    --${flag.padEnd(24)} ${meaning}`);
  }
  lines.push('', 'Settings: a flag, else the environment variable, else the config file, else the default.', '');
  for (const [name, { variable, initial, meaning }] of Object.entries(SETTINGS)) {
    lines.push(
      `  --${flagOf(name as SettingName)}, ${variable}, "${name}"${initial && ` (${initial})`}`,
      `      ${meaning}`,
    );
  }
  lines.push('  --config', '      the config file, JSON: an object of settings (svar.config.json, if it exists)');
  lines.push('  --help', '      this text', '');
  return lines.join('\n');
}
