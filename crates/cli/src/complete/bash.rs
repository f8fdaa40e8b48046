//! The bash side of dynamic completion.
//!
//! bash takes `:` for the end of a word (readline: `COMP_WORDBREAKS`), so that of `bash:lo` it hands over `lo` and puts
//! what comes back in its place. clap's own script does not know that. This one takes the command line as it is, cut
//! at blanks, and gives back what follows the last such break. Not here: what is offered.

use clap_complete::env::{Bash, EnvCompleter};
use std::ffi::OsString;
use std::io::{Error, Write};
use std::path::Path;

/// bash with names that have colons in them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BashWithColons;

const SCRIPT: &str = r#"_complete_gowhence() {
    local line=${COMP_LINE:0:COMP_POINT} IFS=$' \t\n' words current offered skip
    read -ra words <<<"$line"
    [[ $line == *[[:blank:]] ]] && words+=('')
    current=${words[${#words[@]} - 1]}
    IFS=$'\013'
    COMPREPLY=( $(_CLAP_IFS="$IFS" _CLAP_COMPLETE_INDEX=$((${#words[@]} - 1)) VAR=bash COMPLETER -- "${words[@]}") )
    if [[ $current == *:* && $COMP_WORDBREAKS == *:* ]]; then
        skip=${current%"${current##*:}"}
        for offered in "${!COMPREPLY[@]}"; do
            COMPREPLY[offered]=${COMPREPLY[offered]#"$skip"}
        done
    fi
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} != */ ]]; then
        COMPREPLY[0]+=' '
    fi
}
complete -o nospace -o bashdefault -F _complete_gowhence BIN
"#;

impl EnvCompleter for BashWithColons {
    fn name(&self) -> &'static str {
        Bash.name()
    }

    fn is(&self, name: &str) -> bool {
        Bash.is(name)
    }

    fn write_registration(
        &self,
        var: &str,
        _name: &str,
        bin: &str,
        completer: &str,
        buf: &mut dyn Write,
    ) -> Result<(), Error> {
        let quoted = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
        let script = SCRIPT.replace("COMPLETER", &quoted(completer)).replace("BIN", &quoted(bin));
        buf.write_all(script.replace("VAR", var).as_bytes())
    }

    fn write_complete(
        &self,
        command: &mut clap::Command,
        arguments: Vec<OsString>,
        current_dir: Option<&Path>,
        buf: &mut dyn Write,
    ) -> Result<(), Error> {
        Bash.write_complete(command, arguments, current_dir, buf)
    }
}
