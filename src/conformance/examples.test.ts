import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { validateResource } from './validate-resource.ts';

const folder = fileURLToPath(new URL('../../node_modules/hl7.fhir.r4.examples/', import.meta.url));

const emptyNarrative = 'its narrative is an empty div, against txt-2';
const noBase = 'names no base type, which SearchParameter.base must';
const noBaseDefinition = 'not abstract and without baseDefinition, against sdf-4';

/** Official examples that are not valid R4, with what is wrong with each: number of faults, place of the first, reason. */
const refused: Record<string, [faults: number, expression: string, reason: string]> = {
  'ActivityDefinition-blood-tubes-supply': [1, 'ActivityDefinition.text.div', emptyNarrative],
  'ActivityDefinition-heart-valve-replacement': [1, 'ActivityDefinition.text.div', emptyNarrative],
  'CodeSystem-v2-0550': [4, 'CodeSystem.concept[74].code', 'four codes end in, or are, a no-break space'],
  'DeviceMetric-example': [1, 'DeviceMetric.parent', 'refers to a DeviceDefinition where a Device belongs'],
  'DeviceUseStatement-example': [1, 'DeviceUseStatement.reasonReference[0]', 'refers to a Procedure as a reason'],
  'EventDefinition-example': [1, 'EventDefinition.text.div', emptyNarrative],
  'MedicationRequest-medrx0301': [
    1,
    'MedicationRequest.dispenseRequest.performer',
    'refers to a Practitioner where an Organization belongs',
  ],
  'Observation-clinical-gender': [1, 'Observation.performer[0]', 'refers to an Encounter as performer'],
  'Questionnaire-qs1': [32, 'Questionnaire.item[0].item[0].linkId', 'has items without linkId'],
  'Questionnaire-zika-virus-exposure-assessment': [1, 'Questionnaire.text.div', emptyNarrative],
  'SearchParameter-codesystem-extensions-CodeSystem-author': [1, 'SearchParameter.base', noBase],
  'SearchParameter-codesystem-extensions-CodeSystem-effective': [1, 'SearchParameter.base', noBase],
  'SearchParameter-codesystem-extensions-CodeSystem-end': [1, 'SearchParameter.base', noBase],
  'SearchParameter-codesystem-extensions-CodeSystem-keyword': [1, 'SearchParameter.base', noBase],
  'SearchParameter-codesystem-extensions-CodeSystem-workflow': [1, 'SearchParameter.base', noBase],
  'SearchParameter-questionnaireresponse-extensions-QuestionnaireResponse-item-subject': [
    1,
    'SearchParameter.id',
    'its id has more than 64 characters',
  ],
  'SearchParameter-valueset-extensions-ValueSet-author': [1, 'SearchParameter.base', noBase],
  'SearchParameter-valueset-extensions-ValueSet-effective': [1, 'SearchParameter.base', noBase],
  'SearchParameter-valueset-extensions-ValueSet-end': [1, 'SearchParameter.base', noBase],
  'SearchParameter-valueset-extensions-ValueSet-keyword': [1, 'SearchParameter.base', noBase],
  'SearchParameter-valueset-extensions-ValueSet-workflow': [1, 'SearchParameter.base', noBase],
  'StructureDefinition-Definition': [1, 'StructureDefinition', noBaseDefinition],
  'StructureDefinition-Event': [1, 'StructureDefinition', noBaseDefinition],
  'StructureDefinition-FiveWs': [1, 'StructureDefinition', noBaseDefinition],
  'StructureDefinition-Request': [1, 'StructureDefinition', noBaseDefinition],
};

/** Above this size the package has only collections of resources that are also there one by one, and long code lists. */
const BYTES_MAX = 1_000_000;

describe('the resources of hl7.fhir.r4.examples', () => {
  const names = readdirSync(folder)
    .filter((file) => /^[A-Z].*-.*\.json$/.test(file) && statSync(folder + file).size < BYTES_MAX)
    .map((file) => file.slice(0, -'.json'.length));

  test('are valid, apart from those that are known to be wrong, and are left as they are', () => {
    expect(names.length).toBeGreaterThan(5000);
    const found: Record<string, [number, string]> = {};
    const undecided: string[] = [];
    for (const name of names) {
      const text = readFileSync(`${folder}${name}.json`, 'utf8');
      const resource: unknown = JSON.parse(text);
      const issues = validateResource(resource);
      const errors = issues.filter(({ severity }) => severity === 'error');
      if (errors.length > 0) {
        found[name] = [errors.length, errors[0]?.expression?.[0] ?? ''];
      }
      undecided.push(...issues.filter(({ code }) => code === 'processing').map(({ diagnostics }) => diagnostics));
      expect(JSON.stringify(resource), `${name} was changed`).toBe(JSON.stringify(JSON.parse(text)));
    }
    expect(found).toEqual(
      Object.fromEntries(Object.entries(refused).map(([name, [faults, expression]]) => [name, [faults, expression]])),
    );
    expect(new Set(undecided)).toEqual(new Set());
  }, 60_000);
});
