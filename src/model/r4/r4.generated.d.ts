/** JSON of Structure[], sorted by name. */
export declare const structuresJson: string;
/** JSON of [canonical without version, ValueSetCodes][]: the value sets of all required bindings that can be listed. */
export declare const valueSetsJson: string;
/** JSON of SearchParameterData[], sorted by type and code. */
export declare const searchParametersJson: string;
/** JSON of { resource type: codes of the search parameters that place it in a patient's compartment }. */
export declare const patientCompartmentJson: string;
/** Whether a resource keeps to the official R4 JSON schema. */
export declare function validateSchema(resource: unknown): boolean;
