import { Command, CommanderError } from 'commander'
import { sanitize } from '../core/sanitize.ts'
import { VERSION } from '../core/version.ts'
import type { CommandModule, Doors } from './command.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { isWorkspace } from './is-workspace.ts'

type Listed = { name: string; summary: string; load: () => Promise<CommandModule> }

/** Every command, as the help page groups them. A command is loaded when it is called. */
const COMMANDS: Readonly<Record<string, readonly Listed[]>> = {
  'Run:': [
    { name: 'run', summary: 'run task files, or every task file in a folder', load: () => import('./commands/run.ts') },
    { name: 'watch', summary: 'run every task file that is dropped into tasks/', load: () => import('./commands/watch.ts') },
    { name: 'up', summary: 'watch without a page, in the background with -d', load: () => import('./commands/up.ts') },
    { name: 'serve', summary: 'watch as up does, and let programs with a token in over the network', load: () => import('./commands/serve.ts') },
    { name: 'resume', summary: 'take up a run that was left before its end, or end a pause', load: () => import('./commands/resume.ts') },
    { name: 'add', summary: 'hand task files to whoever conducts, or drop them into tasks/', load: () => import('./commands/add.ts') },
    { name: 'attach', summary: 'look at what is conducted elsewhere, and steer it', load: () => import('./commands/attach.ts') },
    { name: 'stop', summary: 'end the conductor; its run can be taken up again', load: () => import('./commands/stop.ts') },
  ],
  'Decide, while it runs or before it is taken up:': [
    { name: 'inbox', summary: 'show what waits for a person, and how to answer', load: () => import('./commands/inbox.ts') },
    { name: 'approve', summary: 'let tasks go on that wait for it', load: async () => (await import('./commands/answers.ts')).approve },
    { name: 'reject', summary: 'do not let them go on', load: async () => (await import('./commands/answers.ts')).reject },
    { name: 'send-back', summary: 'have it done again, and say what is missing', load: async () => (await import('./commands/answers.ts')).sendBack },
    { name: 'answer', summary: 'answer what a task asks', load: async () => (await import('./commands/answers.ts')).answer },
    { name: 'pause', summary: 'start nothing new, of some tasks or of the run', load: async () => (await import('./commands/wishes.ts')).pause },
    { name: 'unpause', summary: 'let them go on', load: async () => (await import('./commands/wishes.ts')).unpause },
    { name: 'skip', summary: 'go on without a task', load: async () => (await import('./commands/wishes.ts')).skip },
    { name: 'cancel', summary: 'give a task up, and what depends on it', load: async () => (await import('./commands/wishes.ts')).cancel },
    { name: 'retry', summary: 'try again what has not succeeded', load: async () => (await import('./commands/wishes.ts')).retry },
    { name: 'rerun', summary: 'do a task again, whatever came of it', load: async () => (await import('./commands/wishes.ts')).rerun },
    { name: 'priority', summary: 'say what leaves sooner', load: async () => (await import('./commands/wishes.ts')).priority },
  ],
  'Look:': [
    { name: 'status', summary: 'show the newest run, task by task', load: () => import('./commands/status.ts') },
    { name: 'show', summary: 'show one run: tasks, checks, files, events', load: () => import('./commands/show.ts') },
    { name: 'logs', summary: 'show what a task said while it ran', load: () => import('./commands/logs.ts') },
    { name: 'events', summary: 'show what happened, one line an event', load: () => import('./commands/events.ts') },
    { name: 'replay', summary: 'play a recorded run', load: () => import('./commands/replay.ts') },
    { name: 'cost', summary: 'show what was spent, and what a success costs', load: () => import('./commands/cost.ts') },
    { name: 'budget', summary: 'show what is left of each limit', load: () => import('./commands/budget.ts') },
  ],
  'Prepare:': [
    { name: 'new', summary: 'write a sample task file', load: () => import('./commands/new.ts') },
    { name: 'validate', summary: 'say what is wrong with task files, and run nothing', load: () => import('./commands/validate.ts') },
    { name: 'graph', summary: 'draw what depends on what', load: () => import('./commands/graph.ts') },
    { name: 'doctor', summary: 'show the configuration and what can be reached', load: () => import('./commands/doctor.ts') },
    { name: 'completion', summary: 'print a script that completes commands in a shell', load: () => import('./commands/completion.ts') },
  ],
  'Let others in:': [
    { name: 'token', summary: 'make, list and revoke tokens for those who come in over the network', load: () => import('./commands/token.ts') },
    { name: 'user', summary: 'say who may log in over the network', load: () => import('./commands/user.ts') },
  ],
  'Tidy up:': [
    { name: 'clean', summary: 'delete old runs', load: () => import('./commands/clean.ts') },
    { name: 'cache', summary: 'say what answers of earlier runs are kept, and remove some', load: () => import('./commands/cache.ts') },
    { name: 'validate-artifacts', summary: 'hold produced files against their checksums', load: () => import('./commands/validate-artifacts.ts') },
  ],
}

/** For shells. */
const COMPLETE: Omit<Listed, 'summary'> = { name: '__complete', load: () => import('./commands/complete.ts') }

const EPILOGUE = `
To begin: tutti new prompt, then tutti run prompt.md
Without a command: tutti watch, where tasks/ lies beside config.json or runs/.

Exit codes: 0 all complete
            1 something failed, is incomplete, blocked, cancelled or refused
            2 usage, configuration or task file wrong
            3 held or stopped by the budget
            4 waits for a person or a provider, or was left by a key
            129/130/143 by signal (the run can be resumed)`

/**
 * Runs the command that the arguments name.
 * @returns the exit code
 */
export async function runProgram(given: readonly string[], doors: Doors): Promise<ExitCode> {
  const program = new Command('tutti')
    .description('A conductor for AI tasks: task files in, checked results out.')
    .version(VERSION, '-V, --version')
    .addHelpText('after', EPILOGUE)
    .showSuggestionAfterError()
    .configureOutput({ writeErr: (text) => void process.stderr.write(sanitize(text, { color: false })) })
    .exitOverride()

  const args = given.length === 0 && (await isWorkspace('.')) ? ['watch'] : given
  let code: ExitCode = EXIT.done
  // Only the command that is called is loaded; the others are a line in the help page.
  const words = args.filter((arg) => !arg.startsWith('-'))
  const called = words[0] === 'help' ? words[1] : words[0]
  for (const [group, commands] of Object.entries(COMMANDS)) {
    for (const { name, summary, load } of commands) {
      const command = program.command(name).summary(summary).description(summary).helpGroup(group)
      // A script that completes commands has to know all of them.
      if (name === called || called === 'completion') (await load()).define(command, (given) => (code = given), doors)
    }
  }

  if (called === COMPLETE.name) (await COMPLETE.load()).define(program.command(COMPLETE.name, { hidden: true }), (given) => (code = given), doors)

  try {
    if (args.length === 0) program.help()
    await program.parseAsync(args, { from: 'user' })
    return code
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    // Commander has printed what was wrong, or the help that was asked for.
    return error.exitCode === 0 || args.length === 0 ? EXIT.done : EXIT.invalid
  }
}
