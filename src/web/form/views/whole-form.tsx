import { useMemo } from 'react';
import type { FormFault, FormSession, FormView, ItemView, PageView } from '../contract.ts';
import type { FormWords } from '../words.ts';
import { doseTable } from './dose-table.tsx';
import { ErrorSummary, stopping } from './error-summary.tsx';
import { idsOf, useForm } from './form-context.ts';
import { type Density, FormFrame, isTitled, useFormView } from './form-frame.tsx';
import { Heading } from './heading.tsx';
import { Items } from './items.tsx';
import { misfitsOf } from './misfits.ts';

export interface WholeFormProps {
  readonly session: FormSession;
  readonly words: FormWords;
  readonly readOnly?: boolean;
  /**
   * What checkWhole found when the form was last to be sent: told at the top, where the focus goes each time this is another
   * list.
   */
  readonly faults?: readonly FormFault[];
  /** Of the pages' headings; the app's own heading is above them. 2 by default. */
  readonly level?: number;
  readonly density?: Density;
}

/** More headings than this have a table of contents. */
const CONTENTS_MIN = 3;
const NOTHING: readonly FormFault[] = [];

/** All that stops a form from being sent, typed text that is no answer included. From now on all faults are told. */
export function checkWhole(session: FormSession): readonly FormFault[] {
  return [...misfitsOf(session), ...stopping(session.check())];
}

/** A form as one document: for staff, who know it, and for looking at what was answered. */
export function WholeForm({
  session,
  words,
  readOnly,
  faults = NOTHING,
  level = 2,
  density = 'staff',
}: WholeFormProps) {
  const form = useFormView(session);
  const shown = useMemo(() => form.pages.flatMap(({ items }) => items), [form.pages]);
  return (
    <FormFrame
      session={session}
      words={words}
      density={density}
      readOnly={readOnly}
      table={doseTable}
      shown={shown}
      place=""
    >
      <div className="whole">
        <Contents form={form} />
        <div className="document">
          <ErrorSummary faults={faults} />
          {form.pages.map((page) => (
            <Section key={page.key} page={page} level={level} titled={isTitled(page, form)} />
          ))}
        </div>
      </div>
    </FormFrame>
  );
}

interface SectionProps {
  readonly page: PageView;
  readonly level: number;
  readonly titled: boolean;
}

function Section({ page, level, titled }: SectionProps) {
  const { prefix } = useForm();
  const { label } = idsOf(prefix, `page ${page.key}`);
  if (!titled) return <Items items={page.items} level={level} />;
  return (
    <section className="page" aria-labelledby={label}>
      <Heading level={level} id={label}>
        {page.title}
      </Heading>
      <Items items={page.items} level={level + 1} />
    </section>
  );
}

/** The headings of a long form, to go to: those of its pages, and of the groups of pages that have none. */
function Contents({ form }: { readonly form: FormView }) {
  const { words, prefix } = useForm();
  const headings = form.pages.flatMap((page) =>
    isTitled(page, form)
      ? [{ id: idsOf(prefix, `page ${page.key}`).label, title: page.title }]
      : groupsOf(page.items).map(({ key, text }) => ({ id: idsOf(prefix, key).label, title: text })),
  );
  if (headings.length < CONTENTS_MIN) return null;
  return (
    <nav className="contents" aria-label={words.contents}>
      <ul>
        {headings.map(({ id, title }) => (
          <li key={id}>
            <a
              href={`#${encodeURIComponent(id)}`}
              onClick={(event) => {
                event.preventDefault();
                const heading = document.getElementById(id);
                heading?.scrollIntoView({ block: 'start' });
                heading?.focus({ preventScroll: true });
              }}
            >
              {title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function groupsOf(items: readonly ItemView[]): readonly ItemView[] {
  return items.filter(({ item, text }) => item.type === 'group' && text !== '');
}
