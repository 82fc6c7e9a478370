import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type {
  CapabilityStatement,
  CapabilityStatementRestResource,
  CapabilityStatementRestResourceInteraction,
  CodeSystem,
  Extension,
} from '@medplum/fhirtypes';

const ROOT = path.join(import.meta.dirname, '../..');
const BASE = 'https://svar.example.org/fhir/StructureDefinition';
/** Staff as the manual has them, then everybody else. */
const ORDER = ['lu', 'lc', 'sc', 'patient', 'ehr', 'researcher', 'operator', 'newcomer', 'admin'];

const json = <T>(file: string): T => JSON.parse(readFileSync(path.join(ROOT, file), 'utf8')) as T;

/** The policies as docs/access.md has them: `node tests/access/policies-in-words.ts` prints it anew. */
export function policiesInWords(): string {
  const reaches = json<CodeSystem>('terminology/code-systems/svar/access-reach.json').concept ?? [];
  const words = new Map(
    reaches.map(({ code, designation }) => [
      code ?? '',
      designation?.find(({ language }) => language === 'en')?.value ?? '',
    ]),
  );
  const policies = readdirSync(path.join(ROOT, 'fhir/policies')).map((name) =>
    json<CapabilityStatement>(`fhir/policies/${name}`),
  );
  const place = ({ id = '' }: CapabilityStatement): number => ORDER.indexOf(id);
  return policies
    .toSorted((a, b) => place(a) - place(b))
    .map((policy) => section(policy, words))
    .join('\n');
}

function section(
  { id, title, description, rest = [] }: CapabilityStatement,
  words: ReadonlyMap<string, string>,
): string {
  const resources = rest[0]?.resource ?? [];
  const lines = new Map<string, string[]>();
  for (const resource of resources) {
    for (const line of linesOf(resource, words)) {
      lines.set(line, [...(lines.get(line) ?? []), resource.type ?? '']);
    }
  }
  const table = [...lines].map(([line, types]) => `| ${types.join(', ')} | ${line} |`);
  const notes = new Map<string, string[]>();
  for (const { type = '', interaction = [] } of resources) {
    for (const { code = '', documentation } of interaction) {
      if (documentation === undefined) continue;
      const note = `${ACTS[code]}: ${documentation}`;
      notes.set(note, [...(notes.get(note) ?? []), type]);
    }
  }
  return [
    `### ${title} \`${id}\``,
    '',
    description,
    ...(table.length === 0 ? [] : ['', '| resources | which | may |', '|---|---|---|', ...table]),
    ...(notes.size === 0 ? [] : ['', ...[...notes].map(([note, types]) => `- ${types.join(', ')}, ${note}`)]),
    '',
  ].join('\n');
}

const ACTS: Readonly<Record<string, string>> = {
  read: 'read',
  'search-type': 'search',
  create: 'create',
  update: 'change',
  delete: 'delete',
};

/** One line for each reach that a type has: `which | may`, with a star where a condition limits a change. */
function linesOf(resource: CapabilityStatementRestResource, words: ReadonlyMap<string, string>): readonly string[] {
  const byReach = Map.groupBy(
    resource.interaction ?? [],
    (interaction) => reachOf(interaction) ?? reachOf(resource) ?? '',
  );
  return [...byReach].map(([reach, interactions]) => {
    const may = interactions.map((one) => `${ACTS[one.code ?? '']}${hasCondition(one) ? '\\*' : ''}`);
    return `${words.get(reach)?.toLowerCase()} | ${may.join(', ')}`;
  });
}

function reachOf({ extension = [] }: { extension?: Extension[] }): string | undefined {
  return extension.find(({ url }) => url === `${BASE}/access-reach`)?.valueCode;
}

function hasCondition({ extension = [] }: CapabilityStatementRestResourceInteraction): boolean {
  return extension.some(({ url }) => url === `${BASE}/access-when`);
}

if (process.argv[1] === import.meta.filename) {
  process.stdout.write(policiesInWords());
}
