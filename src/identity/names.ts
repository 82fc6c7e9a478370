const base = 'https://svar.example.org/fhir';

/** CodeSystem of the roles that people hold; each code is the id of its policy in fhir/policies. */
export const ROLE_SYSTEM = `${base}/CodeSystem/role`;

/** On PractitionerRole: the registry (PlanDefinition) that the role is for. */
export const ROLE_REGISTRY = `${base}/StructureDefinition/role-registry`;

/** On PractitionerRole: how it was applied for and what came of it; its parts are those of AccessApplication. */
export const ROLE_APPLICATION = `${base}/StructureDefinition/role-application`;
