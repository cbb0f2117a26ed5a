// The house as rules: arrows point down (see ARCHITECTURE.md). There is no list of exceptions.
const room = (name) => `^src/${name}/`
const ADAPTERS = ['providers', 'store', 'tasks', 'checks', 'watcher', 'config', 'prices', 'access', 'notify', 'control']
const FACES = ['cli', 'tui', 'remote']
const INTERFACES = ['^src/providers/provider\\.ts$', '^src/checks/check\\.ts$', '^src/store/store\\.ts$']
const GROUND = ['process', 'files', 'text']

/** Everything in `src` but what `pattern` matches. */
const outside = (...patterns) => ({ path: '^src/', pathNot: patterns })

export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'core-is-pure',
      comment: 'core imports nothing but itself, zod and a hash in plain JavaScript: no I/O, no clock, no randomness',
      severity: 'error',
      from: { path: room('core') },
      to: { pathNot: [room('core'), 'node_modules/(zod|@noble/hashes)/'] },
    },
    ...GROUND.map((ground) => ({
      name: `${ground}-stands-on-the-ground`,
      comment: 'the rooms that know the traps of the operating system know nothing of tasks',
      severity: 'error',
      from: { path: room(ground) },
      to: outside(room(ground)),
    })),
    ...ADAPTERS.map((adapter) => ({
      name: `${adapter}-knows-core-only`,
      comment: 'an adapter imports core and the ground, never another adapter, the runtime or a face',
      severity: 'error',
      from: { path: room(adapter) },
      to: outside(room(adapter), room('core'), ...GROUND.map(room)),
    })),
    {
      name: 'runtime-knows-interfaces-only',
      comment: 'the runtime sees adapters by the files that hold nothing but their types; app/ hands it the real ones',
      severity: 'error',
      from: { path: room('runtime') },
      to: { path: ADAPTERS.map(room), pathNot: INTERFACES },
    },
    {
      name: 'runtime-looks-down',
      severity: 'error',
      from: { path: room('runtime') },
      to: outside(room('runtime'), room('core'), ...ADAPTERS.map(room)),
    },
    ...FACES.map((face) => ({
      name: `${face}-speaks-through-the-app`,
      comment: 'a face shows views and sends intents: it knows the app, core and what is known of words, no adapter and no loop',
      severity: 'error',
      from: { path: room(face) },
      to: outside(room(face), room('app'), room('core'), room('text')),
    })),
    {
      name: 'faces-are-above-all',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/main\\.ts$', ...FACES.map(room)] },
      to: { path: FACES.map(room) },
    },
    {
      name: 'app-is-below-the-faces-only',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/main\\.ts$', room('app'), ...FACES.map(room)] },
      to: { path: room('app') },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.json'], exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
}
