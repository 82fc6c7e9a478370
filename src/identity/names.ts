import { codeSystem, extensionUrl } from '../registry/names.ts';

/** CodeSystem of the roles that people hold; each code is the id of its policy in fhir/policies. */
export const ROLE_SYSTEM = codeSystem.role;

/** On PractitionerRole: the registry (PlanDefinition) that the role is for. */
export const ROLE_REGISTRY = extensionUrl.roleRegistry;

/** On PractitionerRole: how it was applied for and what came of it; its parts are those of AccessApplication. */
export const ROLE_APPLICATION = extensionUrl.roleApplication;
