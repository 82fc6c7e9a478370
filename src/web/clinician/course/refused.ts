/** What the server's rules about courses and orders refuse, in words of the page. */
export interface RefusedWords {
  readonly changed: string;
  readonly begun: string;
  readonly locked: string;
  readonly courseLocked: string;
  readonly fromPaper: string;
  readonly paperOver: string;
  readonly notForPaper: string;
  /** @param why in the registry's words, or '' */
  readonly notSent: (why: string) => string;
  readonly wardClosed: string;
  readonly locationClosed: string;
}

/** As src/courses and bots/ say it: these are told in English, whatever language is asked for. */
const SAID: readonly (readonly [text: RegExp, word: keyof RefusedWords])[] = [
  // MedplumClient's own words for a 412
  [/^Precondition Failed$/i, 'changed'],
  [/^A form of the patient has been begun/, 'begun'],
  [/^(This form is locked|All forms of the patient are locked already|The form of this order is locked)/, 'locked'],
  [/^A form of this course is locked/, 'courseLocked'],
  [/^This form is being entered from paper/, 'fromPaper'],
  [/^The days within which this form may be entered from paper are over/, 'paperOver'],
  [/^This form is for the patient alone/, 'notForPaper'],
  [/^(?:The patient may not be sent this form|This form may not be sent)(?: \((.*)\))?\.$/, 'notSent'],
  [/^This ward is no longer used/, 'wardClosed'],
  [/^This location is no longer used/, 'locationClosed'],
];

/** What a rule's refusal says, in the words of the page; as the server said it where they have none. */
export function refusedIn(text: string, words: RefusedWords): string {
  for (const [said, word] of SAID) {
    const found = said.exec(text);
    if (found === null) continue;
    const told = words[word];
    return typeof told === 'string' ? told : told(found[1] ?? '');
  }
  return text;
}
