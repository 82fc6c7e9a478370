import { Fields } from '../runtime/fields.ts';
import type { DigipostSettings } from './digipost.ts';
import type { HelsenorgeSettings } from './helsenorge.ts';
import type { KrrSettings } from './krr.ts';
import { type SmsFields, type SmsSettings, smsFields } from './sms-gateway.ts';
import type { SmtpSettings } from './smtp.ts';
import type { OnBehalfOf } from './tokens/helse-id.ts';

/** A secret that the configuration holds, or the file that holds it. */
export type Secret = { readonly value: string } | { readonly file: string };

/** A client of Maskinporten or HelseID: where its tokens come from, and the file of its private key. */
export interface TokenClientSettings {
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly keyFile: string;
}

/** The channels of the setting `channels`, in the order in which secure ones are tried. */
export interface ChannelSettings {
  readonly helsenorge: HelsenorgeChannel | undefined;
  readonly digipost: DigipostChannel | undefined;
  readonly smtp: SmtpChannel | undefined;
  readonly sms: SmsChannel | undefined;
  /** Whether what no other secure channel carries goes into the folder. */
  readonly spool: boolean;
}

export interface HelsenorgeChannel extends HelsenorgeSettings {
  readonly token: TokenClientSettings;
  readonly onBehalfOf: OnBehalfOf | undefined;
}

export interface DigipostChannel extends Omit<DigipostSettings, 'password'> {
  readonly password: Secret | undefined;
}

export interface SmtpChannel extends Omit<SmtpSettings, 'password' | 'ca'> {
  readonly password: Secret | undefined;
  readonly caFile: string | undefined;
}

export interface SmsChannel extends Omit<SmsSettings, 'token'> {
  readonly token: Secret;
}

/** The contact register of the setting `contactRegister`. */
export type RegisterSettings = KrrSettings & { readonly token: TokenClientSettings };

const ORGANIZATION_NUMBER = /^\d{9}$/;
const MAIL = /^[^\s@<>,;:"]{1,64}@[A-Za-z0-9.-]{3,255}$/;

/**
 * Reads the setting `channels`; docs/operations.md tells what it may hold.
 * @param production whether real patients are asked: then everything is reached by https alone
 * @throws Error whose message completes "SVAR_CHANNELS …"; no value is repeated
 */
export function readChannels(value: unknown, production: boolean): ChannelSettings {
  const fields = new Fields(value, 'channels');
  const each = <T>(name: string, read: (part: Fields) => T): T | undefined => {
    const part = fields.part(name);
    if (part === undefined) return undefined;
    const settings = read(part);
    part.nothingElse();
    return settings;
  };
  const read = {
    helsenorge: each('helsenorge', (part) => readHelsenorge(part, production)),
    digipost: each('digipost', (part) => readDigipost(part, production)),
    smtp: each('smtp', readSmtp),
    sms: each('sms', (part) => readSms(part, production)),
    spool: each('spool', () => true) ?? false,
  };
  fields.nothingElse();
  return read;
}

/**
 * Reads the setting `contactRegister`, or one of another national register (`populationRegister`).
 * @throws Error whose message completes "SVAR_CONTACT_REGISTER …"
 */
export function readContactRegister(value: unknown, production: boolean, name = 'contactRegister'): RegisterSettings {
  const fields = new Fields(value, name);
  const read = { base: addressOf(fields, 'base', production), token: tokenOf(fields, production) };
  fields.nothingElse();
  return read;
}

function readHelsenorge(part: Fields, production: boolean): HelsenorgeChannel {
  const organization = part.part('organization') ?? part.missing('organization');
  const asks = { number: organization.text('number', ORGANIZATION_NUMBER), name: organization.text('name') };
  organization.nothingElse();
  const acts = part.part('onBehalfOf');
  const onBehalfOf = acts && {
    parent: acts.text('parent', ORGANIZATION_NUMBER),
    child: acts.optional('child') ?? '',
  };
  acts?.nothingElse();
  return {
    base: addressOf(part, 'base', production),
    organization: asks,
    formNumbers: part.texts('formNumbers'),
    serviceArea: part.text('serviceArea', /^\d$/),
    labels: part.list('labels', []),
    token: tokenOf(part, production),
    onBehalfOf,
  };
}

function readDigipost(part: Fields, production: boolean): DigipostChannel {
  return {
    base: addressOf(part, 'base', production),
    user: part.optional('user'),
    password: secretOf(part, 'password'),
    organization: part.text('organization', ORGANIZATION_NUMBER),
    securityLevel: part.integer('securityLevel', 3, 4) === 3 ? 3 : 4,
  };
}

function readSmtp(part: Fields): SmtpChannel {
  const user = part.optional('user');
  const password = secretOf(part, 'password');
  if ((user === undefined) !== (password === undefined)) throw part.fault('user', 'and password belong together');
  return {
    host: part.text('host', /^[A-Za-z0-9.:-]{1,255}$/),
    port: part.integer('port', 1, 65_535),
    tls: part.text('tls', /^(starttls|implicit)$/) === 'implicit' ? 'implicit' : 'starttls',
    user,
    password,
    from: part.text('from', MAIL),
    caFile: part.optional('caFile'),
  };
}

function readSms(part: Fields, production: boolean): SmsChannel {
  const renamed = part.part('fields');
  const fields = Object.fromEntries(
    Object.entries(smsFields).map(([name, usual]) => [name, renamed?.optional(name) ?? usual]),
  ) as Record<keyof SmsFields, string>;
  renamed?.nothingElse();
  return {
    url: addressOf(part, 'url', production),
    token: secretOf(part, 'token') ?? part.missing('token'),
    sender: part.text('sender', /^(\+?\d{3,15}|[A-Za-z0-9 ]{1,11})$/),
    fields,
  };
}

function tokenOf(part: Fields, production: boolean): TokenClientSettings {
  const token = part.part('token') ?? part.missing('token');
  const read = {
    issuer: token.text('issuer'),
    tokenEndpoint: addressOf(token, 'tokenEndpoint', production),
    clientId: token.text('clientId'),
    scopes: token.list('scopes'),
    keyFile: token.text('keyFile'),
  };
  token.nothingElse();
  return read;
}

/** `<name>`, or `<name>File`: the file that holds it. */
function secretOf(part: Fields, name: string): Secret | undefined {
  const [value, file] = [part.optional(name), part.optional(`${name}File`)];
  if (value !== undefined && file !== undefined) throw part.fault(name, `and ${name}File cannot both be given`);
  return value === undefined ? (file === undefined ? undefined : { file }) : { value };
}

/** https, without the slash at its end; http on this machine where no real patients are asked. */
function addressOf(part: Fields, name: string, production: boolean): string {
  const url = URL.parse(part.text(name));
  const loopback = url?.protocol === 'http:' && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (
    url === null ||
    url.search ||
    url.hash ||
    url.username ||
    !(url.protocol === 'https:' || (loopback && !production))
  ) {
    throw part.fault(name, 'must be an https address');
  }
  return url.href.replace(/\/+$/, '');
}
