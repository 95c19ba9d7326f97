/** Properties of one element that has several owners: a button that is the trigger of a menu and has a tooltip. */
export type ElementProps = Record<string, unknown>;

type Handler = (...args: unknown[]) => void;

/** What the later owner says wins, but handlers all run, the earlier owner's first; what is undefined says nothing. */
export function joinProps(earlier: ElementProps, later: ElementProps): ElementProps {
  const joined = { ...earlier };
  for (const [name, value] of Object.entries(later)) {
    const before = joined[name];
    if (value === undefined) continue;
    joined[name] = /^on[A-Z]/.test(name) && typeof before === 'function' && typeof value === 'function' ? inTurn(before as Handler, value as Handler) : value;
  }
  return joined;
}

function inTurn(first: Handler, second: Handler): Handler {
  return (...args) => {
    first(...args);
    second(...args);
  };
}
