import { account } from './account.ts';
import { coverage } from './administration/coverage.ts';
import { delivered } from './administration/delivered.ts';
import { department } from './administration/department.ts';
import { files } from './administration/files.ts';
import { find } from './administration/find.ts';
import { location } from './administration/location.ts';
import { overview } from './administration/overview.ts';
import { patientForms } from './administration/patient-forms.ts';
import { referralsCount } from './administration/referrals-count.ts';
import { worklist } from './administration/worklist.ts';
import { audit } from './audit.ts';
import { client } from './client.ts';
import type { Command } from './command.ts';
import { demo } from './demo.ts';
import { exportForm } from './export-form.ts';
import { keys } from './keys.ts';
import { load } from './load.ts';
import { loadText } from './load-text.ts';
import { providerKey } from './provider-key.ts';
import { rescore } from './rescore.ts';
import { serve } from './serve.ts';
import { texts } from './texts.ts';

/** The commands, by name, in the order in which `--help` tells them. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  serve,
  load,
  'load-text': loadText,
  texts,
  'export-form': exportForm,
  rescore,
  client,
  keys,
  'provider-key': providerKey,
  audit,
  account,
  department,
  location,
  worklist,
  'patient-forms': patientForms,
  delivered,
  find,
  coverage,
  'referrals-count': referralsCount,
  overview,
  files,
  demo,
};
