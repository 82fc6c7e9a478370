import type { MedplumClient } from '@medplum/core';
import type { Coding, Library, Questionnaire, QuestionnaireResponse, ValueSet } from '@medplum/fhirtypes';
import { compileForm, type Form } from '../../src/forms/form.ts';
import { codingsOf } from '../../src/forms/options.ts';
import { rulesOf, tableOf, tablesOf } from '../../src/forms/score/library.ts';
import type { ScoreRule, ScoreRules } from '../../src/forms/score/rule.ts';
import { compileScorer, type Scorer } from '../../src/forms/score/scorer.ts';
import type { ScoreTable } from '../../src/forms/score/table.ts';
import { libraryExtensionUrl } from '../../src/registry/names.ts';
import { latest } from './latest.ts';
import { coursesOf } from './read-course.ts';
import { registriesOf } from './read-registries.ts';

/** How a response is scored. */
export interface Scoring {
  /** Url of the Library that holds the rules. */
  readonly library: string;
  readonly scorer: Scorer;
}

/**
 * The rules for a response: those of the Library that its form names (`cqf-library`), else of one that depends on the
 * form. Undefined where there are none. Of rules that are a choice between tables (value sets) those are taken whose
 * tables the registries of the response's course ask for.
 */
export async function readScoring(
  medplum: MedplumClient,
  response: QuestionnaireResponse,
): Promise<Scoring | undefined> {
  const questionnaire = await latest<Questionnaire>(medplum, 'Questionnaire', response.questionnaire ?? '');
  const library = questionnaire && (await libraryFor(medplum, questionnaire));
  if (questionnaire === undefined || library?.url === undefined) return undefined;
  const known = await knownRules(questionnaire, library);
  if (known.rules === undefined) return undefined;
  const hasChoice = known.rules.scores.some(({ choice }) => choice !== undefined);
  const asked = hasChoice ? await askedTables(medplum, response) : new Set<string>();
  const key = [...asked].sort().join(' ');
  let scorer = known.scorers.get(key);
  if (scorer === undefined) {
    const choose = chooser(known.rules, asked);
    const tables = await readTables(medplum, tablesOf(known.rules.scores.filter(choose)));
    const listed = await readValueSets(medplum, known.form);
    scorer = compileScorer(known.rules, known.form, {
      tables,
      choose,
      valueSets: (canonical) => listed.get(canonical),
    });
    known.scorers.set(key, scorer);
  }
  return { library: library.url, scorer };
}

/** What is compiled for a version of a form and a version of its rules. Tables and value sets are read once for it. */
interface Known {
  readonly versions: string;
  readonly form: Form;
  readonly rules: ScoreRules | undefined;
  readonly scorers: Map<string, Scorer>;
}

const knownByForm = new Map<string, Known>();

async function knownRules(questionnaire: Questionnaire, library: Library): Promise<Known> {
  const versions = [questionnaire, library].map(({ id, meta }) => `${id}/${meta?.versionId}`).join(' ');
  const known = knownByForm.get(questionnaire.id ?? '');
  if (known?.versions === versions) return known;
  const made = { versions, form: compileForm(questionnaire), rules: rulesOf(library), scorers: new Map() };
  knownByForm.set(questionnaire.id ?? '', made);
  return made;
}

async function libraryFor(medplum: MedplumClient, questionnaire: Questionnaire): Promise<Library | undefined> {
  const named = questionnaire.extension?.find(({ url }) => url === libraryExtensionUrl)?.valueCanonical;
  if (named !== undefined) return latest<Library>(medplum, 'Library', named, { status: 'active' });
  const query = new URLSearchParams({
    'depends-on': questionnaire.url ?? '',
    status: 'active',
    _sort: '-_lastUpdated',
  });
  return medplum.searchOne('Library', query.toString());
}

async function readTables(
  medplum: MedplumClient,
  canonicals: readonly string[],
): Promise<ReadonlyMap<string, ScoreTable>> {
  const tables = new Map<string, ScoreTable>();
  for (const canonical of canonicals) {
    const library = await latest<Library>(medplum, 'Library', canonical);
    if (library !== undefined) tables.set(canonical, tableOf(library));
  }
  return tables;
}

/** The codings of value sets that questions take their options from, where the value set lists them itself. */
async function readValueSets(medplum: MedplumClient, form: Form): Promise<ReadonlyMap<string, readonly Coding[]>> {
  const listed = new Map<string, readonly Coding[]>();
  for (const canonical of new Set([...form.items.values()].flatMap(({ valueSet }) => valueSet ?? []))) {
    const valueSet = await latest<ValueSet>(medplum, 'ValueSet', canonical);
    const codings = valueSet && codingsOf(valueSet);
    if (codings !== undefined) listed.set(canonical, codings);
  }
  return listed;
}

/** The tables that the registries of a response's courses name, without version. */
async function askedTables(medplum: MedplumClient, response: QuestionnaireResponse): Promise<ReadonlySet<string>> {
  const asked = new Set<string>();
  for (const episode of await coursesOf(medplum, response)) {
    for (const { protocol } of await registriesOf(medplum, episode)) {
      for (const library of protocol.libraries) asked.add(library);
    }
  }
  return asked;
}

function chooser({ scores }: ScoreRules, asked: ReadonlySet<string>): (rule: ScoreRule) => boolean {
  const isAsked = ({ table }: ScoreRule): boolean => asked.has(table?.table.split('|')[0] ?? '');
  const some = scores.some((rule) => rule.choice !== undefined && isAsked(rule));
  return (rule) => rule.choice === undefined || (some ? isAsked(rule) : rule.choice === 'default');
}
