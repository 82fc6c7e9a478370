/** Made by the build: src/web/stock-schemas.ts. */
declare module 'virtual:stock-schemas' {
  import type { Bundle, SearchParameter, StructureDefinition } from '@medplum/fhirtypes';

  const schemas: {
    readonly structures: StructureDefinition[];
    readonly searchParameters: Bundle<SearchParameter>;
  };
  export default schemas;
}
