import { z } from 'zod';
import { type Decoded, decodeScenario } from '../../src/scenario/decode.ts';
import type { ScenarioSource } from '../../src/scenario/layers.ts';
import { ScenarioError } from '../../src/scenario/scenario-error.ts';
import { lineAndColumn } from '../../src/scenario/source.ts';
import type { Catalog } from '../../src/scenario/strategy-uses.ts';
import { defineStrategy, type Strategy } from '../../src/strategies/strategy.ts';

const idle = (): Strategy => ({ open: () => [], decide: () => [] });

/** Two strategies that never run. */
export const catalog: Catalog = {
  strategies: [
    defineStrategy({
      name: 'static-peak',
      summary: 'peak',
      options: (kit) => z.strictObject({ utilisation: kit.share().prefault('75%') }),
      create: idle,
    }),
    defineStrategy({
      name: 'time-share',
      summary: 'shares',
      needsForecast: true,
      options: (kit) =>
        z.strictObject({
          utilisation: kit.share().prefault('75%'),
          plan: z.array(z.strictObject({ at: kit.time(), group: kit.group(), from: kit.app(), to: kit.app() })).default([]),
          slots: z.record(z.string(), kit.count(1)).optional(),
          patience: kit.duration().prefault('5m'),
          rollout: kit.rollout(),
        }),
      create: idle,
    }),
  ],
};

/** The least scenario that runs (contracts of the scenario file). */
export const least = `name: mine
start: 2026-11-10T20:00:00+08:00
horizon: 12h
cluster: { nodes: 40, node: { cpu: 64, memory: 256Gi } }
apps:
  shop:   { service: { time: 8ms }, traffic: { pulse: { at: 00:00, rise: 30s, hold: 5m, halve: 7m, peak: 40000/s, base: 2000/s } } }
  forest: { service: { time: 6ms }, traffic: { pulse: { at: 07:00, rise: 20m, hold: 20m, halve: 10m, peak: 30000/s, base: 1500/s } } }
groups:
  morning: { apps: [shop, forest] }
strategies:
  static-peak:
  time-share: { plan: [ { at: 05:30, group: morning, from: shop, to: forest } ] }
`;

export const decode = (text: string, more: Partial<ScenarioSource> = {}): Decoded =>
  decodeScenario({ file: 'a.yaml', text, ...more }, catalog);

/** The error that decoding `text` ends in. */
export function errorOf(text: string, more: Partial<ScenarioSource> = {}): ScenarioError {
  try {
    decode(text, more);
  } catch (error) {
    if (error instanceof ScenarioError) return error;
    throw error;
  }
  throw new Error(`decoded without complaint:\n${text}`);
}

/** Every issue as `line:column path: message [suggestion]`; other sources than a.yaml with their name before it. */
export function complaints(text: string, more: Partial<ScenarioSource> = {}): readonly string[] {
  return errorOf(text, more).issues.map(({ place, path, message, suggestion }) => {
    const { line, column } = lineAndColumn(place);
    const file = place.source.name === 'a.yaml' ? '' : `${place.source.name}:`;
    return `${file}${String(line)}:${String(column)} ${path.map(String).join('.')}: ${message}${suggestion === undefined ? '' : ` [${suggestion}]`}`;
  });
}

/** `text` with its only occurrence of `old` replaced. */
export function changed(text: string, old: string, now: string): string {
  if (text.split(old).length !== 2) throw new Error(`"${old}" occurs ${String(text.split(old).length - 1)} times`);
  return text.replace(old, () => now);
}

/** Files in memory, as `open` gives them. */
export const folder =
  (files: Readonly<Record<string, string>>): NonNullable<ScenarioSource['open']> =>
  (path) => {
    const text = files[path];
    return text === undefined ? { error: `${path} does not exist` } : { text };
  };

/** Files in memory, as `stream` gives them. */
export const recordings =
  (files: Readonly<Record<string, string>>): NonNullable<ScenarioSource['stream']> =>
  (path) => {
    const text = files[path];
    return text === undefined ? { error: `${path} does not exist` } : { chunks: [text] };
  };
