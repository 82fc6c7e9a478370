/** What a printed form says beside the form's own texts. `{…}` is filled in. */
export interface PrintWords {
  readonly label: string;
  readonly one: string;
  readonly several: string;
  readonly alone: string;
  readonly repeats: string;
  readonly yes: string;
  readonly no: string;
  readonly other: string;
  /** The letters of day, month and year on a date's boxes. */
  readonly date: readonly [day: string, month: string, year: string];
  readonly time: string;
  readonly onlyIf: string;
  readonly onlyIfFits: string;
  readonly answered: string;
  readonly notAnswered: string;
  readonly ticked: string;
  readonly notTicked: string;
  readonly question: string;
  readonly is: string;
  readonly isNot: string;
  readonly compared: string;
  readonly and: string;
  readonly or: string;
  readonly from: string;
}

const nb: PrintWords = {
  label: 'Plass til pasientens etikett',
  one: 'Sett ett kryss.',
  several: 'Sett ett eller flere kryss.',
  alone: '{options}: settes alene.',
  repeats: 'Fyll ut én gang for hver; bruk flere ark ved behov.',
  yes: 'Ja',
  no: 'Nei',
  other: 'Annet:',
  date: ['dag', 'måned', 'år'],
  time: 'klokkeslett',
  onlyIf: 'Bare hvis {conditions}.',
  onlyIfFits: 'Bare hvis det passer med svarene dine så langt.',
  answered: '{question} er besvart',
  notAnswered: '{question} ikke er besvart',
  ticked: '{question} er krysset av',
  notTicked: '{question} ikke er krysset av',
  question: 'spørsmål {number}',
  is: 'svaret på {question} er {answer}',
  isNot: 'svaret på {question} ikke er {answer}',
  compared: 'svaret på {question} er {sign} {answer}',
  and: ' og ',
  or: ' eller ',
  from: 'Skjema',
};

const nn: PrintWords = {
  ...nb,
  label: 'Plass til etiketten til pasienten',
  one: 'Set eitt kryss.',
  several: 'Set eitt eller fleire kryss.',
  alone: '{options}: skal stå åleine.',
  repeats: 'Fyll ut éin gong for kvar; bruk fleire ark om det trengst.',
  other: 'Anna:',
  date: ['dag', 'månad', 'år'],
  time: 'klokkeslett',
  onlyIf: 'Berre dersom {conditions}.',
  onlyIfFits: 'Berre dersom det passar med svara dine så langt.',
  answered: '{question} er svart på',
  notAnswered: '{question} ikkje er svart på',
  ticked: '{question} er kryssa av',
  notTicked: '{question} ikkje er kryssa av',
  is: 'svaret på {question} er {answer}',
  isNot: 'svaret på {question} ikkje er {answer}',
};

const sv: PrintWords = {
  label: 'Plats för patientens etikett',
  one: 'Sätt ett kryss.',
  several: 'Sätt ett eller flera kryss.',
  alone: '{options}: kryssas ensamt.',
  repeats: 'Fyll i en gång för varje; använd fler blad vid behov.',
  yes: 'Ja',
  no: 'Nej',
  other: 'Annat:',
  date: ['dag', 'månad', 'år'],
  time: 'klockslag',
  onlyIf: 'Bara om {conditions}.',
  onlyIfFits: 'Bara om det stämmer med dina svar hittills.',
  answered: '{question} är besvarad',
  notAnswered: '{question} inte är besvarad',
  ticked: '{question} är ikryssad',
  notTicked: '{question} inte är ikryssad',
  question: 'fråga {number}',
  is: 'svaret på {question} är {answer}',
  isNot: 'svaret på {question} inte är {answer}',
  compared: 'svaret på {question} är {sign} {answer}',
  and: ' och ',
  or: ' eller ',
  from: 'Formulär',
};

const en: PrintWords = {
  label: 'Space for the patient’s label',
  one: 'Tick one box.',
  several: 'Tick one or more boxes.',
  alone: '{options}: ticked alone.',
  repeats: 'Fill in once for each; use more sheets if needed.',
  yes: 'Yes',
  no: 'No',
  other: 'Other:',
  date: ['day', 'month', 'year'],
  time: 'time',
  onlyIf: 'Only if {conditions}.',
  onlyIfFits: 'Only if it fits your answers so far.',
  answered: '{question} is answered',
  notAnswered: '{question} is not answered',
  ticked: '{question} is ticked',
  notTicked: '{question} is not ticked',
  question: 'question {number}',
  is: 'the answer to {question} is {answer}',
  isNot: 'the answer to {question} is not {answer}',
  compared: 'the answer to {question} is {sign} {answer}',
  and: ' and ',
  or: ' or ',
  from: 'Form',
};

/** The words for a language tag; those of the nearest language that has some, else English. */
export function printWords(language: string): PrintWords {
  const words: Readonly<Record<string, PrintWords>> = { nb, no: nb, nn, sv, en };
  return words[language.toLowerCase().split('-')[0] ?? ''] ?? en;
}

/** A text with its `{names}` filled in. */
export function filledIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
