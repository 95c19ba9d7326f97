// Runs before the first paint, so that nothing flashes in the wrong theme, language or direction.
(function () {
  var root = document.documentElement;
  var stored = function (key) {
    try {
      return localStorage.getItem(key);
    } catch (_) {
      return null;
    }
  };
  var theme = stored('sb-theme');
  if (theme !== 'light' && theme !== 'dark') theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  root.dataset.theme = theme;
  root.dataset.density = stored('sb-density') === 'compact' ? 'compact' : 'comfortable';
  root.lang = stored('sb-lang') || (navigator.language || 'en').slice(0, 2);
  var dir = new URLSearchParams(location.search).get('dir') || stored('sb-dir');
  if (dir === 'rtl' || dir === 'ltr') root.dataset.dir = root.dir = dir;
})();
