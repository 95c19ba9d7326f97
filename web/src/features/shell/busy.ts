/** Whether loading the page again would take something from somebody: an answer that is still to come, a text half typed, a form half filled in, or files that were chosen. */
import { isWriting } from '@/api/client';
import { hasForms } from '@/store/forms';
import { hasTrays } from '@/store/tray';

const TYPED = 'input:is([type="text"],[type="email"],[type="tel"],[type="number"],[type="url"],[type="date"],[type="time"],[type="datetime-local"],:not([type])),textarea';
/** What is looked for stands in the address, or is not worth keeping. */
const LOOKING_FOR = '[role="combobox"],[role="searchbox"]';

export function isBusy(): boolean {
  if (isWriting() || hasTrays() || hasForms()) return true;
  for (const field of document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(TYPED)) {
    if (field.value !== '' && !field.readOnly && !field.matches(LOOKING_FOR)) return true;
  }
  return [...document.querySelectorAll('[contenteditable="true"],[contenteditable=""]')].some((field) => field.textContent !== '');
}
