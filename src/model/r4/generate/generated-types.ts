import { structures } from './structures.ts';

/** The text of src/model/r4/r4-types.generated.js: the types of R4 as FHIRPath in a browser needs them. */
export function generatedTypes(): string {
  const lines = structures().flatMap(({ name, kind, base, elements }) => [
    [name, kind.charAt(0), base ?? ''].join(' ').trim(),
    ...elements.map(
      (each) =>
        ` ${each.name}${each.choice === true ? '*' : ''} ${[...new Set(each.types.map(({ type }) => type))].join(' ')}`,
    ),
  ]);
  return `// Made by \`npm run generate\` from the official R4 definitions (npm hl7.fhir.r4.examples 4.0.1, CC0-1.0). Not to be edited.
export const typesText = \`${lines.join('\n')}\`;
`;
}
