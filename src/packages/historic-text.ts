import { type Edit, spliced } from '../model/json/id-and-meta.ts';
import { eachMember } from '../model/json/members.ts';
import { historicTag, isHistoric } from '../registry/historic.ts';
import type { FoundResource } from './found-resources.ts';

const TAG = JSON.stringify(historicTag);

/** The resource with the tag of a historic load, in its meta and in its text, which otherwise stays as it was written. */
export function asHistoric(found: FoundResource): FoundResource {
  const { resource, text } = found;
  if (isHistoric(resource)) {
    return found;
  }
  const tags = [...(resource.meta?.tag ?? []), historicTag];
  return { ...found, resource: { ...resource, meta: { ...resource.meta, tag: tags } }, text: tagged(text) };
}

function tagged(text: string): string {
  let edit: Edit = { start: 1, end: 1, text: `"meta":{"tag":[${TAG}]},` };
  eachMember(text, 0, (member) => {
    if (member.key === 'meta' && text.charCodeAt(member.start) === 0x7b) {
      edit = { start: member.start, end: member.end, text: taggedMeta(text.slice(member.start, member.end)) };
      return false;
    }
    if (member.key === 'resourceType') {
      edit = { start: member.end, end: member.end, text: `,"meta":{"tag":[${TAG}]}` };
    }
    return undefined;
  });
  return spliced(text, [edit]);
}

function taggedMeta(meta: string): string {
  const first = meta.charCodeAt(1) === 0x7d ? '' : ',';
  let edit: Edit = { start: 1, end: 1, text: `"tag":[${TAG}]${first}` };
  eachMember(meta, 0, ({ key, start, end }) => {
    if (key === 'tag' && meta.charCodeAt(start) === 0x5b) {
      const rest = meta.slice(start + 1, end);
      edit = { start, end, text: `[${TAG}${rest === ']' ? '' : ','}${rest}` };
    }
    return undefined;
  });
  return spliced(meta, [edit]);
}
