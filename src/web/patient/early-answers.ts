type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/**
 * What a person has answered before the script was there: the page shows its first question at once, and its fields work by
 * themselves. To be called before the page is rendered again. @returns answers it again, to the form as it is rendered then
 */
export function earlyAnswers(page: HTMLElement): () => void {
  const before = fieldsOf(page).map((field) => ({ kind: kindOf(field), answer: answerOf(field) }));
  const focused = fieldsOf(page).indexOf(document.activeElement as Field);
  return () => {
    const now = fieldsOf(page);
    // another page or another form: its fields are others
    if (now.length !== before.length || now.some((field, index) => kindOf(field) !== before[index]?.kind)) return;
    for (const [index, field] of now.entries()) answerAgain(field, before[index]?.answer);
    if (focused >= 0) now[focused]?.focus({ preventScroll: true });
  };
}

function fieldsOf(page: HTMLElement): Field[] {
  return [...page.querySelectorAll<Field>('form input, form textarea, form select')];
}

/** What it is, whatever it was called in the server's rendering. */
function kindOf(field: Field): string {
  return `${field.tagName} ${field.type} ${isChoice(field) ? field.value : ''}`;
}

function isChoice({ type }: Field): boolean {
  return type === 'radio' || type === 'checkbox';
}

/** What was changed from what the server rendered; undefined where nothing was. */
function answerOf(field: Field): string | boolean | undefined {
  if (field instanceof HTMLInputElement && isChoice(field)) {
    return field.checked === field.defaultChecked ? undefined : field.checked;
  }
  const rendered = field instanceof HTMLSelectElement ? selectedFirst(field) : field.defaultValue;
  return field.value === rendered ? undefined : field.value;
}

function selectedFirst({ options }: HTMLSelectElement): string {
  return ([...options].find((option) => option.defaultSelected) ?? options[0])?.value ?? '';
}

/** As if the person did it now, so that whoever listens to the field hears of it. */
function answerAgain(field: Field, answer: string | boolean | undefined): void {
  if (typeof answer === 'boolean') {
    // of radio buttons the one that was chosen takes the choice from the others
    if (field instanceof HTMLInputElement && field.checked !== answer && (answer || field.type === 'checkbox'))
      field.click();
  } else if (answer !== undefined && field.value !== answer) {
    field.value = answer;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
  }
}
