import { render } from 'preact';
import { App } from './app.tsx';
import { earlyAnswers } from './early-answers.ts';
import { keepAppOffline } from './network/offline-app.ts';
import { preparedPage } from './prepared.ts';
import { routeOf } from './route.ts';
import '../form/form.css';
import './patient.css';

/** A function, as a script that awaits on its own would be cut into a dozen files by the build. */
async function begin(page: HTMLElement): Promise<void> {
  const route = routeOf(location);
  // what the page came with shows already; without it, or where something fails, the app asks for itself and tells
  const prepared = await preparedPage(route).catch(() => undefined);
  const answerAgain = earlyAnswers(page);
  // over what is there, which stays where it is the same
  render(<App route={route} prepared={prepared} />, page);
  answerAgain();
  keepAppOffline();
}

void begin(document.getElementById('app')!);
