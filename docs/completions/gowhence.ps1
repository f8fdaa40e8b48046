
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'gowhence' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'gowhence'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'gowhence' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'The project [default: the current folder''s]')
            [CompletionResult]::new('--base', '--base', [CompletionResultType]::ParameterName, 'What shells start from: `login` (default), `here`, another space, or a file as `env -0` writes it')
            [CompletionResult]::new('--machine', '--machine', [CompletionResultType]::ParameterName, 'A recorded or hand-written machine instead of this one; nothing in it is executed')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long the start of a shell may take (10s, 500ms, 2m)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How the answer is written')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--no-run', '--no-run', [CompletionResultType]::ParameterName, 'Executes nothing; shells are then "not checked"')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'Runs shells anew instead of using probes of the last ten minutes')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Shows values that look like secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'The answer alone: no advice, no progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'The answer alone: no advice, no progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'The reasoning too: layers that did nothing, every problem')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'The reasoning too: layers that did nothing, every problem')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('map', 'map', [CompletionResultType]::ParameterValue, 'The matrix: variables × places, equal columns folded, differences marked')
            [CompletionResult]::new('why', 'why', [CompletionResultType]::ParameterValue, 'Why a variable has its value: every layer that changed it, with file and line')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'What differs between two places, and the first layer where they parted')
            [CompletionResult]::new('go', 'go', [CompletionResultType]::ParameterValue, 'Which go runs in a place and why: every candidate on PATH, GOROOT, what conflicts')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Runs a command with the environment of a place')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Holds what is predicted of a place against what is observed there')
            [CompletionResult]::new('record', 'record', [CompletionResultType]::ParameterValue, 'Writes what an analysis reads, secrets replaced by stand-ins, to be replayed with --machine')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'A completion script for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'The manual page, in roff')
            break
        }
        'gowhence;map' {
            [CompletionResult]::new('--space', '--space', [CompletionResultType]::ParameterName, 'Only this place, and what it hangs under (may be repeated)')
            [CompletionResult]::new('--var', '--var', [CompletionResultType]::ParameterName, 'Only this variable (may be repeated)')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'Exit with 1 if there is a problem of this severity or above')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'The project [default: the current folder''s]')
            [CompletionResult]::new('--base', '--base', [CompletionResultType]::ParameterName, 'What shells start from: `login` (default), `here`, another space, or a file as `env -0` writes it')
            [CompletionResult]::new('--machine', '--machine', [CompletionResultType]::ParameterName, 'A recorded or hand-written machine instead of this one; nothing in it is executed')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long the start of a shell may take (10s, 500ms, 2m)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How the answer is written')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Every variable, every shell in every mode')
            [CompletionResult]::new('--raw', '--raw', [CompletionResultType]::ParameterName, 'The environment itself, not what go makes of it')
            [CompletionResult]::new('--no-run', '--no-run', [CompletionResultType]::ParameterName, 'Executes nothing; shells are then "not checked"')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'Runs shells anew instead of using probes of the last ten minutes')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Shows values that look like secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'The answer alone: no advice, no progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'The answer alone: no advice, no progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'The reasoning too: layers that did nothing, every problem')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'The reasoning too: layers that did nothing, every problem')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gowhence;why' {
            [CompletionResult]::new('--in', '--in', [CompletionResultType]::ParameterName, 'The place; without it, the places that agree')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'Exit with 1 if there is a problem of this severity or above')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'The project [default: the current folder''s]')
            [CompletionResult]::new('--base', '--base', [CompletionResultType]::ParameterName, 'What shells start from: `login` (default), `here`, another space, or a file as `env -0` writes it')
            [CompletionResult]::new('--machine', '--machine', [CompletionResultType]::ParameterName, 'A recorded or hand-written machine instead of this one; nothing in it is executed')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long the start of a shell may take (10s, 500ms, 2m)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How the answer is written')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Look at every shell in every mode')
            [CompletionResult]::new('--no-run', '--no-run', [CompletionResultType]::ParameterName, 'Executes nothing; shells are then "not checked"')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'Runs shells anew instead of using probes of the last ten minutes')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Shows values that look like secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'The answer alone: no advice, no progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'The answer alone: no advice, no progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'The reasoning too: layers that did nothing, every problem')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'The reasoning too: layers that did nothing, every problem')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gowhence;diff' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'The project [default: the current folder''s]')
            [CompletionResult]::new('--base', '--base', [CompletionResultType]::ParameterName, 'What shells start from: `login` (default), `here`, another space, or a file as `env -0` writes it')
            [CompletionResult]::new('--machine', '--machine', [CompletionResultType]::ParameterName, 'A recorded or hand-written machine instead of this one; nothing in it is executed')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long the start of a shell may take (10s, 500ms, 2m)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How the answer is written')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--no-run', '--no-run', [CompletionResultType]::ParameterName, 'Executes nothing; shells are then "not checked"')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'Runs shells anew instead of using probes of the last ten minutes')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Shows values that look like secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'The answer alone: no advice, no progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'The answer alone: no advice, no progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'The reasoning too: layers that did nothing, every problem')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'The reasoning too: layers that did nothing, every problem')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gowhence;go' {
            [CompletionResult]::new('--in', '--in', [CompletionResultType]::ParameterName, 'The place [default: here]')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'The project [default: the current folder''s]')
            [CompletionResult]::new('--base', '--base', [CompletionResultType]::ParameterName, 'What shells start from: `login` (default), `here`, another space, or a file as `env -0` writes it')
            [CompletionResult]::new('--machine', '--machine', [CompletionResultType]::ParameterName, 'A recorded or hand-written machine instead of this one; nothing in it is executed')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long the start of a shell may take (10s, 500ms, 2m)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How the answer is written')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--no-run', '--no-run', [CompletionResultType]::ParameterName, 'Executes nothing; shells are then "not checked"')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'Runs shells anew instead of using probes of the last ten minutes')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Shows values that look like secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'The answer alone: no advice, no progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'The answer alone: no advice, no progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'The reasoning too: layers that did nothing, every problem')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'The reasoning too: layers that did nothing, every problem')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gowhence;run' {
            [CompletionResult]::new('--in', '--in', [CompletionResultType]::ParameterName, 'The place')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'The project [default: the current folder''s]')
            [CompletionResult]::new('--base', '--base', [CompletionResultType]::ParameterName, 'What shells start from: `login` (default), `here`, another space, or a file as `env -0` writes it')
            [CompletionResult]::new('--machine', '--machine', [CompletionResultType]::ParameterName, 'A recorded or hand-written machine instead of this one; nothing in it is executed')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long the start of a shell may take (10s, 500ms, 2m)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How the answer is written')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--no-run', '--no-run', [CompletionResultType]::ParameterName, 'Executes nothing; shells are then "not checked"')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'Runs shells anew instead of using probes of the last ten minutes')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Shows values that look like secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'The answer alone: no advice, no progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'The answer alone: no advice, no progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'The reasoning too: layers that did nothing, every problem')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'The reasoning too: layers that did nothing, every problem')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gowhence;verify' {
            [CompletionResult]::new('--in', '--in', [CompletionResultType]::ParameterName, 'The place [default: all that can be observed]')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'The project [default: the current folder''s]')
            [CompletionResult]::new('--base', '--base', [CompletionResultType]::ParameterName, 'What shells start from: `login` (default), `here`, another space, or a file as `env -0` writes it')
            [CompletionResult]::new('--machine', '--machine', [CompletionResultType]::ParameterName, 'A recorded or hand-written machine instead of this one; nothing in it is executed')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long the start of a shell may take (10s, 500ms, 2m)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How the answer is written')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--no-run', '--no-run', [CompletionResultType]::ParameterName, 'Executes nothing; shells are then "not checked"')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'Runs shells anew instead of using probes of the last ten minutes')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Shows values that look like secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'The answer alone: no advice, no progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'The answer alone: no advice, no progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'The reasoning too: layers that did nothing, every problem')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'The reasoning too: layers that did nothing, every problem')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gowhence;record' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'The project [default: the current folder''s]')
            [CompletionResult]::new('--base', '--base', [CompletionResultType]::ParameterName, 'What shells start from: `login` (default), `here`, another space, or a file as `env -0` writes it')
            [CompletionResult]::new('--machine', '--machine', [CompletionResultType]::ParameterName, 'A recorded or hand-written machine instead of this one; nothing in it is executed')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long the start of a shell may take (10s, 500ms, 2m)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How the answer is written')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only list what would be written')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Every shell in every mode')
            [CompletionResult]::new('--no-run', '--no-run', [CompletionResultType]::ParameterName, 'Executes nothing; shells are then "not checked"')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'Runs shells anew instead of using probes of the last ten minutes')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Shows values that look like secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'The answer alone: no advice, no progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'The answer alone: no advice, no progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'The reasoning too: layers that did nothing, every problem')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'The reasoning too: layers that did nothing, every problem')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gowhence;completions' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'The project [default: the current folder''s]')
            [CompletionResult]::new('--base', '--base', [CompletionResultType]::ParameterName, 'What shells start from: `login` (default), `here`, another space, or a file as `env -0` writes it')
            [CompletionResult]::new('--machine', '--machine', [CompletionResultType]::ParameterName, 'A recorded or hand-written machine instead of this one; nothing in it is executed')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long the start of a shell may take (10s, 500ms, 2m)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How the answer is written')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--no-run', '--no-run', [CompletionResultType]::ParameterName, 'Executes nothing; shells are then "not checked"')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'Runs shells anew instead of using probes of the last ten minutes')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Shows values that look like secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'The answer alone: no advice, no progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'The answer alone: no advice, no progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'The reasoning too: layers that did nothing, every problem')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'The reasoning too: layers that did nothing, every problem')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gowhence;man' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'The project [default: the current folder''s]')
            [CompletionResult]::new('--base', '--base', [CompletionResultType]::ParameterName, 'What shells start from: `login` (default), `here`, another space, or a file as `env -0` writes it')
            [CompletionResult]::new('--machine', '--machine', [CompletionResultType]::ParameterName, 'A recorded or hand-written machine instead of this one; nothing in it is executed')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long the start of a shell may take (10s, 500ms, 2m)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How the answer is written')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--no-run', '--no-run', [CompletionResultType]::ParameterName, 'Executes nothing; shells are then "not checked"')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'Runs shells anew instead of using probes of the last ten minutes')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Shows values that look like secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'The answer alone: no advice, no progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'The answer alone: no advice, no progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'The reasoning too: layers that did nothing, every problem')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'The reasoning too: layers that did nothing, every problem')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
