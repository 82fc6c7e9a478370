import type { Coding, Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { error, FhirError, type Issue } from '../model/issue.ts';
import { extractionFaults } from './extract/extract.ts';
import { compileForm } from './form.ts';
import { isLoincCode } from './loinc.ts';
import { containedValueSet } from './options.ts';

/**
 * What keeps a Questionnaire from being answered and extracted rightly: all that compileForm refuses, what it says of
 * extraction, options in a contained value set that it does not contain, and codes that LOINC can't have given out (a wrong
 * check digit is a wrong code: several published forms carry them).
 */
export function questionnaireFaults(questionnaire: Questionnaire): Issue[] {
  const issues: Issue[] = [];
  try {
    issues.push(...extractionFaults(compileForm(questionnaire)));
  } catch (refusal) {
    if (!(refusal instanceof FhirError)) throw refusal;
    issues.push(...refusal.issues);
  }
  checkCodes(questionnaire.code, 'Questionnaire.code', issues);
  checkItems(questionnaire, questionnaire.item ?? [], 'Questionnaire', issues);
  return issues;
}

function checkItems(
  questionnaire: Questionnaire,
  items: readonly QuestionnaireItem[],
  path: string,
  issues: Issue[],
): void {
  items.forEach((item, index) => {
    const here = `${path}.item[${index}]`;
    checkCodes(item.code, `${here}.code`, issues);
    const { answerValueSet } = item;
    if (answerValueSet?.startsWith('#') && containedValueSet(questionnaire, answerValueSet) === undefined) {
      issues.push(
        error(
          'not-found',
          `Item '${item.linkId}' takes its options from ${answerValueSet}, which the form does not contain.`,
          `${here}.answerValueSet`,
        ),
      );
    }
    item.answerOption?.forEach(({ valueCoding }, option) => {
      if (valueCoding !== undefined) checkCode(valueCoding, `${here}.answerOption[${option}].value`, issues);
    });
    checkItems(questionnaire, item.item ?? [], here, issues);
  });
}

function checkCodes(codes: readonly Coding[] | undefined, path: string, issues: Issue[]): void {
  codes?.forEach((code, index) => {
    checkCode(code, `${path}[${index}]`, issues);
  });
}

function checkCode({ system, code }: Coding, path: string, issues: Issue[]): void {
  if (system === 'http://loinc.org' && code !== undefined && !isLoincCode(code)) {
    issues.push(
      error('code-invalid', `'${code}' is no LOINC code: its form or its check digit is wrong.`, `${path}.code`),
    );
  }
}
