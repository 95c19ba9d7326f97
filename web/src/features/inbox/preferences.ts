/** What an agent chose for the inbox in this browser. */
import { preference } from '@/lib/prefs';

export const advancePreference = preference('sb-inbox-advance', ['next', 'previous', 'list']);
export const panelPreference = preference('sb-inbox-panel', ['shown', 'hidden']);
