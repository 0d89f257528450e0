/** The file of the headline scenario, and the strategy that is measured. */
export const fullFile = 'scenarios/double11-full.yaml';
export const strategy = 'time-share';

/** A size of `double11-full`: shares of the whole, and copies of each of its two families. */
export interface Size {
  /** Of its 10,000 nodes. */
  readonly nodes: number;
  /** Of its traffic and slots, and so of its pods. */
  readonly pods: number;
  /** Apps of each family; all have the same total traffic. */
  readonly copies?: number | undefined;
  /** So many days that are alike, with two switches each, in place of the two of the festival. */
  readonly days?: number | undefined;
}

export const whole: Size = { nodes: 1, pods: 1 };

/** What `--set` says to make `double11-full` of that size; nothing for the whole. The head of the file has the lines of a tenth. */
export function sized({ nodes, pods, copies = 100, days }: Size): readonly string[] {
  const pay = `${String(Math.round(25_600_000 * pods))}/s`;
  const [evening, morning] = [22_500_000, 20_000_000].map((peak) => `${String(Math.round(peak * pods))}/s`);
  return [
    ...(nodes === 1 ? [] : [`cluster.nodes=${String(Math.max(4, Math.round(10_000 * nodes)))}`]),
    ...(pods === 1
      ? []
      : [
          `platform.scheduler.rate=${(2 * pods).toPrecision(4)}/s`,
          `strategies.time-share.slots.pairs=${String(Math.max(2 * copies, Math.round(25_000 * pods)))}`,
        ]),
    ...(copies === 100 ? [] : [`apps.pay.copies.count=${String(copies)}`, `apps.social.copies.count=${String(copies)}`]),
    // These strategies are checked with the rest, and name apps and times that smaller scenarios do not have.
    ...(copies === 100 && days === undefined
      ? []
      : ['vacate-and-move', 'fast-vacate'].map((name) => `strategies.${name}.plan=[{ at: 23:42, from: social-1, to: pay-1 }]`)),
    ...(days === undefined
      ? pods === 1
        ? []
        : [
            `apps.pay.traffic.festival.peak=${pay}`,
            `apps.social.traffic.sum.0.shift.of.festival.peak=${String(evening)}`,
            `apps.social.traffic.sum.1.festival.peak=${String(morning)}`,
          ]
      : [
          `horizon=${String(24 * days)}h`,
          `apps.pay.traffic={ daily: { peak: ${pay}, factors: { "00:00": 0.3, "10:30": 1, "20:00": 0.3 } } }`,
          `apps.social.traffic={ daily: { peak: ${String(evening)}, factors: { "00:00": 1, "10:00": 0.3, "20:30": 1 } } }`,
          `strategies.time-share.plan=[${Array.from({ length: days }, (_, day) => switchesOf(day)).join(', ')}]`,
        ]),
  ];
}

/** All pairs at once, to the payments in the morning and back in the evening. */
function switchesOf(day: number): string {
  const on = day === 0 ? '' : `+${String(day)}d `;
  return `{ at: ${on}10:00, group: pairs, from: social, to: pay }, { at: ${on}20:00, group: pairs, from: pay, to: social }`;
}
