import type { CompletedCommand } from './commands-of.ts'
import { offerWord, quoted } from './script-words.ts'

/** A script for bash, from 3.2 on. */
export function bashScript(commands: readonly CompletedCommand[]): string {
  return `# Completes tutti in bash. To use it: source <(tutti completion bash)

_tutti_of() {
  case $1 in
${commands.map(caseOf).join('\n')}
    *) return 1 ;;
  esac
}

_tutti_offer() {
  local IFS=$'\\n' list
  case $1 in
    files) return ;;
    folders) compopt -o dirnames 2>/dev/null; COMPREPLY=($(compgen -d -- "$cur")); return ;;
    choices:*) list=\${1#choices:}; list=\${list//,/$'\\n'} ;;
    tasks | runs) list=$("\${COMP_WORDS[0]}" __complete "$1" --workspace "$workspace" 2>/dev/null) ;;
    words) list=\${2// /$'\\n'} ;;
  esac
  compopt +o default +o bashdefault 2>/dev/null
  COMPREPLY=($(compgen -W "$list" -- "$cur"))
}

_tutti() {
  local cur=\${COMP_WORDS[COMP_CWORD]} workspace=. command='' count=0 i word
  local commands options valued arguments
  COMPREPLY=()
  _tutti_of ''
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ " $valued" == *" $word="* ]]; then
      if ((i + 1 == COMP_CWORD)); then
        list=" $valued"; list=\${list##* $word=}
        _tutti_offer "\${list%% *}"
        return
      fi
      ((i++))
      [[ $word == --workspace ]] && workspace=\${COMP_WORDS[i]}
    elif [[ $word == -* ]]; then
      :
    elif ((count == 0)) && _tutti_of "\${command:+$command }$word"; then
      command="\${command:+$command }$word"
    else
      ((count++))
    fi
  done
  if [[ $cur == -* ]]; then
    _tutti_offer words "$options"
  elif [[ -n $commands ]] && ((count == 0)); then
    _tutti_offer words "$commands"
  else
    local kinds=($arguments) last
    last=\${#kinds[@]}
    if ((count >= last)); then
      [[ $arguments == *... ]] || { _tutti_offer text; return; }
      count=$((last - 1))
    fi
    _tutti_offer "\${kinds[count]%...}"
  fi
}

complete -o bashdefault -o default -F _tutti tutti
`
}

function caseOf({ words, options, arguments: offers, isVariadic, commands }: CompletedCommand): string {
  const names = options.flatMap((option) => option.names)
  const valued = options.flatMap(({ names: own, value }) => (value === undefined ? [] : own.map((name) => `${name}=${offerWord(value)}`)))
  const given = offers.map(offerWord).join(' ') + (isVariadic ? '...' : '')
  return `    ${quoted(words.join(' '))}) commands=${quoted(commands.map(({ name }) => name).join(' '))} options=${quoted(names.join(' '))} valued=${quoted(valued.join(' '))} arguments=${quoted(given)} ;;`
}
