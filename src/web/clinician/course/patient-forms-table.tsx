import { Button } from '@mantine/core';
import type { Observation } from '@medplum/fhirtypes';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import { bare } from '../../../registry/protocol.ts';
import { PenSign } from '../signs.tsx';
import { LOCALES } from '../words/language.ts';
import { useLanguage } from '../words/words-context.ts';
import type { Asked } from './acts.ts';
import type { CourseView, PatientForm } from './course.ts';
import { mayCloseAll, mayStop, patientOffers, type Rights } from './offers.ts';
import { OrderMark } from './state-mark.tsx';
import { useCourseWords } from './words.ts';

interface TableProps {
  readonly view: CourseView;
  readonly rights: Rights;
  readonly base: string;
  readonly onAsk: (asked: Asked) => void;
}

/** An instant as people write it, without seconds. */
export function instantText(at: string | undefined, locale: string, timeZone: string): string {
  if (at === undefined) return '';
  return new Date(at).toLocaleString(locale, { dateStyle: 'short', timeStyle: 'short', timeZone });
}

/** The forms of the patient: how each stands, until when, what came of it, and what staff may do. */
export function PatientFormsTable({ view, rights, base, onAsk }: TableProps): ReactElement {
  const words = useCourseWords();
  return (
    <div>
      <div className="course-form-head">
        <h2 id="patients-forms">{words.patientForms}</h2>
        <div className="course-acts">
          {mayStop(view, rights) && (
            <Button size="xs" variant="default" onClick={() => onAsk({ what: 'stop' })}>
              {words.act.stop}
            </Button>
          )}
          {mayCloseAll(view, rights) && (
            <Button size="xs" variant="default" onClick={() => onAsk({ what: 'close' })}>
              {words.act.closeAll}
            </Button>
          )}
        </div>
      </div>
      {view.patientForms.length === 0 ? (
        <p>{words.noPatientForms}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways on a narrow screen is reached by keyboard too
        <section className="course-scroll" tabIndex={0} aria-labelledby="patients-forms">
          <table className="course-table of-patient">
            <thead>
              <tr>
                {(
                  [
                    words.table.form,
                    words.table.state,
                    words.table.sent,
                    words.table.deadline,
                    words.table.actions,
                  ] as const
                ).map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {view.patientForms.map((form) => (
                <Row key={form.label} form={form} view={view} rights={rights} base={base} onAsk={onAsk} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  );
}

function Row({ form, view, rights, base, onAsk }: TableProps & { readonly form: PatientForm }): ReactElement {
  const words = useCourseWords();
  const locale = LOCALES[useLanguage()];
  const zone = view.data.registries[0]?.protocol.zone ?? 'UTC';
  const { state, order, why } = form;
  const { start, end } = order.restriction?.period ?? {};
  const waits = !['answered', 'expired', 'closed', 'stopped', 'refused'].includes(state);
  const [sent, until] = waits ? [instantText(start, locale, zone), instantText(end, locale, zone)] : ['', ''];
  return (
    <tr data-form={form.label} data-state={state}>
      <th scope="row">
        <Link to={`${base}/form/${form.label}`}>{form.title}</Link>
      </th>
      <td>
        <OrderMark state={state} />
        {why !== undefined && <div>{why}</div>}
        {form.begun !== undefined && <div>{words.begun}</div>}
        <Scores scores={form.scores} />
        {form.notes.length > 0 && (
          <div className="course-mark">
            <span aria-hidden="true" className="course-sign">
              <PenSign />
            </span>
            {form.notes.at(-1)}
          </div>
        )}
      </td>
      <td {...(sent !== '' && { 'data-head': words.table.sent })}>
        {sent}
        {form.channel !== undefined && <div>{words.channel[form.channel] ?? form.channel}</div>}
      </td>
      <td {...(until !== '' && { 'data-head': words.table.deadline })}>{until}</td>
      <td>
        <PatientActs form={form} view={view} rights={rights} base={base} onAsk={onAsk} />
      </td>
    </tr>
  );
}

/** What staff may do with one form of the patient. */
export function PatientActs({ form, rights, base, onAsk }: TableProps & { readonly form: PatientForm }): ReactElement {
  const words = useCourseWords();
  const language = useLanguage();
  const offers = patientOffers(form, rights);
  const named = (act: string) => ({ 'aria-label': words.act.of(act.replace(/ …$/, ''), form.title) });
  const printed = new URLSearchParams({ url: bare(form.questionnaire), language });
  return (
    <div className="course-acts">
      {/* one button for both: the focus stays on it when the form is sent */}
      {(offers.includes('order') || offers.includes('resend')) && (
        <Button
          size="compact-sm"
          variant={offers.includes('order') ? 'filled' : 'default'}
          {...named(offers.includes('order') ? words.act.order : words.act.resend)}
          onClick={() => onAsk({ what: 'order', form })}
        >
          {offers.includes('order') ? words.act.order : words.act.resend}
        </Button>
      )}
      {offers.includes('paper') && (
        <Button
          component={Link}
          to={`${base}/form/${form.label}`}
          size="compact-sm"
          variant="default"
          {...named(words.act.paper)}
        >
          {words.act.paper}
        </Button>
      )}
      {form.state === 'answered' && (
        <Button
          component={Link}
          to={`${base}/form/${form.label}`}
          size="compact-sm"
          variant="default"
          {...named(words.act.read)}
        >
          {words.act.read}
        </Button>
      )}
      {offers.includes('reopen') && (
        <Button
          size="compact-sm"
          variant="default"
          {...named(words.act.reopen)}
          onClick={() => onAsk({ what: 'reopen', title: form.title, form })}
        >
          {words.act.reopen}
        </Button>
      )}
      {offers.includes('print') && (
        <Button
          component="a"
          href={`/fhir/R4/Questionnaire/$print?${printed}`}
          target="_blank"
          rel="noreferrer"
          size="compact-sm"
          variant="default"
          {...named(words.act.printShort)}
        >
          {words.act.printShort}
        </Button>
      )}
      {offers.includes('note') && (
        <Button
          size="compact-sm"
          variant="default"
          {...named(words.act.noteShort)}
          onClick={() => onAsk({ what: 'note', form })}
        >
          {words.act.noteShort}
        </Button>
      )}
    </div>
  );
}

/** As many as the finest index has. */
const DECIMALS_MAX = 3;

/** Scores in brief: what it is called, the number, the band. */
export function Scores({ scores }: { readonly scores: readonly Observation[] }): ReactElement | null {
  const locale = LOCALES[useLanguage()];
  if (scores.length === 0) return null;
  return (
    <ul className="course-scores">
      {scores.map((score) => (
        <li key={score.id}>{scoreText(score, locale)}</li>
      ))}
    </ul>
  );
}

function scoreText(
  { code, valueQuantity, valueString, interpretation, dataAbsentReason }: Observation,
  locale: string,
): string {
  const name = code?.coding?.[0]?.display ?? code?.text ?? code?.coding?.[0]?.code ?? '';
  const value = valueQuantity?.value?.toLocaleString(locale, { maximumFractionDigits: DECIMALS_MAX }) ?? valueString;
  if (value === undefined) {
    const absent = dataAbsentReason?.text ?? dataAbsentReason?.coding?.[0]?.display ?? '–';
    return `${name}: ${absent}`;
  }
  const band = interpretation?.[0]?.text ?? interpretation?.[0]?.coding?.[0]?.display;
  return `${name}: ${value}${band === undefined ? '' : ` (${band})`}`;
}
