import type { CompletedCommand } from './commands-of.ts'
import { offerWord, quoted } from './script-words.ts'

/** A script for zsh, which tells beside each word what it means. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  return `#compdef tutti
# Completes tutti in zsh. To use it: source <(tutti completion zsh), behind compinit in .zshrc

_tutti_of() {
  case $1 in
${commands.map(caseOf).join('\n')}
    *) return 1 ;;
  esac
}

_tutti_offer() {
  local -a list
  case $1 in
    files) _files ;;
    folders) _files -/ ;;
    choices:*) list=(\${(s:,:)1#choices:}); compadd -a list ;;
    tasks | runs) list=(\${(f)"$("\${words[1]}" __complete $1 --workspace "$workspace" 2>/dev/null)"}); compadd -a list ;;
  esac
}

_tutti() {
  local workspace=. command='' count=0 i word
  local -a commands options arguments
  local -A valued
  _tutti_of ''
  for ((i = 2; i < CURRENT; i++)); do
    word=\${words[i]}
    if [[ -n \${valued[$word]} ]]; then
      if ((i + 1 == CURRENT)); then
        _tutti_offer \${valued[$word]}
        return
      fi
      ((i++))
      [[ $word == --workspace ]] && workspace=\${words[i]}
    elif [[ $word == -* ]]; then
      :
    elif ((count == 0)) && _tutti_of "\${command:+$command }$word"; then
      command="\${command:+$command }$word"
    else
      ((count++))
    fi
  done
  if [[ \${words[CURRENT]} == -* ]]; then
    _describe option options
  elif ((\${#commands} > 0 && count == 0)); then
    _describe command commands
  else
    local last=\${#arguments}
    if ((count >= last)); then
      [[ \${arguments[-1]} == *... ]] || return
      count=$((last - 1))
    fi
    _tutti_offer \${arguments[count+1]%...}
  fi
}

if [[ $funcstack[1] == _tutti ]]; then
  _tutti "$@"
else
  compdef _tutti tutti
fi
`
}

function caseOf({ words, options, arguments: offers, isVariadic, commands }: CompletedCommand): string {
  const names = options.flatMap((option) => option.names.map((name) => described(name, option.summary)))
  const valued = options.flatMap(({ names: own, value }) => (value === undefined ? [] : own.map((name) => `${name} ${quoted(offerWord(value))}`)))
  const given = offers.map((offer, index) => quoted(`${offerWord(offer)}${isVariadic && index === offers.length - 1 ? '...' : ''}`))
  const own = commands.map(({ name, summary }) => described(name, summary))
  return `    ${quoted(words.join(' '))}) commands=(${own.join(' ')}) options=(${names.join(' ')}) valued=(${valued.join(' ')}) arguments=(${given.join(' ')}) ;;`
}

function described(name: string, summary: string): string {
  return quoted(`${name}:${summary}`)
}
