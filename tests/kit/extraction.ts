import type {
  Extension,
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  Resource,
} from '@medplum/fhirtypes';
import { type ExtractData, type Extracted, extract, extractionFaults } from '../../src/forms/extract/extract.ts';
import { compileForm } from '../../src/forms/form.ts';

export const SDC = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
export const CORE = 'http://hl7.org/fhir/StructureDefinition/';

export function form(item: QuestionnaireItem[], more: Partial<Questionnaire> = {}): Questionnaire {
  return { resourceType: 'Questionnaire', status: 'active', item, ...more };
}

export function answered(
  item: QuestionnaireResponseItem[],
  more: Partial<QuestionnaireResponse> = {},
): QuestionnaireResponse {
  return { resourceType: 'QuestionnaireResponse', id: 'r', status: 'completed', item, ...more };
}

export function extracted(
  questionnaire: Questionnaire,
  response: QuestionnaireResponse,
  more: Partial<ExtractData> = {},
): Extracted {
  let n = 0;
  const newUuid = (): string => {
    n += 1;
    return `urn:uuid:${n}`;
  };
  return extract(compileForm(questionnaire), response, { now: new Date('2026-03-02T09:00:00Z'), newUuid, ...more });
}

export function resources<T extends Resource = Resource>({ bundle }: Extracted): readonly T[] {
  return (bundle?.entry ?? []).map(({ resource }) => resource as T);
}

export function faults(questionnaire: Questionnaire): readonly (readonly [string, string | undefined])[] {
  return extractionFaults(compileForm(questionnaire)).map(({ code, expression }) => [code, expression?.[0]]);
}

export function marked(name: string, value: Partial<Extension>): Extension {
  return { url: SDC + name, ...value };
}

export function code(value: string) {
  return { system: 'http://example.org/codes', code: value };
}
