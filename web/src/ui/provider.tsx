import { CSPProvider } from '@base-ui/react/csp-provider';
import { DirectionProvider } from '@base-ui/react/direction-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import type { ReactNode } from 'react';
import { useLang } from '@/lib/i18n';
import { Toaster } from './toast';

/** Mounted once, by the shell, around everything. Brings the toaster along. */
export function UiProvider({ children }: { children: ReactNode }) {
  // The direction is on the root element before the language's listeners run, so following the language is enough.
  useLang();
  return (
    // Base UI would put style elements beside selects, only to hide scrollbars; the security policy forbids them.
    <CSPProvider disableStyleElements>
      <DirectionProvider direction={document.documentElement.dir === 'rtl' ? 'rtl' : 'ltr'}>
        <Tooltip.Provider delay={450} timeout={300}>
          {children}
          <Toaster />
        </Tooltip.Provider>
      </DirectionProvider>
    </CSPProvider>
  );
}
