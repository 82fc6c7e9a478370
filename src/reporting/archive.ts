import type { Attachment, DocumentReference, Parameters } from '@medplum/fhirtypes';
import type { Interactions, Query } from '../interactions/types.ts';
import { asServer, type Caller } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';
import { codeSystem } from '../registry/names.ts';
import { textAnswer, writeAnswer } from '../rest/answer.ts';
import type { Endpoint, Exchange } from '../rest/exchange.ts';
import { OperationInput } from '../rest/operation-input.ts';
import { type AskedRegistry, askedRegistry, type ReportingParts } from './asked.ts';
import { coordinates, keeps, works } from './authority.ts';
import { foundOwn } from './own.ts';

/** Bytes of one file, before base64. */
const BYTES_MAX = 10 * 1024 * 1024;
const WORDS_MAX = 500;
/** Files that are read at a time. */
const PAGE = 10;
const CONTENT_TYPES = [
  'application/pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.oasis.opendocument.text',
  'text/plain',
  'text/markdown',
  'image/png',
  'image/jpeg',
];

/*
 * The file archive of a registry (SmerteReg manual 1.8, "Filarkiv"): DocumentReferences about no patient, of CodeSystem
 * archive-file. What has a custodian is that hospital's, all else is for every hospital of the registry. Policies have no
 * reach for what is national and about no patient, so that these operations judge who asks and act as the server.
 */

/** ResearchStudy/[id]/$files: what the archive holds, without contents; with `file` that one, with its content. */
export function files(parts: ReportingParts): Endpoint {
  return async (exchange) => {
    const input = new OperationInput(exchange, ['type', 'file']);
    const type = input.text('type');
    const file = input.text('file');
    const of = await askedRegistry(parts, exchange);
    refuseStrangers(exchange.caller, of);
    if (file !== undefined) return textAnswer(exchange, JSON.stringify(await fileOf(parts, exchange, of, file)));
    const listed = (await listOf(parts, exchange, of)).filter((each) => type === undefined || typeOf(each) === type);
    const bundle = {
      resourceType: 'Bundle',
      type: 'collection',
      ...(listed.length > 0 && {
        entry: listed.map((resource) => ({
          fullUrl: `${exchange.request.baseUrl}/DocumentReference/${resource.id}`,
          resource,
        })),
      }),
    };
    return textAnswer(exchange, JSON.stringify(bundle));
  };
}

/** ResearchStudy/[id]/$add-file: the local coordinator adds a file for the hospital, the system coordinator for all. */
export function addFile(parts: ReportingParts): Endpoint {
  return async (exchange) => {
    const { caller, context } = exchange;
    const input = new OperationInput(exchange, ['type', 'title', 'content']);
    const of = await askedRegistry(parts, exchange);
    const custodian = custodianFor(caller, of);
    const title = input.text('title')?.trim() ?? '';
    const type = input.text('type') ?? '';
    if (title === '' || title.length > WORDS_MAX) {
      throw fhirError(400, 'required', `A file needs a title of at most ${WORDS_MAX} characters.`, 'title');
    }
    await requireType(context.interactions, caller, type);
    const attachment = contentIn(input.one('content')?.valueAttachment);
    const resource: DocumentReference = {
      resourceType: 'DocumentReference',
      status: 'current',
      type: { coding: [{ system: codeSystem.archiveFile, code: type }] },
      category: [{ coding: [{ system: codeSystem.archiveFile, code: 'archive' }] }],
      date: parts.engine.clock.now().toISOString(),
      ...(caller.agent?.who.startsWith('Practitioner/') && { author: [{ reference: caller.agent.who }] }),
      ...(custodian !== undefined && { custodian: { reference: custodian } }),
      description: title,
      content: [{ attachment: { ...attachment, title } }],
      context: { related: [{ reference: of.registry }] },
    };
    const body = { resource, text: JSON.stringify(resource) };
    const result = await context.interactions.create(asServer(caller), 'DocumentReference', body, {});
    return writeAnswer(exchange, result);
  };
}

/** ResearchStudy/[id]/$remove-file: by whoever may add it. */
export function removeFile(parts: ReportingParts): Endpoint {
  return async (exchange) => {
    const { caller, context } = exchange;
    const input = new OperationInput(exchange, ['file']);
    const file = input.text('file');
    if (file === undefined) throw fhirError(400, 'required', 'The parameter file is needed.', 'file');
    const of = await askedRegistry(parts, exchange);
    refuseStrangers(caller, of);
    const one = await fileOf(parts, exchange, of, file);
    if (caller.access !== 'all' && custodianFor(caller, of) !== one.custodian?.reference) {
      throw fhirError(403, 'forbidden', 'This file was added by others.');
    }
    await context.interactions.delete(asServer(caller), 'DocumentReference', { id: file }, {});
    const done: Parameters = { resourceType: 'Parameters', parameter: [{ name: 'removed', valueString: file }] };
    return textAnswer(exchange, JSON.stringify(done));
  };
}

/** All files that the caller may read, without contents. */
async function listOf(
  { engine }: ReportingParts,
  exchange: Exchange,
  of: AskedRegistry,
): Promise<readonly DocumentReference[]> {
  const query: Query = [...ofArchive(of), ['_sort', '_lastUpdated']];
  const options = { page: PAGE, kept: withoutContent };
  const all = await foundOwn<DocumentReference>(engine, exchange, 'DocumentReference', query, options);
  return all.filter((each) => isShown(exchange.caller, of, each));
}

/** One file with its content. @throws FhirError 404 where the archive has none for the caller */
async function fileOf(
  { engine }: ReportingParts,
  exchange: Exchange,
  of: AskedRegistry,
  file: string,
): Promise<DocumentReference> {
  const isId = /^[A-Za-z0-9.-]{1,64}$/.test(file);
  const query: Query = [...ofArchive(of), ['_id', file]];
  const found = isId ? await foundOwn<DocumentReference>(engine, exchange, 'DocumentReference', query) : [];
  const one = found.find((each) => isShown(exchange.caller, of, each));
  if (one === undefined) throw fhirError(404, 'not-found', 'There is no such file.');
  return one;
}

function ofArchive({ registry }: AskedRegistry): Query {
  return [
    ['category', `${codeSystem.archiveFile}|archive`],
    ['related', registry],
  ];
}

function isShown(caller: Caller, of: AskedRegistry, file: DocumentReference): boolean {
  return file.status === 'current' && mayRead(caller, of, file);
}

function readsAll(caller: Caller, { registry }: AskedRegistry): boolean {
  return caller.access === 'all' || coordinates(caller, registry);
}

/** @throws FhirError 403 for who is neither of the registry's staff nor a system of one of its hospitals */
function refuseStrangers(caller: Caller, of: AskedRegistry): void {
  const hospital = caller.tenant?.reference;
  const known = of.hospitals.includes(hospital ?? '') && works(caller, { registry: of.registry, hospital });
  if (!known && !readsAll(caller, of)) {
    throw fhirError(403, 'forbidden', 'The archive is for the staff of the registry.');
  }
}

function mayRead(caller: Caller, of: AskedRegistry, { custodian }: DocumentReference): boolean {
  const whose = custodian?.reference;
  return whose === undefined || whose === caller.tenant?.reference || readsAll(caller, of);
}

/** For whom a caller adds files: their hospital; undefined: all hospitals of the registry. @throws FhirError 403 */
function custodianFor(caller: Caller, { registry, hospitals }: AskedRegistry): string | undefined {
  if (caller.access === 'all' || coordinates(caller, registry)) return undefined;
  const hospital = caller.tenant?.reference;
  if (hospital !== undefined && hospitals.includes(hospital) && keeps(caller, { registry, hospital })) return hospital;
  throw fhirError(403, 'forbidden', 'Files are added by the local coordinator and the system coordinator.');
}

async function requireType(interactions: Interactions, caller: Caller, type: string): Promise<void> {
  const page = await interactions.search(
    asServer(caller),
    'CodeSystem',
    [
      ['url', codeSystem.archiveFile],
      ['code', type],
    ],
    { lenient: false },
  );
  if (type === 'archive' || !/^[a-z-]+$/.test(type) || page.matches.length === 0) {
    throw fhirError(422, 'code-invalid', `The type of a file is a code of ${codeSystem.archiveFile}.`, 'type');
  }
}

function contentIn(content: Attachment | undefined): Attachment {
  const { contentType, data, language } = content ?? {};
  if (contentType === undefined || data === undefined) {
    throw fhirError(400, 'required', 'content is an Attachment with contentType and data.', 'content');
  }
  if (!CONTENT_TYPES.includes(contentType)) {
    throw fhirError(422, 'not-supported', `A file is one of ${CONTENT_TYPES.join(', ')}.`, 'content');
  }
  const size = Buffer.from(data, 'base64').length;
  if (size > BYTES_MAX) throw fhirError(413, 'too-long', `A file may have ${BYTES_MAX} bytes.`, 'content');
  return { contentType, data, size, ...(language !== undefined && { language }) };
}

function typeOf({ type }: DocumentReference): string | undefined {
  return type?.coding?.find(({ system }) => system === codeSystem.archiveFile)?.code;
}

function withoutContent(file: DocumentReference): DocumentReference {
  return {
    ...file,
    content: file.content.map(({ attachment: { data: _data, ...attachment }, ...rest }) => ({ ...rest, attachment })),
  };
}
