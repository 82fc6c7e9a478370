import '@mantine/core/styles.css';
import '@medplum/react/styles.css';
import './clinician.css';
import { MantineProvider } from '@mantine/core';
import { MedplumProvider } from '@medplum/react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { App } from './app.tsx';
import { openClient, serverOf } from './client.ts';
import { attendance } from './session/attendance.ts';
import { endOf, signInAgain } from './session/session-end.ts';
import { cssVariables, theme } from './theme.ts';
import { WordsProvider } from './words/words-provider.tsx';

const server = serverOf(document, location.origin);
const end = endOf();
const medplum = openClient(
  server,
  () => (server.signIn === 'session' ? signInAgain(location) : end.tell()),
  attendance(window, () => Date.now()),
);
const nonce = document.querySelector('meta[name=style-nonce]')?.getAttribute('content') ?? '';

createRoot(document.getElementById('app')!).render(
  <MedplumProvider medplum={medplum}>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      forceColorScheme="light"
      getStyleNonce={() => nonce}
    >
      <WordsProvider>
        <BrowserRouter basename="/clinician">
          <App signIn={server.signIn} end={end} />
        </BrowserRouter>
      </WordsProvider>
    </MantineProvider>
  </MedplumProvider>,
);
