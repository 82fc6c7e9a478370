import type {
  Binary,
  Library,
  Observation,
  Patient,
  PlanDefinition,
  QuestionnaireResponse,
  Resource,
} from '@medplum/fhirtypes';
import { type ProfileEntry, profileEntries } from '../../charts/profile/entries.ts';
import { type Profile, profileOf } from '../../charts/profile/profile.ts';
import { type ChartLanguage, chartLanguage, writing } from '../../charts/said.ts';
import { rulesOf } from '../../forms/score/library.ts';
import type { Query } from '../../interactions/types.ts';
import type { Caller } from '../../model/caller.ts';
import { fhirError } from '../../model/issue.ts';
import { bare } from '../../registry/protocol.ts';
import { textAnswer } from '../../rest/answer.ts';
import { escaped } from '../../rest/codes/definitions.ts';
import type { Endpoint, Exchange } from '../../rest/exchange.ts';
import { OperationInput } from '../../rest/operation-input.ts';
import { found, type ReportingParts, resourceOf } from '../asked.ts';
import { profilePdf } from './pdf.ts';

const PDF = 'application/pdf';
/** Scores or answers that are looked at; a profile shows the latest of them. */
const READ_MAX = 500;
const LANGUAGES = ['nb', 'nn', 'sv', 'en'];

/**
 * Patient/[id]/$profile: the one-page self-rating profile for a consultation (NRS: "självskattningsprofil"), as a tagged PDF.
 * It is read with the caller's own access, so it holds what the caller may read, and is audited as any reading is.
 */
export function profile(parts: ReportingParts): Endpoint {
  return async (exchange) => {
    const { caller, context, route } = exchange;
    if (route.kind !== 'operation' || route.id === undefined) {
      throw fhirError(400, 'not-supported', 'This operation is asked of one Patient.');
    }
    const input = new OperationInput(exchange, ['language', 'registry']);
    const language = languageFor(input.text('language'), caller);
    const patient = resourceOf<Patient>(await context.interactions.read(caller, 'Patient', route.id));
    const plan = await planFor(parts, exchange, input.text('registry'));
    const told = await profileFor(parts, exchange, plan, language);
    const how = writing(language, parts.zone);
    const bytes = await profilePdf({ patient, profile: told, at: parts.engine.clock.now(), zone: parts.zone }, how);
    const binary: Binary = {
      resourceType: 'Binary',
      contentType: PDF,
      securityContext: { reference: `Patient/${patient.id}` },
      data: bytes.toString('base64'),
    };
    const answer = textAnswer(exchange, JSON.stringify(binary));
    if (!wantsPdf(exchange)) return answer;
    const headers = {
      'content-type': PDF,
      'content-language': language,
      // no name of a patient: names of files stay on devices
      'content-disposition': 'inline; filename="profile.pdf"',
    };
    // a browser that saves a file asks for no type at all, as the entries of a Bundle do: those are given the Binary
    return { ...answer, headers, bytes };
  };
}

function languageFor(given: string | undefined, caller: Caller): ChartLanguage {
  if (given !== undefined && !LANGUAGES.includes(given)) {
    throw fhirError(400, 'value', `language is one of ${LANGUAGES.join(', ')}.`, 'language');
  }
  return chartLanguage(given ?? caller.language ?? 'nb');
}

/** @throws FhirError 422 where the registry has no profile */
async function planFor(parts: ReportingParts, exchange: Exchange, registry: string | undefined) {
  const plans = await found<PlanDefinition>(parts.engine, exchange, 'PlanDefinition', [['status', 'active']]);
  const withProfile = plans.filter((plan) => profileEntries(plan, 'nb').length > 0);
  const wanted = registry ?? exchange.caller.registry;
  const plan = withProfile.find(({ id }) => `PlanDefinition/${id}` === wanted);
  const chosen = plan ?? (registry === undefined ? withProfile[0] : undefined);
  if (chosen === undefined) {
    throw fhirError(422, 'not-found', 'There is no registry with a self-rating profile.', 'registry');
  }
  return chosen;
}

async function profileFor(
  parts: ReportingParts,
  exchange: Exchange,
  plan: PlanDefinition,
  language: ChartLanguage,
): Promise<Profile> {
  const entries = profileEntries(plan, language);
  const patient = exchange.route.kind === 'operation' ? `Patient/${exchange.route.id}` : '';
  const codes = entries.flatMap(({ scores }) => scores);
  const observations =
    codes.length === 0
      ? []
      : await readable<Observation>(exchange, 'Observation', [
          ['patient', patient],
          ['code', codes.map(escaped).join(',')],
          ['_sort', '-date'],
        ]);
  const libraries = await librariesOf(parts, exchange, observations);
  return profileOf(
    entries,
    {
      observations,
      responses: await responsesFor(exchange, patient, entries),
      rules: libraries.flatMap((library) => rulesOf(library) ?? []),
    },
    language,
  );
}

async function responsesFor(exchange: Exchange, patient: string, entries: readonly ProfileEntry[]) {
  const forms = [...new Set(entries.flatMap(({ questions }) => questions.map(({ form }) => form)))];
  if (forms.length === 0) return [];
  return readable<QuestionnaireResponse>(exchange, 'QuestionnaireResponse', [
    ['patient', patient],
    ['questionnaire', forms.map(escaped).join(',')],
    ['status', 'completed,amended'],
    ['_sort', '-authored'],
  ]);
}

/** The rules by which the scores were computed. */
async function librariesOf(
  { engine }: ReportingParts,
  exchange: Exchange,
  observations: readonly Observation[],
): Promise<readonly Library[]> {
  const urls = new Set(
    observations
      .flatMap(({ extension = [] }) => extension)
      .flatMap(({ valueRelatedArtifact }) => bare(valueRelatedArtifact?.resource ?? ''))
      .filter((url) => url !== ''),
  );
  if (urls.size === 0) return [];
  return found<Library>(engine, exchange, 'Library', [['url', [...urls].map(escaped).join(',')]]);
}

/** What the caller may read of it. */
async function readable<R extends Resource>(
  { caller, context }: Exchange,
  type: R['resourceType'],
  query: Query,
): Promise<readonly R[]> {
  const whole: Query = [...query, ['_count', String(READ_MAX)]];
  const { matches } = await context.interactions.search(caller, type, whole, { lenient: false });
  return matches.map((stored) => resourceOf<R>(stored));
}

/** As with a Binary (FHIR R4 binary.html#rest): the content itself, unless JSON is asked for. */
function wantsPdf({ request, presentation }: Exchange): boolean {
  return presentation.format === undefined && !/json/i.test(request.headers.accept ?? '');
}
