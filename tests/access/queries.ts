import type { Naive } from './naive.ts';
import type { Content } from './world.ts';

/** A search, and what it asks of a resource, told without the search's own code. */
export interface Asked {
  readonly url: string;
  readonly holds: (content: Content, naive: Naive) => boolean;
}

const ref = (content: Content, type: string): string =>
  (type === 'EpisodeOfCare' ? content.patient : content.subject)?.reference ?? '';
const isOf =
  (type: string, more: (content: Content, naive: Naive) => boolean = () => true) =>
  (content: Content, naive: Naive): boolean =>
    content.resourceType === type && more(content, naive);
const observations = (more: (content: Content, naive: Naive) => boolean) => isOf('Observation', more);
const hasReferrer = (
  naive: Naive,
  type: string,
  refers: (content: Content) => boolean,
  more: (content: Content) => boolean = () => true,
): boolean => naive.found.some((row) => row.type === type && refers(row.content) && more(row.content));
const categories = (content: Content): string[] =>
  (content.category ?? []).flatMap((one: Content) => one.coding.map((coding: Content) => coding.code));
const day = (content: Content): string => (content.effectiveDateTime ?? '').slice(0, 10);

export const queries: readonly Asked[] = [
  { url: 'Observation', holds: observations(() => true) },
  { url: 'Patient', holds: isOf('Patient') },
  { url: 'Location', holds: isOf('Location') },
  { url: '?_type=Patient,Observation', holds: (it) => ['Patient', 'Observation'].includes(it.resourceType) },
  { url: '', holds: () => true },
  { url: '?_tag=urn:t|t1', holds: observations((it) => it.meta.tag[0].code === 't1') },
  { url: 'Observation?status=final', holds: observations((it) => it.status === 'final') },
  {
    url: 'Observation?status=final&code=c1',
    holds: observations((it) => it.status === 'final' && it.code.coding[0].code === 'c1'),
  },
  { url: 'Observation?status:not=final', holds: observations((it) => it.status !== 'final') },
  { url: 'Observation?category=survey', holds: observations((it) => categories(it).includes('survey')) },
  { url: 'Observation?category:missing=true', holds: observations((it) => categories(it).length === 0) },
  { url: 'Observation?category:missing=false', holds: observations((it) => categories(it).length > 0) },
  { url: 'Observation?subject=Patient/p2', holds: observations((it) => ref(it, 'Observation') === 'Patient/p2') },
  {
    url: 'Observation?patient=p2,p3&status=final',
    holds: observations((it) => ['Patient/p2', 'Patient/p3'].includes(ref(it, '')) && it.status === 'final'),
  },
  { url: 'Observation?date=ge2026-02-01', holds: observations((it) => day(it) >= '2026-02-01') },
  { url: 'Observation?value-quantity=gt4', holds: observations((it) => it.valueQuantity.value > 4) },
  {
    url: 'Observation?code-value-quantity=c1$gt2',
    holds: observations((it) => it.code.coding[0].code === 'c1' && it.valueQuantity.value > 2),
  },
  { url: 'Observation?_id=o1,o2,o3,o40', holds: observations((it) => ['o1', 'o2', 'o3', 'o40'].includes(it.id)) },
  { url: 'Observation?_content=measured2', holds: observations((it) => it.code.text.includes('measured2')) },
  {
    url: 'Observation?subject:Patient.gender=female',
    holds: observations((it, naive) => naive.target(it.subject)?.gender === 'female'),
  },
  {
    url: 'Observation?subject.birthdate=ge1970',
    holds: observations((it, naive) => (naive.target(it.subject)?.birthDate ?? '') >= '1970'),
  },
  {
    url: 'Observation?patient.name=test1&status=final',
    holds: observations((it, naive) => it.status === 'final' && naive.target(it.subject)?.name[0].family === 'Test1'),
  },
  {
    url: 'Observation?derived-from:Observation.status=final',
    holds: observations((it, naive) => naive.target(it.derivedFrom?.[0])?.status === 'final'),
  },
  {
    url: 'Observation?derived-from:Observation.subject:Patient.gender=male',
    holds: observations((it, naive) => naive.target(naive.target(it.derivedFrom?.[0])?.subject)?.gender === 'male'),
  },
  {
    url: 'Observation?derived-from:Observation.status:not=final',
    holds: observations((it, naive) => {
      const target = naive.target(it.derivedFrom?.[0]);
      return target !== undefined && target.status !== 'final';
    }),
  },
  {
    url: 'Observation?derived-from:Observation._content=measured1',
    holds: observations((it, naive) => naive.target(it.derivedFrom?.[0])?.code.text.includes('measured1') === true),
  },
  {
    url: 'Observation?_list=s0,s1,s2',
    holds: observations((it, naive) =>
      hasReferrer(
        naive,
        'List',
        (list) =>
          ['s0', 's1', 's2'].includes(list.id) &&
          list.entry.some((entry: Content) => entry.item.reference === `Observation/${it.id}`),
      ),
    ),
  },
  {
    url: 'Observation?_filter=status eq "final" or subject.gender eq "female"',
    holds: observations((it, naive) => it.status === 'final' || naive.target(it.subject)?.gender === 'female'),
  },
  {
    url: 'Observation?_filter=not (subject.gender eq "female")',
    holds: observations((it, naive) => naive.target(it.subject)?.gender !== 'female'),
  },
  {
    url: 'Observation?_has:Observation:derived-from:status=final',
    holds: observations((it, naive) =>
      hasReferrer(
        naive,
        'Observation',
        (other) => other.derivedFrom?.[0]?.reference === `Observation/${it.id}`,
        (other) => other.status === 'final',
      ),
    ),
  },
  {
    url: 'Observation?_has:Condition:evidence-detail:code=c1',
    holds: observations((it, naive) =>
      hasReferrer(
        naive,
        'Condition',
        (other) => other.evidence[0].detail[0].reference === `Observation/${it.id}`,
        (other) => other.code.coding[0].code === 'c1',
      ),
    ),
  },
  {
    url: 'Patient?_has:Observation:subject:status=registered',
    holds: isOf('Patient', (it, naive) =>
      hasReferrer(
        naive,
        'Observation',
        (other) => ref(other, '') === `Patient/${it.id}`,
        (other) => other.status === 'registered',
      ),
    ),
  },
  {
    url: 'Patient?_has:Observation:patient:value-quantity=gt7&gender=female',
    holds: isOf(
      'Patient',
      (it, naive) =>
        it.gender === 'female' &&
        hasReferrer(
          naive,
          'Observation',
          (other) => ref(other, '') === `Patient/${it.id}`,
          (other) => other.valueQuantity.value > 7,
        ),
    ),
  },
  {
    url: 'Patient?_has:EpisodeOfCare:patient:organization:Organization.name=Hospital 1',
    holds: isOf('Patient', (it, naive) =>
      hasReferrer(
        naive,
        'EpisodeOfCare',
        (other) => ref(other, 'EpisodeOfCare') === `Patient/${it.id}`,
        (other) => naive.target(other.managingOrganization)?.name === 'Hospital 1',
      ),
    ),
  },
  { url: 'Patient?name=test1', holds: isOf('Patient', (it) => it.name[0].family === 'Test1') },
  {
    url: 'Patient?organization.name=Hospital 2',
    holds: isOf('Patient', (it, naive) => naive.target(it.managingOrganization)?.name === 'Hospital 2'),
  },
  {
    url: 'QuestionnaireResponse?questionnaire=urn:q1',
    holds: isOf('QuestionnaireResponse', (it) => it.questionnaire === 'urn:q1|1'),
  },
  {
    url: 'QuestionnaireResponse?questionnaire.name=Form1',
    holds: isOf('QuestionnaireResponse', (it, naive) =>
      naive.found.some(
        (row) =>
          row.type === 'Questionnaire' && row.content.name === 'Form1' && it.questionnaire === `${row.content.url}|1`,
      ),
    ),
  },
  {
    url: 'Questionnaire?_has:QuestionnaireResponse:questionnaire:status=in-progress',
    holds: isOf('Questionnaire', (it, naive) =>
      hasReferrer(
        naive,
        'QuestionnaireResponse',
        (other) => other.questionnaire === `${it.url}|1`,
        (other) => other.status === 'in-progress',
      ),
    ),
  },
];

/** Orders that a type can be asked for in. */
export const sorts: Readonly<Record<string, readonly string[]>> = {
  Observation: [
    '',
    '-date',
    'date',
    '_lastUpdated',
    '-_lastUpdated',
    '-_id',
    'status,-date',
    'value-quantity',
    'category',
  ],
  Patient: ['', 'name', '-birthdate', '_id', 'gender'],
  QuestionnaireResponse: ['', '-authored', 'status'],
};
