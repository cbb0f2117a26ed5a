import type { CompletedCommand, CompletedOption, Offer } from './commands-of.ts'

/** A script for fish. */
export function fishScript(commands: readonly CompletedCommand[]): string {
  return `# Completes tutti in fish. To use it: tutti completion fish > ~/.config/fish/completions/tutti.fish

# The words that have been written, without options.
function __tutti_words
    set -l words (commandline -opc)
    set -e words[1]
    for word in $words
        string match -q -- '-*' $word; or echo $word
    end
end

# Whether these words lead to the command that is being written.
function __tutti_at
    set -l words (__tutti_words)
    for index in (seq (count $argv))
        test "$words[$index]" = "$argv[$index]"; or return 1
    end
end

# The same, and nothing has been written behind them.
function __tutti_just_at
    test (count (__tutti_words)) -eq (count $argv); and __tutti_at $argv
end

function __tutti_list
    set -l where .
    set -l words (commandline -opc)
    for index in (seq (count $words))
        if test "$words[$index]" = --workspace; and test $index -lt (count $words)
            set where $words[(math $index + 1)]
        end
    end
    $words[1] __complete $argv[1] --workspace $where 2>/dev/null
end

complete -c tutti -f
${commands.flatMap(linesOf).join('\n')}
`
}

function linesOf({ words, options, arguments: offers, commands }: CompletedCommand): string[] {
  const at = words.length === 0 ? '__tutti_just_at' : `__tutti_at ${words.join(' ')}`
  const begin = `complete -c tutti -n ${quoted(at)}`
  return [
    ...commands.map(({ name, summary }) => `complete -c tutti -n ${quoted(`__tutti_just_at${words.map((word) => ` ${word}`).join('')}`)} -a ${name} -d ${quoted(summary)}`),
    ...options.map((option) => `${begin} ${optionText(option)}`),
    ...[...new Set(offers.map(offerText))].filter((text) => text !== '').map((text) => `${begin} ${text}`),
  ]
}

function optionText({ names, summary, value }: CompletedOption): string {
  const named = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)).join(' ')
  const offer = value === undefined ? '' : value === 'text' ? ' -x' : ` ${value === 'files' ? '-r' : '-x'} ${offerText(value)}`
  return `${named} -d ${quoted(summary)}${offer}`.trimEnd()
}

function offerText(offer: Offer): string {
  if (typeof offer !== 'string') return `-a ${quoted(offer.choices.join(' '))}`
  switch (offer) {
    case 'files':
      return '-F'
    case 'folders':
      return `-a ${quoted('(__fish_complete_directories)')}`
    case 'tasks':
    case 'runs':
      return `-a ${quoted(`(__tutti_list ${offer})`)}`
    case 'text':
      return ''
  }
}

/** In fish a backslash before a quote or a backslash stands for it. */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
