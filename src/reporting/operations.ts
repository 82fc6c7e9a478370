import type { Endpoint } from '../rest/exchange.ts';
import type { Operation } from '../rest/operations.ts';
import { addFile, files, removeFile } from './archive.ts';
import type { ReportingParts } from './asked.ts';
import { coverage } from './coverage.ts';
import { loadCount } from './loaded-count.ts';
import { overview } from './overview.ts';
import { profile } from './profile/profile.ts';

/** What is counted of a registry, its file archive, and a patient's self-rating profile: docs/coordinator.md. Definitions in fhir/operations. */
export function reportingOperations(parts: ReportingParts): readonly Operation[] {
  return [
    {
      code: 'profile',
      definition: 'https://svar.example.org/fhir/OperationDefinition/Patient-profile',
      levels: ['instance'],
      types: ['Patient'],
      affectsState: false,
      endpoint: profile(parts),
    },
    { ...operation('coverage', coverage(parts)), affectsState: false },
    { ...operation('overview', overview(parts)), affectsState: false },
    { ...operation('load-count', loadCount(parts)), affectsState: true },
    { ...operation('files', files(parts)), affectsState: false },
    { ...operation('add-file', addFile(parts)), affectsState: true },
    { ...operation('remove-file', removeFile(parts)), affectsState: true },
  ];
}

function operation(code: string, endpoint: Endpoint): Omit<Operation, 'affectsState'> {
  const definition = `https://svar.example.org/fhir/OperationDefinition/ResearchStudy-${code}`;
  return { code, definition, levels: ['instance'], types: ['ResearchStudy'], endpoint };
}
