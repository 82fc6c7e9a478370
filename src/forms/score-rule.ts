import type { CodeableConcept, Extension, Questionnaire } from '@medplum/fhirtypes';
import { error, type Issue } from '../model/issue.ts';
import type { FormItem } from './form.ts';

/** The extension on a Questionnaire that declares a score; see fhir/extensions and docs/decisions. */
export const scoreExtensionUrl = 'https://svar.example.org/fhir/StructureDefinition/questionnaire-score';

/** One score of a form, as declared in the form. */
export interface ScoreRule {
  /** What the resulting Observation measures. */
  readonly code: CodeableConcept;
  /** How it is computed, for Observation.method. */
  readonly method: CodeableConcept;
  /** Version of the rule, kept in every result. */
  readonly version: string;
  readonly items: readonly string[];
  /** With fewer answered items there is no score; with fewer than all, the mean of the answered times the number of items. */
  readonly minimumAnswered: number;
}

/** Reads the declared scores of a Questionnaire; faults are added to `issues`. */
export function readScoreRules(
  questionnaire: Questionnaire,
  issues: Issue[],
  items: ReadonlyMap<string, FormItem>,
): readonly ScoreRule[] {
  const rules: ScoreRule[] = [];
  (questionnaire.extension ?? []).forEach((extension, index) => {
    if (extension.url !== scoreExtensionUrl) return;
    const path = `Questionnaire.extension[${index}]`;
    const rule = readRule(extension);
    if (rule === undefined) {
      issues.push(error('extension', 'A score needs code, method, version, items and minimumAnswered.', path));
      return;
    }
    for (const linkId of rule.items) {
      if (!items.has(linkId)) {
        issues.push(error('extension', `The score adds up '${linkId}', which is not in the form.`, path));
      }
    }
    rules.push(rule);
  });
  return rules;
}

function readRule(extension: Extension): ScoreRule | undefined {
  const parts = extension.extension ?? [];
  const part = (url: string): Extension | undefined => parts.find((candidate) => candidate.url === url);
  const code = part('code')?.valueCodeableConcept;
  const method = part('method')?.valueCodeableConcept;
  const version = part('version')?.valueString;
  const minimumAnswered = part('minimumAnswered')?.valueInteger;
  const items = parts.flatMap((candidate) =>
    candidate.url === 'item' && candidate.valueString !== undefined ? [candidate.valueString] : [],
  );
  if (!code || !method || !version || minimumAnswered === undefined || minimumAnswered < 1 || items.length === 0) {
    return undefined;
  }
  return { code, method, version, items, minimumAnswered };
}
