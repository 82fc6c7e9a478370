import type { Library, Questionnaire } from '@medplum/fhirtypes';
import { rulesOf } from '../forms/score/library.ts';
import type { Engine } from '../interactions/engine.ts';
import { inUnit } from '../interactions/unit-of-work.ts';
import { systemCaller } from '../model/caller.ts';
import type { Rid } from '../model/rid.ts';
import { bare } from '../registry/protocol.ts';
import { scoreLibrary } from '../registry/scored-forms.ts';
import { hash64 } from '../search/hash64.ts';
import { keyOf, paramName, uriForm } from '../search/keys.ts';
import { queueAgain } from '../store/queue-again.ts';
import { currentOfType } from '../store/read.ts';
import { retrying } from '../store/transaction.ts';

/** Responses handed over in one transaction: fewer than the locks that one may take. */
const PAGE = 500;

export interface RescoreWish {
  /** Only forms that have this score. */
  readonly score?: string;
  /** Only this form, by its url. */
  readonly questionnaire?: string;
}

/**
 * Has stored responses scored again, by handing them to the score bot page by page: what a rule gives now becomes a new
 * version of the Observation, the old stays in the history, what is the same is not written. The servers on the database
 * do it, in the order of each patient's other events, so that nothing is scored from a version that has passed.
 *
 * @returns how many responses wait now, by the url of their form
 * @throws Error in words where nothing is scored as wished
 */
export async function rescore(engine: Engine, wish: RescoreWish): Promise<ReadonlyMap<string, number>> {
  const urls = await wishedForms(engine, wish);
  if (urls.length === 0) {
    throw new Error(`No form is scored${wish.score === undefined ? '' : ` by ${wish.score}`}${ofForm(wish)}.`);
  }
  const parameter = engine.definitions().parameters.get('QuestionnaireResponse', 'questionnaire');
  if (parameter === undefined) throw new Error('R4 has the search parameter QuestionnaireResponse.questionnaire');
  const counts = new Map<string, number>();
  for (const url of urls) {
    const h = hash64(keyOf(paramName(parameter), uriForm(url)), engine.hashSeed);
    let after: Rid | undefined = '0';
    let count = 0;
    while (after !== undefined) {
      const from: Rid = after;
      const page = await retrying(engine, () =>
        inUnit(engine, async (unit) => {
          const queued = await queueAgain(unit.client, { bot: 'score', h, after: from, limit: PAGE });
          unit.done.events ||= queued.queued > 0;
          return queued;
        }),
      );
      after = page.last;
      count += page.queued;
    }
    counts.set(url, count);
  }
  return counts;
}

function ofForm({ questionnaire }: RescoreWish): string {
  return questionnaire === undefined ? '' : ` of those with the url ${questionnaire}`;
}

async function wishedForms(engine: Engine, { score, questionnaire }: RescoreWish): Promise<readonly string[]> {
  const [forms, libraries] = await Promise.all([
    stored<Questionnaire>(engine, 'Questionnaire'),
    stored<Library>(engine, 'Library'),
  ]);
  const wished = forms.filter((form) => {
    const library = scoreLibrary(form, libraries);
    if (library === undefined || (questionnaire !== undefined && bare(questionnaire) !== form.url)) return false;
    return score === undefined || rulesOf(library)?.scores.some(({ code }) => code === score) === true;
  });
  return [...new Set(wished.flatMap(({ url }) => url ?? []))].sort();
}

async function stored<R extends Questionnaire | Library>(
  engine: Engine,
  type: R['resourceType'],
): Promise<readonly R[]> {
  const versions = await currentOfType(engine.pool, systemCaller, type);
  return versions.map(({ content }) => JSON.parse(content) as R);
}
