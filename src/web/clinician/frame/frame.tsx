import { AppShell, Burger, Group, NativeSelect, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactElement, type ReactNode, useEffect } from 'react';
import { NavLink, useLocation } from 'react-router';
import { useWho } from '../session/who-context.ts';
import { appLanguage, LANGUAGES } from '../words/language.ts';
import { useChooseLanguage, useLanguage, useWords } from '../words/words-context.ts';
import { DESTINATIONS } from './navigation.ts';

interface FrameProps {
  /** Leads to roles, password and sign-out. */
  readonly account: ReactNode;
  readonly children: ReactNode;
}

/** What is around every page: who works where in which role, the language, and the ways to go. */
export function Frame({ account, children }: FrameProps): ReactElement {
  const words = useWords();
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: closed whenever a line of the menu led somewhere
  useEffect(() => close(), [pathname]);
  return (
    <>
      <a className="skip-link" href="#content">
        {words.frame.skip}
      </a>
      <AppShell
        header={{ height: 56 }}
        navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
        padding="md"
      >
        <AppShell.Header className="header">
          <Group gap="sm" wrap="nowrap" h="100%" px="md" justify="space-between">
            <Group gap="sm" wrap="nowrap">
              <Burger
                opened={isOpen}
                onClick={toggle}
                hiddenFrom="sm"
                size="sm"
                aria-label={isOpen ? words.frame.closeMenu : words.frame.openMenu}
                aria-expanded={isOpen}
                aria-controls="menu"
              />
              <NavLink to="/" className="brand">
                Svar
              </NavLink>
              <Place />
            </Group>
            <Group gap="sm" wrap="nowrap">
              <LanguageSwitch />
              {account}
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar id="menu" p="xs" aria-label={words.frame.menu} className="menu">
          <Menu />
        </AppShell.Navbar>
        <AppShell.Main id="content" tabIndex={-1}>
          {children}
        </AppShell.Main>
      </AppShell>
    </>
  );
}

function Place(): ReactElement {
  const words = useWords();
  const { hospital, role, roleTitle } = useWho();
  return (
    <div className="place">
      <Text size="sm" fw={600} lineClamp={1}>
        {hospital?.name ?? words.frame.noHospital}
      </Text>
      <Text size="xs" c="dimmed" lineClamp={1}>
        {words.role(role) ?? roleTitle}
      </Text>
    </div>
  );
}

function LanguageSwitch(): ReactElement {
  const words = useWords();
  const language = useLanguage();
  const choose = useChooseLanguage();
  return (
    <NativeSelect
      size="xs"
      aria-label={words.frame.language}
      className="language"
      value={language}
      onChange={({ currentTarget }) => choose(appLanguage(currentTarget.value) ?? language)}
    >
      {Object.entries(LANGUAGES).map(([tag, name]) => (
        <option key={tag} value={tag} lang={tag}>
          {name}
        </option>
      ))}
    </NativeSelect>
  );
}

function Menu(): ReactElement {
  const words = useWords();
  const who = useWho();
  const offered = DESTINATIONS.filter(({ isFor, needs }) => isFor(who) && (needs === undefined || who.serves(needs)));
  return (
    <>
      {(['work', 'coordination'] as const).map((group) => {
        const lines = offered.filter((line) => line.group === group);
        return (
          lines.length > 0 && (
            <div key={group}>
              <Text id={`menu-${group}`} className="menu-group">
                {words.menuGroup[group]}
              </Text>
              <ul className="menu-lines" aria-labelledby={`menu-${group}`}>
                {lines.map(({ path, word }) => (
                  <li key={path}>
                    <NavLink to={`/${path}`} end={path === ''} className="menu-line">
                      {words.menu[word]}
                    </NavLink>
                  </li>
                ))}
              </ul>
            </div>
          )
        );
      })}
    </>
  );
}
