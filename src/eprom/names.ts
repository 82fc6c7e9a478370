import { identifierSystem } from '../registry/names.ts';

/** What Svar calls what it shares with the joint ePROM service. */
export const epromNames = {
  /** Task, Communication and QuestionnaireResponse: the order's id, ours or the service's. */
  order: identifierSystem.epromOrder,
  /** Questionnaire: the formId by which other registries order it. */
  form: 'https://svar.example.org/fhir/sid/eprom-form',
  /** Task.code's second coding: who ordered. */
  source: 'https://svar.example.org/fhir/CodeSystem/order-source',
} as const;

/** Orders that another registry system placed here. */
export const FOREIGN_ORDER = { system: epromNames.source, code: 'eprom' } as const;
