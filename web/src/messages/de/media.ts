import type { Texts } from '@/lib/i18n';
import type { media as en } from '../en/media';

export const media: Texts<typeof en> = {
  play: 'Abspielen',
  pause: 'Anhalten',
  playing: 'Aufnahme, die gerade läuft',
  goThere: 'Ihre Unterhaltung öffnen',
  end: 'Beenden',
  unplayable: 'Dieser Browser kann die Aufnahme nicht abspielen.',
  rate: (rate) => `Tempo ${rate}×, ändern`,
  position: 'Stelle in der Aufnahme',
  positionOf: (at, length) => `${at} von ${length}`,
  look: (name) => `${name} ansehen`,
  place: (n, of) => `${n} von ${of}`,
  gone: 'Es ist nicht mehr da',
  download: 'Herunterladen',
  downloadOf: (name) => `${name} herunterladen`,
  again: 'Noch einmal versuchen',
  close: 'Schließen',
  previous: 'Vorheriges',
  next: 'Nächstes',
  smaller: 'Kleiner',
  larger: 'Größer',
  rotate: 'Drehen',
};
