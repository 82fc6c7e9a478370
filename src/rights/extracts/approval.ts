import type { Extension, ResearchStudy } from '@medplum/fhirtypes';
import { extensionUrl } from '../../registry/names.ts';
import { type DateHandling, dateHandlings } from './dates.ts';

/** What a research project may see, as the national coordinator approved it. */
export interface Approval {
  /** Canonical of the registry's protocol. */
  readonly registry: string;
  /** Canonicals without version. */
  readonly forms: readonly string[];
  /** linkIds; empty: all variables but free text. */
  readonly variables: readonly string[];
  readonly freeText: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly dates: DateHandling;
  readonly shiftDays: number;
  /** Patients with the same sex, age group and hospital, at least. */
  readonly leastCell: number;
  /** The last day on which it may be drawn. */
  readonly until: string;
  /** `Practitioner/x` */
  readonly researcher: string;
  readonly approvedBy: string;
  readonly approvedAt: string;
}

/** The project with an approval in place of the one that it had. */
export function withApproval(study: ResearchStudy, approval: Approval, signature: string): ResearchStudy {
  const others = (study.extension ?? []).filter(({ url }) => url !== extensionUrl.extractApproval);
  const { from, to } = approval;
  const extension: Extension[] = [
    { url: 'registry', valueUri: approval.registry },
    ...approval.forms.map((form) => ({ url: 'form', valueUri: form })),
    ...approval.variables.map((variable) => ({ url: 'variable', valueString: variable })),
    { url: 'freeText', valueBoolean: approval.freeText },
    ...(from === undefined ? [] : [{ url: 'from', valueDate: from }]),
    ...(to === undefined ? [] : [{ url: 'to', valueDate: to }]),
    { url: 'dates', valueCode: approval.dates },
    { url: 'shiftDays', valueInteger: approval.shiftDays },
    { url: 'leastCell', valueInteger: approval.leastCell },
    { url: 'until', valueDate: approval.until },
    { url: 'researcher', valueReference: { reference: approval.researcher } },
    { url: 'approvedBy', valueString: approval.approvedBy },
    { url: 'approvedAt', valueInstant: approval.approvedAt },
    { url: 'signature', valueString: signature },
  ];
  return { ...study, extension: [...others, { url: extensionUrl.extractApproval, extension }] };
}

/** The approval of a project, not yet verified; undefined where there is none that is whole. */
export function approvalOf({ extension }: ResearchStudy): { approval: Approval; signature: string } | undefined {
  const approvals = (extension ?? []).filter(({ url }) => url === extensionUrl.extractApproval);
  const parts = approvals.length === 1 ? (approvals[0]?.extension ?? []) : [];
  const all = (url: string): readonly Extension[] => parts.filter((part) => part.url === url);
  const one = (url: string): Extension | undefined => all(url)[0];
  const registry = one('registry')?.valueUri;
  const dates = dateHandlings.find((known) => known === one('dates')?.valueCode);
  const until = one('until')?.valueDate;
  const researcher = one('researcher')?.valueReference?.reference;
  const signature = one('signature')?.valueString;
  const [approvedBy, approvedAt] = [one('approvedBy')?.valueString, one('approvedAt')?.valueInstant];
  const shiftDays = one('shiftDays')?.valueInteger;
  const leastCell = one('leastCell')?.valueInteger;
  if (registry === undefined || dates === undefined || until === undefined || researcher === undefined)
    return undefined;
  if (signature === undefined || approvedBy === undefined || approvedAt === undefined) return undefined;
  if (shiftDays === undefined || leastCell === undefined) return undefined;
  const from = one('from')?.valueDate;
  const to = one('to')?.valueDate;
  const approval: Approval = {
    registry,
    forms: all('form').flatMap(({ valueUri }) => valueUri ?? []),
    variables: all('variable').flatMap(({ valueString }) => valueString ?? []),
    freeText: one('freeText')?.valueBoolean === true,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    dates,
    shiftDays,
    leastCell,
    until,
    researcher,
    approvedBy,
    approvedAt,
  };
  return { approval, signature };
}
