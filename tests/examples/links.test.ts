import type { Bundle } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Search, wrongAnswers } from './full-scan.ts';
import type { Instance } from './instances.ts';
import { type Parameter, packageParameters } from './package-values.ts';
import { type Question, questionsOf, targetsOf } from './questions.ts';
import { readPage } from './read-search.ts';
import { drawn } from './sample.ts';
import { type StoredExamples, storeExamples } from './stored-examples.ts';

/** Drawn by a fixed seed in `npm test`; `npm run test:examples` asks them all. */
const ASKED = process.env.SVAR_ALL_EXAMPLES ? Number.POSITIVE_INFINITY : 400;

/** One reference from an example to another, by a search parameter. */
interface Link {
  readonly parameter: Parameter;
  readonly from: Instance;
  readonly to: Instance;
}

let examples: StoredExamples;
let parameters: readonly Parameter[];
let byKey: ReadonlyMap<string, Instance>;
let links: readonly Link[];
/** Those of parameters that read References only: a canonical is included by the url of its target, whatever its id. */
let literal: readonly Link[];

beforeAll(async () => {
  examples = await storeExamples();
  byKey = new Map(examples.stored.map((each) => [each.key, each]));
  parameters = packageParameters(new Set(examples.stored.map(({ type }) => type)));
  const references = Map.groupBy(
    parameters.filter(({ kind }) => kind === 'reference'),
    ({ type }) => type,
  );
  links = examples.stored.flatMap((from) =>
    (references.get(from.type) ?? []).flatMap((parameter) =>
      targetsFrom(parameter, from).flatMap((key) => {
        const to = byKey.get(key);
        return to === undefined ? [] : [{ parameter, from, to }];
      }),
    ),
  );
  const canonical = new Set(
    examples.stored.flatMap(({ type, resource }) =>
      (references.get(type) ?? []).filter(({ read }) => read(resource).some((value) => value.type !== 'Reference')),
    ),
  );
  literal = links.filter(({ parameter }) => !canonical.has(parameter));
}, 600_000);

afterAll(() => examples.server.close());

/** `Type/id` of what a resource refers to by a parameter; a canonical names its target by url, and a version if it says so. */
function targetsFrom({ read, targets }: Parameter, { resource }: Instance): readonly string[] {
  const possible = new Set<string>(targets);
  return read(resource)
    .flatMap((value) => [...targetsOf(value), ...(typeof value.value === 'string' ? defined(value.value) : [])])
    .filter((target) => possible.size === 0 || possible.has(target.split('/')[0] ?? ''));
}

function defined(canonical: string): readonly string[] {
  const [url, version] = canonical.split('#')[0]?.split('|') ?? [];
  return examples.stored
    .filter(({ resource }) => 'url' in resource && resource.url === url)
    .filter(({ resource }) => version === undefined || ('version' in resource && resource.version === version))
    .map(({ key }) => key);
}

/** One question without a modifier for each parameter that has a value in the resource. */
function questionsAbout(instance: Instance): readonly { parameter: Parameter; question: Question }[] {
  return parameters
    .filter(({ type, kind }) => type === instance.type && kind !== 'composite' && kind !== 'reference')
    .flatMap((parameter) => {
      const questions = parameter.read(instance.resource).flatMap((value) => questionsOf(parameter, value));
      const [question] = questions.filter(({ name }) => name === parameter.code);
      return question === undefined ? [] : [{ parameter, question }];
    });
}

const matches = (parameter: Parameter, question: Question, { resource }: Instance) =>
  question.found(parameter.read(resource));

function familyOf({ resource }: Instance): string | undefined {
  return resource.resourceType === 'Patient' ? resource.name?.[0]?.family : undefined;
}

function search(type: string, name: string, value: string, found: Iterable<Instance>): Search {
  const expected = [...new Set([...found].map(({ id }) => id))].sort();
  return { query: `${type}?${name}=${encodeURIComponent(value)}`, expected };
}

describe('chains', () => {
  test('through a reference find what a full scan finds', async () => {
    const searches = drawn(ASKED, links).flatMap(({ parameter, to }) =>
      drawn(3, questionsAbout(to)).map(({ parameter: of, question }) =>
        search(
          parameter.type,
          `${parameter.code}:${to.type}.${question.name}`,
          question.value,
          links
            .filter((each) => each.parameter === parameter && each.to.type === to.type)
            .filter((each) => matches(of, question, each.to))
            .map(({ from }) => from),
        ),
      ),
    );
    expect(searches.length).toBeGreaterThan(1000);
    expect(await wrongAnswers(examples.server.base, searches)).toEqual([]);
  }, 600_000);

  test('through two references, and without naming the type', async () => {
    const { base } = examples.server;
    const of = (type: string, code: string) =>
      links.filter(({ parameter }) => parameter.type === type && parameter.code === code);
    const results = of('DiagnosticReport', 'result');
    const subjects = of('Observation', 'subject').filter(({ to }) => to.type === 'Patient');
    const both = results.flatMap(({ from, to }) =>
      subjects.filter((each) => each.from === to).map((each) => ({ report: from, patient: each.to })),
    );
    const family = both.map(({ patient }) => familyOf(patient)).find((name) => name !== undefined) ?? '';
    const found = both.filter(({ patient }) => familyOf(patient) === family).map(({ report }) => report);
    expect(
      await wrongAnswers(base, [
        search('DiagnosticReport', 'result:Observation.subject:Patient.family', family, found),
        search('DiagnosticReport', 'result.subject.family', family, found),
      ]),
    ).toEqual([]);
    expect(found.length).toBeGreaterThan(0);
  });

  test('backwards by _has find what a full scan finds', async () => {
    const searches = drawn(ASKED, links).flatMap(({ parameter, from, to }) =>
      drawn(3, questionsAbout(from)).map(({ parameter: of, question }) =>
        search(
          to.type,
          `_has:${from.type}:${parameter.code}:${question.name}`,
          question.value,
          links
            .filter((each) => each.parameter === parameter && each.to.type === to.type)
            .filter((each) => matches(of, question, each.from))
            .map((each) => each.to),
        ),
      ),
    );
    expect(searches.length).toBeGreaterThan(1000);
    expect(await wrongAnswers(examples.server.base, searches)).toEqual([]);
  }, 600_000);
});

describe('_include and _revinclude', () => {
  test('add what the matches refer to, by every reference parameter, and nothing twice', async () => {
    const { base } = examples.server;
    for (const [parameter, found] of Map.groupBy(literal, (each) => each.parameter)) {
      const { type, code } = parameter;
      const page = await readPage(`${base}/${type}?_include=${type}:${code}&_count=1000`);
      const expected = new Set(found.map(({ to }) => to).filter((to) => to.type !== type));
      expect(page.included.toSorted(), `${type}:${code}`).toEqual([...expected].map(({ key }) => key).sort());
    }
  });

  test('add what refers to the matches, by every reference parameter', async () => {
    const { base } = examples.server;
    for (const [parameter, found] of Map.groupBy(literal, (each) => each.parameter)) {
      for (const [type, ofType] of Map.groupBy(found, ({ to }) => to.type)) {
        const page = await readPage(
          `${base}/${type}?_revinclude=${parameter.type}:${parameter.code}:${type}&_count=1000`,
        );
        const expected = new Set(ofType.map(({ from }) => from).filter((from) => from.type !== type));
        expect(page.included.toSorted(), `${type} ${parameter.type}:${parameter.code}`).toEqual(
          [...expected].map(({ key }) => key).sort(),
        );
      }
    }
  });

  test('of one target type only, and of all references by *', async () => {
    const { base } = examples.server;
    const of = (code: string | undefined, type: string | undefined) =>
      [
        ...new Set(
          links
            .filter(
              ({ parameter }) => parameter.type === 'Encounter' && (code === undefined || parameter.code === code),
            )
            .filter(({ to }) => to.type !== 'Encounter' && (type === undefined || to.type === type))
            .map(({ to }) => to.key),
        ),
      ].sort();
    const narrow = await readPage(`${base}/Encounter?_include=Encounter:participant:Practitioner&_count=1000`);
    expect(narrow.included.toSorted()).toEqual(of('participant', 'Practitioner'));
    const wide = await readPage(`${base}/Encounter?_include=Encounter:*&_count=1000`);
    expect(wide.included.toSorted()).toEqual(of(undefined, undefined));
  });

  test(':iterate follows from what was added', async () => {
    const { base } = examples.server;
    const step = (type: string, code: string, from: readonly string[]) => [
      ...new Set(
        links
          .filter(
            ({ parameter, from: source }) =>
              parameter.type === type && parameter.code === code && from.includes(source.key),
          )
          .map(({ to }) => to.key),
      ),
    ];
    const reports = (await readPage(`${base}/DiagnosticReport?_count=1000`)).matches;
    const observations = step('DiagnosticReport', 'result', reports);
    const patients = step('Observation', 'patient', observations);
    expect(patients.length).toBeGreaterThan(0);
    const query = 'DiagnosticReport?_include=DiagnosticReport:result&_count=1000';
    const once = await readPage(`${base}/${query}&_include=Observation:patient`);
    expect(once.included.toSorted()).toEqual(observations.toSorted());
    const iterated = await readPage(`${base}/${query}&_include:iterate=Observation:patient`);
    expect(iterated.included.toSorted()).toEqual([...new Set([...observations, ...patients])].sort());
  });
});

describe('shortened views', () => {
  test('of every example hold id, meta, what is mandatory, and nothing that is not in the resource', async () => {
    const { base } = examples.server;
    for (const type of new Set(examples.stored.map((each) => each.type))) {
      for (const view of ['_summary=true', '_summary=text', '_summary=data', '_elements=id', '_fields=id']) {
        const bundle = (await (await fetch(`${base}/${type}?${view}&_count=1000`)).json()) as Bundle;
        for (const { resource } of bundle.entry ?? []) {
          const whole = byKey.get(`${type}/${resource?.id}`)?.resource as object;
          const shown = { ...(resource as object), meta: undefined };
          expect({ ...whole, meta: undefined }, `${type}/${resource?.id} ${view}`).toMatchObject(
            view === '_summary=true' ? {} : withoutUndefined(shown),
          );
          expect(resource?.meta?.tag?.some(({ code }) => code === 'SUBSETTED')).toBe(true);
          expect(Object.keys(resource ?? {}).every((name) => name in whole)).toBe(true);
          expect('text' in (resource as object)).toBe(view === '_summary=text' && 'text' in whole);
        }
      }
    }
  });
});

function withoutUndefined(from: object): object {
  return JSON.parse(JSON.stringify(from)) as object;
}
