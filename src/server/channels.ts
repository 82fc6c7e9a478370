import { open } from 'node:fs/promises';
import type { Bot } from '../bots/bot.ts';
import type { Channel } from '../delivery/channel.ts';
import { type ContactRegister, demoContactRegister } from '../delivery/contact.ts';
import { digipost } from '../delivery/digipost.ts';
import { helsenorge } from '../delivery/helsenorge.ts';
import { krr } from '../delivery/krr.ts';
import {
  type ChannelSettings,
  type RegisterSettings,
  readChannels,
  readContactRegister,
  type Secret,
  type TokenClientSettings,
} from '../delivery/read-channels.ts';
import { smsGateway } from '../delivery/sms-gateway.ts';
import { smtpChannel } from '../delivery/smtp.ts';
import type { TokenClient } from '../delivery/tokens/access-tokens.ts';
import { helseId } from '../delivery/tokens/helse-id.ts';
import { maskinporten } from '../delivery/tokens/maskinporten.ts';
import { type EpromSettings, readEpromSettings } from '../eprom/settings.ts';
import { readProviderKey } from '../identity/upstream/provider-key.ts';
import { realClock } from '../model/clock.ts';
import type { Secrets } from '../runtime/secrets.ts';
import { type Settings, SettingsError } from '../runtime/settings.ts';
import { egressOf } from './egress.ts';
import { epromOf } from './eprom.ts';

/** The ways to people that the settings name. */
export interface Channels {
  /** In the order in which they are tried. */
  readonly channels: readonly Channel[];
  readonly contacts: ContactRegister;
  /** What sends codes and first passwords to telephones. */
  readonly telephones: Channel;
  /** What the joint ePROM service needs beside its channel. */
  readonly bots: readonly Bot[];
  /** Ends connections to elsewhere. */
  stop(): Promise<void>;
}

type Needed = Pick<Settings, 'channels' | 'contactRegister' | 'eprom' | 'egress' | 'production'>;

/**
 * Makes channels and contact register of the settings. Without any: everybody is reached by the spool folder, and the
 * register is what the Patient says.
 * @throws SettingsError, or Error for the operator where a file of a key or secret cannot be used
 */
export async function openChannels(settings: Needed, secrets: Secrets, spool: Channel): Promise<Channels> {
  const named = (variable: string) => (problem: Error) => new SettingsError(`${variable} ${problem.message}`);
  const asked = read(() => readAsked(settings.channels, settings.production), named('SVAR_CHANNELS'));
  const register = read(
    () => readRegister(settings.contactRegister, settings.production),
    named('SVAR_CONTACT_REGISTER'),
  );
  const joint = read(() => readEpromSettings(settings.eprom), named('SVAR_EPROM'));
  const guarded = egressOf(settings, originsOf(asked, register, joint));
  const parts = { guarded, clock: realClock };
  const clientOf = (token: TokenClientSettings): Promise<TokenClient> => tokenClient(token, secrets);
  try {
    const { bots, channels: jointly } = epromOf(joint, guarded);
    const sms = asked.sms && smsGateway({ ...asked.sms, token: (await secretText(asked.sms.token)) ?? '' }, guarded);
    const citizens = asked.helsenorge;
    const channels = [
      ...jointly,
      citizens && helsenorge(citizens, helseId(await clientOf(citizens.token), citizens.onBehalfOf, parts), guarded),
      asked.digipost && digipost({ ...asked.digipost, password: await secretText(asked.digipost.password) }, guarded),
      asked.smtp &&
        smtpChannel({
          ...asked.smtp,
          password: await secretText(asked.smtp.password),
          ca: await secretText(asked.smtp.caFile === undefined ? undefined : { file: asked.smtp.caFile }, true),
        }),
      sms,
      asked.spool ? spool : undefined,
    ].filter((channel) => channel !== undefined);
    return {
      channels,
      contacts: register
        ? krr(register, maskinporten(await clientOf(register.token), parts), guarded)
        : demoContactRegister,
      telephones: sms ?? spool,
      bots,
      async stop() {
        for (const channel of channels) channel.close?.();
        await guarded.close();
      },
    };
  } catch (problem) {
    await guarded.close();
    throw problem;
  }
}

const NONE: ChannelSettings = {
  helsenorge: undefined,
  digipost: undefined,
  smtp: undefined,
  sms: undefined,
  spool: true,
};

function readAsked(channels: unknown, production: boolean): ChannelSettings {
  return channels === undefined ? NONE : readChannels(channels, production);
}

function readRegister(register: unknown, production: boolean): RegisterSettings | undefined {
  return register === undefined ? undefined : readContactRegister(register, production);
}

function read<T>(what: () => T, faultOf: (problem: Error) => Error): T {
  try {
    return what();
  } catch (problem) {
    throw faultOf(problem as Error);
  }
}

function originsOf(asked: ChannelSettings, register: RegisterSettings | undefined, joint: EpromSettings): string[] {
  const addresses = [
    ...[asked.helsenorge, register].flatMap((one) => (one ? [one.base, one.token.tokenEndpoint] : [])),
    asked.digipost?.base,
    asked.sms?.url,
    joint.service?.url,
    ...[...joint.callbacks.values()].map(({ url }) => url),
  ].filter((address) => address !== undefined);
  return [...new Set(addresses.map((address) => new URL(address).origin))];
}

async function tokenClient({ keyFile, ...client }: TokenClientSettings, secrets: Secrets): Promise<TokenClient> {
  return { ...client, key: await readProviderKey(keyFile, secrets) };
}

const SECRET_BYTES_MAX = 64 * 1024;
/** What others than the owner may do with a file. */
const OTHERS = 0o077;

/** @param isPublic whether anybody may read the file @throws Error for the operator, without anything of the secret */
async function secretText(secret: Secret | undefined, isPublic = false): Promise<string | undefined> {
  if (secret === undefined || 'value' in secret) return secret?.value;
  const { file } = secret;
  const handle = await open(file, 'r').catch(() => {
    throw new Error(`${file} cannot be read`);
  });
  try {
    const { mode, size } = await handle.stat();
    if (!isPublic && process.platform !== 'win32' && (mode & OTHERS) !== 0) {
      throw new Error(`${file} is a secret that others may read: chmod 600`);
    }
    const text = size > SECRET_BYTES_MAX ? '' : (await handle.readFile('utf8')).trim();
    if (text === '') throw new Error(`${file} holds no secret`);
    return text;
  } finally {
    await handle.close();
  }
}
