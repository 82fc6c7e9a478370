import type { PageLanguage } from '../pages/language.ts';
import type { RefusalReason } from './upstream-refused.ts';

/** What people read who come back from an identity provider. */
export interface UpstreamWords {
  readonly refusedTitle: string;
  readonly refusal: Readonly<Record<RefusalReason, string>>;
  readonly again: string;
  readonly signedIn: string;
  readonly goOn: string;
}

const all: Readonly<Record<PageLanguage, UpstreamWords>> = {
  nb: {
    refusedTitle: 'Du ble ikke logget inn',
    refusal: {
      unavailable: 'Innloggingstjenesten svarer ikke som den skal akkurat nå. Prøv igjen om litt.',
      cancelled: 'Du avbrøt innloggingen.',
      lost: 'Innloggingen tok for lang tid, ble startet i et annet vindu eller er allerede brukt. Begynn på nytt.',
      'not-trusted': 'Svaret fra innloggingstjenesten kunne ikke kontrolleres. Begynn på nytt.',
      'too-weak': 'Du må logge inn på et høyere sikkerhetsnivå, for eksempel med BankID.',
      'unknown-person': 'Vi finner deg ikke her. Spør sykehuset som ba deg svare, eller koordinatoren din.',
      'no-role': 'Du har ingen tilgang ved sykehuset du logget inn for. Du kan søke om tilgang hos koordinatoren der.',
    },
    again: 'Til innlogging',
    signedIn: 'Du er logget inn',
    goOn: 'Gå videre',
  },
  nn: {
    refusedTitle: 'Du vart ikkje logga inn',
    refusal: {
      unavailable: 'Innloggingstenesta svarar ikkje som ho skal akkurat no. Prøv igjen om litt.',
      cancelled: 'Du avbraut innlogginga.',
      lost: 'Innlogginga tok for lang tid, vart starta i eit anna vindauge eller er alt brukt. Byrj på nytt.',
      'not-trusted': 'Svaret frå innloggingstenesta kunne ikkje kontrollerast. Byrj på nytt.',
      'too-weak': 'Du må logge inn på eit høgare tryggingsnivå, til dømes med BankID.',
      'unknown-person': 'Vi finn deg ikkje her. Spør sjukehuset som bad deg svare, eller koordinatoren din.',
      'no-role': 'Du har ingen tilgang ved sjukehuset du logga inn for. Du kan søkje om tilgang hos koordinatoren der.',
    },
    again: 'Til innlogging',
    signedIn: 'Du er logga inn',
    goOn: 'Gå vidare',
  },
  sv: {
    refusedTitle: 'Du loggades inte in',
    refusal: {
      unavailable: 'Inloggningstjänsten svarar inte som den ska just nu. Försök igen om en stund.',
      cancelled: 'Du avbröt inloggningen.',
      lost: 'Inloggningen tog för lång tid, började i ett annat fönster eller har redan använts. Börja om.',
      'not-trusted': 'Svaret från inloggningstjänsten kunde inte kontrolleras. Börja om.',
      'too-weak': 'Du måste logga in på en högre säkerhetsnivå, till exempel med BankID.',
      'unknown-person': 'Vi hittar dig inte här. Fråga sjukhuset som bad dig svara, eller din koordinator.',
      'no-role':
        'Du har ingen behörighet vid sjukhuset du loggade in för. Du kan ansöka om behörighet hos koordinatorn där.',
    },
    again: 'Till inloggning',
    signedIn: 'Du är inloggad',
    goOn: 'Gå vidare',
  },
  en: {
    refusedTitle: 'You were not signed in',
    refusal: {
      unavailable: 'The sign-in service does not answer as it should right now. Try again in a while.',
      cancelled: 'You went back without signing in.',
      lost: 'The sign-in took too long, began in another window or was used before. Begin again.',
      'not-trusted': 'The answer of the sign-in service could not be verified. Begin again.',
      'too-weak': 'You have to sign in at a higher level of security.',
      'unknown-person': 'We do not find you here. Ask the hospital that wants your answers, or your coordinator.',
      'no-role': 'You have no access at the hospital that you signed in for. You can apply to the coordinator there.',
    },
    again: 'To sign-in',
    signedIn: 'You are signed in',
    goOn: 'Go on',
  },
};

export function upstreamWords(language: PageLanguage): UpstreamWords {
  return all[language];
}
