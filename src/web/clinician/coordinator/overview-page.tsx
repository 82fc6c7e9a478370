import type { ReactElement } from 'react';
import { CountsPage } from './counts-page.tsx';

/** The server draws no more of them: docs/coordinator.md. */
const MONTHS_MAX = 36;

/** The simple charts of a hospital's registrations (manual 1.8, "Lokal oversikt"). */
export default function OverviewPage(): ReactElement {
  return <CountsPage shows="overview" monthsMax={MONTHS_MAX} />;
}
