import { useEffect } from 'react';
import { useNavigate } from 'react-router';
import type { FormKeeper } from './keeping.ts';
import { useCourseWords } from './words.ts';

const APP = '/clinician/';

/**
 * Answers that are stored nowhere are not lost by going elsewhere: a link is followed once they are saved, or the person says
 * so; a window that is closed asks.
 */
export function useGuard(keeper: FormKeeper | undefined, automatic: boolean): void {
  const words = useCourseWords();
  const navigate = useNavigate();
  useEffect(() => {
    if (keeper === undefined) return;
    const closing = (event: BeforeUnloadEvent): void => {
      if (keeper.isChanged) event.preventDefault();
    };
    const following = (event: MouseEvent): void => {
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      const isElsewhere = link === null || link.target !== '' || link.origin !== location.origin || link.hash !== '';
      if (isElsewhere || event.ctrlKey || event.metaKey || event.shiftKey || !keeper.isChanged) return;
      const { pathname, search, href } = link;
      event.preventDefault();
      event.stopPropagation();
      void (automatic ? keeper.flush() : Promise.resolve(false)).then((kept) => {
        if (!kept && !window.confirm(words.form.leave)) return;
        if (pathname.startsWith(APP)) void navigate(pathname.slice(APP.length - 1) + search);
        else location.assign(href);
      });
    };
    window.addEventListener('beforeunload', closing);
    window.addEventListener('click', following, true);
    return () => {
      window.removeEventListener('beforeunload', closing);
      window.removeEventListener('click', following, true);
    };
  }, [keeper, automatic, navigate, words]);
}
