import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
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

// Events keep what is shown current; asking again because a window got the focus would only load the server.
const queries = new QueryClient({ defaultOptions: { queries: { refetchOnWindowFocus: false, retry: 1 } } });

followAppearance();
void beginSession();
// The first picture is in the right language already; if its texts can't be loaded, English is better than nothing.
void showLang(preferredLang())
  .catch(() => showLang('en'))
  .then(() =>
    createRoot(root).render(
      <StrictMode>
        <QueryClientProvider client={queries}>
          <UiProvider>
            <RouterProvider router={router} />
          </UiProvider>
        </QueryClientProvider>
      </StrictMode>,
    ),
  );
