import type { Coding, Extension } from '@medplum/fhirtypes';
import { dialect, ehelseExtension, helsenorgeExtension, isOfDialect } from './addresses.ts';
import type { Notes } from './notes.ts';

interface Words {
  readonly missed: boolean;
  readonly words: string;
}
const missed = (words: string): Words => ({ missed: true, words });
const told = (words: string): Words => ({ missed: false, words });

/** The dialect's extensions without a counterpart in SDC: kept as they are, and what that means here. */
const EXTENSIONS: ReadonlyMap<string, Words> = new Map([
  [
    ehelseExtension('validationtext'),
    told('Own words for a wrong answer (validationtext): here the rule that is broken is told.'),
  ],
  [ehelseExtension('repeatstext'), told('Own words for adding one more (repeatstext) are not used here.')],
  [helsenorgeExtension('sdf-sublabel'), missed('The text under the question (sdf-sublabel) would not be shown.')],
  [
    helsenorgeExtension('sdf-sublabel-text'),
    missed('The text under the question (sdf-sublabel-text) would not be shown.'),
  ],
  [helsenorgeExtension('sdf-hyperlink-target'), told('Where links open (sdf-hyperlink-target) is not used here.')],
  [
    helsenorgeExtension('sdf-guidanceaction'),
    missed('What is offered after the form is sent (sdf-guidanceaction) would not be offered.'),
  ],
  [
    helsenorgeExtension('sdf-guidanceparameter'),
    missed('What is offered after the form is sent (sdf-guidanceparameter) would not be offered.'),
  ],
  [
    helsenorgeExtension('validate-readonly'),
    told('Answers to read-only questions are always validated here, with or without validate-readonly.'),
  ],
  [
    helsenorgeExtension('sdf-presentationbuttons'),
    told('Where the buttons stand (sdf-presentationbuttons) is not used here.'),
  ],
  [
    helsenorgeExtension('sdf-questionnaire-navgiator-state'),
    missed('The list of contents beside the form (navigator) would not be shown.'),
  ],
  [
    helsenorgeExtension('sdf-save-capabilities'),
    told('Whether drafts may be kept (sdf-save-capabilities) is not used here: they may.'),
  ],
  [
    helsenorgeExtension('sdf-questionnaire-print-version'),
    told('The document for print (sdf-questionnaire-print-version) is not used here.'),
  ],
  [
    helsenorgeExtension('sdf-save-to-document-archive'),
    missed('The answers would not be put into the document archive.'),
  ],
  // Misspelt there.
  [
    'http://helsenorge.no/fhir/StructureDefintion/sdf-itemControl-visibility',
    missed('Help, sublabels or the like that the form hides would be shown.'),
  ],
  [
    dialect.authenticationRequirement,
    told('How the person signs in (sdf-authenticationrequirement) is decided by this server.'),
  ],
  [
    ehelseExtension('sdf-accessibilitytoresponse'),
    told('Who sees the answers (sdf-accessibilitytoresponse) is decided by this server.'),
  ],
  [
    ehelseExtension('sdf-canbeperformedby'),
    told('Who may answer for another (sdf-canbeperformedby) is decided by this server.'),
  ],
  [ehelseExtension('sdf-discretion'), told('Discretion (sdf-discretion) is decided by this server.')],
  [
    dialect.endpoint,
    missed('The answers would be stored here, and not be sent to the receiver of the form (sdf-endpoint).'),
  ],
  [ehelseExtension('sdf-generatepdf'), missed('No PDF of the answers would be made (sdf-generatepdf).')],
  [
    ehelseExtension('sdf-generatenarrative'),
    told('The narrative of the answers (sdf-generatenarrative) is not made here.'),
  ],
  [
    dialect.optionReference,
    told('Receivers to choose between (sdf-optionReference) are offered as answers; nothing is sent to them.'),
  ],
]);

/** Codes of how an item is shown that SDC has not. */
const CONTROLS: ReadonlyMap<string, Words> = new Map([
  ['year', missed('The person would be asked for a date, where only the year is wanted.')],
  ['yearMonth', missed('The person would be asked for a date, where only year and month are wanted.')],
  ['receiver-component', missed('The receiver could not be chosen in the tree of hospitals (receiver-component).')],
  ['data-receiver', told('A copy of another answer (data-receiver) is calculated here.')],
  ['highlight', told('Text in a frame (highlight) is shown as text.')],
  ['sidebar', told('Text beside the form (sidebar) is shown as text.')],
  ['help-link', told('Help behind a link (help-link) is shown as text.')],
  ['summary', missed('The summary would not be shown.')],
  ['summary-container', missed('The summary would not be shown.')],
  ['table-hn1', missed('The table of answers (table-hn1) would not be shown as a table.')],
  ['table-hn2', missed('The table of answers (table-hn2) would not be shown as a table.')],
  ['iframe', missed('The page within the form (iframe) would not be shown.')],
  ['illustration', missed('The illustration would not be shown.')],
]);

const TABLE_CODES = /CodeSystem\/Table(?:Column|ColumnName|OrderingColumn|OrderingFunctions)$/;

/** Tells of extensions of the dialect that stay as they are. */
export function noteExtensions(extensions: readonly Extension[] | undefined, path: string, notes: Notes): void {
  for (const { url = '' } of extensions ?? []) {
    const known = EXTENSIONS.get(url);
    if (known !== undefined) note(known, path, notes);
    else if (isOfDialect(url) && !TRANSLATED.has(url)) notes.warn(`The extension ${url} is not known here.`, path);
  }
}

export function noteControls(controls: readonly string[], path: string, notes: Notes): void {
  for (const code of controls) {
    const known = CONTROLS.get(code);
    if (known !== undefined) note(known, path, notes);
  }
}

/** Tells of an item's codes: columns of tables of answers, which Refero makes. */
export function noteCodes(codes: readonly Coding[] | undefined, path: string, notes: Notes): void {
  if (codes?.some(({ system }) => TABLE_CODES.test(system ?? ''))) {
    notes.warn('The columns and the order of a table of answers (TableColumn, TableOrdering) are not used here.', path);
  }
}

function note({ missed: isMissed, words }: Words, path: string, notes: Notes): void {
  if (isMissed) notes.warn(words, path);
  else notes.inform(words, path);
}

/** Told of by their translation, where it fails. */
const TRANSLATED: ReadonlySet<string> = new Set([
  ...[dialect.calculatedExpression, dialect.fhirPath, dialect.minValue, dialect.maxValue],
]);
