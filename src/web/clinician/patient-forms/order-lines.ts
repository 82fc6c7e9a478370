import type { Task } from '@medplum/fhirtypes';
import { type OrderStatus, occurrenceOf, orderStatus } from '../../../registry/order.ts';
import { bare } from '../../../registry/protocol.ts';
import type { FormLanguage } from '../../form/contract.ts';
import { isOrderStatus, ORDER_STATES, textOfConcept } from '../course/patient-forms.ts';
import { titleIn } from '../course/title-in.ts';
import type { Registry } from '../registries.ts';
import { saysTheSame } from '../worklist/kept-rows.ts';
import { type Registration, versionOf } from '../worklist/registration.ts';
import { type Filter, filtered, type SortKey, sorted, sortedBy } from '../worklist/sorting.ts';

/** A form that a registry sends to patients: a column of the list. */
export interface FormColumn {
  /** What its orders instantiate: the canonical of the registry, `#`, the id of its action. */
  readonly id: `${string}#${string}`;
  /** The protocol's label: HADS, OPIOID …, by which the form is found in a course. */
  readonly label: string;
  readonly title: string;
  readonly paper: boolean;
}

/** Where a form of the patient stands in a course, by its latest order. */
export interface OrderStanding {
  readonly column: FormColumn;
  readonly state: OrderStatus;
  /** Why, in the registry's words. */
  readonly why: string | undefined;
}

/** A course with the forms that its patient gets. */
export interface OrderLine extends Registration {
  readonly orders: readonly OrderStanding[];
}

/** Whether two readings of a line show the same, in the same language. */
export function showsTheSame(a: OrderLine, b: OrderLine): boolean {
  return saysTheSame(a, b) && a.orders.every(({ column }, index) => column === b.orders[index]?.column);
}

/** The columns that registries ask for, in the order in which they send; titled in a language as far as they are written in it. */
export function columnsOf(registries: readonly Registry[], language: FormLanguage): FormColumn[] {
  return registries.flatMap(({ plan, protocol }) =>
    protocol.schedule.map(({ id, title, questionnaire, paper }) => ({
      id: `${protocol.url}#${id}` as const,
      label: protocol.forms.find((form) => form.questionnaire === bare(questionnaire))?.label ?? id,
      title: titleIn(plan.action?.find((action) => action.id === id) ?? {}, plan.language, language) ?? title,
      paper: paper !== undefined,
    })),
  );
}

/** The courses in which a patient gets forms: those that have orders. @param orders of all of them, in any order */
export function orderLines(
  registrations: readonly Registration[],
  orders: readonly Task[],
  columns: readonly FormColumn[],
): OrderLine[] {
  const latest = latestOrders(orders);
  return registrations.flatMap((registration) => {
    const own = columns.filter(({ id }) => id.startsWith(`${registration.task.instantiatesCanonical}#`));
    const found = own.flatMap((column) => {
      const order = latest.get(`${registration.course} ${column.id}`);
      const state = order && orderStatus(order);
      return order === undefined || !isOrderStatus(state) ? [] : [{ column, order, state }];
    });
    if (found.length === 0) return [];
    return [
      {
        ...registration,
        version: [registration.version, ...found.map(({ order }) => versionOf(order))].join(', '),
        orders: found.map(({ column, order, state }) => ({ column, state, why: textOfConcept(order.statusReason) })),
      },
    ];
  });
}

/** The latest order of each form of each course. */
function latestOrders(orders: readonly Task[]): ReadonlyMap<string, Task> {
  const latest = new Map<string, Task>();
  for (const order of orders) {
    const key = `${order.focus?.reference?.split('/')[1]} ${order.instantiatesUri}`;
    const known = latest.get(key);
    if (known === undefined || occurrenceOf(order) > occurrenceOf(known)) latest.set(key, order);
  }
  return latest;
}

export interface LineSorting {
  /** What all lists have, or the id of a column. */
  readonly key: SortKey | FormColumn['id'];
  readonly descending: boolean;
}

/** Forms are sorted as they go: from what cannot be sent yet to what is over. */
export function sortedLines(
  lines: readonly OrderLine[],
  { key, descending }: LineSorting,
  locale: string,
): OrderLine[] {
  if (!isColumn(key)) return sorted(lines, { key, descending }, locale);
  const rank = ({ orders }: OrderLine): string => {
    const state = orders.find(({ column }) => column.id === key)?.state;
    return state === undefined ? '' : String(ORDER_STATES.indexOf(state));
  };
  return sortedBy(lines, rank, descending, locale);
}

function isColumn(key: LineSorting['key']): key is FormColumn['id'] {
  return key.includes('#');
}

export interface LineFilter extends Filter {
  /** Only courses of which a form stands so; '' for all. */
  readonly state: string;
}

/** The lines that meet every part of the filter, in their order. */
export function filteredLines(lines: readonly OrderLine[], filter: LineFilter): OrderLine[] {
  return filtered(lines, filter).filter(
    ({ orders }) => filter.state === '' || orders.some(({ state }) => state === filter.state),
  );
}

/** The states that lines have, as they go. */
export function statesOf(lines: readonly OrderLine[]): OrderStatus[] {
  const there = new Set(lines.flatMap(({ orders }) => orders.map(({ state }) => state)));
  return ORDER_STATES.filter((state) => there.has(state));
}
