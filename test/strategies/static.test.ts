import { describe, expect, it } from 'vitest';
import { staticMean } from '../../src/strategies/static-mean.ts';
import { staticPeak } from '../../src/strategies/static-peak.ts';
import { appView, groupView, ordered, steps, strategyOf, view, wakes } from './support.ts';

// 300/s a pod at 75 %, two zones. gala: 1,800/s for 300 s, then 300/s: peak 6 pods, mean 1,050/s. site: 200/s.
const of = view(
  [
    appView(
      'gala',
      steps(600, [
        [0, 1800],
        [300, 300],
      ]),
    ),
    appView('site', steps(600, [[0, 200]])),
  ],
  [groupView('night', ['gala', 'site'], 5000)],
);

describe('static-peak', () => {
  it('opens with every app’s pods for its own peak, no slots, and decides nothing', () => {
    const strategy = strategyOf(staticPeak, { utilisation: 0.75, pods: {} });
    // gala ⌈900 ÷ 300⌉ · 2 = 6; site ⌈100 ÷ 300⌉ · 2 = 2
    expect(ordered(strategy.open(of))).toEqual({ gala: 6, site: 2 });
    expect(wakes(strategy.open(of))).toEqual([]);
    expect([strategy.period, strategy.decide(of)]).toEqual([undefined, []]);
  });

  it('takes less utilisation for more pods, and numbers that are given as they are', () => {
    // At 50 % a pod serves 200/s: ⌈900 ÷ 200⌉ · 2 = 10
    expect(ordered(strategyOf(staticPeak, { utilisation: 0.5, pods: { site: 7 } }).open(of))).toEqual({ gala: 10, site: 7 });
    expect(ordered(strategyOf(staticPeak, { utilisation: 0.75, pods: { gala: 0 } }).open(of))).toEqual({ gala: 0, site: 2 });
  });
});

describe('static-mean', () => {
  it('opens with every app’s pods for its mean', () => {
    const strategy = strategyOf(staticMean, { utilisation: 0.75, pods: {} });
    // gala ⌈525 ÷ 300⌉ · 2 = 4; site 2
    expect(ordered(strategy.open(of))).toEqual({ gala: 4, site: 2 });
    expect([strategy.period, strategy.decide(of)]).toEqual([undefined, []]);
  });

  it('keeps one pod a zone at least, and numbers that are given', () => {
    const quiet = view([appView('gala', steps(600, [[0, 0]])), appView('site', steps(600, [[0, 0]]), { allowNoExclusive: true })], []);
    expect(ordered(strategyOf(staticMean, { utilisation: 0.75, pods: {} }).open(quiet))).toEqual({ gala: 2, site: 0 });
    expect(ordered(strategyOf(staticMean, { utilisation: 0.75, pods: { gala: 9 } }).open(quiet))).toEqual({ gala: 9, site: 0 });
  });
});
