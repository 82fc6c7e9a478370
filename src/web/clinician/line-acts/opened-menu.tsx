import { Menu } from '@mantine/core';
import { Fragment, type ReactElement, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { type CourseWords, useCourseWords } from '../course/words.ts';
import { MoreSign } from '../signs.tsx';
import { type ListWords, useListWords } from '../worklist/words.ts';
import type { Line, LineAct } from './line-acts.ts';
import type { LineMenuProps } from './line-menu.tsx';

interface OpenedMenuProps extends LineMenuProps {
  readonly name: string;
}

/** The menu of a line that has been opened once; it stands in the place of the button that opened it. */
export default function OpenedMenu({ line, actsOf, onAct, name }: OpenedMenuProps): ReactElement {
  const words = useListWords();
  const course = useCourseWords();
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  // the button that was pressed is gone: this one has the focus before the menu opens, and gets it back
  useLayoutEffect(() => button.current?.focus(), []);
  useEffect(() => setOpen(true), []);
  return (
    <Menu
      opened={isOpen}
      onChange={setOpen}
      position="bottom-end"
      returnFocus
      // as menus are: the first line has the focus, and nothing but lines is inside; in the page's own landmark
      withInitialFocusPlaceholder={false}
      portalProps={{ target: '#content' }}
    >
      <Menu.Target>
        <button ref={button} type="button" className="line-more" aria-label={name}>
          <MoreSign />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {isOpen &&
          actsOf(line).map((group, index) => (
            <Fragment key={group[0]?.what}>
              {index > 0 && <Menu.Divider />}
              {group.map((act, at) => {
                const to = wayOf(line, act);
                const text = textOf(act, words, course);
                const isFirst = index === 0 && at === 0;
                return to === undefined ? (
                  <Menu.Item
                    key={text}
                    data-autofocus={isFirst || undefined}
                    onClick={() => onAct(line, act)}
                    {...(act.what === 'remove' && { color: 'red.9' })}
                  >
                    {text}
                  </Menu.Item>
                ) : (
                  <Menu.Item key={text} component={Link} to={to} data-autofocus={isFirst || undefined}>
                    {text}
                  </Menu.Item>
                );
              })}
            </Fragment>
          ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Where an act leads that is done on a page of its own. */
function wayOf({ course, patient }: Line, act: LineAct): string | undefined {
  switch (act.what) {
    case 'patient':
      return `/patient/${patient.id}`;
    case 'new':
      return `/new?patient=${patient.id}`;
    case 'about':
      return `/course/${course}/form/${act.label}`;
    default:
      return undefined;
  }
}

function textOf(act: LineAct, { acts }: ListWords, { act: course }: CourseWords): string {
  switch (act.what) {
    case 'patient':
      return acts.history;
    case 'new':
      return acts.newCourse;
    case 'about':
      return acts.about(act.label);
    case 'order':
      return acts.order(act.title);
    case 'resend':
      return acts.resend(act.title);
    case 'move':
      return course.move;
    case 'remove':
      return course.remove;
    case 'stop':
      return course.stop;
    case 'close':
      return course.closeAll;
  }
}
