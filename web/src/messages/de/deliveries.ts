import { plural, type Texts } from '@/lib/i18n';
import type { deliveries as en } from '../en/deliveries';

const count = (n: number) => n.toLocaleString('de-DE');
const webhooks = (n: number) => `${count(n)} ${plural('de', n, { one: 'Zustellung', other: 'Zustellungen' })}`;

export const deliveries: Texts<typeof en> = {
  title: 'Webhook-Zustellungen',
  forbiddenTitle: 'Nur für Administratoren',
  forbiddenText: 'Zustellungen zeigen, was die Plattformen gesendet haben. Bitten Sie einen Administrator, hier nachzusehen.',
  list: 'Zustellungen',
  tabs: 'Zustand der Zustellungen',
  states: { all: 'Alle', received: 'Wartend', done: 'Erledigt', failed: 'Fehlgeschlagen', unrouted: 'Ohne Kanal' },
  platforms: { meta: 'Messenger und Lead Ads', whatsapp: 'WhatsApp', instagram: 'Instagram', website: 'Website' },
  columns: { received: 'Empfangen', platform: 'Plattform', state: 'Zustand', reason: 'Grund', attempts: 'Versuche', size: 'Größe' },
  attempts: (n) => `${count(n)} ${plural('de', n, { one: 'Versuch', other: 'Versuche' })}`,
  refresh: 'Aktualisieren',
  refreshed: 'Die Liste ist aktuell',
  loadingMore: 'Ältere werden geladen',
  end: 'Das sind alle.',
  empty: {
    all: { title: 'Noch keine Zustellungen', text: 'Sobald eine Plattform ihren ersten Webhook sendet, steht er hier.' },
    received: { title: 'Nichts wartet', text: 'Jeder Webhook ist verarbeitet.' },
    done: { title: 'Noch nichts erledigt', text: 'Verarbeitete Webhooks werden einige Tage aufbewahrt.' },
    failed: { title: 'Nichts ist fehlgeschlagen', text: 'Webhooks, die nicht verarbeitet werden konnten, warten hier auf Ihre Wiederholung.' },
    unrouted: { title: 'Jeder Webhook hat seinen Kanal', text: 'Webhooks für Konten, die zu keinem Kanal gehören, warten hier.' },
  },
  reasons: {
    noChannel: 'Noch gehört kein Kanal zu diesem Konto',
    notJson: 'Der Inhalt ist kein JSON',
    notWebhook: 'Der Inhalt ist JSON, aber kein bekannter Webhook',
    database: 'Die Datenbank war nicht erreichbar; es wird erneut versucht',
    internal: 'Ein Fehler von Switchboard hat ihn aufgehalten',
    invalid: 'Ein Wert darin konnte nicht gespeichert werden',
    notFound: 'Etwas, worauf er sich bezieht, gibt es nicht mehr',
    other: (reason) => `Anderer Grund: ${reason}`,
  },
  select: (what) => `${what} auswählen`,
  selectAll: 'Alle geladenen auswählen',
  selected: (n) => `${count(n)} ausgewählt`,
  clear: 'Auswahl aufheben',
  replay: 'Wiederholen',
  replaySelected: (n) => `${count(n)} wiederholen`,
  replayAll: { failed: 'Alle fehlgeschlagenen wiederholen', unrouted: 'Alle ohne Kanal wiederholen' },
  confirmTitle: 'Zustellungen wiederholen',
  confirmIds: (n) => `${webhooks(n)} ${n === 1 ? 'wird' : 'werden'} erneut verarbeitet. Was schon geschehen ist, geschieht nicht doppelt.`,
  confirmState: {
    failed: (n, more) =>
      `Alle fehlgeschlagenen Zustellungen (${more ? 'mindestens ' : ''}${count(n)}) werden erneut verarbeitet. Was schon geschehen ist, geschieht nicht doppelt.`,
    unrouted: (n, more) =>
      `Alle Zustellungen ohne Kanal (${more ? 'mindestens ' : ''}${count(n)}) werden erneut verarbeitet. Was schon geschehen ist, geschieht nicht doppelt.`,
  },
  replayed: (n) => (n === 0 ? 'Nichts zu wiederholen: sie warten bereits' : `${webhooks(n)} ${n === 1 ? 'wird' : 'werden'} erneut verarbeitet`),
  replayFailed: 'Nicht wiederholt',
  tooMany: (n) => `Höchstens ${count(n)} auf einmal. Wählen Sie weniger aus.`,
  open: (what) => `${what} öffnen`,
  detail: {
    title: 'Zustellung',
    body: 'Inhalt',
    masked: 'Personenbezogene Daten sind unkenntlich gemacht.',
    copy: 'Inhalt kopieren',
    copied: 'Inhalt kopiert',
    copyFailed: 'Der Browser hat das Kopieren nicht erlaubt',
    clipped: (shown, all) => `Die ersten ${shown} von ${all} werden gezeigt.`,
    showAll: 'Alles zeigen',
    empty: 'Der Inhalt ist leer.',
    missingTitle: 'Diese Zustellung gibt es hier nicht',
    missingText: 'Erledigte Zustellungen werden nach einigen Tagen entfernt.',
    id: 'ID',
  },
  channels: {
    title: (n) =>
      n === 1
        ? 'Ein Kanal ist durch seinen ersten Webhook entstanden. Gehört er Ihnen?'
        : `${count(n)} Kanäle sind durch ihre ersten Webhooks entstanden. Gehören sie Ihnen?`,
    account: (id) => `Konto ${id}`,
    confirm: 'Gehört uns',
    confirmOf: (name) => `Gehört uns: ${name}`,
    confirmed: (name) => `${name} ist bestätigt`,
    failed: 'Nicht bestätigt',
  },
};
