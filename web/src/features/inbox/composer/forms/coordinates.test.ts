import { expect, test } from 'vitest';
import { coordinatesOf, degreesOf } from './coordinates';

const GALATA = { latitude: 41.0256, longitude: 28.9741 };

test.each([
  ['41.0256, 28.9741'],
  [' 41.0256 28.9741 '],
  ['41.0256;28.9741'],
  ['41,0256; 28,9741'],
  ['41,0256, 28,9741'],
  ['41.0256° N, 28.9741° E'],
  ['geo:41.0256,28.9741?z=17'],
  ['https://www.google.com/maps/@41.0256,28.9741,17z'],
  ['https://www.google.com/maps/place/Galata/@40.9,28.8,17z/data=!3m1!4b1!4m6!3m5!8m2!3d41.0256!4d28.9741!16s'],
  ['https://www.google.com/maps/place/41.0256,28.9741'],
  ['https://www.google.com/maps/search/41.0256,+28.9741?entry=tts'],
  ['https://maps.google.com/?q=41.0256,28.9741'],
  ['https://maps.google.com/maps?q=loc:41.0256,28.9741'],
  ['https://www.google.com/maps/search/?api=1&query=41.0256%2C28.9741'],
  ['https://www.openstreetmap.org/?mlat=41.0256&mlon=28.9741#map=17/41.1/28.8'],
  ['https://www.openstreetmap.org/#map=17/41.0256/28.9741'],
  ['https://maps.apple.com/?ll=41.0256,28.9741&q=Galata'],
  ['https://maps.apple.com/place?coordinate=41.0256,28.9741'],
  ['https://www.bing.com/maps?cp=41.0256~28.9741&lvl=17'],
  ['https://yandex.com.tr/maps/?ll=28.9741%2C41.0256&z=17'],
])('%s is a place', (text) => expect(coordinatesOf(text)).toEqual(GALATA));

test('the south and the west are below nought', () => {
  expect(coordinatesOf('-33.86, 151.2')).toEqual({ latitude: -33.86, longitude: 151.2 });
  expect(coordinatesOf('33.45° S, 70.66° W')).toEqual({ latitude: -33.45, longitude: -70.66 });
});

test.each([
  [''],
  ['41.0256'],
  // One number with a decimal comma.
  ['41,02'],
  ['91, 28'],
  ['41, 181'],
  ['Galata Kulesi'],
  ['41.0256, 28.9741, 17'],
  ['https://maps.app.goo.gl/abcDEF'],
  ['https://www.google.com/maps/@95.1,28.9,17z'],
  ['https://%zz/'],
  ['javascript:alert("41.0, 28.9")'],
])('%s is none', (text) => expect(coordinatesOf(text)).toBeNull());

test('a coordinate is taken at its limit, and not beyond', () => {
  expect(degreesOf('90', 90)).toBe(90);
  expect(degreesOf('-90', 90)).toBe(-90);
  expect(degreesOf('90.00001', 90)).toBeNull();
  expect(degreesOf('41,5', 90)).toBe(41.5);
  for (const text of ['', 'x', '1e1', '0x1', '41.', '1 2']) expect(degreesOf(text, 90)).toBeNull();
});
