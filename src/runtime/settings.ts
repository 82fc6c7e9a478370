import { readNetwork } from './network.ts';
import {
  instant,
  integer,
  json,
  listOf,
  nonEmpty,
  oneOf,
  origin,
  secret,
  text,
  timeZone,
  webAddress,
  yesOrNo,
} from './setting-values.ts';

/** A setting: its name in the environment, its default, what it means, and how its text is read. */
interface Setting<T> {
  readonly variable: string;
  readonly initial: string;
  readonly meaning: string;
  /** Throws an Error whose message completes "<name> …". */
  readonly read: (value: string) => T;
  /** Whether the config file holds it as JSON of its own, not as a text. */
  readonly structured?: boolean;
}

const setting = <T>(variable: string, initial: string, read: (value: string) => T, meaning: string): Setting<T> => ({
  variable,
  initial,
  meaning,
  read,
});

/**
 * Every setting there is. `--help` and the README print this table. The key is the name in the config file. An empty
 * value is no value: the default holds.
 */
export const SETTINGS = {
  port: setting('PORT', '8080', integer(0, 65_535), 'TCP port of the server; 0 takes a free one'),
  host: setting(
    'SVAR_HOST',
    '127.0.0.1',
    nonEmpty,
    'address to listen on; the default is reachable from this machine only',
  ),
  baseUrl: setting(
    'SVAR_BASE_URL',
    '',
    webAddress,
    'address at which clients reach the server, without /fhir/R4; empty: http://localhost:<port>',
  ),
  databaseUrl: setting(
    'DATABASE_URL',
    '',
    text,
    'PostgreSQL 15 or later, as postgres://user:password@host:port/name; empty: a PostgreSQL of its own',
  ),
  databaseConnections: setting(
    'SVAR_DATABASE_CONNECTIONS',
    '16',
    integer(6, 1000),
    'how many connections to PostgreSQL the server opens at most',
  ),
  dataDir: setting('SVAR_DATA_DIR', './data', nonEmpty, "folder of the server's own PostgreSQL and of what it spools"),
  maxBodyBytes: setting(
    'SVAR_MAX_BODY_BYTES',
    '52428800',
    integer(1024, 2 ** 30),
    'largest request body in bytes; a larger one is refused with 413',
  ),
  requestsPerSecond: setting(
    'SVAR_REQUESTS_PER_SECOND',
    '50',
    integer(1, 1_000_000),
    'how many requests a second one person, or one address that has not signed in, may send, over ten seconds; more are refused with 429 (systems with a key or secret of their own are not limited)',
  ),
  tlsCertificate: setting(
    'SVAR_TLS_CERTIFICATE',
    '',
    text,
    'file of the certificate chain in PEM, to serve https itself; empty: http, for a proxy in front or this machine alone',
  ),
  tlsKey: setting('SVAR_TLS_KEY', '', text, 'file of the private key in PEM that belongs to the certificate'),
  trustedProxies: setting(
    'SVAR_TRUSTED_PROXIES',
    '',
    listOf(readNetwork),
    'addresses or networks, separated by commas, of the proxies in front: X-Forwarded-For and -Proto are believed from these alone',
  ),
  corsOrigins: setting(
    'SVAR_CORS_ORIGINS',
    '',
    listOf(origin),
    'origins, separated by commas, whose web pages may call the server from a browser; empty: none but its own',
  ),
  egress: setting(
    'SVAR_EGRESS',
    '',
    text,
    'origins, separated by commas, that the server itself may send requests to, such as those where clients keep their keys; internal: before one allows addresses of the own network; empty: none but identity providers',
  ),
  secret: setting(
    'SVAR_SECRET',
    '',
    secret,
    "the server's own secret, 32 random bytes or more in base64 (openssl rand -base64 32), the same for all processes on a database; empty: a file secret.key in the data folder, made at the first start; production must be given one",
  ),
  secondFactor: setting(
    'SVAR_SECOND_FACTOR',
    'production',
    oneOf('yes', 'no', 'production'),
    'whether who signs in with a password needs an authenticator app or a code by SMS too; production: in production alone',
  ),
  sessionIdleMinutes: setting(
    'SVAR_SESSION_IDLE_MINUTES',
    '30',
    integer(1, 24 * 60),
    'minutes without a request after which a sign-in in a browser ends',
  ),
  sessionHours: setting(
    'SVAR_SESSION_HOURS',
    '12',
    integer(1, 24),
    'hours after which a sign-in in a browser ends in any case',
  ),
  identityProviders: {
    ...setting(
      'SVAR_IDENTITY_PROVIDERS',
      '',
      json,
      'OpenID providers by which staff and patients sign in, as JSON; see docs/identity-providers.md',
    ),
    structured: true,
  },
  channels: {
    ...setting(
      'SVAR_CHANNELS',
      '',
      json,
      'by which ways notices reach patients (helsenorge, digipost, smtp, sms, spool), as JSON; empty: a folder; production must be given some; see docs/operations.md',
    ),
    structured: true,
  },
  contactRegister: {
    ...setting(
      'SVAR_CONTACT_REGISTER',
      '',
      json,
      'the contact register that is asked how a patient can be reached, as JSON; empty: what the Patient says; see docs/operations.md',
    ),
    structured: true,
  },
  populationRegister: {
    ...setting(
      'SVAR_POPULATION_REGISTER',
      '',
      json,
      'the population register whose events are heeded (deaths, changed and merged numbers), as JSON; empty: what the hospitals tell alone; see docs/operations.md',
    ),
    structured: true,
  },
  eprom: {
    ...setting(
      'SVAR_EPROM',
      '',
      json,
      'the joint ePROM service: through which to order, and whom to call back, as JSON; see docs/operations.md',
    ),
    structured: true,
  },
  patientApp: setting(
    'SVAR_PATIENT_APP',
    '',
    webAddress,
    'address of the app in which patients answer, to which personal links lead; empty: our own, at /patient/',
  ),
  timeZone: setting(
    'SVAR_TIME_ZONE',
    'Europe/Oslo',
    timeZone,
    'time zone of those who answer, as IANA names it: whose day today() of a form is',
  ),
  logLevel: setting(
    'SVAR_LOG_LEVEL',
    'info',
    oneOf('silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'),
    'how much is logged, as JSON lines on standard error: silent, fatal, error, warn, info, debug, trace',
  ),
  openReferences: setting(
    'SVAR_OPEN_REFERENCES',
    'no',
    yesOrNo,
    'yes: references to resources that are not here are stored with a warning (subject, patient, basedOn, Task.for and questionnaire apart); for registered clients their registration says so',
  ),
  lenientSearch: setting(
    'SVAR_LENIENT_SEARCH',
    'no',
    yesOrNo,
    'yes: unknown search parameters are passed over and named in the answer, as under Prefer: handling=lenient; for registered clients their registration says so',
  ),
  production: setting(
    'SVAR_PRODUCTION',
    'no',
    yesOrNo,
    'yes: real patients are asked; no synthetic courses, no known logins, https alone, and no order of a form whose licensed wording is missing or has run out',
  ),
  demoData: setting(
    'SVAR_DEMO_DATA',
    'yes',
    yesOrNo,
    'yes: the first start on a PostgreSQL of its own loads synthetic courses (never with a test clock or DATABASE_URL)',
  ),
  testClock: setting(
    'SVAR_TEST_CLOCK',
    '',
    instant,
    'for tests: time stands still at this instant (as 2026-03-02T08:00:00+01:00) until POST /test-clock moves it',
  ),
} as const;

type Table = typeof SETTINGS;
export type SettingName = keyof Table;
/** The settings of a process, validated. `undefined` where the default is empty and nothing was given. */
export type Settings = { readonly [Name in SettingName]: ReturnType<Table[Name]['read']> };

/** Where the text of each setting was found: later ones win. */
export interface SettingSources {
  /** The config file's content, parsed as JSON; undefined without a file. */
  readonly file?: { readonly name: string; readonly content: unknown } | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Flags of the command line, by setting name. */
  readonly flags?: Readonly<Partial<Record<SettingName, string>>>;
}

/** A mistake in the settings; the message holds one line per fault, for the operator. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** Reads all settings once, from the flags, else the environment, else the config file, else the defaults. */
export function readSettings(sources: SettingSources): Settings {
  const faults: string[] = [];
  const fromFile = fileTexts(sources.file, faults);
  const settings: Partial<Record<SettingName, unknown>> = {};
  for (const name of Object.keys(SETTINGS) as SettingName[]) {
    const { variable, initial, read } = SETTINGS[name];
    const candidates: [string, string | undefined][] = [
      [`--${flagOf(name)}`, sources.flags?.[name]],
      [variable, sources.environment[variable]],
      [`${sources.file?.name}: ${name}`, fromFile[name]],
    ];
    const [origin, value] = candidates.find(([, given]) => given) ?? ['', initial];
    try {
      settings[name] = read(value ?? initial);
    } catch (problem) {
      // The value is not repeated: a DATABASE_URL holds a password.
      faults.push(`${origin} ${(problem as Error).message}`);
    }
  }
  if (faults.length > 0) throw new SettingsError(faults.join('\n'));
  return settings as Settings;
}

/** The flag of a setting: its name in the config file with hyphens. */
export function flagOf(name: SettingName): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The name of the setting of a flag. */
export function settingOfFlag(flag: string): SettingName | undefined {
  return (Object.keys(SETTINGS) as SettingName[]).find((name) => flagOf(name) === flag);
}

function structured(name: SettingName): boolean {
  const { structured: whether }: Setting<unknown> = SETTINGS[name];
  return whether === true;
}

function fileTexts(file: SettingSources['file'], faults: string[]): Partial<Record<SettingName, string>> {
  if (!file) return {};
  const { name, content } = file;
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    faults.push(`${name} must hold a JSON object`);
    return {};
  }
  const texts: Partial<Record<SettingName, string>> = {};
  for (const [key, value] of Object.entries(content)) {
    if (!Object.hasOwn(SETTINGS, key)) faults.push(`${name}: there is no setting called ${key}`);
    else if (structured(key as SettingName)) texts[key as SettingName] = JSON.stringify(value);
    else if (typeof value === 'string' || typeof value === 'number') texts[key as SettingName] = String(value);
    else if (typeof value === 'boolean') texts[key as SettingName] = value ? 'yes' : 'no';
    else faults.push(`${name}: ${key} must be a string, a number, true or false`);
  }
  return texts;
}
