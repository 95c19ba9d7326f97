import type { Texts } from '@/lib/i18n';
import type { palette as en } from '../en/palette';

export const palette: Texts<typeof en> = {
  title: 'Suche und Befehle',
  placeholder: 'Befehl, Name oder Telefonnummer eingeben',
  recent: 'Zuletzt geöffnet',
  pages: 'Seiten',
  commands: 'Auf dieser Seite',
  general: 'Allgemein',
  conversations: 'Unterhaltungen',
  customers: 'Kunden',
  cards: 'Karten',
  searching: 'Suche läuft',
  failed: 'Die Suche bekam keine Antwort. Befehle funktionieren weiterhin.',
  none: (q) => `Nichts gefunden für „${q}“`,
  noneText: 'Kunden lassen sich nach Name, Telefonnummer, E-Mail oder Benutzername finden.',
  results: (n) => (n === 1 ? '1 Treffer' : `${n} Treffer`),
  choose: 'auswählen',
  move: 'bewegen',
  close: 'schließen',
};
