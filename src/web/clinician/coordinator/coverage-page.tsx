import type { ReactElement } from 'react';
import { CountsPage } from './counts-page.tsx';

/** How much of what should be registered is, in per cent (manual 1.8, "Innleverte registreringer"). */
export default function CoveragePage(): ReactElement {
  return <CountsPage shows="coverage" />;
}
