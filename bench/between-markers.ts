import { BenchError } from './bench-error.ts';

/** The lines between which `npm run bench` writes. */
export const markers = { begin: '<!-- bench: begin -->', end: '<!-- bench: end -->' } as const;

/** `document` with `text` between its markers; everything else as it was. A marker that is not there, or there twice, is an error. */
export function betweenMarkers(document: string, text: string): string {
  const [begin, end] = [markers.begin, markers.end].map((marker) => {
    const at = document.indexOf(marker);
    if (at < 0) throw new BenchError(`there is no line ${marker} to write at`);
    if (document.includes(marker, at + 1)) throw new BenchError(`there are two lines ${marker}`);
    return at;
  }) as [number, number];
  if (end < begin) throw new BenchError(`${markers.end} stands before ${markers.begin}`);
  return `${document.slice(0, begin + markers.begin.length)}\n\n${text}\n\n${document.slice(end)}`;
}
