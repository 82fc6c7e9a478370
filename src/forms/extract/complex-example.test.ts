import { readFileSync } from 'node:fs';
import type {
  Bundle,
  Observation,
  Questionnaire,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
  Resource,
} from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateResource } from '../../conformance/validate-resource.ts';
import { compileForm, type Form } from '../form.ts';
import { extract } from './extract.ts';

const SDC = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
const UNIT = 'http://hl7.org/fhir/StructureDefinition/questionnaire-unit';

/** SDC publishes one form that is extracted in four ways. */
function example(name: string): Questionnaire {
  const file = new URL(
    `../../../node_modules/hl7.fhir.uv.sdc/Questionnaire-extract-complex-${name}.json`,
    import.meta.url,
  );
  return JSON.parse(readFileSync(file, 'utf8'));
}

const uuid = (n: number): string => `urn:uuid:00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

function extracted(questionnaire: Questionnaire, response: QuestionnaireResponse) {
  return extractedBy(compileForm(questionnaire), response);
}

function extractedBy(form: Form, response: QuestionnaireResponse) {
  let n = 0;
  const newUuid = (): string => {
    n += 1;
    return uuid(n);
  };
  return extract(form, response, { now: new Date('2026-03-02T09:00:00Z'), newUuid });
}

const male = { system: 'http://hl7.org/fhir/administrative-gender', code: 'male', display: 'Male' };
const relation = { system: 'http://terminology.hl7.org/CodeSystem/v2-0131', code: 'C', display: 'Emergency Contact' };

const response: QuestionnaireResponse = {
  resourceType: 'QuestionnaireResponse',
  id: 'example',
  status: 'completed',
  authored: '2026-03-02T08:00:00Z',
  author: { reference: 'Practitioner/1' },
  item: [
    {
      linkId: 'patient',
      item: [
        {
          linkId: 'name',
          item: [
            { linkId: 'given', answer: [{ valueString: 'Testa' }, { valueString: 'Mid' }] },
            { linkId: 'family', answer: [{ valueString: 'Testesen' }] },
          ],
        },
        { linkId: 'name', item: [{ linkId: 'family', answer: [{ valueString: 'Before' }] }] },
        { linkId: 'gender', answer: [{ valueCoding: male }] },
        { linkId: 'dob', answer: [{ valueDate: '1970-01-31' }] },
        { linkId: 'ihi', answer: [{ valueString: '42' }] },
        { linkId: 'mobile-phone', answer: [{ valueString: '+47 00 00 00 00' }] },
      ],
    },
    {
      linkId: 'contacts',
      item: [
        { linkId: 'contact-name', answer: [{ valueString: 'Contact One' }] },
        { linkId: 'relationship', answer: [{ valueCoding: relation }] },
        { linkId: 'phone', answer: [{ valueString: '+47 11 11 11 11' }] },
      ],
    },
    { linkId: 'contacts', item: [{ linkId: 'contact-name', answer: [{ valueString: 'Contact Two' }] }] },
    {
      linkId: 'obs',
      item: [
        { linkId: 'height', answer: [{ valueDecimal: 1.8 }] },
        { linkId: 'weight', answer: [{ valueDecimal: 71.5 }] },
        { linkId: 'complication', answer: [{ valueBoolean: true }] },
      ],
    },
  ],
};
const words = fc.constantFrom('A', 'B b', 'Å', '7');

function question(linkId: string, ...values: fc.Arbitrary<QuestionnaireResponseItemAnswer>[]) {
  return fc.tuple(...values).map((answer): QuestionnaireResponseItem[] => [{ linkId, answer }]);
}

/** Any of the items, each at most `times`; a group that nothing is answered in is left out. */
function group(linkId: string, times: number, ...items: fc.Arbitrary<QuestionnaireResponseItem[]>[]) {
  const one = fc
    .tuple(...items.map((item) => fc.oneof(item, fc.constant<QuestionnaireResponseItem[]>([]))))
    .map((all) => all.flat());
  return fc
    .array(one, { maxLength: times })
    .map((all) => all.filter((item) => item.length > 0).map((item): QuestionnaireResponseItem => ({ linkId, item })));
}

const text = words.map((valueString) => ({ valueString }));
const coding = words.map((display) => ({ valueCoding: { system: 'urn:codes', code: display.slice(0, 1), display } }));
const decimal = fc.integer({ min: 1, max: 300 }).map((n) => ({ valueDecimal: n / 4 }));

const responses: fc.Arbitrary<QuestionnaireResponse> = fc
  .tuple(
    group(
      'patient',
      1,
      group('name', 3, fc.oneof(question('given', text), question('given', text, text)), question('family', text)),
      question('gender', coding),
      question('dob', fc.constant({ valueDate: '1970-01-31' })),
      question('ihi', text),
      question('mobile-phone', text),
    ),
    group('contacts', 3, question('contact-name', text), question('relationship', coding), question('phone', text)),
    group(
      'obs',
      1,
      question('height', decimal),
      question('weight', decimal),
      question(
        'complication',
        fc.boolean().map((valueBoolean) => ({ valueBoolean })),
      ),
    ),
  )
  .map((all) => ({ ...response, item: all.flat() }));

/** What the published forms say differently of the same, brought into line with the definitions, which say least. */
function mended(name: string): Questionnaire {
  const swapped: Readonly<Record<string, string>> = {
    '"valueCode":"phone"': '"valueCode":"mobile"',
    '"valueCode":"mobile"': '"valueCode":"phone"',
  };
  // In the definitions, telecom has use and system the wrong way round.
  const text = JSON.stringify(example(name)).replace(
    /"valueCode":"(?:phone|mobile)"/g,
    (found) => swapped[found] ?? found,
  );
  const form = JSON.parse(text) as Questionnaire;
  const complication = form.item?.[2]?.item?.[2];
  if (name === 'defn3' && complication !== undefined) {
    const definition = { url: 'definition', valueCanonical: 'http://hl7.org/fhir/StructureDefinition/Observation' };
    complication.extension = [
      { url: `${SDC}definitionExtract`, extension: [definition] },
      ...(complication.extension ?? []),
    ];
  }
  for (const template of templatesOf(form)) {
    if (template.resourceType === 'Patient') {
      Object.assign(template, { _birthDate: extractedFrom("item.where(linkId = 'dob').answer.value") });
    }
    if (template.resourceType === 'Observation') {
      Object.assign(template, {
        derivedFrom: [{ _reference: extractedFrom("'QuestionnaireResponse/' + %resource.id") }],
      });
      delete template.category;
      if (template.valueQuantity !== undefined) {
        const unit = template.valueQuantity.unit === 'cm' ? 'm' : 'kg';
        Object.assign(template, { valueQuantity: { _value: extractedFrom('answer.value'), unit } });
      }
    }
  }
  return form;
}

function extractedFrom(expression: string): object {
  return { extension: [{ url: `${SDC}templateExtractValue`, valueString: expression }] };
}

function templatesOf({ contained = [] }: Questionnaire): readonly Resource[] {
  return contained.flatMap((each) =>
    each.resourceType === 'Bundle' ? (each.entry ?? []).flatMap(({ resource }) => resource ?? []) : [each],
  );
}

/** The resources of a transaction, ids and order apart: uuids by what they are of, members sorted, codes without system. */
function normalised(bundle: Bundle | undefined): readonly string[] {
  const names = new Map<string, string>();
  for (const { fullUrl = '', resource } of bundle?.entry ?? []) {
    names.set(fullUrl, `the ${resource?.resourceType}`);
  }
  const sorted = (value: unknown): unknown => {
    if (typeof value === 'string') return names.get(value) ?? value.replace(/^urn:uuid:.*$/, 'nobody');
    if (Array.isArray(value)) return value.map(sorted);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, each]) => [name, sorted(each)]),
    );
  };
  return (bundle?.entry ?? [])
    .map(({ resource, request }) => JSON.stringify([request?.method, request?.url, sorted(resource)]))
    .toSorted();
}

function countsOf(bundle: Bundle | undefined): Readonly<Record<string, number>> {
  const types = (bundle?.entry ?? []).map(({ resource }) => resource?.resourceType ?? '');
  return Object.fromEntries([...new Set(types)].map((type) => [type, types.filter((each) => each === type).length]));
}

describe("SDC's form that is extracted in four ways", () => {
  it('gives the same resources by definitions, by templates and by a template of the transaction', () => {
    const [byDefinitions, ...others] = ['defn3', 'template', 'template2'].map((name) =>
      extracted(mended(name), response),
    );
    expect(byDefinitions?.issues).toEqual([]);
    expect(countsOf(byDefinitions?.bundle)).toEqual({ Patient: 1, RelatedPerson: 2, Observation: 3 });
    for (const { bundle, issues } of others) {
      expect(issues).toEqual([]);
      expect(normalised(bundle)).toEqual(normalised(byDefinitions?.bundle));
    }
  });

  it('gives the same for whatever is answered', () => {
    const forms = ['defn3', 'template', 'template2'].map((name) => compileForm(mended(name)));
    fc.assert(
      fc.property(responses, (generated) => {
        const before = JSON.stringify(generated);
        const [first, ...others] = forms.map((form) => normalised(extractedBy(form, generated).bundle));
        for (const other of others) expect(other).toEqual(first);
        expect(JSON.stringify(generated)).toBe(before);
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same Observations by item codes, but for whom they are about', () => {
    const form = mended('defn3');
    const codes = {
      height: { system: 'http://loinc.org', code: '8302-2', display: 'Body height' },
      weight: { system: 'http://loinc.org', code: '29463-7', display: 'Weight' },
      complication: {
        system: 'http://example.org/sdh/demo/CodeSystem/cc-screening-codes',
        code: 'sigmoidoscopy-complication',
      },
    };
    const units: Readonly<Record<string, string>> = { height: 'm', weight: 'kg' };
    const byCodes: Questionnaire = {
      ...form,
      extension: [],
      item: form.item?.map((group) =>
        group.linkId === 'obs'
          ? {
              ...group,
              extension: [{ url: `${SDC}observationExtract`, valueBoolean: true }],
              item: Object.entries(codes).map(([linkId, code]) => ({
                linkId,
                type: linkId === 'complication' ? ('boolean' as const) : ('decimal' as const),
                code: [code],
                ...(linkId in units && { extension: [{ url: UNIT, valueCoding: { display: units[linkId] } }] }),
              })),
            }
          : group,
      ),
    };
    const observations = (questionnaire: Questionnaire): readonly string[] => {
      const { bundle } = extracted(questionnaire, response);
      const entry = (bundle?.entry ?? []).flatMap((each) => {
        if (each.resource?.resourceType !== 'Observation') return [];
        const { subject: _, ...resource } = each.resource;
        return [{ ...each, resource: resource as Observation }];
      });
      return normalised({ resourceType: 'Bundle', type: 'transaction', entry });
    };
    expect(observations(byCodes)).toEqual(observations(form));
    expect(observations(byCodes)).toHaveLength(3);
  });

  it('makes resources that R4 accepts', () => {
    for (const name of ['template', 'template2', 'defn3']) {
      const { bundle } = extracted(mended(name), response);
      expect(bundle && validateResource(bundle)).toEqual([]);
    }
  });

  it('refers from each resource to the Patient of the same transaction', () => {
    const { bundle } = extracted(example('template'), response);
    const [patient, ...others] = bundle?.entry ?? [];
    const references = others.map(({ resource }) =>
      resource?.resourceType === 'RelatedPerson'
        ? resource.patient.reference
        : (resource as Observation).subject?.reference,
    );
    expect(references).toEqual(Array(5).fill(patient?.fullUrl));
  });

  it('tells of the values that the published definitions have for no resource', () => {
    const { bundle, issues } = extracted(example('defn3'), response);
    expect(countsOf(bundle)).toEqual({ Patient: 1, RelatedPerson: 2, Observation: 2 });
    expect(new Set(issues.map(({ diagnostics }) => diagnostics))).toEqual(
      new Set(['The value is for a resource that is not extracted where it stands.']),
    );
    expect(issues[0]?.expression).toEqual(['Questionnaire.item[2].item[2].extension[0]']);
  });

  it('is not extracted by its StructureMap, and says so', () => {
    expect(() => extracted(example('smap'), response)).toThrow('Extraction by a StructureMap is not supported here.');
  });

  it('yields nothing for what is not answered', () => {
    const height = response.item?.[3]?.item?.slice(0, 1);
    const only: QuestionnaireResponse = { ...response, item: [{ linkId: 'obs', item: height }] };
    expect(countsOf(extracted(example('template'), only).bundle)).toEqual({ Observation: 1 });
    expect(countsOf(extracted(example('template2'), only).bundle)).toEqual({ Observation: 1 });
    expect(countsOf(extracted(example('defn3'), only).bundle)).toEqual({ Observation: 1 });
  });
});
