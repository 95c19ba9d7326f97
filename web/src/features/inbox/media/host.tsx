import { lightbox } from './deferred';
import { look, useShown } from './shown';

/** What is looked at in full, over the page. */
export function LightboxHost() {
  const shown = useShown();
  const parts = lightbox.useLoaded(shown !== null);
  return parts && shown && <parts.Lightbox shown={shown} onShow={look} onClose={() => look(null)} />;
}
