import { type BotEvent, ContentType } from '@medplum/core';
import type { Unit } from '../interactions/engine.ts';
import type { Caller } from '../model/caller.ts';
import type { Clock } from '../model/clock.ts';
import type { RestHandle } from '../rest/exchange.ts';
import { botClient } from './client.ts';
import type { CallBot } from './hooks.ts';
import { withRelativeReferences } from './own-references.ts';

/**
 * Calls bots with a client whose requests work within the bot's unit. References to this server reach a bot relative. An
 * enforcing bot is told who asked for the write that it looks at, and in which role.
 * @param handleIn FHIR's REST face over one unit of work
 * @param secrets what bots are told of the server's settings: project settings, as Medplum calls them
 */
export function botCaller(
  handleIn: (unit: Unit) => RestHandle,
  baseUrl: string,
  clock: Clock,
  secrets: BotEvent['secrets'],
): CallBot {
  return (unit, bot, input) => {
    const { name } = bot.declaration;
    const caller: Caller = { name: `bot ${name}`, kind: 'bot', access: 'all' };
    const { cause } = unit.done;
    const agent = cause?.unbound === true ? undefined : cause?.agent;
    const handle = handleIn(unit);
    const medplum = botClient((request) => handle(caller, request), baseUrl);
    return bot.handler(medplum, {
      bot: { reference: `Bot/${name}` },
      contentType: ContentType.FHIR_JSON,
      input: JSON.parse(withRelativeReferences(JSON.stringify(input), baseUrl)),
      secrets,
      headers: {
        'x-svar-now': clock.now().toISOString(),
        ...(agent === undefined ? {} : { 'x-svar-role': agent.role, 'x-svar-agent': agent.who }),
      },
    });
  };
}
