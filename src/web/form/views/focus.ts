/** Fields and buttons where a question is answered; not those that explain it. */
function controlsIn(element: Element): readonly HTMLElement[] {
  const all = element.querySelectorAll<HTMLElement>('input, select, textarea, summary, button, [tabindex="0"]');
  return [...all].filter(
    (control) => !control.matches('.help, .clear, [tabindex="-1"]') && !control.closest('[hidden]'),
  );
}

/** The focus to the first thing in it that can be used, where there is one. */
export function focusFirstControl(element: Element | null | undefined): void {
  const [first] = element ? controlsIn(element) : [];
  first?.focus();
}

/**
 * Brings a question on screen and the focus to where it is answered: to what is chosen of it, else to its first control.
 * @param id idsOf(…).question
 */
export function focusQuestion(id: string): void {
  const question = document.getElementById(id);
  if (question === null) return;
  const controls = controlsIn(question);
  const chosen = controls.find((control) => control instanceof HTMLInputElement && control.checked);
  question.scrollIntoView({ block: 'start' });
  (chosen ?? controls[0])?.focus({ preventScroll: true });
}
