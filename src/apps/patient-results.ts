import type { Library, Observation, PlanDefinition, Questionnaire, QuestionnaireResponse } from '@medplum/fhirtypes';
import { rulesOf } from '../forms/score/library.ts';
import type { ScoreRule, Wording } from '../forms/score/rule.ts';
import { textIn } from '../forms/text/translation.ts';
import type { Ask } from '../identity/create-identity.ts';
import type { Caller } from '../model/caller.ts';
import { codeSystem, extensionUrl } from '../registry/names.ts';
import { bare, isProtocol, readProtocol } from '../registry/protocol.ts';
import { readForm, search } from './waiting-orders.ts';

/** What the person has answered, and what their registries show them of it: PatientResults in src/web/patient/contract.ts. */
export interface PatientResults {
  readonly answered: readonly { readonly id: string; readonly title: string; readonly at: string }[];
  readonly results: readonly OwnResult[];
}

export interface OwnResult {
  readonly code: string;
  readonly title: string;
  readonly range: { readonly min: number; readonly max: number };
  readonly higherIs: 'better' | 'worse' | undefined;
  readonly bands: readonly { readonly from: number; readonly title: string }[];
  readonly change?: number;
  readonly points: readonly { readonly at: string; readonly value: number; readonly response: string }[];
}

const ANSWERS_MAX = 200;
const SCORES_MAX = 1000;

/** Read with the person's own access, so that a restricted record shows nothing here either. @param patient `Patient/x` */
export async function patientResults(
  ask: Ask,
  caller: Caller,
  patient: string,
  language: string,
): Promise<PatientResults> {
  const [responses, protocols] = await Promise.all([
    search<QuestionnaireResponse>(
      ask,
      caller,
      `QuestionnaireResponse?patient=${patient}&status=completed,amended&_sort=-authored&_count=${ANSWERS_MAX}`,
    ),
    search<PlanDefinition>(ask, caller, 'PlanDefinition?status=active&_count=100'),
  ]);
  const shown = shownScores(protocols);
  const sent = sentForms(protocols);
  const own = responses.filter(
    ({ author, source, questionnaire }) =>
      author?.reference === patient || source?.reference === patient || sent.has(bare(questionnaire ?? '')),
  );
  const codes = [...new Set(shown.flatMap((each) => each.codes))];
  const titles = new Map<string, string>();
  for (const canonical of new Set(own.flatMap(({ questionnaire }) => questionnaire ?? []))) {
    titles.set(canonical, titleOf(await readForm(ask, caller, canonical), language) ?? bare(canonical));
  }
  const answered = own.flatMap(({ id = '', questionnaire, authored, meta }) => {
    const at = authored ?? meta?.lastUpdated;
    const title = titles.get(questionnaire ?? '');
    return at === undefined || title === undefined ? [] : [{ id, title, at }];
  });
  if (codes.length === 0) return { answered, results: [] };
  const observations = await search<Observation>(
    ask,
    caller,
    `Observation?patient=${patient}&code=${codes.map((code) => `${codeSystem.score}|${code}`).join(',')}` +
      `&status=final,amended,corrected&_sort=date&_count=${SCORES_MAX}`,
  );
  const formOf = new Map(own.map(({ id, questionnaire }) => [id, bare(questionnaire ?? '')]));
  const allowed = observations.filter((one) => {
    const form = formOf.get(responseOf(one));
    return shown.some((each) => form !== undefined && each.forms.has(form) && each.codes.includes(codeOf(one)));
  });
  const results: OwnResult[] = [];
  for (const code of codes) {
    const scores = allowed.filter((one) => codeOf(one) === code);
    const latest = scores.at(-1);
    const rule = latest && (await ruleOf(ask, caller, latest, code));
    const result = rule && resultOf(rule, scores, language);
    if (result !== undefined) results.push(result);
  }
  return { answered, results };
}

/** The forms that registries send to patients, whoever has entered the answers. */
function sentForms(protocols: readonly PlanDefinition[]): ReadonlySet<string> {
  const schedules = protocols.filter(isProtocol).flatMap((plan) => readProtocol(plan).schedule);
  return new Set(schedules.map(({ questionnaire }) => bare(questionnaire)));
}

/** What each registry shows its patients: scores, and the forms from which it asks for them. */
function shownScores(protocols: readonly PlanDefinition[]) {
  return protocols.flatMap(({ extension = [], relatedArtifact = [] }) => {
    const codes = extension
      .filter(
        ({ url, valueCoding }) => url === extensionUrl.patientSeesResult && valueCoding?.system === codeSystem.score,
      )
      .flatMap(({ valueCoding }) => valueCoding?.code ?? []);
    const forms = new Set(relatedArtifact.flatMap(({ resource }) => (resource === undefined ? [] : [bare(resource)])));
    return codes.length === 0 ? [] : [{ codes, forms }];
  });
}

async function ruleOf(ask: Ask, caller: Caller, score: Observation, code: string): Promise<ScoreRule | undefined> {
  const urls = (score.extension ?? []).flatMap(({ valueRelatedArtifact }) => valueRelatedArtifact?.resource ?? []);
  for (const url of urls) {
    const path = `Library?url=${encodeURIComponent(bare(url))}&status=active&_sort=-_lastUpdated&_count=1`;
    const [library] = await search<Library>(ask, caller, path);
    const rule = library && rulesOf(library)?.scores.find((one) => one.code === code);
    if (rule !== undefined) return rule;
  }
  return undefined;
}

function resultOf(rule: ScoreRule, scores: readonly Observation[], language: string): OwnResult | undefined {
  const { code, display, range, higherIs, bands, change } = rule;
  const points = scores.flatMap((one) => {
    const { effectiveDateTime: at, valueQuantity } = one;
    const value = valueQuantity?.value;
    return at === undefined || value === undefined ? [] : [{ at, value, response: responseOf(one) }];
  });
  if (range === undefined || points.length === 0) return undefined;
  const matters = change?.thresholds.find(({ code: one, kind }) => one === change.responder && kind === 'absolute');
  return {
    ...{ code, title: said(display, language), range, higherIs, points },
    bands: bands.map((band) => ({ from: band.from ?? band.above ?? range.min, title: said(band.display, language) })),
    ...(matters === undefined ? {} : { change: matters.amount }),
  };
}

function said({ nb, sv, en }: Wording, language: string): string {
  return language === 'sv' ? sv : language === 'en' ? en : nb;
}

function codeOf({ code }: Observation): string {
  return code.coding?.find(({ system }) => system === codeSystem.score)?.code ?? '';
}

function responseOf({ derivedFrom = [] }: Observation): string {
  const reference = derivedFrom.find(({ reference: one }) => one?.startsWith('QuestionnaireResponse/'))?.reference;
  return reference?.split('/')[1] ?? '';
}

function titleOf(form: Questionnaire | undefined, language: string): string | undefined {
  return form && (textIn(form, 'title', language, form.language ?? '') ?? form.title);
}
