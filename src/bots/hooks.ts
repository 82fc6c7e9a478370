import { OperationOutcomeError } from '@medplum/core';
import type { Resource } from '@medplum/fhirtypes';
import type { BotHooks, Change, Unit } from '../interactions/engine.ts';
import { unitOfBot } from '../interactions/unit-of-work.ts';
import { error, FhirError, type IssueCode } from '../model/issue.ts';
import type { OutboxEvent } from '../store/prepared-write.ts';
import type { Bot } from './bot.ts';
import type { Trigger } from './trigger.ts';

/** A bot with its triggers compiled. */
export interface ReadyBot extends Bot {
  readonly concerns: Trigger;
  /** ms since 1970 of its `due` on a resource: 0 where it has none, undefined where the resource gives no instant. */
  readonly dueOf: (resource: Resource) => number | undefined;
}

/** Calls a bot within a unit. */
export type CallBot = (unit: Unit, bot: Bot, input: Resource) => Promise<unknown>;

/** What one enforcing bot may take for one write. */
const ENFORCE_MS_MAX = 2000;

export function botHooks(bots: readonly ReadyBot[], call: CallBot): BotHooks {
  const enforcing = bots.filter((bot) => bot.declaration.kind === 'enforce');
  /** Rows with one handler are one bot: within its writes it would go on with what it had read before. */
  const isActive = ({ handler }: Bot, { active }: Unit): boolean =>
    enforcing.some((bot) => bot.handler === handler && active.has(bot.declaration.name));
  const following = bots.filter((bot) => bot.declaration.kind === 'follow');
  return {
    enforcing: (change) => enforcing.some((bot) => enforcedBy(bot, change)),

    events(change) {
      const events: OutboxEvent[] = [];
      for (const bot of following) {
        const due = concernedBy(bot, change) ? bot.dueOf(change.resource) : undefined;
        if (due !== undefined) {
          events.push({ bot: bot.declaration.name, interaction: change.interaction, due });
        }
      }
      return events;
    },

    async enforce(unit, changes) {
      for (const change of changes) {
        for (const bot of enforcing) {
          if (enforcedBy(bot, change) && !isActive(bot, unit)) {
            await enforceOne(unitOfBot(unit, bot.declaration.name), bot, change, call);
          }
        }
      }
    },
  };
}

/** Whether a write concerns a bot. */
export function concernedBy(bot: ReadyBot, change: Change): boolean {
  const { interactions = ['create', 'update'], roles } = bot.declaration;
  return (
    interactions.includes(change.interaction) &&
    (roles === undefined || (change.role !== undefined && (roles.includes('*') || roles.includes(change.role)))) &&
    bot.concerns(change.type, change.rows)
  );
}

/** An enforcing bot also hears of an update by which a resource ceases to concern it: what followed from it has to go. */
function enforcedBy(bot: ReadyBot, change: Change): boolean {
  const { previousRows } = change;
  return (
    concernedBy(bot, change) || (previousRows !== undefined && concernedBy(bot, { ...change, rows: previousRows }))
  );
}

async function enforceOne(unit: Unit, bot: Bot, change: Change, call: CallBot): Promise<void> {
  const { name } = bot.declaration;
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(refusal(503, 'timeout', `${name} took longer than ${ENFORCE_MS_MAX} ms`)),
      ENFORCE_MS_MAX,
    );
  });
  try {
    await Promise.race([call(unit, bot, { ...change.resource, id: change.id } as Resource), tooLong]);
  } catch (failure) {
    throw asRefusal(failure);
  } finally {
    clearTimeout(timer);
  }
}

/** What a bot throws refuses the write: an OperationOutcome as it is, anything else as a fault of the server's. */
function asRefusal(failure: unknown): unknown {
  if (failure instanceof OperationOutcomeError) {
    const issues = (failure.outcome.issue ?? []).map((issue) =>
      error(
        (issue.code ?? 'processing') as IssueCode,
        issue.diagnostics ?? issue.details?.text ?? 'The write was refused.',
        ...(issue.expression ?? []),
      ),
    );
    return new FhirError(422, issues);
  }
  return failure;
}

function refusal(status: number, code: IssueCode, text: string): FhirError {
  return new FhirError(status, [error(code, `${text}; nothing was stored. Try again later.`)]);
}
