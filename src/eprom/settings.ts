import type { CallbackAddress } from './callback.ts';

/** How Svar and the joint ePROM service, or registries that speak its shape, know each other. */
export interface EpromSettings {
  /** The service through which orders go; absent: none. */
  readonly service?: {
    /** Without a trailing slash, such as https://pasientrapportering.example.org */
    readonly url: string;
    readonly apiKey: string;
    /** The service's formId, by the canonical of our form without version. A form that is not here goes no such way. */
    readonly forms: ReadonlyMap<string, string>;
    /** How long after the order's first deadline the service takes an answer: the days that a reminder gives. */
    readonly graceDays: number;
  };
  /** By OAuth client: where a registry system that orders here is told what became of its orders. */
  readonly callbacks: ReadonlyMap<string, CallbackAddress>;
}

/**
 * Reads the setting:
 * `{"service": {"url", "apiKey", "forms": {canonical: formId}, "graceDays": 3}, "callbacks": {client: {"url", "apiKey"}}}`.
 * @throws Error whose message completes "SVAR_EPROM …"
 */
export function readEpromSettings(value: unknown): EpromSettings {
  if (value === undefined || value === null) return { callbacks: new Map() };
  const { service, callbacks = {} } = objectAt(value, 'it');
  return {
    ...(service === undefined ? {} : { service: readService(objectAt(service, 'service')) }),
    callbacks: new Map(
      Object.entries(objectAt(callbacks, 'callbacks')).map(([client, given]) => {
        const at = `callbacks.${client}`;
        const { url, apiKey } = objectAt(given, at);
        return [client, { url: addressAt(url, `${at}.url`), apiKey: textAt(apiKey, `${at}.apiKey`) }];
      }),
    ),
  };
}

function readService({ url, apiKey, forms, graceDays = 3 }: Fields): NonNullable<EpromSettings['service']> {
  const named = Object.entries(objectAt(forms, 'service.forms'));
  if (typeof graceDays !== 'number' || !Number.isInteger(graceDays) || graceDays < 0 || graceDays > 365) {
    throw new Error('service.graceDays has to be a whole number of days up to 365');
  }
  return {
    graceDays,
    url: addressAt(url, 'service.url'),
    apiKey: textAt(apiKey, 'service.apiKey'),
    forms: new Map(named.map(([form, id]) => [form, textAt(id, `service.forms.${form}`)])),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function objectAt(value: unknown, at: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${at} has to be a JSON object`);
  return value as Fields;
}

function textAt(value: unknown, at: string): string {
  if (typeof value !== 'string' || value === '') throw new Error(`${at} has to be a text`);
  return value;
}

function addressAt(value: unknown, at: string): string {
  const url = URL.parse(textAt(value, at));
  if (url === null || !['http:', 'https:'].includes(url.protocol)) throw new Error(`${at} has to be a web address`);
  return url.href.replace(/\/$/, '');
}
