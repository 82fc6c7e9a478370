import { eachMember, type Member } from './members.ts';

export interface IdAndMeta {
  readonly id: string;
  readonly versionId: string;
  /** A FHIR instant. */
  readonly lastUpdated: string;
}

/**
 * A resource's compact text with the server's id, meta.versionId and meta.lastUpdated spliced in: replaced where they
 * stood, otherwise id after resourceType and meta after id. Everything else, the rest of meta and primitive extensions
 * included, keeps its text and order.
 */
export function withIdAndMeta(text: string, given: IdAndMeta): string {
  let type: Member | undefined;
  let id: Member | undefined;
  let meta: Member | undefined;
  eachMember(text, 0, (member) => {
    if (member.key === 'resourceType') {
      type = member;
    } else if (member.key === 'id') {
      id = member;
    } else if (member.key === 'meta') {
      meta = member;
    }
    return type === undefined || id === undefined || meta === undefined;
  });
  const idText = JSON.stringify(given.id);
  const edits: Edit[] = [];
  const newMeta = meta === undefined ? `,"meta":${metaText('{}', given)}` : '';
  if (id !== undefined) {
    edits.push({ start: id.start, end: id.end, text: idText + newMeta });
  } else if (type !== undefined) {
    edits.push({ start: type.end, end: type.end, text: `,"id":${idText}${newMeta}` });
  } else {
    const comma = text.charCodeAt(1) === 0x7d ? '' : ',';
    edits.push({ start: 1, end: 1, text: `"id":${idText}${newMeta}${comma}` });
  }
  if (meta !== undefined) {
    edits.push({ start: meta.start, end: meta.end, text: metaText(text.slice(meta.start, meta.end), given) });
  }
  return spliced(text, edits);
}

function metaText(meta: string, given: IdAndMeta): string {
  const versionId = JSON.stringify(given.versionId);
  const lastUpdated = JSON.stringify(given.lastUpdated);
  if (meta.charCodeAt(0) !== 0x7b) {
    return `{"versionId":${versionId},"lastUpdated":${lastUpdated}}`;
  }
  const edits: Edit[] = [];
  let absent = `"versionId":${versionId},`;
  let absentUpdated = `"lastUpdated":${lastUpdated},`;
  eachMember(meta, 0, ({ key, start, end }) => {
    if (key === 'versionId') {
      edits.push({ start, end, text: versionId });
      absent = '';
    } else if (key === 'lastUpdated') {
      edits.push({ start, end, text: lastUpdated });
      absentUpdated = '';
    }
    return undefined;
  });
  absent += absentUpdated;
  if (absent !== '') {
    edits.push({ start: 1, end: 1, text: meta.charCodeAt(1) === 0x7d ? absent.slice(0, -1) : absent });
  }
  return spliced(meta, edits);
}

/** Replaces text[start, end) by another text. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with edits made that do not overlap. */
export function spliced(text: string, edits: readonly Edit[]): string {
  let result = '';
  let from = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    result += text.slice(from, edit.start) + edit.text;
    from = edit.end;
  }
  return result + text.slice(from);
}
