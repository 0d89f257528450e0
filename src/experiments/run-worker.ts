import { inlineMore } from './inlining.ts';
import { strategies } from '../strategies/registry.ts';
import { loadPlugins } from './plugins.ts';
import { type RunShared, runTask, type RunTask } from './run-task.ts';
import { serve } from './worker-port.ts';

inlineMore();
// The module that workers run: loads the plug-ins, then carries out runs.
serve(async ({ plugins }: RunShared) => {
  const loaded = await loadPlugins(plugins, strategies);
  const known = [...strategies, ...loaded.flatMap(({ entries }) => entries)];
  return (task: RunTask, heartbeat) => runTask(known, task, heartbeat);
});
