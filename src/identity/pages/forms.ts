import { PASSWORD_CHARACTERS_MIN } from '../accounts/password-rules.ts';
import type { RoleChoice } from '../accounts/sign-in-step.ts';
import type { RecordChoice } from '../record-choices.ts';
import { type Html, html } from './html.ts';
import type { Words } from './words.ts';

/** The forms of the pages. Each posts to the page's own address; `action` says which it is. */

/** @param invalid whether what was typed before was refused: the fields then refer to the error */
export function passwordForm(words: Words, login: string, invalid: boolean): Html {
  return html`<form method="post">
${field({ name: 'login', label: words.login, value: login, autocomplete: 'username', invalid, focus: login === '' })}
${field({ name: 'password', label: words.password, type: 'password', autocomplete: 'current-password', invalid, focus: login !== '' })}
${button('password', words.signIn)}
</form>
<p><a href="/account/forgotten">${words.forgotten}</a> · <a href="/account/new">${words.newUser}</a></p>`;
}

export function codeForm(words: Words, by: 'totp' | 'message', invalid: boolean): Html {
  return html`<p>${by === 'totp' ? words.codeByApp : words.codeByMessage}</p>
<form method="post">
${codeField(words.code, invalid)}
${button('code', words.next)}
</form>
<form method="post">
${by === 'message' && quietButton('resend', words.sendAgain)}
${quietButton('restart', words.beginAnew)}
</form>`;
}

export function enrolForm(words: Words, enrolment: { uri: string; secret: string }, invalid: boolean): Html {
  const key = enrolment.secret.replace(/(.{4})(?=.)/g, '$1 ');
  return html`<p>${words.enrolText}</p>
<p><a href="${enrolment.uri}">${words.enrolOpen}</a></p>
<p>${words.enrolKey}<br><span class="key">${key}</span></p>
<form method="post">
${codeField(words.enrolCode, invalid)}
${button('enrol', words.next)}
</form>`;
}

/** @param login for password managers, which keep it with the new password */
export function newPasswordForm(words: Words, login: string, invalid: boolean, present: boolean): Html {
  const rules = html`<p class="hint" id="rules">${words.passwordRules}</p>`;
  const common = { type: 'password', autocomplete: 'new-password', invalid, describedBy: 'rules' } as const;
  return html`<form method="post">
<input type="hidden" name="login" value="${login}" autocomplete="username">
${present && field({ name: 'present', label: words.presentPassword, type: 'password', autocomplete: 'current-password', invalid, focus: true })}
${field({ ...common, name: 'password', label: words.newPassword, hint: rules, minlength: PASSWORD_CHARACTERS_MIN, focus: !present })}
${field({ ...common, name: 'again', label: words.newPasswordAgain })}
${button('new-password', present ? words.changePassword : words.next)}
</form>`;
}

/** @param active the role in use, where there is one */
export function roleForm(words: Words, roles: readonly RoleChoice[], active: string | undefined, submit: string): Html {
  const first = active ?? roles[0]?.id;
  return html`<form method="post">${choice('role', words.role, roles, first)}${button('role', submit)}</form>`;
}

/**
 * Which of a patient's records: by the hospital, and by a number where two have the same. Nothing is chosen beforehand: it
 * is the person's to say.
 * @param active the record in use, where there is one
 */
export function recordForm(
  words: Words,
  records: readonly RecordChoice[],
  active: string | undefined,
  submit: string,
): Html {
  const seen = new Map<string, number>();
  const titled = records.map(({ id, hospitals }) => {
    const name = hospitals.length > 0 ? hospitals.join(', ') : words.recordUnnamed;
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return { id, title: times === 1 ? name : `${name} (${times})` };
  });
  return html`<form method="post">${choice('record', words.record, titled, active)}${button('record', submit)}</form>`;
}

function choice(name: string, legend: string, choices: readonly RoleChoice[], active: string | undefined): Html {
  return html`
<fieldset><legend>${legend}</legend>
${choices.map(
  ({ id, title }) => html`<label class="choice"><input type="radio" name="${name}" value="${id}" required${
    id === active ? html` checked` : ''
  }>${title}</label>
`,
)}</fieldset>
`;
}

export function forgottenForm(words: Words): Html {
  return html`<p>${words.forgottenText}</p>
<form method="post">
${field({ name: 'login', label: words.login, value: '', autocomplete: 'username', invalid: false, focus: true })}
${button('forgotten', words.send)}
</form>
<p><a href="/sign-in">${words.signIn}</a></p>`;
}

export function button(action: string, label: string): Html {
  return html`<button name="action" value="${action}">${label}</button>`;
}

export function quietButton(action: string, label: string): Html {
  return html`<button class="quiet" name="action" value="${action}">${label}</button>`;
}

/** What somebody types who applies for access. */
export interface NewUserFields {
  readonly login: string;
  readonly given: string;
  readonly family: string;
  readonly mobile: string;
  readonly position: string;
  readonly region: string;
  readonly department: string;
  /** `<registry> <hospital>`, as references. */
  readonly place: string;
  readonly role: string;
}

/** @param places registries at hospitals that take part in them, as values of `place` and what people read */
export function newUserForm(words: Words, typed: NewUserFields, places: readonly RoleChoice[], invalid: boolean): Html {
  const text = (name: keyof NewUserFields, label: string, autocomplete: string, more: Partial<Field> = {}): Html =>
    field({ name, label, value: typed[name], autocomplete, invalid, ...more });
  const hint = html`<p class="hint" id="mobile-hint">${words.mobileHint}</p>`;
  const roles = [
    { id: 'lu', title: words.localUser },
    { id: 'lc', title: words.localCoordinator },
  ];
  return html`<p>${words.newUserText}</p>
<form method="post">
${text('login', words.login, 'username', { focus: true })}
${text('given', words.given, 'given-name')}
${text('family', words.family, 'family-name')}
${text('mobile', words.mobile, 'tel', { hint, describedBy: 'mobile-hint' })}
${text('position', words.position, 'organization-title')}
${text('region', words.region, 'off')}
${text('department', words.department, 'off')}
<label for="place">${words.place}</label>
<select id="place" name="place" required>${places.map(
    ({ id, title }) => html`<option value="${id}"${id === typed.place ? html` selected` : ''}>${title}</option>`,
  )}</select>
<fieldset><legend>${words.roleWanted}</legend>
${roles.map(
  ({ id, title }) => html`<label class="choice"><input type="radio" name="role" value="${id}" required${
    id === typed.role ? html` checked` : ''
  }>${title}</label>
`,
)}</fieldset>
${button('apply', words.apply)}
</form>`;
}

function codeField(label: string, invalid: boolean): Html {
  return field({ name: 'code', label, autocomplete: 'one-time-code', inputmode: 'numeric', invalid, focus: true });
}

interface Field {
  readonly name: string;
  readonly label: string;
  readonly type?: 'text' | 'password';
  readonly value?: string;
  readonly autocomplete: string;
  readonly inputmode?: 'numeric';
  readonly minlength?: number;
  readonly hint?: Html;
  readonly describedBy?: string;
  readonly invalid: boolean;
  readonly focus?: boolean;
}

function field({ name, label, type = 'text', value = '', autocomplete, inputmode, hint, ...more }: Field): Html {
  const described = [more.invalid ? 'error' : '', more.describedBy ?? ''].filter((id) => id !== '').join(' ');
  return html`<label for="${name}">${label}</label>
${hint}<input id="${name}" name="${name}" type="${type}" value="${value}" required autocomplete="${autocomplete}"${
    type === 'text' ? html` autocapitalize="none" spellcheck="false"` : ''
  }${inputmode !== undefined && html` inputmode="${inputmode}"`}${
    more.minlength !== undefined && html` minlength="${more.minlength}"`
  }${described !== '' && html` aria-describedby="${described}"`}${more.invalid && html` aria-invalid="true"`}${
    more.focus === true && html` autofocus`
  }>`;
}
