import { readContactRegister } from '../delivery/read-channels.ts';
import { helseId } from '../delivery/tokens/helse-id.ts';
import { readProviderKey } from '../identity/upstream/provider-key.ts';
import type { Engine } from '../interactions/engine.ts';
import { realClock } from '../model/clock.ts';
import { heedEvents } from '../population/heed-events.ts';
import { personService } from '../population/person-service.ts';
import type { Log } from '../runtime/log.ts';
import type { Secrets } from '../runtime/secrets.ts';
import { type Settings, SettingsError } from '../runtime/settings.ts';
import { egressOf } from './egress.ts';
import { Pulse } from './pulse.ts';

/** How often the population register is asked what has happened. */
const EVENTS_MS = 10 * 60_000;

/** Work that goes on in the background. */
export interface Population {
  start(): void;
  stop(): Promise<void>;
}

type Needed = Pick<Settings, 'populationRegister' | 'egress' | 'production'>;

/**
 * Heeds what the population register of the settings tells; undefined where they name none. A change that cannot be stored
 * is logged by its number alone and passed.
 * @throws SettingsError, or Error for the operator where the file of the key cannot be used
 */
export async function openPopulation(
  settings: Needed,
  secrets: Secrets,
  engine: Engine,
  log: Log,
): Promise<Population | undefined> {
  const { populationRegister, production } = settings;
  if (populationRegister === undefined) return undefined;
  const { base, token } = read(populationRegister, production);
  const { keyFile, ...client } = token;
  const key = await readProviderKey(keyFile, secrets);
  const guarded = egressOf(
    settings,
    [base, token.tokenEndpoint].map((address) => new URL(address).origin),
  );
  const tokens = helseId({ ...client, key }, undefined, { guarded, clock: realClock });
  const register = personService(base, (method, address) => tokens.headers(method, address), guarded);
  const passed = (sequenceNumber: number): void =>
    log.error({ sequenceNumber }, 'what an event of the population register tells could not be stored');
  const pulse = new Pulse(
    'the population register',
    EVENTS_MS,
    async () => {
      await heedEvents(engine, register, passed);
    },
    log,
  );
  return {
    start: () => pulse.start(),
    async stop() {
      await pulse.stop();
      await guarded.close();
    },
  };
}

function read(value: unknown, production: boolean) {
  try {
    return readContactRegister(value, production, 'populationRegister');
  } catch (problem) {
    throw new SettingsError(`SVAR_POPULATION_REGISTER ${(problem as Error).message}`);
  }
}
