import type { MedplumClient } from '@medplum/core';
import type { Questionnaire, QuestionnaireResponse } from '@medplum/fhirtypes';
import { internalItems } from '../../../registry/staffs-words.ts';
import { everyVersion } from '../canonicals.ts';
import { commentsByTask, printedForms } from './printed-comments.ts';
import { readAll } from './read-registrations.ts';
import type { Registration } from './registration.ts';

/** Referrals that one search asks for: its address stays short. */
const REFERRALS = 50;

/** The internal comments to print with some courses, by the id of the registration; nothing is asked where none has one. */
export async function readPrintedComments(
  medplum: MedplumClient,
  rows: readonly Registration[],
): Promise<ReadonlyMap<string, string>> {
  const commented = rows.filter(({ forms }) => forms.some(({ hasComment }) => hasComment));
  if (commented.length === 0) return new Map();
  const plans = await readAll(medplum, 'PlanDefinition?status=active&_count=100');
  const forms = plans.resources.flatMap((one) => (one.resourceType === 'PlanDefinition' ? printedForms(one) : []));
  const labels = new Set(forms.map(({ label }) => label));
  const tasks = commented
    .filter((row) => row.forms.some(({ label, hasComment }) => hasComment && labels.has(label)))
    .map(({ task }) => task);
  const referrals = tasks.flatMap(({ basedOn }) => basedOn?.[0]?.reference ?? []);
  if (referrals.length === 0) return new Map();
  const urls = [...new Set(forms.map(({ questionnaire }) => questionnaire))];
  const parts = Array.from({ length: Math.ceil(referrals.length / REFERRALS) }, (_, part) =>
    referrals.slice(part * REFERRALS, (part + 1) * REFERRALS).join(','),
  );
  const versions = (await readAll(medplum, `Questionnaire?url=${urls.join(',')}&_count=100`)).resources.filter(isForm);
  const canonicals = encodeURIComponent(everyVersion(urls, versions));
  const answers = await Promise.all(
    parts.map((part) =>
      readAll(medplum, `QuestionnaireResponse?based-on=${part}&questionnaire=${canonicals}&_count=200`),
    ),
  );
  const isResponse = (one: { resourceType: string }): one is QuestionnaireResponse =>
    one.resourceType === 'QuestionnaireResponse';
  const responses = answers.flatMap(({ resources }) => resources).filter(isResponse);
  return commentsByTask(tasks, forms, responses, internalItems(versions));
}

function isForm(one: { readonly resourceType: string }): one is Questionnaire {
  return one.resourceType === 'Questionnaire';
}
