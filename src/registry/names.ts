const base = 'https://svar.example.org/fhir';

/** Our own extensions; each is defined in fhir/extensions. */
export const extensionUrl = {
  timeZone: `${base}/StructureDefinition/protocol-time-zone`,
  legalBasis: `${base}/StructureDefinition/study-legal-basis`,
  course: `${base}/StructureDefinition/subject-course`,
  reason: `${base}/StructureDefinition/subject-reason`,
  missingKind: `${base}/StructureDefinition/consent-missing-kind`,
  formStatus: `${base}/StructureDefinition/consent-form-status`,
  extractApproval: `${base}/StructureDefinition/extract-approval`,
  changeReason: `${base}/StructureDefinition/change-reason`,
  countSource: `${base}/StructureDefinition/count-source`,
  commentPrinted: `${base}/StructureDefinition/comment-printed`,
  patientSeesResult: `${base}/StructureDefinition/patient-sees-result`,
  /** On PractitionerRole: the registry (PlanDefinition) that the role is for. */
  roleRegistry: `${base}/StructureDefinition/role-registry`,
  /** On PractitionerRole: how it was applied for and what came of it. */
  roleApplication: `${base}/StructureDefinition/role-application`,
  consentLayer: `${base}/StructureDefinition/consent-layer`,
  questionnaireInternal: `${base}/StructureDefinition/questionnaire-internal`,
} as const;

/** Our own code systems; each is defined in terminology/code-systems/svar. */
export const codeSystem = {
  orderStatus: `${base}/CodeSystem/order-status`,
  /** Observation.code of what was worked out from answers. */
  score: `${base}/CodeSystem/score`,
  orderRefusal: `${base}/CodeSystem/order-refusal`,
  protocolAction: `${base}/CodeSystem/protocol-action`,
  membershipReason: `${base}/CodeSystem/membership-reason`,
  /** Kinds of missing consent beside the registry's own. */
  consentMissing: `${base}/CodeSystem/consent-missing`,
  /** What a Task is about a whole course: its registration. */
  courseTask: `${base}/CodeSystem/course-task`,
  /** Where a clinician form stands. */
  formState: `${base}/CodeSystem/form-state`,
  /** What a registration tells of its course. */
  registrationOutput: `${base}/CodeSystem/registration-output`,
  load: `${base}/CodeSystem/load`,
  noticeKind: `${base}/CodeSystem/notice-kind`,
  noticeChannel: `${base}/CodeSystem/notice-channel`,
  unreachableReason: `${base}/CodeSystem/unreachable-reason`,
  patientRight: `${base}/CodeSystem/patient-right`,
  lockedFormChange: `${base}/CodeSystem/locked-form-change`,
  /** What a patient says of an order instead of answering it. */
  patientWord: `${base}/CodeSystem/patient-word`,
  /** LU, LC, SC, researcher, operator: in which somebody acts. */
  role: `${base}/CodeSystem/role`,
  /** Measure.topic: what a Measure is for. */
  measureTopic: `${base}/CodeSystem/measure-topic`,
  /** Measure.group.population.code: what is counted. */
  reportCount: `${base}/CodeSystem/report-count`,
  /** DocumentReference.type and .category of the file archive. */
  archiveFile: `${base}/CodeSystem/archive-file`,
} as const;

/** Systems of the identifiers that derived resources carry, so that deriving twice makes nothing twice. */
export const identifierSystem = {
  /** Task: course/form/occurrence, where course is the id of the EpisodeOfCare. */
  order: `${base}/sid/order`,
  /** Task: the registration of a course: the id of the EpisodeOfCare, then the protocol. */
  registration: `${base}/sid/registration`,
  /** Communication: the order's identifier, then the kind of notice. */
  notice: `${base}/sid/notice`,
  /** Consent derived from a form: the id of the EpisodeOfCare, then the policy. */
  consent: `${base}/sid/consent`,
  /** Observation: id of the response, then the code of the score. */
  score: `${base}/sid/score`,
  /** MeasureReport with a count that was loaded: hospital, registry, population and days. */
  loadedCount: `${base}/sid/loaded-count`,
  /** Task, Communication, QuestionnaireResponse: an order of the joint ePROM service, by our id or the service's. */
  epromOrder: `${base}/sid/eprom-order`,
  /** QuestionnaireResponse: the id of the order (Task) that it answers, so that it is begun once. */
  response: `${base}/sid/response-of-order`,
  /** Patient: its id in the registries that staff know it by (SmerteReg's PasientID). */
  patient: `${base}/sid/patient`,
  /** EpisodeOfCare: its id in the registries that staff know it by (SmerteReg's ForløpsID). */
  course: `${base}/sid/course`,
  /** A program that acts: the id of its OAuth client. */
  client: `${base}/sid/client`,
} as const;

/** Names the Library that a form is scored by (CRMI and CQF's extension on R4 Questionnaire). */
export const libraryExtensionUrl = 'http://hl7.org/fhir/StructureDefinition/cqf-library';

/** SDC's codes for Task.code, Task.input.type and Task.output.type (SDC 4.0.0, CodeSystem temp). */
export const sdcTaskSystem = 'http://hl7.org/fhir/uv/sdc/CodeSystem/temp';
