import { CSPProvider } from '@base-ui/react/csp-provider';
import { DirectionProvider } from '@base-ui/react/direction-provider';
import { type ReactNode, useEffect } from 'react';
import { whenIdle } from '@/lib/deferred';
import { useLang } from '@/lib/i18n';
import { popups } from './deferred';
import { Toaster } from './toast';
import { TooltipLayer } from './tooltip';

/** Mounted once, by the shell, around everything. Brings the toaster and the tooltips along. */
export function UiProvider({ children }: { children: ReactNode }) {
  // The direction is on the root element before the language's listeners run, so following the language is enough.
  useLang();
  useEffect(() => whenIdle(() => popups.warm()), []);
  return (
    // Base UI would put style elements beside selects, only to hide scrollbars; the security policy forbids them.
    <CSPProvider disableStyleElements>
      <DirectionProvider direction={document.documentElement.dir === 'rtl' ? 'rtl' : 'ltr'}>
        {children}
        <TooltipLayer />
        <Toaster />
      </DirectionProvider>
    </CSPProvider>
  );
}
