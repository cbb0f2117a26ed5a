import * as z from 'zod'
import { NOTIFIABLE } from '../core/notifiable.ts'
import { Rates } from '../core/price.ts'
import { OnQuestion, OnTimeout } from '../core/gate-defaults.ts'
import { CacheMode, LONGEST_TIMEOUT_S } from '../core/task.ts'
import { contradictions, type NamedProviders } from './contradictions.ts'
import { isWebAddress } from './web-address.ts'

const usd = (what: string) => z.number().nonnegative().nullable().default(null).describe(`${what}, in US dollars; null: no limit`)
const seconds = z.number().positive().max(LONGEST_TIMEOUT_S).nullable().default(null)
const name = z.string().min(1)
/** `HOST:PORT`; an IPv6 address stands in brackets. */
const LISTEN = /^(?:\[[0-9a-fA-F:.]+\]|[0-9A-Za-z.-]+):\d{1,5}$/
/** Seconds; a receiver that takes longer does its own work before it answers, and should not. */
const LONGEST_NOTIFY_S = 120

/**
 * The shape of `config.json`. Every key has a default, so that no file at all is a configuration too.
 * @param provider the options of one provider, told apart by `type`; they belong to the providers
 * @param builtIn providers that are there without being configured
 */
export function configSchema<Provider extends z.ZodType<NamedProviders[string]>>(provider: Provider, builtIn: NamedProviders) {
  const route = z.strictObject({
    provider: name.describe('A name from "providers"'),
    model: name.optional().describe('The model to ask it for; its own default where absent'),
  })

  const routing = z.strictObject({
    default_tier: name.optional().describe('The tier of tasks that name none; the first tier where absent'),
    by_type: z.record(name, name).default({}).describe('The tier of a task by its type, e.g. { "review": "complex" }. Unless it says otherwise, research and analyze go to a tier "local", docs to "medium", fix and code to "complex", where there is one.'),
    max_tier: name.optional().describe('The highest tier that tasks move up to when their checks are not met; the last tier where absent'),
    patience_s: z.number().positive().max(LONGEST_TIMEOUT_S).default(600).describe('Seconds a provider may be down before the conductor stops waiting for it; its tasks stay to be resumed'),
  })

  const budget = z.strictObject({
    daily_usd: usd('The most to spend in a day'),
    monthly_usd: usd('The most to spend in a month'),
    per_project_usd: usd('The most to spend on a project'),
    per_run_usd: usd('The most to spend in a run'),
    per_task_usd: usd('The most to spend on a task that has no max_cost_usd of its own'),
    warn_at_pct: z.number().min(0).max(100).default(80).describe('Warn when this share of a limit is used, in percent'),
    on_limit: z.enum(['hold', 'downgrade', 'stop']).default('hold').describe('What to do at a limit: hold tasks, use a cheaper tier, or stop'),
    unknown_price: z.enum(['hold', 'allow']).default('hold').describe('Tasks whose price is not known: hold them, or assume "assumed_price"'),
    assumed_price: Rates.strict().nullable().default(null).describe('What a model without a known price is taken to cost, in US dollars for a million tokens'),
    time_zone: z.string().default('UTC').refine(isTimeZone, 'has to be an IANA time zone such as "Europe/Berlin"').describe('Where days and months turn'),
  })

  const execution = z.strictObject({
    max_concurrent: z.number().int().positive().default(3).describe('Attempts that may run at once'),
    per_provider: z.record(name, z.number().int().positive()).default({}).describe('Attempts that may run at once on one provider, by its name'),
    timeout_s: z.number().positive().max(LONGEST_TIMEOUT_S).default(300).describe('Seconds for one attempt'),
    first_token_timeout_s: seconds.describe('Seconds to wait for the first word of an answer; null: as long as timeout_s'),
    idle_timeout_s: seconds.describe('Seconds of silence within an answer; null: as long as timeout_s'),
    max_tokens: z.number().int().positive().default(8192).describe('Output tokens of an attempt that is paid for by tokens, where the task does not say'),
    retries: z.number().int().min(0).max(100).default(2).describe('Further attempts of a prompt after a first that failed or did not pass its checks'),
    max_output_bytes: z.number().int().positive().default(1_000_000).describe('Bytes of a command\'s output that are kept; the middle is left out'),
    stop_grace_s: z.number().nonnegative().max(LONGEST_TIMEOUT_S).default(10).describe('Seconds that attempts have to come to their end when Tutti is stopped by SIGTERM or "tutti stop"; then they are interrupted'),
    max_log_bytes: z.number().int().positive().default(10_000_000).describe('Bytes of one attempt\'s log'),
  })

  const cache = z.strictObject({
    mode: CacheMode.default('read').describe('Whether answers of earlier runs are used, where the task does not say'),
  })

  const approval = z.strictObject({
    mode: z.enum(['required', 'auto']).default('required').describe('Whether tasks that require an approval wait for it, or are approved'),
    auto_approve_types: z.array(name).default([]).describe('Types of tasks that are approved even where they require it'),
    checkpoint_after_types: z.array(name).default([]).describe('Types of tasks whose result a person reviews'),
  })

  const gates = z.strictObject({
    timeout_s: z.number().positive().nullable().default(null).describe('Seconds after which a gate that nobody answers is answered by itself, where the task has no gate_timeout_s; null: it waits for ever'),
    on_timeout: OnTimeout.default('hold').describe('What it comes to then: approve (a question takes its default, a quota is asked for again), reject, skip the task, or go on waiting'),
    on_question: OnQuestion.default('hold').describe('What a question comes to in a run that leaves when nothing goes on: a gate to be answered later, its default, or a failure'),
    max_questions: z.number().int().min(0).max(100).default(5).describe('Questions that one attempt may put to a person'),
  })

  const context = z.strictObject({
    max_chars: z.number().int().nonnegative().default(4000).describe("Characters of each dependency's output that are forwarded into a prompt"),
    max_prompt_bytes: z.number().int().positive().default(1_000_000).describe('Bytes that a prompt in a task file may have'),
  })

  const screen = z.strictObject({
    theme: z.enum(['default', 'high-contrast']).default('default').describe('How the page looks; "default" takes the colours of the terminal, dark or light'),
    bell: z.boolean().default(true).describe('Whether the terminal rings, and shows a notice where it can, when a task begins to wait for a person'),
    keys: z.record(name, z.array(name)).default({}).describe('Keys of a command, instead of its own, e.g. { "approve": ["y", "ctrl+y"] }; ":" and Tab on the page name the commands. An empty list takes its keys away'),
  })

  const remote = z.strictObject({
    listen: z.string().regex(LISTEN, 'has to be an address and a port such as "127.0.0.1:5200" or "[::1]:5200"').nullable().default(null).describe('Where the control server listens on TCP, for those who have a token; null: on its Unix socket only'),
    cors: z.array(z.url({ protocol: /^https?$/ }).refine((url) => URL.canParse(url) && new URL(url).origin === url, 'has to be an origin such as "https://dash.example.org", without a path')).default([]).describe('Origins whose pages may talk to the control server; none where empty'),
    webhook_secret: z.string().optional().describe('What callers of /webhook/command send as "secret", as a reference: "${NAME}"; without it that door is shut'),
    webhook_signed: z.boolean().default(false).describe('Whether they have to sign with it instead: then nothing that is read on the way can be sent again'),
    max_body_bytes: z.number().int().positive().max(64 * 1024 * 1024).default(1_000_000).describe('Bytes that a request may have'),
    requests_per_minute: z.number().int().positive().default(600).describe('Requests of one caller in a minute, over TCP'),
  })

  // Like providers they have names: one is simply "webhook", and messages name each without quoting its address, which may be a secret.
  const webhook = z.strictObject({
    url: z.string().refine(isAddress, 'has to be an http or https address, without a name and a password in it').describe('Where to POST to; "${NAME}" keeps an address that is a secret out of the file'),
    secret: name.optional().describe('What requests are signed with (HMAC SHA-256), as "${NAME}"; not signed where absent'),
    events: z.array(z.enum(NOTIFIABLE)).min(1).default([...NOTIFIABLE]).describe('What to tell; everything where absent'),
    timeout_s: z.number().positive().max(LONGEST_NOTIFY_S).default(10).describe('Seconds in which the receiver has to answer'),
  })

  return z
    .strictObject({
      $schema: z.string().optional().describe('Where editors find this schema'),
      project: name.optional().describe("The project's name; the folder's name where absent"),
      providers: z.record(name, provider).default({}).describe('Who can carry out a task, by a name of your choice'),
      tiers: z.record(name, z.array(route).min(1)).default({}).describe('Classes of quality and cost, cheapest first; each an ordered list of routes'),
      routing: routing.prefault({}).describe('Which tier a task goes to'),
      budget: budget.prefault({}).describe('What may be spent'),
      prices: z.record(name, Rates.strict()).default({}).describe('What models cost, by "MODEL" or "PROVIDER/MODEL", in US dollars for a million tokens'),
      cache: cache.prefault({}).describe('Answers of earlier runs'),
      execution: execution.prefault({}).describe('How attempts are run'),
      approval: approval.prefault({}).describe('Where a person decides'),
      gates: gates.prefault({}).describe('When nobody answers, and what may be asked'),
      context: context.prefault({}).describe('What goes into a prompt'),
      screen: screen.prefault({}).describe('The full-screen page'),
      remote: remote.prefault({}).describe('The control server'),
      notify: z.record(name, webhook).default({}).describe('Who is told of what happens, by a name of your choice, such as "webhook"'),
    })
    .superRefine((config, context) => {
      for (const { path, message } of contradictions(config, builtIn)) context.addIssue({ code: 'custom', path, message })
    })
}

/** An address with a reference in it is known only once that is filled in. */
function isAddress(text: string): boolean {
  return text.includes('${') || isWebAddress(text)
}

function isTimeZone(zone: string): boolean {
  // To load the names of all zones takes longer than to read the rest of the configuration.
  if (zone === 'UTC') return true
  try {
    return Intl.DateTimeFormat('en', { timeZone: zone }) instanceof Intl.DateTimeFormat
  } catch {
    return false
  }
}
