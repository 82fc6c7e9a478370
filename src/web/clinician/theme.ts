import { type CSSVariablesResolver, createTheme } from '@mantine/core';

/**
 * Mantine with the contrast that WCAG 2.2 AA asks for: texts 4.5:1 on white, borders of what is filled in 3:1. Numbers
 * are as wide as each other, as columns of them are read down.
 */
export const theme = createTheme({
  primaryColor: 'blue',
  primaryShade: 8,
  autoContrast: true,
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif",
  headings: {
    fontWeight: '650',
    sizes: { h1: { fontSize: '1.5rem' }, h2: { fontSize: '1.2rem' }, h3: { fontSize: '1.05rem' } },
  },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
});

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#495057',
    '--mantine-color-placeholder': '#5c636a',
    '--mantine-color-error': '#b02a2a',
    '--mantine-color-default-border': '#868e96',
    '--mantine-color-anchor': '#1864ab',
  },
  dark: {},
});
