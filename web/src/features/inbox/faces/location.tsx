import { MapPin } from 'lucide-react';
import type { Message } from '@/api/types';
import { useTexts } from '@/lib/i18n';
import { Block, OutLink } from './block';
import { asFields, httpsOf, numberOf, textOf } from './fields';

/** A place: no embedded map, since that would tell a stranger's server what the agent reads. */
export function LocationFace({ message }: { message: Message }) {
  const t = useTexts().inbox;
  const place = asFields(message.location);
  const latitude = numberOf(place, 'latitude');
  const longitude = numberOf(place, 'longitude');
  const name = textOf(place, 'name');
  const address = textOf(place, 'address');
  const site = httpsOf(place, 'url');
  const known = latitude !== null && longitude !== null && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  return (
    <Block icon={MapPin} title={name ?? message.text ?? t.kinds.location} note={address}>
      {known && (
        <>
          <div className="text-12 tabular-nums text-ink-2">
            <span className="sr-only">{t.faces.coordinates} </span>
            <bdi>
              {latitude.toFixed(5)}, {longitude.toFixed(5)}
            </bdi>
          </div>
          <OutLink href={`https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`}>
            {t.faces.openMap}
          </OutLink>
        </>
      )}
      {site !== null && (
        <div>
          <OutLink href={site}>{new URL(site).hostname}</OutLink>
        </div>
      )}
    </Block>
  );
}
