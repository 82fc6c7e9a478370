import type { Wording } from './rule.ts';
import type { Absent } from './score.ts';

/** The reason why there is no score, in words for the person who reads it. Never tells what was answered. */
export function absentText(absent: Absent): Wording {
  switch (absent.reason) {
    case 'too-few-answered': {
      const { answered, of, minimum } = absent;
      if (of === 1) return { nb: 'Ikke besvart', sv: 'Ej besvarad', en: 'Not answered' };
      return {
        nb: `${answered} av ${of} besvart; minst ${minimum} trengs`,
        sv: `${answered} av ${of} besvarade; minst ${minimum} krävs`,
        en: `${answered} of ${of} answered; at least ${minimum} are needed`,
      };
    }
    case 'unreadable-answer': {
      const parts = absent.parts.join(', ');
      return {
        nb: `Et svar har en verdi som ikke kan telles: ${parts}`,
        sv: `Ett svar har ett värde som inte kan räknas: ${parts}`,
        en: `An answer has a value that cannot be counted: ${parts}`,
      };
    }
    case 'several-answers': {
      const parts = absent.parts.join(', ');
      return {
        nb: `Flere svar der ett skal telles: ${parts}`,
        sv: `Flera svar där ett ska räknas: ${parts}`,
        en: `Several answers where one counts: ${parts}`,
      };
    }
    case 'not-in-table':
      return {
        nb: `Tabellen har ingen verdi for dette: ${absent.table}`,
        sv: `Tabellen har inget värde för detta: ${absent.table}`,
        en: `The table has no value for this: ${absent.table}`,
      };
    case 'no-equivalent':
      return {
        nb: `Ingen tabell har en ekvivalent for dosen i ${named(absent.words?.nb, absent.part)}`,
        sv: `Ingen tabell har en ekvivalent för dosen i ${named(absent.words?.sv, absent.part)}`,
        en: `No table has an equivalent for the dose in ${named(absent.words?.en, absent.part)}`,
      };
    case 'out-of-range':
      return {
        nb: 'Resultatet er utenfor det mulige',
        sv: 'Resultatet är utanför det möjliga',
        en: 'The result is outside what is possible',
      };
  }
}

function named(words: string | undefined, linkId: string): string {
  return words === undefined ? linkId : `«${words}» (${linkId})`;
}

/** The code of FHIR's data-absent-reason for it. */
export function dataAbsentCode({ reason }: Absent): 'unknown' | 'error' | 'unsupported' {
  switch (reason) {
    case 'too-few-answered':
      return 'unknown';
    case 'not-in-table':
    case 'no-equivalent':
      return 'unsupported';
    default:
      return 'error';
  }
}
