import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import type { FormLanguage } from '../form/contract.ts';
import { go } from './navigation.ts';
import { addressOf, type Route } from './route.ts';
import { LANGUAGES, type Words } from './words.ts';

interface FrameProps {
  readonly words: Words;
  readonly language: FormLanguage;
  readonly route: Route;
  /** Whether the pages of who has signed in are offered. */
  readonly pages: boolean;
  readonly onLanguage: (language: FormLanguage) => void;
  readonly onEnd: (() => void) | undefined;
  readonly children: ReactNode;
}

/** What stands around every view: the way past it, the language, the way out, the other pages. */
export function Frame({ words, language, route, pages, onLanguage, onEnd, children }: FrameProps) {
  return (
    <>
      <a className="skip" href="#main">
        {words.skip}
      </a>
      <header>
        <p className="brand">{pages ? <Link to={{ at: 'home' }}>Svar</Link> : 'Svar'}</p>
        <div className="tools">
          <LanguageSwitch words={words} language={language} onLanguage={onLanguage} />
          {onEnd && (
            <button type="button" className="plain" onClick={onEnd}>
              {words.end}
            </button>
          )}
        </div>
      </header>
      {pages && route.at !== 'order' && (
        <nav aria-label={words.menu}>
          <ul>
            {(['home', 'results', 'consent'] as const).map((at) => (
              <li key={at}>
                <Link to={{ at }} current={route.at === at}>
                  {words[at]}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      )}
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

interface LinkProps {
  readonly to: Route;
  readonly current?: boolean;
  readonly className?: string;
  /** Id of what says more about where it leads. */
  readonly describedBy?: string;
  readonly children: ReactNode;
}

/** A link inside the app; what is opened in a window of its own is loaded there. */
export function Link({ to, current = false, className, describedBy, children }: LinkProps) {
  return (
    <a
      className={className}
      href={addressOf(to)}
      aria-current={current ? 'page' : undefined}
      aria-describedby={describedBy}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        go(to);
      }}
    >
      {children}
    </a>
  );
}

/** The languages by their own names, each in its language. */
function LanguageSwitch({ words, language, onLanguage }: Pick<FrameProps, 'words' | 'language' | 'onLanguage'>) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = useCallback(() => {
    setOpen(false);
    button.current?.focus();
  }, []);
  useEffect(() => {
    if (!open) return;
    const away = (event: Event) => {
      if (event.target instanceof Node && box.current?.contains(event.target) !== true) setOpen(false);
    };
    const escaped = ({ key }: KeyboardEvent) => {
      if (key === 'Escape') close();
    };
    addEventListener('pointerdown', away);
    addEventListener('focusin', away);
    addEventListener('keydown', escaped);
    return () => {
      removeEventListener('pointerdown', away);
      removeEventListener('focusin', away);
      removeEventListener('keydown', escaped);
    };
  }, [open, close]);
  return (
    <div className="languages" ref={box}>
      <button
        ref={button}
        type="button"
        className="plain"
        aria-expanded={open}
        aria-controls="languages"
        onClick={() => setOpen(!open)}
      >
        <span className="hidden">{words.language}: </span>
        {LANGUAGES[language]}
      </button>
      <ul id="languages" hidden={!open}>
        {(Object.keys(LANGUAGES) as FormLanguage[]).map((each) => (
          <li key={each}>
            <button
              type="button"
              lang={each}
              aria-pressed={each === language}
              onClick={() => {
                onLanguage(each);
                close();
              }}
            >
              {LANGUAGES[each]}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
