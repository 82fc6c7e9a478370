import type { Bot } from '../bots/bot.ts';
import type { Channel } from '../delivery/channel.ts';
import type { GuardedFetch } from '../egress/guarded-fetch.ts';
import { CALLBACK_TRIGGER, callbacks } from '../eprom/callback.ts';
import { DEATH_TRIGGER, foreignDeath } from '../eprom/foreign-death.ts';
import { EXPIRY_DUE, EXPIRY_TRIGGER, foreignExpiry } from '../eprom/foreign-expiry.ts';
import { jointService } from '../eprom/joint-service.ts';
import type { EpromSettings } from '../eprom/settings.ts';

/** What a server needs to order through the joint ePROM service, and to be ordered from in its shape. */
export function epromOf(settings: EpromSettings, fetch: GuardedFetch): { bots: Bot[]; channels: Channel[] } {
  return {
    bots: [
      {
        declaration: { name: 'eprom-callback', kind: 'follow', trigger: [CALLBACK_TRIGGER] },
        handler: callbacks(settings.callbacks, fetch),
      },
      {
        declaration: { name: 'eprom-expiry', kind: 'follow', trigger: [EXPIRY_TRIGGER], due: EXPIRY_DUE },
        handler: foreignExpiry,
      },
      {
        declaration: { name: 'eprom-death', kind: 'follow', trigger: [DEATH_TRIGGER] },
        handler: foreignDeath,
      },
    ],
    channels: settings.service === undefined ? [] : [jointService(settings.service, fetch)],
  };
}
