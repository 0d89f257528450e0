import { describe, expect, it } from 'vitest';
import { parseAxis } from '../../src/experiments/axis.ts';

describe('an axis', () => {
  it.each([
    ['cluster.nodes=60..63', ['60', '61', '62', '63']],
    ['cluster.nodes=60..70/5', ['60', '65', '70']],
    ['cluster.nodes=60..69/5', ['60', '65']],
    ['load=100%..110%/5%', ['100%', '105%', '110%']],
    ['platform.scheduler.rate=1/s..3/s', ['1/s', '2/s', '3/s']],
    ['platform.scheduler.rate=1/s..2/s/0.5/s', ['1.0/s', '1.5/s', '2.0/s']],
    ['defaults.noise.correlation=0.1..0.4/0.1', ['0.1', '0.2', '0.3', '0.4']],
    ['apps.pay.service.time=10ms..12ms/1ms', ['10ms', '11ms', '12ms']],
    ['x=-2..2/2', ['-2', '0', '2']],
    ['x=5..5', ['5']],
    ['strategies.time-share.rollout.order=break-before-make,make-before-break', ['break-before-make', 'make-before-break']],
    ['x=1.5', ['1.5']],
    ['x=23:55:00, 23:56:00', ['23:55:00', '23:56:00']],
  ])('%s', (text, values) => {
    expect(parseAxis(text)).toEqual({ path: text.split('=')[0], values });
  });

  it.each([
    ['cluster.nodes', 'expected PATH=LOW..HIGH'],
    ['=1..2', 'expected PATH=LOW..HIGH'],
    ['x=', 'the axis has no values'],
    ['x=a,,b', 'a value of the axis is empty'],
    ['x=a,b,a', 'the value a is there twice'],
    ['x=9..1', 'the axis has no values: 9 is more than 1'],
    ['x=1..9/0', 'the step must be greater than 0'],
    ['x=1s..9m', 'one unit for all: 1s..9s/1s'],
    ['x=1s..9s/1', 'one unit for all: 1s..9s/1s'],
    ['x=1..b', 'expected LOW..HIGH or LOW..HIGH/STEP'],
    ['x=0..1000000', 'the axis has more than 100000 values'],
  ])('%s is none: %s', (text, message) => {
    expect(() => parseAxis(text)).toThrow(`read "${text}": ${message}`);
  });
});
