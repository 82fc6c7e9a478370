import type { Extension } from '@medplum/fhirtypes';

const SDC = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';

/** SDC's extensions that say what is extracted, by their names there. */
export type ExtractExtension =
  | 'observationExtract'
  | 'observation-extract-category'
  | 'observationExtractEntry'
  | 'isSubject'
  | 'definitionExtract'
  | 'definitionExtractValue'
  | 'itemExtractionContext'
  | 'templateExtract'
  | 'templateExtractBundle'
  | 'templateExtractContext'
  | 'templateExtractValue'
  | 'extractAllocateId'
  | 'targetStructureMap';

/** What may carry extensions. */
export interface Extended {
  readonly extension?: readonly Extension[];
}

/** An extension, and where it stands. */
export interface PlacedExtension {
  readonly extension: Extension;
  /** FHIRPath in the Questionnaire. */
  readonly path: string;
}

/** The extensions of one name that stand on an element. */
export function extensionsNamed(
  { extension }: Extended,
  name: ExtractExtension,
  path: string,
): readonly PlacedExtension[] {
  return (extension ?? []).flatMap((each, index) =>
    each.url === SDC + name ? [{ extension: each, path: `${path}.extension[${index}]` }] : [],
  );
}

export function isNamed({ url }: Extension, name: ExtractExtension): boolean {
  return url === SDC + name;
}

/** The part of a complex extension: the extension in it with this url. */
export function partOf({ extension, path }: PlacedExtension, url: string): PlacedExtension | undefined {
  const index = extension.extension?.findIndex((each) => each.url === url) ?? -1;
  const part = extension.extension?.[index];
  return part === undefined ? undefined : { extension: part, path: `${path}.extension[${index}]` };
}
