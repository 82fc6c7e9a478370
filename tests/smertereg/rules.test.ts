import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** The rules of the registry, by the words with which the name of a black-box test quotes each. */
const RULES = [
  // forms
  'exclusive option ("Ingen", "Vet ikke")',
  'soft and hard limit',
  'automatic answer (LAR "Nei" when 5 and 6 are "Nei")',
  'date rule (registration date not before referral or start date)',
  'the repeating pain diagnoses with category-dependent value sets',
  'the two opioid tables with OMEQ',
  'the nested peripheral blocks',
  // course types and membership
  'Course types 1, 2 and 3 open exactly the forms that the manual says',
  'they follow a saved, not yet locked TO',
  'what was filled in a form now closed is kept but does not count',
  'Patient forms appear as soon as the patient is seen and eligible, as "no consent"',
  'staff close them with reason 5 if consent never comes',
  'referred by telephone alone is local, until a written request is added',
  'An unanswered criterion is undetermined, not failed',
  'cognition may wait until the last visit, and may change',
  'Consent opens when all are met',
  'A criterion that later fails ends membership and stops open orders in that commit',
  // consent
  'yes with date',
  'no with active, passive, not asked',
  '"Not applicable" is set by the system alone, with a code of ours, stored even where the fields are hidden',
  'never over an earlier consent',
  'A refusal can become consent at a new course',
  "Withdrawal is SC's alone",
  'works on a locked TO',
  "ends all of the patient's national memberships in the registry",
  'a withdrawal shows in PO as the manual shows it',
  'asked again at a later course',
  'The legal basis in force at the start date governs a course',
  'reservation is a second tested configuration',
  'where "eligible and not reserved" takes consent\'s place as trigger',
  // states of forms, deletion, comments
  "LU can't change a locked form",
  'LC can open and correct it (amended, with Provenance)',
  'closed unanswered with a reason (locked too)',
  'Deleting a course: only while no form, patient forms included, is locked',
  'Internal comments on every form',
  'Internal comments are never exported',
  // places, patients
  "Moving a course to another ward never changes B1.1's `Lokasjon` and `InnlAvd`",
  'Several courses: one patient id, several course ids',
  '"Annet" can be registered without a birth date, but TO cannot be locked without one',
  'Death from the population register closes orders (and can be annulled)',
  'a changed or merged number keeps one patient',
  'PO shows consent read-only',
  'PO warns, never refuses, when phone and e-mail are missing',
  // variables
  'retired: import only',
  'Acute pain after surgery takes NCSP codes',
  'a marked, loadable placeholder',
  "total time is entered in whole hours; a suggestion by the manual's rules, never computed over what was entered",
  'Buvidal doses that the manual does not give: OMEQ absent, with its reason, until a table is loaded',
  // ePROM
  'Pasreg and HADS on consent, two minutes apart',
  'Eval on locking B2.2; Opioid four weeks after the end date, ordered only once B2.2 is locked',
  'already due: the next 16:30',
  'a corrected SluttDato moves an order not yet sent',
  'locking again orders nothing twice',
  'Dispatch daily at 16:30',
  'Three days, reminder, three days, locked as Ikke besvart ePROMS (7)',
  'Automatic dispatch uses the secure channels alone (Helsenorge, Digipost)',
  'unreachable keeps the order open, with a reason that staff see',
  'Unsecured e-mail or SMS only by a person’s choice, after the register was asked',
  'A manual order goes at once',
  'ordering Opioid before its time asks for confirmation',
  "Stopping (patient unable; critically ill or dead) covers all of the course's patient forms not yet locked, future Eval and Opioid included",
  'Paper: Pasreg, HADS and Eval (not Opioid) entered by staff within six days of the recording of consent',
  'or of the end date',
  'then locked by the system with reason 9',
  "Starting paper entry cancels that form's order and reminder",
  'an open ePROM order keeps its own deadline',
  'Answer all and complete with its reasons, only while none has been begun',
  'Blank printable Pasreg, HADS, Eval and Opioid',
  'Nothing that identifies the patient or the registry’s subject is in an unsecured message',
  'links are single-purpose, expire, and can’t be guessed',
  'Svar can order through the joint Norwegian ePROM service, and take its callbacks',
  'Svar can be ordered from in the same shape by another registry system',
  // administration
  'Departments and locations with RESH-ID',
  'delete only if unused, else deactivate',
  "worklist and patient-form list as searches that answer in one request with each form's state",
  'delivered courses with filters',
  'patient search by name, number, patient id, course id',
  'coverage per period and hospital, in courses: registered of referred',
  'or a loaded count',
  'simple charts per hospital',
  'the file archive',
];

/** Of test(…), it(…), describe(…), and of the rows of a table of tests. */
const NAME = /(?:\b(?:test|it|describe)(?:\.\w+\([^)]*\))*\(|^\s*\]\)\(|^\s*\[)\s*(['"`])([\s\S]*?)(?<!\\)\1/gm;

const root = new URL('../../', import.meta.url);
const names = globSync('tests/smertereg/**/*.test.ts', { cwd: root })
  .filter((file) => !file.endsWith('rules.test.ts'))
  .flatMap((file) => [...readFileSync(new URL(file, root), 'utf8').matchAll(NAME)])
  .map(([, , name = '']) => plain(name));

/** Quotes are written in more than one way. */
function plain(text: string): string {
  return text
    .replaceAll('\\', '')
    .replaceAll(/["“”']|’/g, "'")
    .replaceAll(/[`]/g, '');
}

test.each(RULES)('a black-box test quotes: %s', (rule) => {
  expect(names.some((name) => name.toLowerCase().includes(plain(rule).toLowerCase()))).toBe(true);
});
