import type { MedplumClient } from '@medplum/core';
import type { Bundle, CodeSystem, DocumentReference } from '@medplum/fhirtypes';
import type { ChartLanguage } from '../../../charts/said.ts';
import { codeSystem } from '../../../registry/names.ts';

/** The code of the archive itself, which is no kind of file. */
const ARCHIVE = 'archive';
export const FILE_BYTES_MAX = 10 * 1024 * 1024;

/** A file of the registry's archive, without its content. */
export interface ArchivedFile {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  /** Bytes. */
  readonly size: number | undefined;
  /** Of what is made when it is asked for, such as a form to print: its address below the FHIR base. */
  readonly url: string | undefined;
  /** `Organization/x`, whose file it is; undefined: all hospitals'. */
  readonly custodian: string | undefined;
}

export interface FileKind {
  readonly code: string;
  readonly name: string;
}

/** The files of a registry without their content, and the kinds that there are, in a language. @param study id of the ResearchStudy */
export async function fetchArchive(medplum: MedplumClient, study: string, language: ChartLanguage) {
  const [bundle, codes] = await Promise.all([
    medplum.get(medplum.fhirUrl('ResearchStudy', study, '$files'), { cache: 'reload' }) as Promise<
      Bundle<DocumentReference>
    >,
    medplum.searchOne('CodeSystem', { url: codeSystem.archiveFile }),
  ]);
  const kinds = kindsOf(codes, language);
  const files = (bundle.entry ?? []).flatMap(({ resource }) => (resource === undefined ? [] : fileOf(resource, kinds)));
  return { files, kinds };
}

function kindsOf(codes: CodeSystem | undefined, language: ChartLanguage): readonly FileKind[] {
  return (codes?.concept ?? [])
    .filter(({ code }) => code !== ARCHIVE)
    .map(({ code = '', display = code, designation = [] }) => ({
      code,
      name: designation.find((each) => each.language === language)?.value ?? display,
    }));
}

function fileOf({ id = '', description, content, type, custodian }: DocumentReference, kinds: readonly FileKind[]) {
  const code = type?.coding?.find(({ system }) => system === codeSystem.archiveFile)?.code;
  const file: ArchivedFile = {
    id,
    title: description ?? id,
    kind: kinds.find((kind) => kind.code === code)?.name ?? code ?? '',
    size: content?.[0]?.attachment?.size,
    url: content?.[0]?.attachment?.url,
    custodian: custodian?.reference,
  };
  return file;
}

/** Saves a file on the device. */
export async function download(medplum: MedplumClient, study: string, { id, title }: ArchivedFile): Promise<void> {
  const address = medplum.fhirUrl('ResearchStudy', study, '$files');
  address.search = new URLSearchParams({ file: id }).toString();
  const found: DocumentReference = await medplum.get(address, { cache: 'reload' });
  const { data = '', contentType = 'application/octet-stream' } = found.content?.[0]?.attachment ?? {};
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  const url = URL.createObjectURL(new Blob([bytes], { type: contentType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${title.replace(/[^\p{L}\p{N} _-]/gu, '')}${ENDINGS[contentType] ?? ''}`;
  link.click();
  URL.revokeObjectURL(url);
}

const ENDINGS: Readonly<Record<string, string>> = {
  'application/pdf': '.pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': '.docx',
  'application/vnd.oasis.opendocument.text': '.odt',
  'text/plain': '.txt',
  'text/markdown': '.md',
  'image/png': '.png',
  'image/jpeg': '.jpg',
};

/** What the archive takes, for the file dialogue. */
export const ACCEPTED = Object.values(ENDINGS).join(',');

/** Stores a file, of which the server refuses what it does not take. @param study id of the ResearchStudy */
export async function addFile(
  medplum: MedplumClient,
  study: string,
  { file, title, kind }: { readonly file: File; readonly title: string; readonly kind: string },
): Promise<void> {
  const ending = file.name.slice(file.name.lastIndexOf('.')).toLowerCase();
  const contentType = Object.entries(ENDINGS).find(([, known]) => known === ending)?.[0] ?? file.type;
  await medplum.post(medplum.fhirUrl('ResearchStudy', study, '$add-file'), {
    resourceType: 'Parameters',
    parameter: [
      { name: 'type', valueCode: kind },
      { name: 'title', valueString: title },
      { name: 'content', valueAttachment: { contentType, data: await base64(file) } },
    ],
  });
}

function base64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '');
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

/** Takes a file out of the archive. @param study id of the ResearchStudy */
export async function removeFile(medplum: MedplumClient, study: string, { id }: ArchivedFile): Promise<void> {
  await medplum.post(medplum.fhirUrl('ResearchStudy', study, '$remove-file'), {
    resourceType: 'Parameters',
    parameter: [{ name: 'file', valueString: id }],
  });
}
