/**
 * The examples that the server refuses, each with what it answers first. These are not valid R4, or are responses that
 * this server could not judge (to no questionnaire, or to one that the package does not have), or ask for messages that it
 * does not send.
 */
export const refused: Readonly<Record<string, string>> = {
  'ActivityDefinition/blood-tubes-supply': '422 ActivityDefinition.text.div: A narrative must not be empty (txt-2).',
  'ActivityDefinition/heart-valve-replacement':
    '422 ActivityDefinition.text.div: A narrative must not be empty (txt-2).',
  'DeviceMetric/example':
    '422 DeviceMetric.parent: A reference to DeviceDefinition is not allowed here, only to Device.',
  'DeviceUseStatement/example':
    '422 DeviceUseStatement.reasonReference[0]: A reference to Procedure is not allowed here, only to Condition, Observation, DiagnosticReport, DocumentReference, Media.',
  'EventDefinition/example': '422 EventDefinition.text.div: A narrative must not be empty (txt-2).',
  'MedicationRequest/medrx0301':
    '422 MedicationRequest.dispenseRequest.performer: A reference to Practitioner is not allowed here, only to Organization.',
  'Observation/clinical-gender':
    '422 Observation.performer[0]: A reference to Encounter is not allowed here, only to Practitioner, PractitionerRole, Organization, CareTeam, Patient, RelatedPerson.',
  'Questionnaire/qs1': '400 Questionnaire.item[0].item[0].linkId: Questionnaire.item.linkId must be given.',
  'Questionnaire/zika-virus-exposure-assessment': '422 Questionnaire.text.div: A narrative must not be empty (txt-2).',
  'QuestionnaireResponse/3141': '422 QuestionnaireResponse.questionnaire: A response has to name its questionnaire.',
  'QuestionnaireResponse/bb': '422 QuestionnaireResponse.questionnaire: A response has to name its questionnaire.',
  'QuestionnaireResponse/f201': '422 QuestionnaireResponse.questionnaire: A response has to name its questionnaire.',
  'QuestionnaireResponse/gcs':
    '422 QuestionnaireResponse.questionnaire: The questionnaire is named by its url, or by url|version.',
  'QuestionnaireResponse/ussg-fht-answers':
    '422 QuestionnaireResponse.questionnaire: The questionnaire is named by its url, or by url|version.',
  'Subscription/example':
    '422 Subscription.status: Nothing is delivered to Subscriptions: only one that is off can be stored.',
};

/**
 * Refused since whom they are about, or what they are based on, is not in the package; what subject, patient and basedOn
 * name must exist even for callers who may leave other references open. Stored once that is there.
 */
export const waiting: Readonly<Record<string, string>> = {
  'CarePlan/gpvisit': '422 CarePlan.contained[0].subject: There is no such Patient.',
  'CarePlan/integrate': '422 CarePlan.contained[0].subject: There is no such Patient.',
  'CarePlan/preg': '422 CarePlan.contained[0].subject: There is no such Patient.',
  'Claim/100150': '422 Claim.patient: There is no such Patient.',
  'Claim/100151': '422 Claim.patient: There is no such Patient.',
  'Claim/100153': '422 Claim.patient: There is no such Patient.',
  'Claim/100156': '422 Claim.contained[1].subject: There is no such Patient.',
  'Claim/660150': '422 Claim.patient: There is no such Patient.',
  'Claim/660151': '422 Claim.patient: There is no such Patient.',
  'Claim/660152': '422 Claim.patient: There is no such Patient.',
  'Claim/760150': '422 Claim.patient: There is no such Patient.',
  'Claim/760151': '422 Claim.patient: There is no such Patient.',
  'Claim/760152': '422 Claim.patient: There is no such Patient.',
  'Claim/860150': '422 Claim.patient: There is no such Patient.',
  'Claim/960150': '422 Claim.patient: There is no such Patient.',
  'Claim/960151': '422 Claim.patient: There is no such Patient.',
  'ClaimResponse/R3500': '422 ClaimResponse.patient: There is no such Patient.',
  'ClaimResponse/R3501': '422 ClaimResponse.patient: There is no such Patient.',
  'ClaimResponse/R3502': '422 ClaimResponse.patient: There is no such Patient.',
  'ClaimResponse/R3503': '422 ClaimResponse.patient: There is no such Patient.',
  'ClaimResponse/UR3503': '422 ClaimResponse.patient: There is no such Patient.',
  'Communication/fm-attachment': '422 Communication.subject: There is no such Patient.',
  'Communication/fm-solicited': '422 Communication.contained[2].subject: There is no such Patient.',
  'Consent/consent-example-signature': '422 Consent.patient: There is no such Patient.',
  'DiagnosticReport/example-pgx': '422 DiagnosticReport.basedOn[0]: There is no such ServiceRequest.',
  'DiagnosticReport/pap': '422 DiagnosticReport.subject: There is no such Patient.',
  'FamilyMemberHistory/mother': '422 FamilyMemberHistory.patient: There is no such Patient.',
  'MeasureReport/measurereport-cms146-cat1-example': '422 MeasureReport.subject: There is no such Patient.',
  'MedicationRequest/medrx0303': '422 MedicationRequest.basedOn[0]: There is no such CarePlan.',
  'MedicationRequest/medrx0332': '422 MedicationRequest.basedOn[0]: There is no such CarePlan.',
  'MedicationRequest/medrx0339': '422 MedicationRequest.basedOn[0]: There is no such CarePlan.',
  'MedicationStatement/example005': '422 MedicationStatement.basedOn[0]: There is no such CarePlan.',
  'MolecularSequence/breastcancer': '422 MolecularSequence.patient: There is no such Patient.',
  'Observation/656': '422 Observation.subject: There is no such Patient.',
  'Observation/bgpanel': '422 Observation.subject: There is no such Patient.',
  'Observation/bloodgroup': '422 Observation.subject: There is no such Patient.',
  'Observation/example-diplotype1': '422 Observation.subject: There is no such Patient.',
  'Observation/example-genetics-brcapat': '422 Observation.subject: There is no such Patient.',
  'Observation/example-haplotype1': '422 Observation.subject: There is no such Patient.',
  'Observation/example-haplotype2': '422 Observation.subject: There is no such Patient.',
  'Observation/example-phenotype': '422 Observation.subject: There is no such Patient.',
  'Observation/rhstatus': '422 Observation.subject: There is no such Patient.',
  'Observation/secondsmoke': '422 Observation.subject: There is no such Patient.',
  'Observation/trachcare': '422 Observation.subject: There is no such Patient.',
  'Observation/vomiting': '422 Observation.subject: There is no such Patient.',
  'Procedure/ambulation': '422 Procedure.basedOn[0]: There is no such CarePlan.',
  'RiskAssessment/genetic': '422 RiskAssessment.subject: There is no such Patient.',
  'ServiceRequest/ambulation': '422 ServiceRequest.basedOn[0]: There is no such CarePlan.',
  'ServiceRequest/example-pgx': '422 ServiceRequest.subject: There is no such Patient.',
  'ServiceRequest/physiotherapy': '422 ServiceRequest.basedOn[0]: There is no such CarePlan.',
};
