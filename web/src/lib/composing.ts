/** How somebody likes to write, in this browser. */
import { preference } from './prefs';

/** What sends: Enter, or Ctrl/Cmd+Enter so that Enter alone is a new line. */
export const sendKeyPreference = preference('sb-send-key', ['enter', 'mod-enter']);
/** Whether a reply waits a moment in which it can be taken back. */
export const undoSendPreference = preference('sb-undo-send', ['on', 'off']);
