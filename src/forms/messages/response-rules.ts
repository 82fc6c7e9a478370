import type { Issue } from '../../model/issue.ts';

/** What a rule's fault is in an OperationOutcome. */
interface RuleKind {
  readonly severity: 'error' | 'warning';
  readonly code: Issue['code'];
}

const refused = (code: Issue['code']): RuleKind => ({ severity: 'error', code });
const told = (code: Issue['code']): RuleKind => ({ severity: 'warning', code });

/**
 * Every rule that a response can break; the names are the codes of CodeSystem response-rule. An error refuses the write, a
 * warning never does. The rules are those of SDC 4 ("Validating QuestionnaireResponses") and of R4 QuestionnaireResponse.
 */
export const responseRules = {
  // The form and the response as a whole.
  questionnaireMissing: refused('required'),
  invalidQuestionnaire: refused('value'),
  questionnaireNotFound: refused('not-found'),
  otherQuestionnaire: refused('business-rule'),
  questionnaireDraft: refused('business-rule'),
  questionnaireInactive: refused('business-rule'),
  questionnaireRetired: refused('business-rule'),
  subjectMissing: refused('required'),
  invalidSubjectType: refused('value'),
  authoredMissing: refused('required'),
  invalidContainedReference: refused('value'),
  // Structure.
  invalidLinkId: refused('structure'),
  misplacedItem: refused('structure'),
  duplicateItem: refused('structure'),
  itemOrder: refused('structure'),
  itemText: refused('value'),
  displayAnswer: refused('structure'),
  groupShouldNotHaveAnswers: refused('structure'),
  answerNesting: refused('structure'),
  emptyAnswer: refused('structure'),
  invalidType: refused('not-supported'),
  disabledItem: refused('business-rule'),
  retiredItem: refused('business-rule'),
  // How many.
  required: refused('required'),
  repeats: refused('structure'),
  minCount: refused('required'),
  maxCount: refused('structure'),
  // One answer.
  invalidAnswerType: refused('value'),
  invalidNewLine: refused('value'),
  invalidUrlValue: refused('value'),
  invalidAnswerOption: refused('code-invalid'),
  exclusiveAnswerOption: refused('business-rule'),
  invalidCoding: refused('code-invalid'),
  tsError: refused('not-supported'),
  minLength: refused('value'),
  maxLength: refused('too-long'),
  regex: refused('value'),
  minValue: refused('value'),
  maxValue: refused('value'),
  minValueIncompatUnits: refused('value'),
  maxValueIncompatUnits: refused('value'),
  maxDecimalPlaces: refused('value'),
  invalidUnit: refused('code-invalid'),
  invalidUnitValueSet: refused('code-invalid'),
  invalidAttachmentType: refused('value'),
  maxAttachmentSize: refused('too-long'),
  attachmentSizeInconsistent: refused('value'),
  invalidRefValue: refused('value'),
  invalidRefResourceType: refused('value'),
  invalidRefResourceTypeRestriction: refused('value'),
  invalidRefProfile: refused('value'),
  // Answers together.
  calculatedAnswer: refused('business-rule'),
  constraint: refused('invariant'),
  // What a person may confirm.
  constraintWarning: told('invariant'),
  softMinValue: told('value'),
  softMaxValue: told('value'),
  entryFormat: told('value'),
} as const satisfies Readonly<Record<string, RuleKind>>;

export type ResponseRule = keyof typeof responseRules;

/** A language's texts. `{item}` is the item in words, `{limit}` what the form says, `{type}` one of `types`. */
export interface ResponseTexts {
  readonly rules: Readonly<Record<ResponseRule, string>>;
  /** Limits of a date, in words that suit one. */
  readonly dates: Readonly<Record<'minValue' | 'maxValue', string>>;
  /** What a question of each type takes. */
  readonly types: Readonly<Record<string, string>>;
}
