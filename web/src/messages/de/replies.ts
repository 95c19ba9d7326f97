import type { Texts } from '@/lib/i18n';
import type { replies as en } from '../en/replies';

export const replies: Texts<typeof en> = {
  title: 'Textbausteine',
  text: 'Alle fügen sie mit einem Schrägstrich und dem Namen in eine Antwort ein.',
  add: 'Neuer Baustein',
  none: 'Noch keine Textbausteine',
  noneText: 'Schreiben Sie auf, was Sie jeden Tag antworten: Öffnungszeiten, Preise, den Weg zu Ihnen.',
  edit: (name) => `/${name} ändern`,
  delete: (name) => `/${name} löschen`,
  deleted: (name) => `/${name} gelöscht`,
  notDeleted: 'Nicht gelöscht',
  deleteTitle: (name) => `/${name} löschen?`,
  deleteText: 'Niemand kann ihn mehr einfügen. Damit gesendete Nachrichten bleiben.',
  deleteIt: 'Löschen',
  addTitle: 'Neuer Textbaustein',
  editTitle: 'Textbaustein ändern',
  name: 'Name',
  nameHint: 'Ein Wort, wie es nach dem Schrägstrich getippt wird.',
  body: 'Text',
  bodyHint: (names) => `Füllen sich von selbst: ${names}`,
  unknownVariable: (name) => `{{${name}}} füllt niemand aus.`,
  conflict: 'Jemand anders hat das inzwischen geändert. Schließen Sie den Dialog, um es zu sehen.',
  faults: {
    required: 'Geben Sie einen Namen ein.',
    space: 'Ein Wort, ohne Leerzeichen und Schrägstriche.',
    long: 'Höchstens 40 Zeichen.',
    taken: 'Ein anderer Baustein heißt so.',
    textRequired: 'Geben Sie einen Text ein.',
  },
  forbiddenTitle: 'Für Administratoren und Manager',
  forbiddenText: 'Textbausteine ändert, wer den ganzen Posteingang verwaltet. Benutzen können Sie alle.',
};
