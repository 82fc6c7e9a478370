import type { OperationOutcomeIssue, QuestionnaireResponse, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import type { FormFault, FormView, ItemView } from '../../form/contract.ts';

/** What the server did not take, and of which question; without a linkId: of the form as a whole. */
export interface Refusal {
  readonly linkId: string | undefined;
  /** Which of a question's occurrences in repeating groups, by the rows around it from the outside; [] where there are none. */
  readonly rows: readonly number[];
  readonly severity: 'error' | 'warning';
  readonly text: string;
  /** Code of CodeSystem response-rule, where the server names one. */
  readonly rule: string;
}

/**
 * Reads the issues of a refusal into places of the form. An expression such as
 * `QuestionnaireResponse.item[2].item[0].answer[0].value` is followed through what was sent; a question that was not sent
 * at all (it must be answered) is named by the diagnostics.
 */
export function refusalsOf(issues: readonly OperationOutcomeIssue[], sent: QuestionnaireResponse): readonly Refusal[] {
  return issues
    .filter(({ severity }) => severity !== 'information')
    .map((issue) => {
      const place = placeIn(sent, issue.expression?.[0]) ?? { linkId: named(issue), rows: [] };
      return {
        ...place,
        severity: issue.severity === 'warning' ? 'warning' : 'error',
        text: issue.details?.text ?? issue.diagnostics ?? issue.code ?? '',
        rule: issue.details?.coding?.[0]?.code ?? issue.code ?? 'refused',
      };
    });
}

const STEP = /\.item\[(\d+)\]/g;

function placeIn(sent: QuestionnaireResponse, expression = ''): Pick<Refusal, 'linkId' | 'rows'> | undefined {
  let items: readonly QuestionnaireResponseItem[] = sent.item ?? [];
  let found: QuestionnaireResponseItem | undefined;
  const rows: number[] = [];
  for (const [, index] of expression.matchAll(STEP)) {
    const at = Number(index);
    const next = items[at];
    if (next === undefined) return undefined;
    const alike = items.filter(({ linkId }) => linkId === next.linkId);
    if (alike.length > 1) rows.push(alike.indexOf(next));
    found = next;
    items = [...(next.item ?? []), ...(next.answer ?? []).flatMap(({ item = [] }) => item)];
  }
  return found?.linkId === undefined ? undefined : { linkId: found.linkId, rows };
}

/** `'SvSmRo12': must be answered.` */
function named({ diagnostics = '' }: OperationOutcomeIssue): string | undefined {
  return /^'([^']+)'/.exec(diagnostics)?.[1];
}

/** What the server refused, as faults of the questions on screen. */
export function refusalFaults(refusals: readonly Refusal[], view: FormView, whole: string): FormFault[] {
  const shown = view.pages.flatMap(({ items }) => everything(items));
  return refusals.flatMap(({ linkId, rows, severity, text, rule }) => {
    if (linkId === undefined) return [];
    const places = shown.filter(({ item }) => item.linkId === linkId);
    const place = places[rows[0] ?? 0] ?? places[0];
    if (place === undefined) return [{ key: '', linkId, severity, text: text || whole, rule, confirmed: false }];
    return [{ key: place.key, linkId, severity, text, rule, confirmed: false }];
  });
}

function everything(items: readonly ItemView[]): readonly ItemView[] {
  return items.flatMap((view) => [
    view,
    ...everything(view.children),
    ...(view.rows ?? []).flatMap((row) => everything(row.children)),
  ]);
}
