import { describe, expect, it } from 'vitest';
import { originOf, spotAt, spotBeside, spotOfDrop, spotOfStep, waysBack } from './place';

const ids = ['a', 'b', 'c', 'd'];
const drop = (moving: string[], cardId?: string, edge?: 'top' | 'bottom') => spotOfDrop(ids, moving, { columnId: 'col', cardId, edge });

describe('a drop', () => {
  it('goes after the card above the edge, or before the first card', () => {
    expect(drop(['x'], 'b', 'top')).toEqual({ column_id: 'col', after_card_id: 'a' });
    expect(drop(['x'], 'b', 'bottom')).toEqual({ column_id: 'col', after_card_id: 'b' });
    expect(drop(['x'], 'a', 'top')).toEqual({ column_id: 'col', before_card_id: 'a' });
  });

  it('beside the cards goes last, on the head of the column first', () => {
    expect(drop(['x'])).toEqual({ column_id: 'col', after_card_id: 'd' });
    expect(spotOfDrop(ids, ['x'], { columnId: 'col', edge: 'top' })).toEqual({ column_id: 'col', before_card_id: 'a' });
    expect(spotOfDrop([], ['x'], { columnId: 'col' })).toEqual({ column_id: 'col' });
  });

  it('never names the moved card as its own neighbour', () => {
    expect(drop(['b'], 'c', 'bottom')).toEqual({ column_id: 'col', after_card_id: 'c' });
    expect(drop(['c'], 'b', 'top')).toEqual({ column_id: 'col', after_card_id: 'a' });
    expect(drop(['b', 'c'], 'b', 'top')).toBeNull();
    expect(drop(['d'], 'a', 'top')).toEqual({ column_id: 'col', before_card_id: 'a' });
  });

  it.each([
    ['b', 'b', 'top'],
    ['b', 'b', 'bottom'],
    ['b', 'a', 'bottom'],
    ['b', 'c', 'top'],
    ['d', 'c', 'bottom'],
  ] as const)('of %s at %s %s changes nothing', (id, target, edge) => {
    expect(drop([id], target, edge)).toBeNull();
  });

  it('of several that stand apart brings them together', () => {
    expect(drop(['a', 'c'], 'b', 'bottom')).toEqual({ column_id: 'col', after_card_id: 'b' });
    expect(drop(['b', 'c'], 'd', 'bottom')).toEqual({ column_id: 'col', after_card_id: 'd' });
  });

  it('on a card that left meanwhile goes last', () => {
    expect(drop(['x'], 'gone', 'top')).toEqual({ column_id: 'col', after_card_id: 'd' });
  });
});

describe('keys', () => {
  it('step past the neighbour and stop at the ends', () => {
    expect(spotOfStep(ids, 'b', -1, 'col')).toEqual({ column_id: 'col', before_card_id: 'a' });
    expect(spotOfStep(ids, 'b', 1, 'col')).toEqual({ column_id: 'col', after_card_id: 'c' });
    expect(spotOfStep(ids, 'a', -1, 'col')).toBeNull();
    expect(spotOfStep(ids, 'd', 1, 'col')).toBeNull();
    expect(spotOfStep(ids, 'gone', 1, 'col')).toBeNull();
  });

  it('carry a card over at about its height', () => {
    expect(spotBeside(ids, 1, 'col')).toEqual({ column_id: 'col', after_card_id: 'a' });
    expect(spotBeside(ids, 99, 'col')).toEqual({ column_id: 'col', after_card_id: 'd' });
    expect(spotBeside([], 3, 'col')).toEqual({ column_id: 'col' });
    expect(spotAt(ids, 0, 'col')).toEqual({ column_id: 'col', before_card_id: 'a' });
  });
});

describe('the way back', () => {
  it('tries the card below, the card above, then the column', () => {
    expect(waysBack(originOf(ids, 'b', 'col'))).toEqual([
      { column_id: 'col', before_card_id: 'c' },
      { column_id: 'col', after_card_id: 'a' },
      { column_id: 'col' },
    ]);
    expect(waysBack(originOf(ids, 'gone', 'col'))).toEqual([{ column_id: 'col' }]);
  });
});
