/** The scenario that `fenshi init` writes: the least that runs, with comments. */
export const starter = `# Two apps that peak at different hours: how many cores does it save to let them share slots?
# fenshi validate FILE --resolved shows every default; fenshi list strategies and fenshi list shapes show what can be named.
name: mine
start: 2026-11-10T20:00:00+08:00       # clock times below are the first such time after this
horizon: 12h

cluster: { nodes: 40, node: { cpu: 64, memory: 256Gi } }

apps:
  shop:                                # busy around midnight
    service: { time: 8ms }             # CPU time of one request
    traffic: { pulse: { at: 00:00, rise: 30s, hold: 5m, halve: 7m, peak: 40000/s, base: 2000/s } }
  forest:                              # busy in the morning
    service: { time: 6ms }
    traffic: { pulse: { at: 07:00, rise: 20m, hold: 20m, halve: 10m, peak: 30000/s, base: 1500/s } }

groups:
  morning: { apps: [shop, forest] }    # who may share a slot: one runs, the others are kept alive beside it

strategies:
  static-peak:                         # every app owns what its peak needs
  time-share:                          # the slots go from shop to forest at 05:30
    plan: [ { at: 05:30, group: morning, from: shop, to: forest } ]
`;
