import type { ResourceType } from '../../model/resource-types.ts';

const params: Partial<Record<ResourceType, string>> = {
  AdverseEvent: 'date',
  AllergyIntolerance: 'date',
  Appointment: 'date',
  AuditEvent: 'date',
  CarePlan: 'date',
  ClinicalImpression: 'date',
  Communication: 'sent',
  CommunicationRequest: 'authored',
  Composition: 'date',
  Condition: 'recorded-date',
  Consent: 'date',
  DeviceRequest: 'authored-on',
  DiagnosticReport: 'date',
  DocumentReference: 'date',
  Encounter: 'date',
  EpisodeOfCare: 'date',
  FamilyMemberHistory: 'date',
  Flag: 'date',
  Goal: 'start-date',
  ImagingStudy: 'started',
  Immunization: 'date',
  List: 'date',
  MeasureReport: 'date',
  Media: 'created',
  MedicationAdministration: 'effective-time',
  MedicationDispense: 'whenhandedover',
  MedicationRequest: 'authoredon',
  MedicationStatement: 'effective',
  NutritionOrder: 'datetime',
  Observation: 'date',
  Procedure: 'date',
  Provenance: 'recorded',
  QuestionnaireResponse: 'authored',
  ResearchSubject: 'date',
  RiskAssessment: 'date',
  ServiceRequest: 'authored',
  Slot: 'start',
  Task: 'authored-on',
};

/**
 * The date parameter of a type whose value the resource's row carries itself (resource.date): the start of its first
 * value. Undefined for a type that has none. Where a value has no start, resource.date is null.
 */
export function leadingDateParam(type: string): string | undefined {
  return Object.hasOwn(params, type) ? params[type as ResourceType] : undefined;
}
