import type { ItemView } from '../contract.ts';
import { Faults } from './faults.tsx';
import { idsOf, useForm } from './form-context.ts';
import { Heading } from './heading.tsx';
import { Items } from './items.tsx';
import { LikertTable } from './likert-table.tsx';
import { Head } from './question.tsx';
import { Rows } from './rows.tsx';

interface GroupProps {
  readonly view: ItemView;
  readonly level: number;
}

/** Questions that belong together, under a heading where they have one. */
export function Group({ view, level }: GroupProps) {
  const { prefix } = useForm();
  const ids = idsOf(prefix, view.key);
  const named = view.text !== '';
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a table or a grid
    <section
      id={ids.question}
      className={`group is-${view.control}`}
      role="group"
      aria-labelledby={named ? ids.label : undefined}
    >
      {named && (
        <Head view={view}>
          <Heading level={level} id={ids.label}>
            {view.text}
          </Heading>
        </Head>
      )}
      <Faults view={view} id={ids.faults} />
      <Inside view={view} level={level + 1} />
    </section>
  );
}

function Inside({ view, level }: GroupProps) {
  const { table } = useForm();
  if (view.rows !== undefined) return <Rows view={view} rows={view.rows} level={level} />;
  if (view.control === 'table') return <LikertTable items={view.children} level={level} />;
  return table?.(view, level) ?? <Items items={view.children} level={level} />;
}
