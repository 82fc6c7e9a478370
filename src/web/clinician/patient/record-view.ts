import type { EpisodeOfCare, QuestionnaireResponse, Resource, Task } from '@medplum/fhirtypes';
import type { PainPlaces } from '../../../charts/body-map.ts';
import { profileEntries } from '../../../charts/profile/entries.ts';
import { type Profile, profileOf } from '../../../charts/profile/profile.ts';
import type { ChartLanguage } from '../../../charts/said.ts';
import { type Series, scoreSeries } from '../../../charts/series.ts';
import type { EventKind, TimelineCourse, TimelineEvent } from '../../../charts/timeline.ts';
import { textIn } from '../../../forms/text/translation.ts';
import type { PatientRecord } from './fetch-record.ts';

/** Everything that is measured of a patient, sorted as the page shows it. */
export interface Measured {
  readonly profile: Profile;
  /** Scores and rated questions with at least one value. */
  readonly scores: readonly Series[];
  readonly omeq: Series | undefined;
  readonly pain: PainPlaces | undefined;
  /** Titles of scores that were computed without a value, each once. */
  readonly empty: readonly string[];
}

/** Sorts what was measured: the self-rating profile, scores, opioid doses, places of pain. */
export function measuredOf(record: PatientRecord, language: ChartLanguage): Measured {
  const entries = record.plans.flatMap((plan) => profileEntries(plan, language));
  const profile = profileOf(entries, record, language);
  const all = scoreSeries(record.observations, record.rules, language);
  const known = new Set(all.map(({ code }) => code));
  // a profile's bars of questions are shown over time too
  const rated = profile.levels.filter(({ code }) => !known.has(code));
  const doses = new Set(
    record.rules.flatMap(({ scores }) =>
      scores.flatMap(({ code, aggregate }) => (aggregate.kind === 'omeq' ? code : [])),
    ),
  );
  const hasValue = ({ points }: Series): boolean => points.some(({ value }) => value !== undefined);
  return {
    profile,
    scores: [...all.filter((series) => !doses.has(series.code) && hasValue(series)), ...rated],
    omeq: all.find((series) => doses.has(series.code) && hasValue(series)),
    pain: profile.pain,
    empty: all.filter((series) => !hasValue(series)).map(({ title }) => title),
  };
}

/** How the timeline's lines and events are called. */
export interface TimelineNames {
  readonly course: (course: EpisodeOfCare) => string;
  /** Of a Consent, by its status. */
  readonly consents: Readonly<Record<string, string>>;
  readonly language: ChartLanguage;
}

/** What happened in each course, the latest course first. What was entered in error did not happen. */
export function timelineOf(record: PatientRecord, names: TimelineNames): TimelineCourse[] {
  return coursesOf(record).map((course) => ({
    title: names.course(course),
    start: course.period?.start ?? course.meta?.lastUpdated ?? '',
    end: course.period?.end,
    events: eventsOf(record, course, names),
  }));
}

/** The latest first. */
export function coursesOf({ courses }: PatientRecord): readonly EpisodeOfCare[] {
  return courses.toSorted((a, b) => (b.period?.start ?? '').localeCompare(a.period?.start ?? ''));
}

/** The course of a response or Consent: by the referral that both are of. */
export function courseOfResponse(
  { courses }: Pick<PatientRecord, 'courses'>,
  { basedOn = [] }: Pick<QuestionnaireResponse, 'basedOn'>,
): EpisodeOfCare | undefined {
  const named = new Set(basedOn.flatMap(({ reference }) => reference ?? []));
  return courses.find(({ referralRequest = [] }) =>
    referralRequest.some(({ reference }) => named.has(reference ?? '')),
  );
}

function eventsOf(record: PatientRecord, course: EpisodeOfCare, names: TimelineNames): TimelineEvent[] {
  const own = `EpisodeOfCare/${course.id}`;
  const orders = record.tasks.filter(
    ({ focus, code }) => focus?.reference === own && code?.coding?.[0]?.code === ORDER,
  );
  const answered = new Set(
    orders.flatMap(({ output = [] }) => output.flatMap((each) => each.valueReference?.reference ?? [])),
  );
  const event = (kind: EventKind, at: string | undefined, title: string): TimelineEvent[] =>
    at === undefined || at === '' ? [] : [{ kind, at, title }];
  return [
    ...orders
      .filter(wasSent)
      .flatMap(({ restriction, description = '' }) => event('order', restriction?.period?.start, description)),
    ...record.responses
      .filter(
        (response) =>
          happened(response) && !isPatientsDraft(response) && courseOfResponse(record, response)?.id === course.id,
      )
      .flatMap((response) =>
        event(
          answered.has(`QuestionnaireResponse/${response.id}`) ? 'answer' : 'form',
          response.authored ?? response.meta?.lastUpdated,
          titleOf(record.forms, response, names.language),
        ),
      ),
    ...record.consents
      .filter(happened)
      .filter(({ provision }) =>
        (provision?.provision ?? []).some(({ data }) => data?.some(({ reference }) => reference?.reference === own)),
      )
      .flatMap((consent) => event('consent', consent.dateTime, names.consents[consent.status] ?? consent.status)),
  ];
}

function happened({ status }: { readonly status: string }): boolean {
  return status !== 'entered-in-error';
}

/** What a patient has begun and not sent is no event yet. */
function isPatientsDraft({ status, author }: QuestionnaireResponse): boolean {
  return status === 'in-progress' && author?.reference?.startsWith('Patient/') === true;
}

const ORDER = 'complete-questionnaire';
const SENT = ['sent', 'reminded', 'answered', 'expired'];

function wasSent({ businessStatus }: Task): boolean {
  return SENT.includes(businessStatus?.coding?.[0]?.code ?? '');
}

/** What a response's form is called. */
export function titleOf(
  forms: ReadonlyMap<string, Resource>,
  { questionnaire = '' }: Pick<QuestionnaireResponse, 'questionnaire'>,
  language: ChartLanguage,
): string {
  const url = questionnaire.split('|')[0] ?? '';
  const form = forms.get(url);
  if (form?.resourceType !== 'Questionnaire') return url.split('/').at(-1) ?? url;
  return textIn(form, 'title', language, form.language ?? 'nb') ?? form.title ?? url;
}
