import { beforeEach, describe, expect, it, vi } from 'vitest';
import { BoardControl } from './control';
import { arrivalsOf } from './motion';

const column = (id: string) => ({ id, name: id, kind: 'open' as const, count: 3, sum: [] });
let control: BoardControl;

beforeEach(() => {
  control = new BoardControl('board');
  control.columns = [column('one'), column('two'), column('three')];
  control.show('three', { ids: ['x', 'y'], hasMore: false });
  control.show('two', { ids: [], hasMore: false });
  control.show('one', { ids: ['a', 'b', 'c'], hasMore: false });
});

describe('the board', () => {
  it('walks with the arrows, over empty columns', () => {
    expect(control.neighbour('a', 'down')).toBe('b');
    expect(control.neighbour('a', 'up')).toBeUndefined();
    expect(control.neighbour('c', 'right')).toBe('y');
    expect(control.neighbour('x', 'left')).toBe('a');
    expect(control.neighbour('x', 'right')).toBeUndefined();
  });

  it('selects one, a range, and across columns', () => {
    control.toggle('a');
    control.selectTo('c');
    expect([...control.selected]).toEqual(['a', 'b', 'c']);
    control.selectTo('y');
    expect(control.inOrder(control.selected)).toEqual(['a', 'b', 'c', 'y']);
    expect(control.group('y')).toEqual(['a', 'b', 'c', 'y']);
    expect(control.group('x')).toEqual(['x']);
    control.toggle('b');
    expect(control.selected.has('b')).toBe(false);
  });

  it('drops from the selection what is gone, not what is on its way', () => {
    vi.useFakeTimers();
    control.select(['a', 'b']);
    control.show('one', { ids: ['c'], hasMore: false });
    control.show('two', { ids: ['a'], hasMore: false });
    vi.runAllTimers();
    vi.useRealTimers();
    expect([...control.selected]).toEqual(['a']);
  });
});

describe('arrivals', () => {
  it('are cards that came in between, not pages', () => {
    expect([...arrivalsOf(['a', 'b'], ['n', 'a', 'b']).arrived]).toEqual(['n']);
    expect(arrivalsOf(['a', 'b'], ['b', 'a']).isShifting).toBe(true);
    expect(arrivalsOf([], ['a']).isShifting).toBe(false);
    expect(arrivalsOf(['a', 'b'], ['a', 'b', 'c', 'd']).isShifting).toBe(false);
  });
});
