import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './app.css';
import { beginSession } from '@/features/shell/begin';
import { preferredLang, showLang } from '@/lib/i18n';
import { followAppearance } from '@/lib/theme';
import { UiProvider } from '@/ui/provider';
import { router } from './router';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

followAppearance();
void beginSession();
// The first picture is in the right language already; if its texts can't be loaded, English is better than nothing.
void showLang(preferredLang())
  .catch(() => showLang('en'))
  .then(() =>
    createRoot(root).render(
      <StrictMode>
        <UiProvider>
          <RouterProvider router={router} />
        </UiProvider>
      </StrictMode>,
    ),
  );
