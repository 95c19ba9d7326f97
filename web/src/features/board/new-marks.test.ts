import { beforeEach, describe, expect, it } from 'vitest';
import { idFloor, KEPT, NewMarks } from './new-marks';

const NOW = Date.UTC(2026, 10, 20);
/** The id of a card made `n` milliseconds after the start. */
const id = (n: number) => idFloor(NOW + n).replace(/0000$/, 'abcd');

beforeEach(() => localStorage.clear());

describe('new marks', () => {
  it('greet nobody with marks on their first day', () => {
    const marks = new NewMarks('u', NOW);
    expect(marks.isNew(id(-1000))).toBe(false);
    expect(marks.isNew(id(1000))).toBe(true);
  });

  it('go when a card is seen, and stay away after a reload', () => {
    const marks = new NewMarks('u', NOW);
    let told = 0;
    marks.subscribe(() => (told += 1));
    marks.see([id(1), id(2)]);
    marks.see([id(1)]);
    expect(told).toBe(1);
    expect(new NewMarks('u', NOW + 99_999).isNew(id(2))).toBe(false);
  });

  it('count what came while nobody was here as new', () => {
    new NewMarks('u', NOW).see([id(1)]);
    const later = new NewMarks('u', NOW + 86_400_000);
    expect(later.isNew(id(5000))).toBe(true);
  });

  it('are each user’s own', () => {
    new NewMarks('u', NOW).see([id(1)]);
    expect(new NewMarks('v', NOW).isNew(id(1))).toBe(true);
  });

  it('keep the newest ids; the older ones count as seen', () => {
    const marks = new NewMarks('u', NOW);
    marks.see(Array.from({ length: KEPT + 20 }, (_, n) => id(n + 10)));
    const stored = JSON.parse(localStorage.getItem('sb-board-seen:u') ?? '{}') as { seen: string[]; floor: string };
    expect(stored.seen).toHaveLength(KEPT);
    expect(stored.floor).toBe(id(29));
    expect(marks.isNew(id(12))).toBe(false);
    expect(marks.isNew(id(5))).toBe(false);
    expect(marks.isNew(id(KEPT + 40))).toBe(true);
  });

  it('take what another tab saw', () => {
    const [one, other] = [new NewMarks('u', NOW), new NewMarks('u', NOW)];
    one.see([id(1)]);
    other.see([id(2)]);
    expect(new NewMarks('u', NOW).isNew(id(1))).toBe(false);
    expect(other.isNew(id(1))).toBe(false);
  });

  it.each(['{', 'null', '[]', '{"floor":1,"seen":[]}', '{"floor":"a"}'])('survive a broken store: %s', (text) => {
    localStorage.setItem('sb-board-seen:u', text);
    expect(new NewMarks('u', NOW).isNew(id(1))).toBe(true);
  });
});
