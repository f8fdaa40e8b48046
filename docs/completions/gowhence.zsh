#compdef gowhence

autoload -U is-at-least

_gowhence() {
    typeset -A opt_args
    typeset -a _arguments_options
    local ret=1

    if is-at-least 5.2; then
        _arguments_options=(-s -S -C)
    else
        _arguments_options=(-s -C)
    fi

    local context curcontext="$curcontext" state line
    _arguments "${_arguments_options[@]}" : \
'-C+[The project \[default\: the current folder'\''s\]]:DIR:_files' \
'--base=[What shells start from\: \`login\` (default), \`here\`, another space, or a file as \`env -0\` writes it]:here|SPACE|FILE:_default' \
'--machine=[A recorded or hand-written machine instead of this one; nothing in it is executed]:DIR:_files' \
'--timeout=[How long the start of a shell may take (10s, 500ms, 2m)]:TIME:_default' \
'--format=[How the answer is written]:FORMAT:((text\:""
json\:""
mermaid\:"A flow chart of the spaces (map)"
dot\:"A Graphviz graph of the spaces (map)"))' \
'--color=[When to use colours]:WHEN:((auto\:"On a terminal, as NO_COLOR, CLICOLOR_FORCE and TERM say"
always\:""
never\:""))' \
'--no-run[Executes nothing; shells are then "not checked"]' \
'--refresh[Runs shells anew instead of using probes of the last ten minutes]' \
'--show-secrets[Shows values that look like secrets]' \
'(-v --verbose)-q[The answer alone\: no advice, no progress]' \
'(-v --verbose)--quiet[The answer alone\: no advice, no progress]' \
'-v[The reasoning too\: layers that did nothing, every problem]' \
'--verbose[The reasoning too\: layers that did nothing, every problem]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
":: :_gowhence_commands" \
"*::: :->gowhence" \
&& ret=0
    case $state in
    (gowhence)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:gowhence-command-$line[1]:"
        case $line[1] in
            (map)
_arguments "${_arguments_options[@]}" : \
'*--space=[Only this place, and what it hangs under (may be repeated)]:SPACE:_default' \
'*--var=[Only this variable (may be repeated)]:VAR:_default' \
'--fail-on=[Exit with 1 if there is a problem of this severity or above]:LEVEL:(error warning info hint)' \
'-C+[The project \[default\: the current folder'\''s\]]:DIR:_files' \
'--base=[What shells start from\: \`login\` (default), \`here\`, another space, or a file as \`env -0\` writes it]:here|SPACE|FILE:_default' \
'--machine=[A recorded or hand-written machine instead of this one; nothing in it is executed]:DIR:_files' \
'--timeout=[How long the start of a shell may take (10s, 500ms, 2m)]:TIME:_default' \
'--format=[How the answer is written]:FORMAT:((text\:""
json\:""
mermaid\:"A flow chart of the spaces (map)"
dot\:"A Graphviz graph of the spaces (map)"))' \
'--color=[When to use colours]:WHEN:((auto\:"On a terminal, as NO_COLOR, CLICOLOR_FORCE and TERM say"
always\:""
never\:""))' \
'--all[Every variable, every shell in every mode]' \
'--raw[The environment itself, not what go makes of it]' \
'--no-run[Executes nothing; shells are then "not checked"]' \
'--refresh[Runs shells anew instead of using probes of the last ten minutes]' \
'--show-secrets[Shows values that look like secrets]' \
'(-v --verbose)-q[The answer alone\: no advice, no progress]' \
'(-v --verbose)--quiet[The answer alone\: no advice, no progress]' \
'-v[The reasoning too\: layers that did nothing, every problem]' \
'--verbose[The reasoning too\: layers that did nothing, every problem]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(why)
_arguments "${_arguments_options[@]}" : \
'--in=[The place; without it, the places that agree]:SPACE:_default' \
'--fail-on=[Exit with 1 if there is a problem of this severity or above]:LEVEL:(error warning info hint)' \
'-C+[The project \[default\: the current folder'\''s\]]:DIR:_files' \
'--base=[What shells start from\: \`login\` (default), \`here\`, another space, or a file as \`env -0\` writes it]:here|SPACE|FILE:_default' \
'--machine=[A recorded or hand-written machine instead of this one; nothing in it is executed]:DIR:_files' \
'--timeout=[How long the start of a shell may take (10s, 500ms, 2m)]:TIME:_default' \
'--format=[How the answer is written]:FORMAT:((text\:""
json\:""
mermaid\:"A flow chart of the spaces (map)"
dot\:"A Graphviz graph of the spaces (map)"))' \
'--color=[When to use colours]:WHEN:((auto\:"On a terminal, as NO_COLOR, CLICOLOR_FORCE and TERM say"
always\:""
never\:""))' \
'(--in)--all[Look at every shell in every mode]' \
'--no-run[Executes nothing; shells are then "not checked"]' \
'--refresh[Runs shells anew instead of using probes of the last ten minutes]' \
'--show-secrets[Shows values that look like secrets]' \
'(-v --verbose)-q[The answer alone\: no advice, no progress]' \
'(-v --verbose)--quiet[The answer alone\: no advice, no progress]' \
'-v[The reasoning too\: layers that did nothing, every problem]' \
'--verbose[The reasoning too\: layers that did nothing, every problem]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':variable -- The variable:_default' \
&& ret=0
;;
(diff)
_arguments "${_arguments_options[@]}" : \
'-C+[The project \[default\: the current folder'\''s\]]:DIR:_files' \
'--base=[What shells start from\: \`login\` (default), \`here\`, another space, or a file as \`env -0\` writes it]:here|SPACE|FILE:_default' \
'--machine=[A recorded or hand-written machine instead of this one; nothing in it is executed]:DIR:_files' \
'--timeout=[How long the start of a shell may take (10s, 500ms, 2m)]:TIME:_default' \
'--format=[How the answer is written]:FORMAT:((text\:""
json\:""
mermaid\:"A flow chart of the spaces (map)"
dot\:"A Graphviz graph of the spaces (map)"))' \
'--color=[When to use colours]:WHEN:((auto\:"On a terminal, as NO_COLOR, CLICOLOR_FORCE and TERM say"
always\:""
never\:""))' \
'--no-run[Executes nothing; shells are then "not checked"]' \
'--refresh[Runs shells anew instead of using probes of the last ten minutes]' \
'--show-secrets[Shows values that look like secrets]' \
'(-v --verbose)-q[The answer alone\: no advice, no progress]' \
'(-v --verbose)--quiet[The answer alone\: no advice, no progress]' \
'-v[The reasoning too\: layers that did nothing, every problem]' \
'--verbose[The reasoning too\: layers that did nothing, every problem]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':a:_default' \
':b:_default' \
&& ret=0
;;
(go)
_arguments "${_arguments_options[@]}" : \
'--in=[The place \[default\: here\]]:SPACE:_default' \
'-C+[The project \[default\: the current folder'\''s\]]:DIR:_files' \
'--base=[What shells start from\: \`login\` (default), \`here\`, another space, or a file as \`env -0\` writes it]:here|SPACE|FILE:_default' \
'--machine=[A recorded or hand-written machine instead of this one; nothing in it is executed]:DIR:_files' \
'--timeout=[How long the start of a shell may take (10s, 500ms, 2m)]:TIME:_default' \
'--format=[How the answer is written]:FORMAT:((text\:""
json\:""
mermaid\:"A flow chart of the spaces (map)"
dot\:"A Graphviz graph of the spaces (map)"))' \
'--color=[When to use colours]:WHEN:((auto\:"On a terminal, as NO_COLOR, CLICOLOR_FORCE and TERM say"
always\:""
never\:""))' \
'--no-run[Executes nothing; shells are then "not checked"]' \
'--refresh[Runs shells anew instead of using probes of the last ten minutes]' \
'--show-secrets[Shows values that look like secrets]' \
'(-v --verbose)-q[The answer alone\: no advice, no progress]' \
'(-v --verbose)--quiet[The answer alone\: no advice, no progress]' \
'-v[The reasoning too\: layers that did nothing, every problem]' \
'--verbose[The reasoning too\: layers that did nothing, every problem]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(run)
_arguments "${_arguments_options[@]}" : \
'--in=[The place]:SPACE:_default' \
'-C+[The project \[default\: the current folder'\''s\]]:DIR:_files' \
'--base=[What shells start from\: \`login\` (default), \`here\`, another space, or a file as \`env -0\` writes it]:here|SPACE|FILE:_default' \
'--machine=[A recorded or hand-written machine instead of this one; nothing in it is executed]:DIR:_files' \
'--timeout=[How long the start of a shell may take (10s, 500ms, 2m)]:TIME:_default' \
'--format=[How the answer is written]:FORMAT:((text\:""
json\:""
mermaid\:"A flow chart of the spaces (map)"
dot\:"A Graphviz graph of the spaces (map)"))' \
'--color=[When to use colours]:WHEN:((auto\:"On a terminal, as NO_COLOR, CLICOLOR_FORCE and TERM say"
always\:""
never\:""))' \
'--no-run[Executes nothing; shells are then "not checked"]' \
'--refresh[Runs shells anew instead of using probes of the last ten minutes]' \
'--show-secrets[Shows values that look like secrets]' \
'(-v --verbose)-q[The answer alone\: no advice, no progress]' \
'(-v --verbose)--quiet[The answer alone\: no advice, no progress]' \
'-v[The reasoning too\: layers that did nothing, every problem]' \
'--verbose[The reasoning too\: layers that did nothing, every problem]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'*::command -- The command, looked up on the PATH of that place:_cmdambivalent' \
&& ret=0
;;
(verify)
_arguments "${_arguments_options[@]}" : \
'--in=[The place \[default\: all that can be observed\]]:SPACE:_default' \
'-C+[The project \[default\: the current folder'\''s\]]:DIR:_files' \
'--base=[What shells start from\: \`login\` (default), \`here\`, another space, or a file as \`env -0\` writes it]:here|SPACE|FILE:_default' \
'--machine=[A recorded or hand-written machine instead of this one; nothing in it is executed]:DIR:_files' \
'--timeout=[How long the start of a shell may take (10s, 500ms, 2m)]:TIME:_default' \
'--format=[How the answer is written]:FORMAT:((text\:""
json\:""
mermaid\:"A flow chart of the spaces (map)"
dot\:"A Graphviz graph of the spaces (map)"))' \
'--color=[When to use colours]:WHEN:((auto\:"On a terminal, as NO_COLOR, CLICOLOR_FORCE and TERM say"
always\:""
never\:""))' \
'--no-run[Executes nothing; shells are then "not checked"]' \
'--refresh[Runs shells anew instead of using probes of the last ten minutes]' \
'--show-secrets[Shows values that look like secrets]' \
'(-v --verbose)-q[The answer alone\: no advice, no progress]' \
'(-v --verbose)--quiet[The answer alone\: no advice, no progress]' \
'-v[The reasoning too\: layers that did nothing, every problem]' \
'--verbose[The reasoning too\: layers that did nothing, every problem]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(record)
_arguments "${_arguments_options[@]}" : \
'-C+[The project \[default\: the current folder'\''s\]]:DIR:_files' \
'--base=[What shells start from\: \`login\` (default), \`here\`, another space, or a file as \`env -0\` writes it]:here|SPACE|FILE:_default' \
'--machine=[A recorded or hand-written machine instead of this one; nothing in it is executed]:DIR:_files' \
'--timeout=[How long the start of a shell may take (10s, 500ms, 2m)]:TIME:_default' \
'--format=[How the answer is written]:FORMAT:((text\:""
json\:""
mermaid\:"A flow chart of the spaces (map)"
dot\:"A Graphviz graph of the spaces (map)"))' \
'--color=[When to use colours]:WHEN:((auto\:"On a terminal, as NO_COLOR, CLICOLOR_FORCE and TERM say"
always\:""
never\:""))' \
'--dry-run[Only list what would be written]' \
'--all[Every shell in every mode]' \
'--no-run[Executes nothing; shells are then "not checked"]' \
'--refresh[Runs shells anew instead of using probes of the last ten minutes]' \
'--show-secrets[Shows values that look like secrets]' \
'(-v --verbose)-q[The answer alone\: no advice, no progress]' \
'(-v --verbose)--quiet[The answer alone\: no advice, no progress]' \
'-v[The reasoning too\: layers that did nothing, every problem]' \
'--verbose[The reasoning too\: layers that did nothing, every problem]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':folder -- A folder that is empty or not there yet:_files -/' \
&& ret=0
;;
(completions)
_arguments "${_arguments_options[@]}" : \
'-C+[The project \[default\: the current folder'\''s\]]:DIR:_files' \
'--base=[What shells start from\: \`login\` (default), \`here\`, another space, or a file as \`env -0\` writes it]:here|SPACE|FILE:_default' \
'--machine=[A recorded or hand-written machine instead of this one; nothing in it is executed]:DIR:_files' \
'--timeout=[How long the start of a shell may take (10s, 500ms, 2m)]:TIME:_default' \
'--format=[How the answer is written]:FORMAT:((text\:""
json\:""
mermaid\:"A flow chart of the spaces (map)"
dot\:"A Graphviz graph of the spaces (map)"))' \
'--color=[When to use colours]:WHEN:((auto\:"On a terminal, as NO_COLOR, CLICOLOR_FORCE and TERM say"
always\:""
never\:""))' \
'--no-run[Executes nothing; shells are then "not checked"]' \
'--refresh[Runs shells anew instead of using probes of the last ten minutes]' \
'--show-secrets[Shows values that look like secrets]' \
'(-v --verbose)-q[The answer alone\: no advice, no progress]' \
'(-v --verbose)--quiet[The answer alone\: no advice, no progress]' \
'-v[The reasoning too\: layers that did nothing, every problem]' \
'--verbose[The reasoning too\: layers that did nothing, every problem]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':shell:(bash elvish fish powershell zsh)' \
&& ret=0
;;
(man)
_arguments "${_arguments_options[@]}" : \
'-C+[The project \[default\: the current folder'\''s\]]:DIR:_files' \
'--base=[What shells start from\: \`login\` (default), \`here\`, another space, or a file as \`env -0\` writes it]:here|SPACE|FILE:_default' \
'--machine=[A recorded or hand-written machine instead of this one; nothing in it is executed]:DIR:_files' \
'--timeout=[How long the start of a shell may take (10s, 500ms, 2m)]:TIME:_default' \
'--format=[How the answer is written]:FORMAT:((text\:""
json\:""
mermaid\:"A flow chart of the spaces (map)"
dot\:"A Graphviz graph of the spaces (map)"))' \
'--color=[When to use colours]:WHEN:((auto\:"On a terminal, as NO_COLOR, CLICOLOR_FORCE and TERM say"
always\:""
never\:""))' \
'--no-run[Executes nothing; shells are then "not checked"]' \
'--refresh[Runs shells anew instead of using probes of the last ten minutes]' \
'--show-secrets[Shows values that look like secrets]' \
'(-v --verbose)-q[The answer alone\: no advice, no progress]' \
'(-v --verbose)--quiet[The answer alone\: no advice, no progress]' \
'-v[The reasoning too\: layers that did nothing, every problem]' \
'--verbose[The reasoning too\: layers that did nothing, every problem]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'::command -- The page of this command:_default' \
&& ret=0
;;
        esac
    ;;
esac
}

(( $+functions[_gowhence_commands] )) ||
_gowhence_commands() {
    local commands; commands=(
'map:The matrix\: variables × places, equal columns folded, differences marked' \
'why:Why a variable has its value\: every layer that changed it, with file and line' \
'diff:What differs between two places, and the first layer where they parted' \
'go:Which go runs in a place and why\: every candidate on PATH, GOROOT, what conflicts' \
'run:Runs a command with the environment of a place' \
'verify:Holds what is predicted of a place against what is observed there' \
'record:Writes what an analysis reads, secrets replaced by stand-ins, to be replayed with --machine' \
'completions:A completion script for a shell' \
'man:The manual page, in roff' \
    )
    _describe -t commands 'gowhence commands' commands "$@"
}
(( $+functions[_gowhence__subcmd__completions_commands] )) ||
_gowhence__subcmd__completions_commands() {
    local commands; commands=()
    _describe -t commands 'gowhence completions commands' commands "$@"
}
(( $+functions[_gowhence__subcmd__diff_commands] )) ||
_gowhence__subcmd__diff_commands() {
    local commands; commands=()
    _describe -t commands 'gowhence diff commands' commands "$@"
}
(( $+functions[_gowhence__subcmd__go_commands] )) ||
_gowhence__subcmd__go_commands() {
    local commands; commands=()
    _describe -t commands 'gowhence go commands' commands "$@"
}
(( $+functions[_gowhence__subcmd__man_commands] )) ||
_gowhence__subcmd__man_commands() {
    local commands; commands=()
    _describe -t commands 'gowhence man commands' commands "$@"
}
(( $+functions[_gowhence__subcmd__map_commands] )) ||
_gowhence__subcmd__map_commands() {
    local commands; commands=()
    _describe -t commands 'gowhence map commands' commands "$@"
}
(( $+functions[_gowhence__subcmd__record_commands] )) ||
_gowhence__subcmd__record_commands() {
    local commands; commands=()
    _describe -t commands 'gowhence record commands' commands "$@"
}
(( $+functions[_gowhence__subcmd__run_commands] )) ||
_gowhence__subcmd__run_commands() {
    local commands; commands=()
    _describe -t commands 'gowhence run commands' commands "$@"
}
(( $+functions[_gowhence__subcmd__verify_commands] )) ||
_gowhence__subcmd__verify_commands() {
    local commands; commands=()
    _describe -t commands 'gowhence verify commands' commands "$@"
}
(( $+functions[_gowhence__subcmd__why_commands] )) ||
_gowhence__subcmd__why_commands() {
    local commands; commands=()
    _describe -t commands 'gowhence why commands' commands "$@"
}

if [ "$funcstack[1]" = "_gowhence" ]; then
    _gowhence "$@"
else
    compdef _gowhence gowhence
fi
