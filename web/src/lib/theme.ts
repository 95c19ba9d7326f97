/**
 * Theme and density: both are attributes of the root that the style sheet reads.
 * `public/boot.js` sets them before the first paint by the same keys; this keeps them up to date afterwards.
 */
import { preference, usePreference } from './prefs';

export type Theme = 'system' | 'light' | 'dark';
export type Density = 'comfortable' | 'compact';

const theme = preference<Theme>('sb-theme', ['system', 'light', 'dark']);
const density = preference<Density>('sb-density', ['comfortable', 'compact']);

export function useTheme(): [Theme, (theme: Theme) => void] {
  return usePreference(theme);
}

export function useDensity(): [Density, (density: Density) => void] {
  return usePreference(density);
}

/** Keeps the root's attributes as chosen, and as the system says while nothing is chosen. */
export function followAppearance(): void {
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const chosen = theme.read();
    root.dataset['theme'] = chosen === 'system' ? (dark.matches ? 'dark' : 'light') : chosen;
    root.dataset['density'] = density.read();
  };
  apply();
  theme.subscribe(apply);
  density.subscribe(apply);
  dark.addEventListener('change', apply);
}
