import { error, type Issue } from '../../model/issue.ts';
import type { Form, FormItem } from '../form.ts';
import { extensionsNamed } from './extensions.ts';
import { compileObservations, type ObservationRule } from './observation-rules.ts';

/** What a form says of extraction, in all the ways that are carried out here. */
export interface ExtractionRules {
  readonly observations: ReadonlyMap<FormItem, ObservationRule>;
  /** Whether anything is extracted at all. */
  readonly any: boolean;
  /** What is wrong with the rules, each with its path in the Questionnaire. */
  readonly issues: readonly Issue[];
}

/**
 * Reads and compiles what a form says of extraction. Faults are told as issues and keep the form from nothing else than
 * extraction.
 */
export function compileExtraction(form: Form): ExtractionRules {
  const issues: Issue[] = [];
  const observations = compileObservations(form, issues);
  const any = observations.size > 0;
  for (const { path } of extensionsNamed(form.source, 'targetStructureMap', 'Questionnaire')) {
    const diagnostics = 'Extraction by a StructureMap is not supported here.';
    issues.push(
      any
        ? { ...error('not-supported', diagnostics, path), severity: 'warning' }
        : error('not-supported', diagnostics, path),
    );
  }
  return { observations, any, issues };
}
