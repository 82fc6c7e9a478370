/**
 * The membership bot for writes that matter only once a course is there: a corrected birth date or referral. A patient's
 * first write has no course yet and need not wait for a bot.
 */
export { handler } from './membership.ts';
