import type { BundleEntry, OperationOutcome, Parameters, QuestionnaireResponse, Resource } from '@medplum/fhirtypes';
import type { Exchange } from '../exchange.ts';
import { isFinished } from './received-response.ts';

export type Issues = NonNullable<OperationOutcome['issue']>;

/** The entries of what $extract makes of a finished response; none where it makes nothing, or not all that it should. */
export async function extractedEntries(
  exchange: Exchange,
  response: QuestionnaireResponse,
  warnings: Issues,
): Promise<readonly BundleEntry[]> {
  if (!isFinished(response)) {
    return [];
  }
  const { caller, request } = exchange;
  const { status, body = '' } = await exchange.handle(caller, {
    method: 'POST',
    path: 'QuestionnaireResponse/$extract',
    headers: {},
    resource: { resource: response, text: JSON.stringify(response) },
    baseUrl: request.baseUrl,
  });
  const answer: Resource = JSON.parse(body);
  const bundle = answer.resourceType === 'Parameters' ? parameter(answer, 'return') : answer;
  const told = answer.resourceType === 'Parameters' ? parameter(answer, 'issues') : answer;
  const faults = told?.resourceType === 'OperationOutcome' ? (told.issue ?? []) : [];
  const whole = status === 200 && faults.every(({ severity }) => severity === 'information');
  if (whole && bundle?.resourceType === 'Bundle') {
    return bundle.entry ?? [];
  }
  if (!whole) {
    warnings.push(
      { severity: 'warning', code: 'incomplete', diagnostics: 'Nothing was extracted from a response.' },
      ...faults.map((fault) => ({ ...fault, severity: 'warning' as const })),
    );
  }
  return [];
}

function parameter({ parameter }: Parameters, name: string): Resource | undefined {
  return parameter?.find((each) => each.name === name)?.resource;
}

/** An entry with one reference put in another's place. */
export function readdressed(entry: BundleEntry, from: string, to: string): BundleEntry {
  return JSON.parse(JSON.stringify(entry), (_, value: unknown) => (value === from ? to : value));
}
