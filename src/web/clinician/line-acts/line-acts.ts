import { mayCloseAll, mayStop, patientOffers, type Rights, rightsOf } from '../course/offers.ts';
import { formsOfPatient } from '../course/staff-forms.ts';
import type { OrderStanding } from '../patient-forms/order-lines.ts';
import type { Registry } from '../registries.ts';
import type { Who } from '../session/who.ts';
import type { Registration } from '../worklist/registration.ts';

/** A list that offers acts on its lines. */
export type ListKind = 'worklist' | 'patient-forms' | 'delivered';

/** A line, with the patient's forms where the list shows them. */
export type Line = Registration & { readonly orders?: readonly OrderStanding[] };

/** What may be done from a line. */
export type LineAct =
  | { readonly what: 'patient' | 'new' | 'move' | 'remove' | 'stop' | 'close' }
  /** A form about the patient, such as PO. */
  | { readonly what: 'about'; readonly label: string }
  | { readonly what: 'order' | 'resend'; readonly label: string; readonly title: string };

/** What the role may do, as far as lines ask. */
export interface LineRights extends Rights {
  readonly seesPatients: boolean;
  /** Begins courses, at a hospital. */
  readonly begins: boolean;
}

export function lineRightsOf(who: Pick<Who, 'may' | 'serves' | 'opensLinks' | 'hospital'>): LineRights {
  return {
    ...rightsOf(who),
    seesPatients: who.may('read', 'Patient'),
    begins: who.hospital !== undefined && who.may('create', 'EpisodeOfCare'),
  };
}

/**
 * What a line offers, in groups, as the manual has it (1.8, "Arbeidsliste", "Pasientregistreringer"): the patient's history, a
 * new course and the patient's data from every list; moving and removing from the worklist; the patient's forms from theirs.
 * What a list cannot know (a form that the patient has begun, an answer from paper) the dialog tells, by the server's refusal.
 */
export function lineActs(
  line: Line,
  list: ListKind,
  rights: LineRights,
  registries: readonly Registry[],
): readonly (readonly LineAct[])[] {
  const plan = registries.find(({ protocol }) => protocol.url === line.task.instantiatesCanonical)?.plan;
  const about = plan === undefined ? [] : formsOfPatient(plan);
  const groups: readonly (readonly LineAct[])[] = [
    [
      ...(rights.seesPatients ? [{ what: 'patient' } as const] : []),
      ...(rights.begins ? [{ what: 'new' } as const] : []),
      ...about.map(({ label }) => ({ what: 'about', label }) as const),
    ],
    list === 'patient-forms' ? formActs(line.orders ?? [], rights) : [],
    list === 'worklist'
      ? [
          ...(rights.moves ? [{ what: 'move' } as const] : []),
          ...(mayBeRemoved(line, rights) ? [{ what: 'remove' } as const] : []),
        ]
      : [],
  ];
  return groups.filter((group) => group.length > 0);
}

function formActs(orders: readonly OrderStanding[], rights: LineRights): LineAct[] {
  const patientForms = orders.map(({ column, state }) => ({
    ...{ column, state, paper: column.paper, response: undefined, begun: undefined },
  }));
  const sent = patientForms.flatMap((form) => {
    const what = patientOffers(form, rights).find((offer) => offer === 'order' || offer === 'resend');
    return what === undefined ? [] : [{ what, label: form.column.label, title: form.column.title }];
  });
  return [
    ...sent,
    ...(mayStop({ patientForms }, rights) ? [{ what: 'stop' } as const] : []),
    ...(mayCloseAll({ patientForms }, rights) ? [{ what: 'close' } as const] : []),
  ];
}

/** A course is taken away while nothing of it is locked. */
function mayBeRemoved({ forms }: Line, { removes }: LineRights): boolean {
  return removes && forms.every(({ state }) => state !== 'completed');
}
