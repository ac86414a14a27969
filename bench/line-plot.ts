/** Draws series over time as one SVG, small and without a library: for the figures in docs/. It computes nothing of them. */

export interface Series {
  readonly name: string;
  readonly unit: string;
  readonly points: readonly { readonly minute: number; readonly value: number }[];
}

const width = 720;
const rowHeight = 130;
const left = 90;
const right = 20;

/** One row for each series, each with a scale of its own that begins at 0. */
export function linePlot(title: string, series: readonly Series[]): string {
  const rows = series.map((each, at) => rowOf(each, 40 + at * rowHeight));
  const height = 40 + series.length * rowHeight + 10;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${left}" y="22" font-size="14">${title}</text>`,
    ...rows,
    '</svg>',
    '',
  ].join('\n');
}

function rowOf({ name, unit, points }: Series, top: number): string {
  const bottom = top + rowHeight - 40;
  const most = Math.max(1, ...points.map(({ value }) => value));
  const last = Math.max(1, ...points.map(({ minute }) => minute));
  const x = (minute: number): number => left + (minute / last) * (width - left - right);
  const y = (value: number): number => bottom - (value / most) * (bottom - top);
  const line = points.map(({ minute, value }) => `${x(minute).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  return [
    `<path d="M${left} ${top}V${bottom}H${width - right}" fill="none" stroke="#999"/>`,
    `<text x="${left - 6}" y="${top + 10}" text-anchor="end">${most.toFixed(0)} ${unit}</text>`,
    `<text x="${left - 6}" y="${bottom}" text-anchor="end">0</text>`,
    `<text x="${left + 6}" y="${top + 10}" fill="#555">${name}</text>`,
    `<text x="${width - right}" y="${bottom + 16}" text-anchor="end">${last.toFixed(0)} min</text>`,
    `<polyline points="${line}" fill="none" stroke="#06c" stroke-width="1.5"/>`,
  ].join('\n');
}
