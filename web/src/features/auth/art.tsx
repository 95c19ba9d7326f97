/**
 * The picture beside the sign-in form: the panel of a telephone exchange, cords between the jacks, lamps where somebody
 * waits. A picture, hence with fixed colours of its own in both themes; drawn here, so that nothing is loaded for it.
 */

const COLUMNS = 8;
const ROWS = 12;
const STEP = 84;
const START = 56;

type Jack = readonly [column: number, row: number];

const at = (index: number) => START + index * STEP;

const cords: readonly { from: Jack; to: Jack; colour: string; slack: number }[] = [
  { from: [0, 1], to: [3, 3], colour: '#7fd6cf', slack: 150 },
  { from: [2, 0], to: [6, 2], colour: '#f3f8f7', slack: 210 },
  { from: [5, 1], to: [7, 5], colour: '#2fa79f', slack: 170 },
  { from: [1, 4], to: [4, 5], colour: '#f7a531', slack: 190 },
  { from: [0, 6], to: [2, 8], colour: '#f3f8f7', slack: 140 },
  { from: [3, 7], to: [6, 6], colour: '#7fd6cf', slack: 200 },
];

const lit: readonly { jack: Jack; late: number }[] = [
  { jack: [4, 0], late: 0 },
  { jack: [1, 2], late: 900 },
  { jack: [6, 4], late: 1700 },
  { jack: [3, 5], late: 500 },
  { jack: [5, 8], late: 1300 },
];

const jacks: readonly Jack[] = Array.from({ length: COLUMNS * ROWS }, (_, index) => [index % COLUMNS, Math.floor(index / COLUMNS)]);

function Cord({ from, to, colour, slack }: (typeof cords)[number]) {
  const [x1, y1, x2, y2] = [at(from[0]), at(from[1]), at(to[0]), at(to[1])];
  const path = `M${x1} ${y1} C${x1} ${y1 + slack} ${x2} ${y2 + slack} ${x2} ${y2}`;
  return (
    <g fill="none" strokeLinecap="round">
      <path d={path} transform="translate(5 9)" stroke="#00272a" strokeOpacity="0.4" strokeWidth="8" />
      <path d={path} stroke={colour} strokeWidth="6" />
      <path d={path} transform="translate(-1 -1)" stroke="#fff" strokeOpacity="0.28" strokeWidth="1.5" />
      {[from, to].map(([column, row]) => (
        <g key={`${column} ${row}`}>
          <circle cx={at(column)} cy={at(row)} r="12" fill={colour} stroke="#003e41" strokeWidth="3" />
          <circle cx={at(column)} cy={at(row)} r="4" fill="#003e41" />
        </g>
      ))}
    </g>
  );
}

export function Art() {
  return (
    <svg aria-hidden viewBox="0 0 700 1000" preserveAspectRatio="xMidYMin slice" className="absolute inset-0 size-full">
      <defs>
        <radialGradient id="art-light" cx="0.25" cy="0.1" r="1.1">
          <stop offset="0" stopColor="#087176" />
          <stop offset="0.55" stopColor="#00565a" />
          <stop offset="1" stopColor="#00393d" />
        </radialGradient>
        <radialGradient id="art-glow">
          <stop offset="0" stopColor="#ffb84d" stopOpacity="0.75" />
          <stop offset="1" stopColor="#ffb84d" stopOpacity="0" />
        </radialGradient>
        <linearGradient id="art-foot" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="#00393d" stopOpacity="0" />
          <stop offset="0.45" stopColor="#003034" stopOpacity="0.94" />
          <stop offset="1" stopColor="#002b2f" />
        </linearGradient>
      </defs>
      <rect width="700" height="1000" fill="url(#art-light)" />
      {jacks.map(([column, row]) => (
        <g key={`${column} ${row}`}>
          <circle cx={at(column)} cy={at(row) - 27} r="3" fill="#fff" fillOpacity="0.16" />
          <circle cx={at(column)} cy={at(row)} r="11" fill="#00393d" fillOpacity="0.75" stroke="#fff" strokeOpacity="0.16" strokeWidth="2" />
          <circle cx={at(column)} cy={at(row)} r="4.5" fill="#00222550" />
        </g>
      ))}
      {lit.map(({ jack: [column, row], late }) => (
        <g key={`${column} ${row}`} className="animate-pulse" style={{ animationDelay: `${late}ms`, animationDuration: '3.2s' }}>
          <circle cx={at(column)} cy={at(row) - 27} r="20" fill="url(#art-glow)" />
          <circle cx={at(column)} cy={at(row) - 27} r="4.5" fill="#ffc76b" />
        </g>
      ))}
      {cords.map((cord) => (
        <Cord key={`${cord.from.join()} ${cord.to.join()}`} {...cord} />
      ))}
      <rect y="520" width="700" height="480" fill="url(#art-foot)" />
    </svg>
  );
}
