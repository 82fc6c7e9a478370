import { member, textMember } from '../answers.ts';

/** R4's maxSize counts megabytes; the larger reading of the word, so that nobody is refused what another takes. */
const BYTES_PER_MB = 1024 * 1024;

/** What the form permits of an attachment. */
export interface AttachmentLimits {
  /** MIME types, `image/*` for all of a kind; empty where any is permitted. */
  readonly mimeTypes: readonly string[];
  readonly megabytesMax: number;
}

/** The rules that an attachment breaks. */
export function attachmentFaults(
  attachment: unknown,
  { mimeTypes, megabytesMax }: AttachmentLimits,
): ('invalidAttachmentType' | 'maxAttachmentSize' | 'attachmentSizeInconsistent')[] {
  const faults: ReturnType<typeof attachmentFaults> = [];
  if (mimeTypes.length > 0 && !isOfMimeType(textMember(attachment, 'contentType'), mimeTypes)) {
    faults.push('invalidAttachmentType');
  }
  const told = member(attachment, 'size');
  const data = textMember(attachment, 'data');
  const bytes = data === undefined ? undefined : base64Bytes(data);
  if (typeof told === 'number' && bytes !== undefined && told !== bytes) {
    faults.push('attachmentSizeInconsistent');
  }
  if (Math.max(bytes ?? 0, typeof told === 'number' ? told : 0) > megabytesMax * BYTES_PER_MB) {
    faults.push('maxAttachmentSize');
  }
  return faults;
}

function isOfMimeType(contentType: string | undefined, permitted: readonly string[]): boolean {
  const given = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  return permitted.some((type) => {
    const wanted = type.split(';', 1)[0]?.trim().toLowerCase() ?? '';
    return wanted === '*/*' || (wanted.endsWith('/*') ? given?.startsWith(wanted.slice(0, -1)) : given === wanted);
  });
}

/** The bytes that a base64 text stands for, blanks (which R4 permits) left out. */
function base64Bytes(data: string): number {
  let signs = 0;
  for (let i = 0; i < data.length; i += 1) {
    const code = data.charCodeAt(i);
    if (code > 0x20 && code !== 0x3d) {
      signs += 1;
    }
  }
  return Math.floor((signs * 3) / 4);
}
