import { type Contestant, type Rates, ratioOf, type Spread, spreadOf } from './rounds.js';

/** What was measured, and what came of it. */
export interface Measured {
  readonly title: string;
  /** What one of the counted things is, in the plural. */
  readonly unit: string;
  /** Whose rate is divided by the others'. */
  readonly ours: string;
  readonly contestants: readonly Contestant[];
  readonly rates: Rates;
  /** Conditions that belong beside the figures. */
  readonly notes: readonly string[];
}

const figure = (value: number): string => Math.round(value).toLocaleString('en');
const times = (value: number): string => `${value >= 10 ? value.toFixed(0) : value.toFixed(2)}×`;

/** A Markdown section: rates, and ratios with their spread beside the goals. */
export function tableOf({ title, unit, ours, contestants, rates, notes }: Measured): string {
  const rows = contestants.map((contestant) => {
    const { median, min, max } = spreadOf(rates[contestant.name] ?? []);
    const ratio = contestant.name === ours ? undefined : ratioOf(rates[ours] ?? [], rates[contestant.name] ?? []);
    return `| ${contestant.title} | ${figure(median)} | ${figure(min)}–${figure(max)} | ${ratioCells(ratio, contestant.goal)} |`;
  });
  return [
    `## ${title}`,
    '',
    ...notes.map((note) => `- ${note}`),
    '',
    `| | ${unit}/s, median | spread | ours ÷ this, median | spread | goal |`,
    '| --- | ---: | ---: | ---: | ---: | --- |',
    ...rows,
    '',
  ].join('\n');
}

function ratioCells(ratio: Spread | undefined, goal: number | undefined): string {
  if (!ratio) return '1 | | ';
  const { median, min, max } = ratio;
  const wanted = goal === undefined ? '' : `≥ ${goal}×: ${median >= goal ? 'met' : '**missed**'}`;
  return `${times(median)} | ${times(min)}–${times(max)} | ${wanted}`;
}

const WIDTH = 860;
const LABEL = 300;
const BAR = 22;
const ROW = 34;
const HEAD = 46;

/** All measurements as bars, the line on each from the slowest to the fastest round. */
export function plotOf(all: readonly Measured[]): string {
  let y = 0;
  const parts: string[] = [];
  for (const { title, unit, ours, contestants, rates } of all) {
    const spreads = contestants.map(({ name }) => spreadOf(rates[name] ?? []));
    const most = Math.max(...spreads.map(({ max }) => max));
    const x = (value: number): number => LABEL + (value / most) * (WIDTH - LABEL - 90);
    parts.push(`<text x="8" y="${y + 26}" class="title">${escaped(title)}</text>`);
    y += HEAD;
    for (const [index, contestant] of contestants.entries()) {
      const spread = spreads[index];
      if (!spread) continue;
      const { median, min, max } = spread;
      const middle = y + BAR / 2;
      parts.push(
        `<text x="${LABEL - 8}" y="${middle + 5}" text-anchor="end">${escaped(contestant.title)}</text>`,
        `<rect x="${LABEL}" y="${y}" width="${x(median) - LABEL}" height="${BAR}" class="${contestant.name === ours ? 'ours' : 'peer'}"/>`,
        `<line x1="${x(min)}" x2="${x(max)}" y1="${middle}" y2="${middle}"/>`,
        `<text x="${x(max) + 8}" y="${middle + 5}">${figure(median)} ${escaped(unit)}/s</text>`,
      );
      y += ROW;
    }
    y += 12;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH + 60}" height="${y}" font-family="sans-serif" font-size="13">
<style>.title{font-size:16px;font-weight:bold}.ours{fill:#2563eb}.peer{fill:#94a3b8}line{stroke:#111827;stroke-width:2}</style>
<rect width="100%" height="100%" fill="white"/>
${parts.join('\n')}
</svg>
`;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
