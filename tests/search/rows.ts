import type { IndexRows, RangeRow, StringRow } from '../../src/model/index-rows.ts';
import { canonicalUnit, UCUM } from '../../src/fhirpath/ucum.ts';
import * as keys from '../../src/search/keys.ts';
import type { SearchParameters } from '../../src/search/parameters.ts';
import { fold } from '../../src/search/query/fold.ts';
import { dateInterval } from '../../src/search/query/values/date.ts';
import type { TestResource } from './kit.ts';

export function rowsOf(resource: TestResource, parameters: SearchParameters): IndexRows {
  const tokens = new Set<string>();
  const ranges: RangeRow[] = [];
  const strings: StringRow[] = [];
  const present = new Set<number>();
  const type = resource.resourceType;
  const r = resource as any;
  const mark = (code: string) => {
    const def = parameters.get(type, code);
    if (!def) throw new Error(`no ${type}.${code}`);
    present.add(def.ordinal);
    return keys.paramName(def);
  };
  const coding = (code: string, c: any) => {
    const name = mark(code);
    tokens.add(keys.keyOf(name, keys.codeForm(c.code)));
    if (c.system) {
      tokens.add(keys.keyOf(name, keys.systemCodeForm(c.system, c.code)));
      tokens.add(keys.keyOf(name, keys.systemForm(c.system)));
    } else tokens.add(keys.keyOf(name, keys.noSystemForm(c.code)));
  };
  const text = (code: string, value: string, form = keys.STRING_FORM) =>
    strings.push({ key: keys.keyOf(mark(code), form), value: fold(value), exact: value });
  const date = (code: string, value: string) => {
    const i = dateInterval(value);
    if (i) ranges.push({ key: keys.keyOf(mark(code), keys.RANGE_FORM), ...i });
  };
  const ref = (code: string, value: any) => {
    if (value?.reference) tokens.add(keys.keyOf(mark(code), keys.uriForm(value.reference)));
  };
  for (const i of r.identifier ?? []) coding('identifier', { system: i.system, code: i.value });
  switch (type) {
    case 'Patient':
      if (r.gender) tokens.add(keys.keyOf(mark('gender'), keys.codeForm(r.gender)));
      if (r.active !== undefined) tokens.add(keys.keyOf(mark('active'), keys.codeForm(String(r.active))));
      if (r.birthDate) date('birthdate', r.birthDate);
      for (const n of r.name ?? []) {
        for (const part of [n.family, ...(n.given ?? [])].filter(Boolean)) text('name', part);
        if (n.family) text('family', n.family);
      }
      ref('general-practitioner', r.generalPractitioner?.[0]);
      break;
    case 'Observation': {
      if (r.status) tokens.add(keys.keyOf(mark('status'), keys.codeForm(r.status)));
      for (const c of r.code?.coding ?? []) coding('code', c);
      if (r.code?.text) text('code', r.code.text, keys.TEXT_FORM);
      ref('subject', r.subject);
      if (r.subject?.reference?.startsWith('Patient/')) mark('patient');
      ref('derived-from', r.derivedFrom?.[0]);
      if (r.effectiveDateTime) date('date', r.effectiveDateTime);
      if (r.effectivePeriod) {
        ranges.push({
          key: keys.keyOf(mark('date'), keys.RANGE_FORM),
          lo: r.effectivePeriod.start ? dateInterval(r.effectivePeriod.start)!.lo : -Infinity,
          hi: r.effectivePeriod.end ? dateInterval(r.effectivePeriod.end)!.hi : Infinity,
        });
      }
      const q = r.valueQuantity;
      if (q) {
        const name = mark('value-quantity');
        const add = (form: string, v: number) => ranges.push({ key: keys.keyOf(name, form), lo: v, hi: v });
        add(keys.RANGE_FORM, q.value);
        const c = q.system === UCUM && q.code ? canonicalUnit(q.code) : undefined;
        if (c) add(keys.ucumForm(c.unit), c.convert(q.value));
        else if (q.system && q.code) add(keys.unitForm(q.system, q.code), q.value);
        for (const t of new Set([q.unit, q.code].filter(Boolean))) add(keys.unitTextForm(t as string), q.value);
        for (const cc of r.code?.coding ?? []) {
          const cn = mark('code-value-quantity');
          for (const f of [keys.codeForm(cc.code), keys.systemCodeForm(cc.system ?? '', cc.code)])
            ranges.push({ key: keys.keyOf(cn, keys.compositeForm(f, keys.RANGE_FORM)), lo: q.value, hi: q.value });
        }
      }
      break;
    }
    case 'QuestionnaireResponse':
      if (r.status) tokens.add(keys.keyOf(mark('status'), keys.codeForm(r.status)));
      ref('subject', r.subject);
      if (r.subject?.reference?.startsWith('Patient/')) mark('patient');
      if (r.authored) date('authored', r.authored);
      if (r.questionnaire) {
        const name = mark('questionnaire');
        tokens.add(keys.keyOf(name, keys.uriForm(r.questionnaire)));
        tokens.add(keys.keyOf(name, keys.uriForm(r.questionnaire.split('|')[0])));
      }
      break;
    case 'Questionnaire':
      if (r.url) {
        tokens.add(keys.keyOf(mark('url'), keys.uriForm(r.url)));
        text('url', r.url, keys.URI_TEXT_FORM);
      }
      if (r.title) text('title', r.title);
      break;
  }
  return { tokens: [...tokens], ranges, strings, present: [...present], date: undefined };
}
