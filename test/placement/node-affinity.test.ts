import { describe, expect, it } from 'vitest';
import { type Labels, matches, selectorSchema } from '../../src/cluster/label-selector.ts';
import { affine, preference } from '../../src/placement/node-affinity.ts';
import { normalised } from '../../src/placement/node-score.ts';

const term = (text: string) => selectorSchema().parse(text);

describe('the filter NodeAffinity', () => {
  interface Row {
    readonly required: readonly string[];
    readonly labels: Labels;
    readonly expected: boolean;
  }
  // prettier-ignore
  const rows: readonly Row[] = [
    // no term: any node will do
    { required: [], labels: {}, expected: true },
    // also one with labels
    { required: [], labels: { disk: 'ssd' }, expected: true },
    // ssd = ssd
    { required: ['disk=ssd'], labels: { disk: 'ssd' }, expected: true },
    // hdd ≠ ssd
    { required: ['disk=ssd'], labels: { disk: 'hdd' }, expected: false },
    // no label, no value to be equal
    { required: ['disk=ssd'], labels: {}, expected: false },
    // another key has the value
    { required: ['disk=ssd'], labels: { cache: 'ssd' }, expected: false },
    // values are met in their case
    { required: ['disk=ssd'], labels: { disk: 'SSD' }, expected: false },
    // keys too
    { required: ['disk=ssd'], labels: { Disk: 'ssd' }, expected: false },
    // ssd is no prefix match of ssd2
    { required: ['disk=ssd'], labels: { disk: 'ssd2' }, expected: false },
    // == is =
    { required: ['disk==ssd'], labels: { disk: 'ssd' }, expected: true },
    // the empty value is a value: '' = ''
    { required: ['disk='], labels: { disk: '' }, expected: true },
    // and not the absence of the label
    { required: ['disk='], labels: {}, expected: false },
    // = compares text: 032 is not 32
    { required: ['cores=32'], labels: { cores: '032' }, expected: false },
    // ssd is what is not wanted
    { required: ['disk!=ssd'], labels: { disk: 'ssd' }, expected: false },
    // hdd ≠ ssd
    { required: ['disk!=ssd'], labels: { disk: 'hdd' }, expected: true },
    // an absent label is not ssd either
    { required: ['disk!=ssd'], labels: {}, expected: true },
    // an absent label is not the empty value
    { required: ['disk!='], labels: {}, expected: true },
    // '' is
    { required: ['disk!='], labels: { disk: '' }, expected: false },
    // hz-a is the first of the list
    { required: ['zone in (hz-a, hz-b)'], labels: { zone: 'hz-a' }, expected: true },
    // hz-b is the last
    { required: ['zone in (hz-a, hz-b)'], labels: { zone: 'hz-b' }, expected: true },
    // hz-c is not in it
    { required: ['zone in (hz-a, hz-b)'], labels: { zone: 'hz-c' }, expected: false },
    // an absent label is in no list
    { required: ['zone in (hz-a, hz-b)'], labels: {}, expected: false },
    // a list of one
    { required: ['zone in (hz-a)'], labels: { zone: 'hz-a' }, expected: true },
    // an empty list is a list of the empty value
    { required: ['zone in ()'], labels: { zone: '' }, expected: true },
    // which hz-a is not
    { required: ['zone in ()'], labels: { zone: 'hz-a' }, expected: false },
    // hz-a is in the list
    { required: ['zone notin (hz-a, hz-b)'], labels: { zone: 'hz-a' }, expected: false },
    // hz-c is not
    { required: ['zone notin (hz-a, hz-b)'], labels: { zone: 'hz-c' }, expected: true },
    // an absent label is in no list
    { required: ['zone notin (hz-a, hz-b)'], labels: {}, expected: true },
    // the label is there, whatever its value
    { required: ['gpu'], labels: { gpu: 'false' }, expected: true },
    // an empty value is there too
    { required: ['gpu'], labels: { gpu: '' }, expected: true },
    // the label is not there
    { required: ['gpu'], labels: { gpus: '1' }, expected: false },
    // what every object inherits is no label
    { required: ['constructor'], labels: {}, expected: false },
    // and is absent
    { required: ['!constructor'], labels: {}, expected: true },
    // the label is absent
    { required: ['!gpu'], labels: { disk: 'ssd' }, expected: true },
    // an empty value is not absence
    { required: ['!gpu'], labels: { gpu: '' }, expected: false },
    // 33 > 32
    { required: ['cores>32'], labels: { cores: '33' }, expected: true },
    // 32 is not above 32
    { required: ['cores>32'], labels: { cores: '32' }, expected: false },
    // 100 > 32, although as text '100' < '32'
    { required: ['cores>32'], labels: { cores: '100' }, expected: true },
    // no number, no order: an absent label is not above
    { required: ['cores>32'], labels: {}, expected: false },
    // text is no number
    { required: ['cores>32'], labels: { cores: 'many' }, expected: false },
    // nor is a fraction
    { required: ['cores>32'], labels: { cores: '64.5' }, expected: false },
    // nor a number with a unit
    { required: ['cores>32'], labels: { cores: '64k' }, expected: false },
    // nor the empty value: it is not 0
    { required: ['cores<32'], labels: { cores: '' }, expected: false },
    // 31 < 32
    { required: ['cores<32'], labels: { cores: '31' }, expected: true },
    // 32 is not below 32
    { required: ['cores<32'], labels: { cores: '32' }, expected: false },
    // 9 < 32, although as text '9' > '32'
    { required: ['cores<32'], labels: { cores: '9' }, expected: true },
    // an absent label is not below
    { required: ['cores<32'], labels: {}, expected: false },
    // 007 is 7: 7 > 6
    { required: ['cores>6'], labels: { cores: '007' }, expected: true },
    // −5 < 0
    { required: ['celsius<0'], labels: { celsius: '-5' }, expected: true },
    // 0 is not above 0
    { required: ['celsius>0'], labels: { celsius: '0' }, expected: false },
    // 999999999999999 > 999999999999998: fifteen digits are told apart
    { required: ['bytes>999999999999998'], labels: { bytes: '999999999999999' }, expected: true },
    // both parts hold
    { required: ['disk=ssd, cores>32'], labels: { disk: 'ssd', cores: '64' }, expected: true },
    // the second does not: 16 ≤ 32
    { required: ['disk=ssd, cores>32'], labels: { disk: 'ssd', cores: '16' }, expected: false },
    // the first does not
    { required: ['disk=ssd, cores>32'], labels: { disk: 'hdd', cores: '64' }, expected: false },
    // 16 < 24 < 32
    { required: ['cores>16,cores<32'], labels: { cores: '24' }, expected: true },
    // a range that is empty: nothing is above 32 and below 16
    { required: ['cores>32,cores<16'], labels: { cores: '24' }, expected: false },
    // a part and its opposite never hold together
    { required: ['gpu,!gpu'], labels: { gpu: 'a100' }, expected: false },
    // in, but not that one
    { required: ['zone in (hz-a, hz-b), zone!=hz-a'], labels: { zone: 'hz-b' }, expected: true },
    // the comma in the brackets does not part: all four must hold
    { required: ['disk=ssd, cores>32, zone in (hz-a, hz-b), !gpu'], labels: { disk: 'ssd', cores: '64', zone: 'hz-b' }, expected: true },
    // the last does not
    { required: ['disk=ssd, cores>32, zone in (hz-a, hz-b), !gpu'], labels: { disk: 'ssd', cores: '64', zone: 'hz-b', gpu: 'a100' }, expected: false },
    // of two terms the first holds
    { required: ['disk=ssd', 'gpu'], labels: { disk: 'ssd' }, expected: true },
    // the second
    { required: ['disk=ssd', 'gpu'], labels: { gpu: 'a100' }, expected: true },
    // both
    { required: ['disk=ssd', 'gpu'], labels: { disk: 'ssd', gpu: 'a100' }, expected: true },
    // neither
    { required: ['disk=ssd', 'gpu'], labels: { disk: 'hdd' }, expected: false },
    // a half of each of two terms is no whole one
    { required: ['disk=ssd,gpu', 'disk=hdd,!gpu'], labels: { disk: 'ssd' }, expected: false },
    // a term and its opposite: one of them always holds
    { required: ['gpu', '!gpu'], labels: {}, expected: true },
    // the third of three
    { required: ['zone=a', 'zone=b', 'zone=c'], labels: { zone: 'c' }, expected: true },
    // a key with a prefix
    { required: ['topology.kubernetes.io/zone=hz-a'], labels: { 'topology.kubernetes.io/zone': 'hz-a' }, expected: true },
    // the prefix belongs to the key
    { required: ['zone=hz-a'], labels: { 'topology.kubernetes.io/zone': 'hz-a' }, expected: false },
  ];

  it.each(rows)('with terms $required on a node of labels $labels: $expected', ({ required, labels, expected }) => {
    expect(affine({ required: required.map(term), preferred: [{ weight: 100, term: term('never=met') }] }, labels)).toBe(expected);
  });
});

describe('the score NodeAffinity', () => {
  interface Row {
    /** Weights and terms. */
    readonly preferred: readonly (readonly [number, string])[];
    /** By node. */
    readonly labels: readonly Labels[];
    /** The weights that are met, by node. */
    readonly raw: readonly number[];
    readonly expected: readonly number[];
  }
  // prettier-ignore
  const rows: readonly Row[] = [
    // no preference: raw 0, 0; largest 0: 0 each
    { preferred: [], labels: [{}, { disk: 'ssd' }], raw: [0, 0], expected: [0, 0] },
    // one node that meets it: raw 10; 100·10 ÷ 10 = 100
    { preferred: [[10, 'disk=ssd']], labels: [{ disk: 'ssd' }], raw: [10], expected: [100] },
    // one node that does not: raw 0; largest 0: 0
    { preferred: [[10, 'disk=ssd']], labels: [{ disk: 'hdd' }], raw: [0], expected: [0] },
    // met against not met: raw 10, 0; 100·10 ÷ 10 = 100, 100·0 ÷ 10 = 0
    { preferred: [[10, 'disk=ssd']], labels: [{ disk: 'ssd' }, { disk: 'hdd' }], raw: [10, 0], expected: [100, 0] },
    // the weight of a single term does not matter: raw 1, 0; 100·1 ÷ 1 = 100, 100·0 ÷ 1 = 0
    { preferred: [[1, 'disk=ssd']], labels: [{ disk: 'ssd' }, {}], raw: [1, 0], expected: [100, 0] },
    // met by all: 100 each: raw 7, 7; 100·7 ÷ 7 = 100
    { preferred: [[7, 'disk']], labels: [{ disk: 'ssd' }, { disk: 'hdd' }], raw: [7, 7], expected: [100, 100] },
    // met by none: 0 each: raw 0, 0; largest 0: 0 each
    { preferred: [[7, 'gpu']], labels: [{ disk: 'ssd' }, {}], raw: [0, 0], expected: [0, 0] },
    // weights add: raw 10 + 5 = 15, 10, 5, 0; 100·15 ÷ 15 = 100, ⌊100·10 ÷ 15⌋ = 66, ⌊100·5 ÷ 15⌋ = 33, 100·0 ÷ 15 = 0
    { preferred: [[10, 'disk=ssd'], [5, 'gpu']], labels: [{ disk: 'ssd', gpu: 'a' }, { disk: 'ssd' }, { gpu: 'a' }, {}], raw: [15, 10, 5, 0], expected: [100, 66, 33, 0] },
    // two small weights equal a large one: raw 10, 5 + 5 = 10; 100·10 ÷ 10 = 100
    { preferred: [[10, 'disk=ssd'], [5, 'gpu'], [5, 'fast']], labels: [{ disk: 'ssd' }, { gpu: 'a', fast: '1' }], raw: [10, 10], expected: [100, 100] },
    // 1 of 3 is rounded down: raw 1, 1 + 2 = 3, 2; ⌊100·1 ÷ 3⌋ = 33, 100·3 ÷ 3 = 100, ⌊100·2 ÷ 3⌋ = 66
    { preferred: [[1, 'a'], [2, 'b']], labels: [{ a: '' }, { a: '', b: '' }, { b: '' }], raw: [1, 3, 2], expected: [33, 100, 66] },
    // sevenths: raw 3, 4, 3 + 4 = 7; ⌊100·3 ÷ 7⌋ = 42, ⌊100·4 ÷ 7⌋ = 57, 100·7 ÷ 7 = 100
    { preferred: [[3, 'a'], [4, 'b']], labels: [{ a: '' }, { b: '' }, { a: '', b: '' }], raw: [3, 4, 7], expected: [42, 57, 100] },
    // the same term twice counts twice: raw 3 + 3 = 6, 0; 100·6 ÷ 6 = 100, 100·0 ÷ 6 = 0
    { preferred: [[3, 'a'], [3, 'a']], labels: [{ a: '' }, {}], raw: [6, 0], expected: [100, 0] },
    // the heaviest weight: raw 100, 1; 100·100 ÷ 100 = 100, 100·1 ÷ 100 = 1
    { preferred: [[100, 'a'], [1, 'b']], labels: [{ a: '' }, { b: '' }], raw: [100, 1], expected: [100, 1] },
    // the heaviest weight, with a feather on top: raw 100 + 1 = 101, 100, 1; 100·101 ÷ 101 = 100, ⌊100·100 ÷ 101⌋ = 99, ⌊100·1 ÷ 101⌋ = 0
    { preferred: [[100, 'a'], [1, 'b']], labels: [{ a: '', b: '' }, { a: '' }, { b: '' }], raw: [101, 100, 1], expected: [100, 99, 0] },
    // terms of the same weight: raw 50, 50, 0; 100·50 ÷ 50 = 100, 100·0 ÷ 50 = 0
    { preferred: [[50, 'a'], [50, 'b']], labels: [{ a: '' }, { b: '' }, {}], raw: [50, 50, 0], expected: [100, 100, 0] },
    // all parts of a term must hold: raw 0, 10; 100·0 ÷ 10 = 0, 100·10 ÷ 10 = 100
    { preferred: [[10, 'disk=ssd,gpu']], labels: [{ disk: 'ssd' }, { disk: 'ssd', gpu: 'a' }], raw: [0, 10], expected: [0, 100] },
    // a term of parts against a term of one: raw 4, 10 + 4 = 14; ⌊100·4 ÷ 14⌋ = 28, 100·14 ÷ 14 = 100
    { preferred: [[10, 'disk=ssd,gpu'], [4, 'disk=ssd']], labels: [{ disk: 'ssd' }, { disk: 'ssd', gpu: 'a' }], raw: [4, 14], expected: [28, 100] },
    // in: raw 8, 8, 0, 0; 100·8 ÷ 8 = 100, 100·0 ÷ 8 = 0
    { preferred: [[8, 'zone in (a, b)']], labels: [{ zone: 'a' }, { zone: 'b' }, { zone: 'c' }, {}], raw: [8, 8, 0, 0], expected: [100, 100, 0, 0] },
    // notin holds without the label: raw 0, 8, 8; 100·0 ÷ 8 = 0, 100·8 ÷ 8 = 100
    { preferred: [[8, 'zone notin (a, b)']], labels: [{ zone: 'a' }, { zone: 'c' }, {}], raw: [0, 8, 8], expected: [0, 100, 100] },
    // != holds without the label: raw 0, 8, 8; 100·0 ÷ 8 = 0, 100·8 ÷ 8 = 100
    { preferred: [[8, 'zone!=a']], labels: [{ zone: 'a' }, { zone: 'b' }, {}], raw: [0, 8, 8], expected: [0, 100, 100] },
    // the label is absent: raw 0, 8; 100·0 ÷ 8 = 0, 100·8 ÷ 8 = 100
    { preferred: [[8, '!gpu']], labels: [{ gpu: 'a' }, {}], raw: [0, 8], expected: [0, 100] },
    // more than 32 cores: raw 0, 8, 8; 100·0 ÷ 8 = 0, 100·8 ÷ 8 = 100
    { preferred: [[8, 'cores>32']], labels: [{ cores: '32' }, { cores: '33' }, { cores: '64' }], raw: [0, 8, 8], expected: [0, 100, 100] },
    // fewer than 32 cores: raw 8, 0, 0; 100·8 ÷ 8 = 100, 100·0 ÷ 8 = 0
    { preferred: [[8, 'cores<32']], labels: [{ cores: '31' }, { cores: '32' }, {}], raw: [8, 0, 0], expected: [100, 0, 0] },
    // steps of cores: raw 0, 1, 1 + 1 = 2, 1 + 1 + 1 = 3; 100·0 ÷ 3 = 0, ⌊100·1 ÷ 3⌋ = 33, ⌊100·2 ÷ 3⌋ = 66, 100·3 ÷ 3 = 100
    { preferred: [[1, 'cores>8'], [1, 'cores>16'], [1, 'cores>32']], labels: [{ cores: '8' }, { cores: '16' }, { cores: '32' }, { cores: '64' }], raw: [0, 1, 2, 3], expected: [0, 33, 66, 100] },
    // a range of cores: raw 0, 6, 0; 100·0 ÷ 6 = 0, 100·6 ÷ 6 = 100
    { preferred: [[6, 'cores>8,cores<32']], labels: [{ cores: '8' }, { cores: '16' }, { cores: '32' }], raw: [0, 6, 0], expected: [0, 100, 0] },
    // either of two: a node cannot meet both: raw 6, 2, 0; 100·6 ÷ 6 = 100, ⌊100·2 ÷ 6⌋ = 33, 100·0 ÷ 6 = 0
    { preferred: [[6, 'disk=ssd'], [2, 'disk=hdd']], labels: [{ disk: 'ssd' }, { disk: 'hdd' }, {}], raw: [6, 2, 0], expected: [100, 33, 0] },
    // a term and its opposite: raw 6, 2; 100·6 ÷ 6 = 100, ⌊100·2 ÷ 6⌋ = 33
    { preferred: [[6, 'gpu'], [2, '!gpu']], labels: [{ gpu: 'a' }, {}], raw: [6, 2], expected: [100, 33] },
    // equal weights on a term and its opposite: raw 6, 6; 100·6 ÷ 6 = 100
    { preferred: [[6, 'gpu'], [6, '!gpu']], labels: [{ gpu: 'a' }, {}], raw: [6, 6], expected: [100, 100] },
    // the scale is the best node, not the sum of the weights: raw 40, 0; 100·40 ÷ 40 = 100, 100·0 ÷ 40 = 0
    { preferred: [[60, 'a'], [40, 'b']], labels: [{ b: '' }, {}], raw: [40, 0], expected: [100, 0] },
    // 40 of 60: raw 60, 40; 100·60 ÷ 60 = 100, ⌊100·40 ÷ 60⌋ = 66
    { preferred: [[60, 'a'], [40, 'b']], labels: [{ a: '' }, { b: '' }], raw: [60, 40], expected: [100, 66] },
    // 99 of 100: raw 99, 99 + 1 = 100; 100·99 ÷ 100 = 99, 100·100 ÷ 100 = 100
    { preferred: [[99, 'a'], [1, 'b']], labels: [{ a: '' }, { a: '', b: '' }], raw: [99, 100], expected: [99, 100] },
    // 1 of 200 is nothing: raw 100 + 99 + 1 = 200, 1; 100·200 ÷ 200 = 100, ⌊100·1 ÷ 200⌋ = 0
    { preferred: [[100, 'a'], [99, 'b'], [1, 'c']], labels: [{ a: '', b: '', c: '' }, { c: '' }], raw: [200, 1], expected: [100, 0] },
    // 2 of 200 is 1: raw 100 + 98 + 2 = 200, 2; 100·200 ÷ 200 = 100, 100·2 ÷ 200 = 1
    { preferred: [[100, 'a'], [98, 'b'], [2, 'c']], labels: [{ a: '', b: '', c: '' }, { c: '' }], raw: [200, 2], expected: [100, 1] },
    // 199 of 200 is 99: raw 100 + 99 + 1 = 200, 100 + 99 = 199; 100·200 ÷ 200 = 100, ⌊100·199 ÷ 200⌋ = 99
    { preferred: [[100, 'a'], [99, 'b'], [1, 'c']], labels: [{ a: '', b: '', c: '' }, { a: '', b: '' }], raw: [200, 199], expected: [100, 99] },
    // five terms of 100: raw 100 + 100 + 100 + 100 + 100 = 500, 100 + 100 + 100 + 100 = 400, 100; 100·500 ÷ 500 = 100, 100·400 ÷ 500 = 80, 100·100 ÷ 500 = 20
    { preferred: [[100, 'a'], [100, 'b'], [100, 'c'], [100, 'd'], [100, 'e']], labels: [{ a: '', b: '', c: '', d: '', e: '' }, { a: '', b: '', c: '', d: '' }, { a: '' }], raw: [500, 400, 100], expected: [100, 80, 20] },
    // a value is met in its case: raw 0, 5; 100·0 ÷ 5 = 0, 100·5 ÷ 5 = 100
    { preferred: [[5, 'disk=SSD']], labels: [{ disk: 'ssd' }, { disk: 'SSD' }], raw: [0, 5], expected: [0, 100] },
    // an empty value: raw 5, 0, 0; 100·5 ÷ 5 = 100, 100·0 ÷ 5 = 0
    { preferred: [[5, 'disk=']], labels: [{ disk: '' }, { disk: 'ssd' }, {}], raw: [5, 0, 0], expected: [100, 0, 0] },
    // in with an empty value: raw 5, 5, 0; 100·5 ÷ 5 = 100, 100·0 ÷ 5 = 0
    { preferred: [[5, 'disk in (ssd,)']], labels: [{ disk: '' }, { disk: 'ssd' }, { disk: 'hdd' }], raw: [5, 5, 0], expected: [100, 100, 0] },
    // a label that is no number: raw 0, 5; 100·0 ÷ 5 = 0, 100·5 ÷ 5 = 100
    { preferred: [[5, 'cores>1']], labels: [{ cores: 'many' }, { cores: '2' }], raw: [0, 5], expected: [0, 100] },
    // the zone label: raw 5, 0; 100·5 ÷ 5 = 100, 100·0 ÷ 5 = 0
    { preferred: [[5, 'topology.kubernetes.io/zone=hz-a']], labels: [{ 'topology.kubernetes.io/zone': 'hz-a' }, { 'topology.kubernetes.io/zone': 'hz-b' }], raw: [5, 0], expected: [100, 0] },
    // six thirteenths and so on: raw 6 + 4 + 3 = 13, 6, 4, 3, 6 + 3 = 9; 100·13 ÷ 13 = 100, ⌊100·6 ÷ 13⌋ = 46, ⌊100·4 ÷ 13⌋ = 30, ⌊100·3 ÷ 13⌋ = 23, ⌊100·9 ÷ 13⌋ = 69
    { preferred: [[6, 'a'], [4, 'b'], [3, 'c']], labels: [{ a: '', b: '', c: '' }, { a: '' }, { b: '' }, { c: '' }, { a: '', c: '' }], raw: [13, 6, 4, 3, 9], expected: [100, 46, 30, 23, 69] },
  ];

  it.each(rows)('of terms $preferred on nodes of labels $labels is $raw, normalised $expected', ({ preferred, labels, raw, expected }) => {
    const affinity = { required: [term('never=met')], preferred: preferred.map(([weight, text]) => ({ weight, term: term(text) })) };
    const sums = labels.map((each) => preference(affinity, each));
    expect(sums).toEqual(raw);
    expect(sums.map((sum) => normalised(sum, Math.max(...sums), false))).toEqual(expected);
  });
});

describe('a label selector', () => {
  it.each([
    { text: 'disk=ssd', expected: [{ key: 'disk', operator: 'In', values: ['ssd'] }] },
    { text: 'disk = ssd', expected: [{ key: 'disk', operator: 'In', values: ['ssd'] }] },
    { text: 'disk==ssd', expected: [{ key: 'disk', operator: 'In', values: ['ssd'] }] },
    { text: ' disk=ssd ', expected: [{ key: 'disk', operator: 'In', values: ['ssd'] }] },
    { text: 'disk=', expected: [{ key: 'disk', operator: 'In', values: [''] }] },
    { text: 'disk!=ssd', expected: [{ key: 'disk', operator: 'NotIn', values: ['ssd'] }] },
    { text: 'disk != ssd', expected: [{ key: 'disk', operator: 'NotIn', values: ['ssd'] }] },
    { text: 'zone in (hz-a, hz-b)', expected: [{ key: 'zone', operator: 'In', values: ['hz-a', 'hz-b'] }] },
    { text: 'zone in (hz-a,hz-b,hz-c)', expected: [{ key: 'zone', operator: 'In', values: ['hz-a', 'hz-b', 'hz-c'] }] },
    { text: 'zone in ()', expected: [{ key: 'zone', operator: 'In', values: [''] }] },
    { text: 'zone notin ( hz-a )', expected: [{ key: 'zone', operator: 'NotIn', values: ['hz-a'] }] },
    { text: 'gpu', expected: [{ key: 'gpu', operator: 'Exists', values: [] }] },
    { text: '!gpu', expected: [{ key: 'gpu', operator: 'DoesNotExist', values: [] }] },
    { text: '! gpu', expected: [{ key: 'gpu', operator: 'DoesNotExist', values: [] }] },
    { text: 'cores>32', expected: [{ key: 'cores', operator: 'Gt', values: ['32'] }] },
    { text: 'cores > 32', expected: [{ key: 'cores', operator: 'Gt', values: ['32'] }] },
    { text: 'cores<32', expected: [{ key: 'cores', operator: 'Lt', values: ['32'] }] },
    { text: 'example.com/a_b.c=1.2_3', expected: [{ key: 'example.com/a_b.c', operator: 'In', values: ['1.2_3'] }] },
    {
      text: 'disk=ssd, cores>32, zone in (hz-a, hz-b), !gpu, fast',
      expected: [
        { key: 'disk', operator: 'In', values: ['ssd'] },
        { key: 'cores', operator: 'Gt', values: ['32'] },
        { key: 'zone', operator: 'In', values: ['hz-a', 'hz-b'] },
        { key: 'gpu', operator: 'DoesNotExist', values: [] },
        { key: 'fast', operator: 'Exists', values: [] },
      ],
    },
  ])('is read from "$text"', ({ text, expected }) => {
    expect(selectorSchema().parse(text)).toEqual(expected);
  });

  const expected = 'expected labels such as disk=ssd, "zone in (hz-a, hz-b)", !gpu or cores>32';
  it.each([
    { input: 5, read: '5' },
    { input: false, read: 'false' },
    { input: null, read: 'nothing' },
    { input: undefined, read: 'nothing' },
    { input: { disk: 'ssd' }, read: 'a mapping' },
    { input: ['disk=ssd'], read: 'a list' },
    { input: '', read: '""' },
    { input: ' ', read: '""' },
    { input: ',', read: '""' },
    { input: 'disk=ssd,', read: '""' },
    { input: ',disk=ssd', read: '""' },
    { input: 'disk=ssd,,gpu', read: '""' },
    { input: '!', read: '"!"' },
    { input: '!!gpu', read: '"!!gpu"' },
    { input: '!disk=ssd', read: '"!disk=ssd"' },
    { input: '=ssd', read: '"=ssd"' },
    { input: 'disk=ssd=hdd', read: '"disk=ssd=hdd"' },
    { input: 'disk=s s d', read: '"disk=s s d"' },
    { input: 'disk ssd', read: '"disk ssd"' },
    { input: 'zone in', read: '"zone in"' },
    { input: 'zone in hz-a', read: '"zone in hz-a"' },
    { input: 'zone in (hz-a', read: '"zone in (hz-a"' },
    { input: 'zone IN (hz-a)', read: '"zone IN (hz-a)"' },
    { input: 'zone in (hz-a)(hz-b)', read: '"zone in (hz-a)(hz-b)"' },
    { input: 'cores>', read: '"cores>"' },
    { input: 'cores>many', read: '"cores>many"' },
    { input: 'cores>1.5', read: '"cores>1.5"' },
    { input: 'cores>=32', read: '"cores>=32"' },
    { input: 'cores>1000000000000000', read: '"cores>1000000000000000"' },
    { input: '16<cores', read: '"16<cores"' },
    { input: 'disk=ssd, cores>many, zone in hz-a', read: '"cores>many"' },
    { input: `disk=${'x'.repeat(64)}`, read: `"disk=${'x'.repeat(51)}…` },
  ])('is not $input: the first part that is wrong is quoted', ({ input, read }) => {
    expect(
      selectorSchema()
        .safeParse(input)
        .error?.issues.map((issue) => issue.message),
    ).toEqual([`read ${read}: ${expected}`]);
  });

  it('has keys of up to 253 characters and values of up to 63', () => {
    const longest = `${'k'.repeat(253)}=${'v'.repeat(63)}`;
    expect(matches(term(longest), { ['k'.repeat(253)]: 'v'.repeat(63) })).toBe(true);
    expect(selectorSchema().safeParse(`k${longest}`).success).toBe(false);
    expect(selectorSchema().safeParse(`${longest}v`).success).toBe(false);
  });
});
