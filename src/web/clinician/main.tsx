import '@mantine/core/styles.css';
import '@medplum/react/styles.css';
import { MantineProvider } from '@mantine/core';
import { MedplumClient } from '@medplum/core';
import { MedplumProvider, SignInForm } from '@medplum/react';
import { createRoot } from 'react-dom/client';

const medplum = new MedplumClient({ baseUrl: `${location.origin}/` });
const nonce = document.querySelector('meta[name=style-nonce]')?.getAttribute('content') ?? undefined;

createRoot(document.getElementById('app')!).render(
  <MedplumProvider medplum={medplum}>
    <MantineProvider getStyleNonce={() => nonce ?? ''}>
      <h1>Svar</h1>
      <SignInForm onSuccess={() => undefined} />
    </MantineProvider>
  </MedplumProvider>,
);
