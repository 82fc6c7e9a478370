import type { ResourceType } from '../../model/resource-types.ts';
import type { SearchParameterDef } from '../parameters.ts';

/**
 * Types of which every instance has at most one patient, named by its `subject` or `patient`: the patient in whose
 * compartment the database keeps it.
 */
const onePatient: ReadonlySet<ResourceType> = new Set([
  'AllergyIntolerance',
  'CarePlan',
  'ClinicalImpression',
  'Communication',
  'CommunicationRequest',
  'Composition',
  'Condition',
  'Consent',
  'DeviceUseStatement',
  'DiagnosticReport',
  'DocumentReference',
  'Encounter',
  'EpisodeOfCare',
  'Flag',
  'Goal',
  'Immunization',
  'MedicationAdministration',
  'MedicationDispense',
  'MedicationRequest',
  'MedicationStatement',
  'Observation',
  'Procedure',
  'QuestionnaireResponse',
  'RelatedPerson',
  'RiskAssessment',
  'ServiceRequest',
  'Specimen',
  'Task',
]);

/** Whether the reference leads to the patient in whose compartment the resource is (resource.patient). */
export function namesPatient(param: SearchParameterDef): boolean {
  return (
    onePatient.has(param.type) &&
    (param.code === 'patient' || param.code === 'subject') &&
    param.targets.includes('Patient')
  );
}

/** Resources that many others refer to; references to others are few for each target. */
const shared: ReadonlySet<ResourceType> = new Set([
  'ActivityDefinition',
  'CodeSystem',
  'Device',
  'DeviceDefinition',
  'Endpoint',
  'Group',
  'HealthcareService',
  'InsurancePlan',
  'Library',
  'Location',
  'Measure',
  'Medication',
  'Organization',
  'PlanDefinition',
  'Practitioner',
  'PractitionerRole',
  'Questionnaire',
  'ResearchStudy',
  'Schedule',
  'StructureDefinition',
  'Substance',
  'ValueSet',
]);

/** Whether few resources refer to any one resource of this type, however large the database is. */
export function rarelyReferred(type: ResourceType): boolean {
  return !shared.has(type);
}
