import { type Edit, spliced } from './id-and-meta.ts';
import { eachMember, type Member } from './members.ts';

const TAG = '{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}';

/** A resource's compact text with the tag in meta.tag that says it is incomplete (FHIR R4 search.html#summary). */
export function withSubsettedTag(text: string): string {
  const resourceType = memberOf(text, 0, 'resourceType');
  const meta = memberOf(text, 0, 'meta');
  if (meta === undefined || text.charCodeAt(meta.start) !== 0x7b) {
    const after = memberOf(text, 0, 'id') ?? resourceType;
    return after === undefined ? text : spliced(text, [insertion(after.end, `,"meta":{"tag":[${TAG}]}`)]);
  }
  const tag = memberOf(text, meta.start, 'tag');
  if (tag === undefined || text.charCodeAt(tag.start) !== 0x5b) {
    const comma = meta.end - meta.start === 2 ? '' : ',';
    return spliced(text, [insertion(meta.end - 1, `${comma}"tag":[${TAG}]`)]);
  }
  // what was incomplete before is no more incomplete for a shorter view of it
  if (text.slice(tag.start, tag.end).includes(TAG)) return text;
  const comma = tag.end - tag.start === 2 ? '' : ',';
  return spliced(text, [insertion(tag.end - 1, comma + TAG)]);
}

function insertion(at: number, text: string): Edit {
  return { start: at, end: at, text };
}

function memberOf(text: string, at: number, key: string): Member | undefined {
  let found: Member | undefined;
  eachMember(text, at, (member) => {
    found = member.key === key ? member : found;
    return found === undefined;
  });
  return found;
}
