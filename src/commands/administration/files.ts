import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Bundle, DocumentReference, Parameters } from '@medplum/fhirtypes';
import type { Command, Invocation } from '../command.ts';
import { studyOf } from './coverage.ts';
import { type FhirClient, fhirClient, serverOption } from './fhir-client.ts';
import { listText } from './list-text.ts';

const USAGE =
  'files takes list, add with a file, get with an id and a file, or remove with an id: npm run svar -- files list';
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.pdf': 'application/pdf',
  '.docx': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  '.odt': 'application/vnd.oasis.opendocument.text',
  '.txt': 'text/plain',
  '.md': 'text/markdown',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
};

/** SmerteReg manual 1.8, "Filarkiv". */
export const files: Command = {
  summary: "the registry's file archive: list it, add to it, take a file out of it, remove one",
  operands: '<list | add | get | remove> [id] [file]',
  flags: {},
  options: {
    study: 'the registry, as ResearchStudy/<id>; the only one where there is one',
    type: 'list, add: user-manual, consent-form, paper-form or procedure',
    title: 'add: what people read in the list',
    ...serverOption,
  },
  async run(invocation) {
    const [action, ...rest] = invocation.operands;
    const wanted = { list: 0, add: 1, get: 2, remove: 1 }[action ?? ''];
    if (wanted === undefined || rest.length !== wanted) throw new Error(USAGE);
    const [first = '', second = ''] = rest;
    if (action === 'add') return add(invocation, first);
    const server = fhirClient(invocation);
    const study = await studyOf(invocation, server);
    if (action === 'get') return get(server, study, first, second);
    if (action === 'remove') {
      const parameter = [{ name: 'file', valueString: first }];
      await server.post<Parameters>(`${study}/$remove-file`, { resourceType: 'Parameters', parameter });
      process.stdout.write(`${first} is removed.\n`);
      return;
    }
    process.stdout.write(await listed(server, study, invocation.options.type));
  },
};

async function listed(server: FhirClient, study: string, type: string | undefined): Promise<string> {
  const query = type === undefined ? '' : `?type=${encodeURIComponent(type)}`;
  const { entry = [] } = await server.get<Bundle<DocumentReference>>(`${study}/$files${query}`);
  const rows = entry.flatMap(({ resource }) =>
    resource === undefined
      ? []
      : [
          [
            resource.id ?? '',
            resource.type?.coding?.[0]?.code ?? '',
            resource.description ?? '',
            resource.custodian?.reference ?? 'all hospitals',
            resource.content[0]?.attachment.url ?? resource.content[0]?.attachment.contentType ?? '',
          ],
        ],
  );
  return rows.length === 0 ? 'The archive is empty.\n' : listText(['id', 'type', 'title', 'of', 'content'], rows);
}

async function add(invocation: Invocation, file: string): Promise<void> {
  const { type, title } = invocation.options;
  const contentType = CONTENT_TYPES[path.extname(file).toLowerCase()];
  if (type === undefined || title === undefined) throw new Error('files add needs --type and --title.');
  if (contentType === undefined) throw new Error(`A file ends in ${Object.keys(CONTENT_TYPES).join(', ')}.`);
  const data = (await readFile(file)).toString('base64');
  const body: Parameters = {
    resourceType: 'Parameters',
    parameter: [
      { name: 'type', valueCode: type },
      { name: 'title', valueString: title },
      { name: 'content', valueAttachment: { contentType, data } },
    ],
  };
  const server = fhirClient(invocation);
  const { body: added } = await server.post<DocumentReference>(`${await studyOf(invocation, server)}/$add-file`, body);
  process.stdout.write(`${added.id} is added, for ${added.custodian?.reference ?? 'all hospitals'}.\n`);
}

async function get(server: FhirClient, study: string, id: string, file: string): Promise<void> {
  const found = await server.get<DocumentReference>(`${study}/$files?file=${encodeURIComponent(id)}`);
  const { data, url } = found.content[0]?.attachment ?? {};
  await writeFile(file, data === undefined ? await server.text(url ?? '', 'nb') : Buffer.from(data, 'base64'));
  process.stdout.write(`${file} is written: ${found.description}.\n`);
}
