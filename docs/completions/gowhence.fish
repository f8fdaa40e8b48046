# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_gowhence_global_optspecs
    string join \n C= base= machine= no-run timeout= refresh show-secrets format= q/quiet v/verbose color= h/help V/version
end

function __fish_gowhence_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_gowhence_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_gowhence_using_subcommand
    set -l cmd (__fish_gowhence_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c gowhence -n "__fish_gowhence_needs_command" -s C -d 'The project [default: the current folder\'s]' -r -F
complete -c gowhence -n "__fish_gowhence_needs_command" -l base -d 'What shells start from: `login` (default), `here`, another space, or a file as `env -0` writes it' -r
complete -c gowhence -n "__fish_gowhence_needs_command" -l machine -d 'A recorded or hand-written machine instead of this one; nothing in it is executed' -r -F
complete -c gowhence -n "__fish_gowhence_needs_command" -l timeout -d 'How long the start of a shell may take (10s, 500ms, 2m)' -r
complete -c gowhence -n "__fish_gowhence_needs_command" -l format -d 'How the answer is written' -r -f -a "text\t''
json\t''
mermaid\t'A flow chart of the spaces (map)'
dot\t'A Graphviz graph of the spaces (map)'"
complete -c gowhence -n "__fish_gowhence_needs_command" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, as NO_COLOR, CLICOLOR_FORCE and TERM say'
always\t''
never\t''"
complete -c gowhence -n "__fish_gowhence_needs_command" -l no-run -d 'Executes nothing; shells are then "not checked"'
complete -c gowhence -n "__fish_gowhence_needs_command" -l refresh -d 'Runs shells anew instead of using probes of the last ten minutes'
complete -c gowhence -n "__fish_gowhence_needs_command" -l show-secrets -d 'Shows values that look like secrets'
complete -c gowhence -n "__fish_gowhence_needs_command" -s q -l quiet -d 'The answer alone: no advice, no progress'
complete -c gowhence -n "__fish_gowhence_needs_command" -s v -l verbose -d 'The reasoning too: layers that did nothing, every problem'
complete -c gowhence -n "__fish_gowhence_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gowhence -n "__fish_gowhence_needs_command" -s V -l version -d 'Print version'
complete -c gowhence -n "__fish_gowhence_needs_command" -f -a "map" -d 'The matrix: variables × places, equal columns folded, differences marked'
complete -c gowhence -n "__fish_gowhence_needs_command" -f -a "why" -d 'Why a variable has its value: every layer that changed it, with file and line'
complete -c gowhence -n "__fish_gowhence_needs_command" -f -a "diff" -d 'What differs between two places, and the first layer where they parted'
complete -c gowhence -n "__fish_gowhence_needs_command" -f -a "go" -d 'Which go runs in a place and why: every candidate on PATH, GOROOT, what conflicts'
complete -c gowhence -n "__fish_gowhence_needs_command" -f -a "run" -d 'Runs a command with the environment of a place'
complete -c gowhence -n "__fish_gowhence_needs_command" -f -a "verify" -d 'Holds what is predicted of a place against what is observed there'
complete -c gowhence -n "__fish_gowhence_needs_command" -f -a "record" -d 'Writes what an analysis reads, secrets replaced by stand-ins, to be replayed with --machine'
complete -c gowhence -n "__fish_gowhence_needs_command" -f -a "completions" -d 'A completion script for a shell'
complete -c gowhence -n "__fish_gowhence_needs_command" -f -a "man" -d 'The manual page, in roff'
complete -c gowhence -n "__fish_gowhence_using_subcommand map" -l space -d 'Only this place, and what it hangs under (may be repeated)' -r
complete -c gowhence -n "__fish_gowhence_using_subcommand map" -l var -d 'Only this variable (may be repeated)' -r
complete -c gowhence -n "__fish_gowhence_using_subcommand map" -l fail-on -d 'Exit with 1 if there is a problem of this severity or above' -r -f -a "error\t''
warning\t''
info\t''
hint\t''"
complete -c gowhence -n "__fish_gowhence_using_subcommand map" -s C -d 'The project [default: the current folder\'s]' -r -F
complete -c gowhence -n "__fish_gowhence_using_subcommand map" -l base -d 'What shells start from: `login` (default), `here`, another space, or a file as `env -0` writes it' -r
complete -c gowhence -n "__fish_gowhence_using_subcommand map" -l machine -d 'A recorded or hand-written machine instead of this one; nothing in it is executed' -r -F
complete -c gowhence -n "__fish_gowhence_using_subcommand map" -l timeout -d 'How long the start of a shell may take (10s, 500ms, 2m)' -r
complete -c gowhence -n "__fish_gowhence_using_subcommand map" -l format -d 'How the answer is written' -r -f -a "text\t''
json\t''
mermaid\t'A flow chart of the spaces (map)'
dot\t'A Graphviz graph of the spaces (map)'"
complete -c gowhence -n "__fish_gowhence_using_subcommand map" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, as NO_COLOR, CLICOLOR_FORCE and TERM say'
always\t''
never\t''"
complete -c gowhence -n "__fish_gowhence_using_subcommand map" -l all -d 'Every variable, every shell in every mode'
complete -c gowhence -n "__fish_gowhence_using_subcommand map" -l raw -d 'The environment itself, not what go makes of it'
complete -c gowhence -n "__fish_gowhence_using_subcommand map" -l no-run -d 'Executes nothing; shells are then "not checked"'
complete -c gowhence -n "__fish_gowhence_using_subcommand map" -l refresh -d 'Runs shells anew instead of using probes of the last ten minutes'
complete -c gowhence -n "__fish_gowhence_using_subcommand map" -l show-secrets -d 'Shows values that look like secrets'
complete -c gowhence -n "__fish_gowhence_using_subcommand map" -s q -l quiet -d 'The answer alone: no advice, no progress'
complete -c gowhence -n "__fish_gowhence_using_subcommand map" -s v -l verbose -d 'The reasoning too: layers that did nothing, every problem'
complete -c gowhence -n "__fish_gowhence_using_subcommand map" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gowhence -n "__fish_gowhence_using_subcommand why" -l in -d 'The place; without it, the places that agree' -r
complete -c gowhence -n "__fish_gowhence_using_subcommand why" -l fail-on -d 'Exit with 1 if there is a problem of this severity or above' -r -f -a "error\t''
warning\t''
info\t''
hint\t''"
complete -c gowhence -n "__fish_gowhence_using_subcommand why" -s C -d 'The project [default: the current folder\'s]' -r -F
complete -c gowhence -n "__fish_gowhence_using_subcommand why" -l base -d 'What shells start from: `login` (default), `here`, another space, or a file as `env -0` writes it' -r
complete -c gowhence -n "__fish_gowhence_using_subcommand why" -l machine -d 'A recorded or hand-written machine instead of this one; nothing in it is executed' -r -F
complete -c gowhence -n "__fish_gowhence_using_subcommand why" -l timeout -d 'How long the start of a shell may take (10s, 500ms, 2m)' -r
complete -c gowhence -n "__fish_gowhence_using_subcommand why" -l format -d 'How the answer is written' -r -f -a "text\t''
json\t''
mermaid\t'A flow chart of the spaces (map)'
dot\t'A Graphviz graph of the spaces (map)'"
complete -c gowhence -n "__fish_gowhence_using_subcommand why" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, as NO_COLOR, CLICOLOR_FORCE and TERM say'
always\t''
never\t''"
complete -c gowhence -n "__fish_gowhence_using_subcommand why" -l all -d 'Look at every shell in every mode'
complete -c gowhence -n "__fish_gowhence_using_subcommand why" -l no-run -d 'Executes nothing; shells are then "not checked"'
complete -c gowhence -n "__fish_gowhence_using_subcommand why" -l refresh -d 'Runs shells anew instead of using probes of the last ten minutes'
complete -c gowhence -n "__fish_gowhence_using_subcommand why" -l show-secrets -d 'Shows values that look like secrets'
complete -c gowhence -n "__fish_gowhence_using_subcommand why" -s q -l quiet -d 'The answer alone: no advice, no progress'
complete -c gowhence -n "__fish_gowhence_using_subcommand why" -s v -l verbose -d 'The reasoning too: layers that did nothing, every problem'
complete -c gowhence -n "__fish_gowhence_using_subcommand why" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gowhence -n "__fish_gowhence_using_subcommand diff" -s C -d 'The project [default: the current folder\'s]' -r -F
complete -c gowhence -n "__fish_gowhence_using_subcommand diff" -l base -d 'What shells start from: `login` (default), `here`, another space, or a file as `env -0` writes it' -r
complete -c gowhence -n "__fish_gowhence_using_subcommand diff" -l machine -d 'A recorded or hand-written machine instead of this one; nothing in it is executed' -r -F
complete -c gowhence -n "__fish_gowhence_using_subcommand diff" -l timeout -d 'How long the start of a shell may take (10s, 500ms, 2m)' -r
complete -c gowhence -n "__fish_gowhence_using_subcommand diff" -l format -d 'How the answer is written' -r -f -a "text\t''
json\t''
mermaid\t'A flow chart of the spaces (map)'
dot\t'A Graphviz graph of the spaces (map)'"
complete -c gowhence -n "__fish_gowhence_using_subcommand diff" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, as NO_COLOR, CLICOLOR_FORCE and TERM say'
always\t''
never\t''"
complete -c gowhence -n "__fish_gowhence_using_subcommand diff" -l no-run -d 'Executes nothing; shells are then "not checked"'
complete -c gowhence -n "__fish_gowhence_using_subcommand diff" -l refresh -d 'Runs shells anew instead of using probes of the last ten minutes'
complete -c gowhence -n "__fish_gowhence_using_subcommand diff" -l show-secrets -d 'Shows values that look like secrets'
complete -c gowhence -n "__fish_gowhence_using_subcommand diff" -s q -l quiet -d 'The answer alone: no advice, no progress'
complete -c gowhence -n "__fish_gowhence_using_subcommand diff" -s v -l verbose -d 'The reasoning too: layers that did nothing, every problem'
complete -c gowhence -n "__fish_gowhence_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gowhence -n "__fish_gowhence_using_subcommand go" -l in -d 'The place [default: here]' -r
complete -c gowhence -n "__fish_gowhence_using_subcommand go" -s C -d 'The project [default: the current folder\'s]' -r -F
complete -c gowhence -n "__fish_gowhence_using_subcommand go" -l base -d 'What shells start from: `login` (default), `here`, another space, or a file as `env -0` writes it' -r
complete -c gowhence -n "__fish_gowhence_using_subcommand go" -l machine -d 'A recorded or hand-written machine instead of this one; nothing in it is executed' -r -F
complete -c gowhence -n "__fish_gowhence_using_subcommand go" -l timeout -d 'How long the start of a shell may take (10s, 500ms, 2m)' -r
complete -c gowhence -n "__fish_gowhence_using_subcommand go" -l format -d 'How the answer is written' -r -f -a "text\t''
json\t''
mermaid\t'A flow chart of the spaces (map)'
dot\t'A Graphviz graph of the spaces (map)'"
complete -c gowhence -n "__fish_gowhence_using_subcommand go" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, as NO_COLOR, CLICOLOR_FORCE and TERM say'
always\t''
never\t''"
complete -c gowhence -n "__fish_gowhence_using_subcommand go" -l no-run -d 'Executes nothing; shells are then "not checked"'
complete -c gowhence -n "__fish_gowhence_using_subcommand go" -l refresh -d 'Runs shells anew instead of using probes of the last ten minutes'
complete -c gowhence -n "__fish_gowhence_using_subcommand go" -l show-secrets -d 'Shows values that look like secrets'
complete -c gowhence -n "__fish_gowhence_using_subcommand go" -s q -l quiet -d 'The answer alone: no advice, no progress'
complete -c gowhence -n "__fish_gowhence_using_subcommand go" -s v -l verbose -d 'The reasoning too: layers that did nothing, every problem'
complete -c gowhence -n "__fish_gowhence_using_subcommand go" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gowhence -n "__fish_gowhence_using_subcommand run" -l in -d 'The place' -r
complete -c gowhence -n "__fish_gowhence_using_subcommand run" -s C -d 'The project [default: the current folder\'s]' -r -F
complete -c gowhence -n "__fish_gowhence_using_subcommand run" -l base -d 'What shells start from: `login` (default), `here`, another space, or a file as `env -0` writes it' -r
complete -c gowhence -n "__fish_gowhence_using_subcommand run" -l machine -d 'A recorded or hand-written machine instead of this one; nothing in it is executed' -r -F
complete -c gowhence -n "__fish_gowhence_using_subcommand run" -l timeout -d 'How long the start of a shell may take (10s, 500ms, 2m)' -r
complete -c gowhence -n "__fish_gowhence_using_subcommand run" -l format -d 'How the answer is written' -r -f -a "text\t''
json\t''
mermaid\t'A flow chart of the spaces (map)'
dot\t'A Graphviz graph of the spaces (map)'"
complete -c gowhence -n "__fish_gowhence_using_subcommand run" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, as NO_COLOR, CLICOLOR_FORCE and TERM say'
always\t''
never\t''"
complete -c gowhence -n "__fish_gowhence_using_subcommand run" -l no-run -d 'Executes nothing; shells are then "not checked"'
complete -c gowhence -n "__fish_gowhence_using_subcommand run" -l refresh -d 'Runs shells anew instead of using probes of the last ten minutes'
complete -c gowhence -n "__fish_gowhence_using_subcommand run" -l show-secrets -d 'Shows values that look like secrets'
complete -c gowhence -n "__fish_gowhence_using_subcommand run" -s q -l quiet -d 'The answer alone: no advice, no progress'
complete -c gowhence -n "__fish_gowhence_using_subcommand run" -s v -l verbose -d 'The reasoning too: layers that did nothing, every problem'
complete -c gowhence -n "__fish_gowhence_using_subcommand run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gowhence -n "__fish_gowhence_using_subcommand verify" -l in -d 'The place [default: all that can be observed]' -r
complete -c gowhence -n "__fish_gowhence_using_subcommand verify" -s C -d 'The project [default: the current folder\'s]' -r -F
complete -c gowhence -n "__fish_gowhence_using_subcommand verify" -l base -d 'What shells start from: `login` (default), `here`, another space, or a file as `env -0` writes it' -r
complete -c gowhence -n "__fish_gowhence_using_subcommand verify" -l machine -d 'A recorded or hand-written machine instead of this one; nothing in it is executed' -r -F
complete -c gowhence -n "__fish_gowhence_using_subcommand verify" -l timeout -d 'How long the start of a shell may take (10s, 500ms, 2m)' -r
complete -c gowhence -n "__fish_gowhence_using_subcommand verify" -l format -d 'How the answer is written' -r -f -a "text\t''
json\t''
mermaid\t'A flow chart of the spaces (map)'
dot\t'A Graphviz graph of the spaces (map)'"
complete -c gowhence -n "__fish_gowhence_using_subcommand verify" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, as NO_COLOR, CLICOLOR_FORCE and TERM say'
always\t''
never\t''"
complete -c gowhence -n "__fish_gowhence_using_subcommand verify" -l no-run -d 'Executes nothing; shells are then "not checked"'
complete -c gowhence -n "__fish_gowhence_using_subcommand verify" -l refresh -d 'Runs shells anew instead of using probes of the last ten minutes'
complete -c gowhence -n "__fish_gowhence_using_subcommand verify" -l show-secrets -d 'Shows values that look like secrets'
complete -c gowhence -n "__fish_gowhence_using_subcommand verify" -s q -l quiet -d 'The answer alone: no advice, no progress'
complete -c gowhence -n "__fish_gowhence_using_subcommand verify" -s v -l verbose -d 'The reasoning too: layers that did nothing, every problem'
complete -c gowhence -n "__fish_gowhence_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gowhence -n "__fish_gowhence_using_subcommand record" -s C -d 'The project [default: the current folder\'s]' -r -F
complete -c gowhence -n "__fish_gowhence_using_subcommand record" -l base -d 'What shells start from: `login` (default), `here`, another space, or a file as `env -0` writes it' -r
complete -c gowhence -n "__fish_gowhence_using_subcommand record" -l machine -d 'A recorded or hand-written machine instead of this one; nothing in it is executed' -r -F
complete -c gowhence -n "__fish_gowhence_using_subcommand record" -l timeout -d 'How long the start of a shell may take (10s, 500ms, 2m)' -r
complete -c gowhence -n "__fish_gowhence_using_subcommand record" -l format -d 'How the answer is written' -r -f -a "text\t''
json\t''
mermaid\t'A flow chart of the spaces (map)'
dot\t'A Graphviz graph of the spaces (map)'"
complete -c gowhence -n "__fish_gowhence_using_subcommand record" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, as NO_COLOR, CLICOLOR_FORCE and TERM say'
always\t''
never\t''"
complete -c gowhence -n "__fish_gowhence_using_subcommand record" -l dry-run -d 'Only list what would be written'
complete -c gowhence -n "__fish_gowhence_using_subcommand record" -l all -d 'Every shell in every mode'
complete -c gowhence -n "__fish_gowhence_using_subcommand record" -l no-run -d 'Executes nothing; shells are then "not checked"'
complete -c gowhence -n "__fish_gowhence_using_subcommand record" -l refresh -d 'Runs shells anew instead of using probes of the last ten minutes'
complete -c gowhence -n "__fish_gowhence_using_subcommand record" -l show-secrets -d 'Shows values that look like secrets'
complete -c gowhence -n "__fish_gowhence_using_subcommand record" -s q -l quiet -d 'The answer alone: no advice, no progress'
complete -c gowhence -n "__fish_gowhence_using_subcommand record" -s v -l verbose -d 'The reasoning too: layers that did nothing, every problem'
complete -c gowhence -n "__fish_gowhence_using_subcommand record" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gowhence -n "__fish_gowhence_using_subcommand completions" -s C -d 'The project [default: the current folder\'s]' -r -F
complete -c gowhence -n "__fish_gowhence_using_subcommand completions" -l base -d 'What shells start from: `login` (default), `here`, another space, or a file as `env -0` writes it' -r
complete -c gowhence -n "__fish_gowhence_using_subcommand completions" -l machine -d 'A recorded or hand-written machine instead of this one; nothing in it is executed' -r -F
complete -c gowhence -n "__fish_gowhence_using_subcommand completions" -l timeout -d 'How long the start of a shell may take (10s, 500ms, 2m)' -r
complete -c gowhence -n "__fish_gowhence_using_subcommand completions" -l format -d 'How the answer is written' -r -f -a "text\t''
json\t''
mermaid\t'A flow chart of the spaces (map)'
dot\t'A Graphviz graph of the spaces (map)'"
complete -c gowhence -n "__fish_gowhence_using_subcommand completions" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, as NO_COLOR, CLICOLOR_FORCE and TERM say'
always\t''
never\t''"
complete -c gowhence -n "__fish_gowhence_using_subcommand completions" -l no-run -d 'Executes nothing; shells are then "not checked"'
complete -c gowhence -n "__fish_gowhence_using_subcommand completions" -l refresh -d 'Runs shells anew instead of using probes of the last ten minutes'
complete -c gowhence -n "__fish_gowhence_using_subcommand completions" -l show-secrets -d 'Shows values that look like secrets'
complete -c gowhence -n "__fish_gowhence_using_subcommand completions" -s q -l quiet -d 'The answer alone: no advice, no progress'
complete -c gowhence -n "__fish_gowhence_using_subcommand completions" -s v -l verbose -d 'The reasoning too: layers that did nothing, every problem'
complete -c gowhence -n "__fish_gowhence_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gowhence -n "__fish_gowhence_using_subcommand man" -s C -d 'The project [default: the current folder\'s]' -r -F
complete -c gowhence -n "__fish_gowhence_using_subcommand man" -l base -d 'What shells start from: `login` (default), `here`, another space, or a file as `env -0` writes it' -r
complete -c gowhence -n "__fish_gowhence_using_subcommand man" -l machine -d 'A recorded or hand-written machine instead of this one; nothing in it is executed' -r -F
complete -c gowhence -n "__fish_gowhence_using_subcommand man" -l timeout -d 'How long the start of a shell may take (10s, 500ms, 2m)' -r
complete -c gowhence -n "__fish_gowhence_using_subcommand man" -l format -d 'How the answer is written' -r -f -a "text\t''
json\t''
mermaid\t'A flow chart of the spaces (map)'
dot\t'A Graphviz graph of the spaces (map)'"
complete -c gowhence -n "__fish_gowhence_using_subcommand man" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, as NO_COLOR, CLICOLOR_FORCE and TERM say'
always\t''
never\t''"
complete -c gowhence -n "__fish_gowhence_using_subcommand man" -l no-run -d 'Executes nothing; shells are then "not checked"'
complete -c gowhence -n "__fish_gowhence_using_subcommand man" -l refresh -d 'Runs shells anew instead of using probes of the last ten minutes'
complete -c gowhence -n "__fish_gowhence_using_subcommand man" -l show-secrets -d 'Shows values that look like secrets'
complete -c gowhence -n "__fish_gowhence_using_subcommand man" -s q -l quiet -d 'The answer alone: no advice, no progress'
complete -c gowhence -n "__fish_gowhence_using_subcommand man" -s v -l verbose -d 'The reasoning too: layers that did nothing, every problem'
complete -c gowhence -n "__fish_gowhence_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
