/** For pages that ask for pages of a table. Not around the whole app: the inbox has no use for it, and should not load it. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ComponentType } from 'react';
import { onClear } from '@/store/entities';

// Events keep what is shown current; asking again because a window got the focus would only load the server.
const client = new QueryClient({ defaultOptions: { queries: { refetchOnWindowFocus: false, retry: 1 } } });

// Another person must not see what this one had loaded.
onClear(() => client.clear());

export function withQueries(Page: ComponentType): ComponentType {
  return function WithQueries() {
    return (
      <QueryClientProvider client={client}>
        <Page />
      </QueryClientProvider>
    );
  };
}
