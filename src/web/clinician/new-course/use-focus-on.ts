import { type RefObject, useEffect } from 'react';

/** Leads the focus to the first field that is told to be wrong, each time something else is. */
export function useFocusOn(within: RefObject<HTMLElement | null>, fault: object | undefined): void {
  useEffect(() => {
    if (fault === undefined) return;
    within.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [within, fault]);
}
