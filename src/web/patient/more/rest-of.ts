import type { WaitingOrder } from '../contract.ts';

/** What is left of a sitting: the orders beside one, as the server has ordered them, and the minutes that they take about. */
export function restOf(
  orders: readonly WaitingOrder[],
  done: string,
): { readonly orders: readonly WaitingOrder[]; readonly minutes: number } {
  const rest = orders.filter(({ id, remindAt }) => id !== done && remindAt === undefined);
  return { orders: rest, minutes: rest.reduce((sum, { minutes }) => sum + minutes, 0) };
}
