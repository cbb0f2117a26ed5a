import type { FailureKind } from '../../src/core/outcome.ts'
import type { Question } from '../../src/core/question.ts'
import type { TaskSpec } from '../../src/core/task.ts'

/*
 * A night's work on a small service, as data: what depends on what, what each attempt says and comes to, and what a
 * person does in between. The screens of the gallery and the tests of the screen are drawn from it.
 */

/** What an agent could ask in the middle of it. */
export const ASKED = {
  question: {
    kind: 'question',
    asks: [
      {
        text: 'Two notes may be kept in the same instant. What is to be the key?',
        options: [
          { label: 'a number', description: 'counted up by the table; short, and tells how many there are' },
          { label: 'a random id', description: 'tells nothing, and can be made before the note is stored' },
          { label: 'the moment', description: 'as it is now; the second note replaces the first' },
        ],
      },
    ],
  },
  several: {
    kind: 'question',
    asks: [
      { text: 'Which routes may be asked without a token?', options: [{ label: 'GET /notes' }, { label: 'POST /notes' }, { label: 'none' }], multiple: true, default: 'none' },
      { text: 'What is the table called?', options: [] },
    ],
  },
  permission: { kind: 'permission', tool: 'Bash', rule: 'Bash(npm install better-sqlite3@12)', input: 'cd /srv/notes-api &&\nnpm install better-sqlite3@12' },
} as const satisfies Record<string, Question>

/** What one attempt does. */
export type AttemptStory = {
  seconds: number
  tokens?: { input: number; output: number }
  /** US dollars that an agent says it has cost. */
  usd?: number
  /** What it says meanwhile, evenly over its time. */
  says: readonly string[]
  /** The answer, unless it fails. */
  fails?: { kind: FailureKind; message: string }
  /** Rules that its answer does not pass. */
  misses?: readonly string[]
}

export type TaskStory = Pick<TaskSpec, 'id' | 'title' | 'depends_on'> & Partial<TaskSpec> & { prompt: string; attempts: readonly AttemptStory[] }

/** What a person does, seconds after the run was opened. */
export const DEEDS = [
  { at: 100, does: { type: 'skip', task: 'changelog', by: 'a person', door: 'screen' } },
  { at: 236, does: { type: 'approve', task: 'schema', by: 'a person', door: 'screen' } },
  { at: 300, does: { type: 'approve', task: 'site', by: 'a person', door: 'screen' } },
  { at: 640, does: { type: 'approve', task: 'release', by: 'a person', door: 'screen' } },
] as const

export const TIERS = {
  local: [{ provider: 'ollama', model: 'qwen3:8b' }],
  medium: [{ provider: 'openai', model: 'gpt-5-mini' }],
  complex: [{ provider: 'claude', model: 'sonnet' }],
}

const contains = (word: string) => ({ rule: 'contains', value: word })
const min_length = (value: number) => ({ rule: 'min_length', value })

/** What an agent says while it mends what the check has found. */
const MENDED = [
  'The check said: npm test exits 1.',
  '\u001b[31m✖\u001b[0m store.test.ts:41 a changed note keeps its age',
  '\u001b[31m✖\u001b[0m store.test.ts:58 two notes at once are both kept',
  '',
  'reading src/store.ts',
  'reading test/store.test.ts',
  'keep() sets changed_at for new notes only.',
  'The key is the moment: a second note replaces it.',
  '',
  'writing src/store.ts',
  '\u001b[31m-  changed_at: note.changed_at ?? now()\u001b[0m',
  '\u001b[32m+  changed_at: now()\u001b[0m',
  '\u001b[31m-  PRIMARY KEY (changed_at)\u001b[0m',
  '\u001b[32m+  id INTEGER PRIMARY KEY\u001b[0m',
  'running npm test',
  '\u001b[32m13 passed\u001b[0m',
  '',
  'writing src/router.ts',
  'writing test/router.test.ts',
  'running npm test',
  '\u001b[32m21 passed\u001b[0m',
  'done: src/store.ts, src/router.ts',
]

const SERVED = [
  'reading docs/routes.md',
  'reading db/schema.sql',
  'Four routes, one table, one search.',
  '',
  'writing test/notes.test.ts',
  'writing src/routes/notes.ts',
  'running npm test',
  '\u001b[33m1 skipped\u001b[0m, 29 passed',
  'The one that is skipped waits for the search.',
  '',
  'writing src/routes/search.ts',
  'GET /notes?q=milk answers in 3 ms',
  'running npm test',
  '\u001b[32m34 passed\u001b[0m',
  'Reading what I have written once more.',
  'src/routes/notes.ts:61 trusts the number in the path.',
  'writing src/routes/notes.ts',
  'running npm test',
  '\u001b[32m34 passed\u001b[0m',
  'done: 4 routes, 34 tests',
]

export const TASKS: readonly TaskStory[] = [
  {
    id: 'brief', title: 'Say what is wanted', depends_on: [], tier: 'local', type: 'research', file: 'tasks/notes-api.yaml', checks: [min_length(200)],
    prompt: 'Read docs/wishes.md and write the brief: who uses the notes service, what they do with it, and what it must never do.',
    attempts: [{ seconds: 14, tokens: { input: 14_100, output: 1_640 }, says: ['# Brief', 'People keep short notes and find them again by words.', 'A note is never lost and never shown to anybody else.'] }],
  },
  {
    id: 'research', title: 'Compare full-text searches', depends_on: [], tier: 'local', type: 'research', file: 'tasks/notes-api.yaml', checks: [contains('SQLite')],
    prompt: 'Compare the full-text searches of SQLite, Postgres and Meilisearch for 100,000 short notes.',
    attempts: [{ seconds: 38, tokens: { input: 41_800, output: 4_900 }, says: ['SQLite FTS5: no server, 4 ms at 100,000 notes', 'Postgres: a server, ranking is better', 'Meilisearch: typos, 300 MB of memory', 'SQLite is enough here.'] }],
  },
  {
    id: 'architect', title: 'Design the service', depends_on: ['brief', 'research'], tier: 'complex', file: 'tasks/notes-api.yaml', outputs: ['docs/design.md'], checks: [contains('## Modules'), min_length(800)],
    prompt: 'Design the notes service: modules, routes, tables, and how a note is found. Write docs/design.md.',
    attempts: [{ seconds: 72, usd: 0.21, tokens: { input: 18_400, output: 5_200 }, says: ['reading docs/wishes.md', 'reading package.json', 'A router, a store and a search: three modules.', 'writing docs/design.md', 'The store owns the tables; nobody else writes SQL.', 'done: docs/design.md, 212 lines'] }],
  },
  {
    id: 'schema', title: 'Write the tables', depends_on: ['architect'], tier: 'medium', requires_approval: true, file: 'tasks/notes-api.yaml', outputs: ['db/schema.sql'], checks: [contains('CREATE TABLE')],
    prompt: 'Write db/schema.sql from docs/design.md. It will be applied to the database that is in use.',
    attempts: [{ seconds: 41, tokens: { input: 19_300, output: 2_400 }, says: ['CREATE TABLE notes (', '  id INTEGER PRIMARY KEY,', '  body TEXT NOT NULL,', '  changed_at TEXT NOT NULL', ');', 'CREATE VIRTUAL TABLE notes_fts USING fts5(body);'] }],
  },
  {
    id: 'builder', title: 'Build the router and the store', depends_on: ['architect'], tier: 'complex', type: 'build', file: 'tasks/notes-api.yaml', checks: [{ rule: 'command', value: 'npm test' }],
    prompt: 'Build src/router.ts and src/store.ts as docs/design.md says. Tests first.',
    attempts: [
      { seconds: 96, usd: 0.34, tokens: { input: 61_000, output: 9_100 }, says: ['reading docs/design.md', 'writing test/store.test.ts', 'writing src/store.ts', 'running npm test', '\u001b[31m2 failed\u001b[0m, 11 passed', 'mending src/store.ts'], misses: ['command'] },
      { seconds: 64, usd: 0.19, tokens: { input: 44_000, output: 4_000 }, says: MENDED },
    ],
  },
  {
    id: 'docs', title: 'Describe the routes', depends_on: ['architect'], tier: 'medium', type: 'docs', file: 'tasks/notes-api.yaml', outputs: ['docs/routes.md'], checks: [contains('GET /notes')],
    prompt: 'Describe each route of docs/design.md with a request and an answer.',
    attempts: [{ seconds: 52, tokens: { input: 28_700, output: 5_300 }, says: ['## GET /notes', 'Finds notes by words.', '## POST /notes', 'Keeps a new note.', '## DELETE /notes/{id}', 'Takes a note away for good.'] }],
  },
  {
    id: 'screenshots', title: 'Take pictures of the pages', depends_on: ['docs'], tier: 'local', type: 'docs', file: 'tasks/pictures.md', work: { kind: 'command', command: 'npm run screenshots' }, retries: 0,
    prompt: 'npm run screenshots',
    attempts: [{ seconds: 21, says: ['> notes-api@0.1.0 screenshots', '> playwright test pictures', 'browserType.launch: Executable does not exist at /opt/chromium'], fails: { kind: 'command_failed', message: 'npm run screenshots exited with code 1' } }],
  },
  {
    id: 'gallery', title: 'Put the pictures on a page', depends_on: ['screenshots'], tier: 'local', type: 'docs', file: 'tasks/pictures.md', prompt: 'Put the pictures of docs/pictures on one page with a sentence each.', attempts: [],
  },
  {
    id: 'endpoints', title: 'Serve the notes', depends_on: ['builder', 'schema'], tier: 'complex', type: 'build', file: 'tasks/notes-api.yaml', checks: [{ rule: 'command', value: 'npm test' }],
    prompt: 'Serve the routes of docs/routes.md over the store. Tests first.',
    attempts: [{ seconds: 118, usd: 0.41, tokens: { input: 72_000, output: 11_400 }, says: SERVED }],
  },
  {
    id: 'auth', title: 'Let only owners in', depends_on: ['builder'], tier: 'medium', type: 'build', file: 'tasks/notes-api.yaml', checks: [contains('timingSafeEqual')],
    prompt: 'Write src/auth.ts: a token for each owner, compared in constant time.',
    attempts: [
      { seconds: 33, tokens: { input: 22_000, output: 2_100 }, says: ['export function isOwner(token: string, known: string) {', '  return token === known', '}'], misses: ['contains'] },
      { seconds: 36, tokens: { input: 43_100, output: 4_300 }, says: ["import { timingSafeEqual } from 'node:crypto'", 'export function isOwner(token: Buffer, known: Buffer) {', '  return token.length === known.length && timingSafeEqual(token, known)', '}'] },
    ],
  },
  {
    id: 'search', title: 'Find notes by words', depends_on: ['schema', 'builder'], tier: 'local', type: 'build', max_tier: 'medium', file: 'tasks/notes-api.yaml', checks: [contains('MATCH'), min_length(120)],
    prompt: 'Write src/search.ts over notes_fts: words, phrases, and what comes first.',
    attempts: [
      { seconds: 44, tokens: { input: 15_200, output: 1_900 }, says: ['SELECT * FROM notes WHERE body LIKE ?'], misses: ['contains'] },
      { seconds: 29, tokens: { input: 36_000, output: 3_200 }, says: ['SELECT n.* FROM notes_fts f JOIN notes n ON n.id = f.rowid', 'WHERE notes_fts MATCH ? ORDER BY rank'] },
    ],
  },
  {
    id: 'load-test', title: 'Ask it 10,000 times', depends_on: ['endpoints', 'search'], type: 'test', file: 'tasks/notes-api.yaml', work: { kind: 'command', command: 'npm run load' },
    prompt: 'npm run load',
    attempts: [{ seconds: 47, says: ['> notes-api@0.1.0 load', '10000 requests, 64 at once', 'p50 2.9 ms  p95 8.1 ms', '0 errors'] }],
  },
  {
    id: 'security', title: 'Read it as an attacker', depends_on: ['auth', 'endpoints'], tier: 'complex', type: 'review', file: 'tasks/notes-api.yaml', checks: [contains('## Findings')],
    prompt: 'Read src/ as an attacker would. Write what you find, worst first, with a test that shows it.',
    attempts: [{ seconds: 83, usd: 0.27, tokens: { input: 58_000, output: 6_600 }, says: ['reading src/auth.ts', 'reading src/routes/notes.ts', 'A note of somebody else can be deleted by its number: src/routes/notes.ts:61', 'writing test/delete.test.ts', 'done: 1 finding'] }],
  },
  {
    id: 'changelog', title: 'Say what is new', depends_on: ['docs'], tier: 'local', type: 'docs', file: 'tasks/notes-api.yaml', prompt: 'Say what is new in CHANGELOG.md.', attempts: [],
  },
  {
    id: 'site', title: 'Build the site', depends_on: ['docs', 'changelog'], tier: 'local', type: 'docs', review: true, file: 'tasks/notes-api.yaml', prompt: 'Build the site from docs/.',
    attempts: [{ seconds: 84, tokens: { input: 33_000, output: 6_700 }, says: ['reading docs/routes.md', 'writing site/index.html', 'writing site/routes.html', '4 pages, 0 dead links'] }],
  },
  {
    id: 'qa', title: 'Try all of it', depends_on: ['endpoints', 'auth', 'security', 'load-test'], tier: 'medium', type: 'test', file: 'tasks/notes-api.yaml', checks: [contains('verdict:')],
    prompt: 'Start the service and try every route of docs/routes.md. End with "verdict:" and one word.',
    attempts: [{ seconds: 58, tokens: { input: 61_000, output: 5_900 }, says: ['GET /notes 200', 'POST /notes 201', 'DELETE /notes/7 204', 'verdict: good'] }],
  },
  {
    id: 'release', title: 'Tag it and let it go', depends_on: ['qa', 'site'], requires_approval: true, type: 'release', file: 'tasks/notes-api.yaml', work: { kind: 'command', command: 'npm run release' },
    prompt: 'npm run release',
    attempts: [{ seconds: 12, says: ['v0.1.0'] }],
  },
]
