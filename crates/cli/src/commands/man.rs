//! `gowhence man`: manual pages, in roff.

use crate::arguments::{TEMPLATE, command};
use crate::failure::{Failure, Outcome};
use crate::{names, terminal};
use clap::Args;

const EXAMPLES: &str = "\
Examples:
  gowhence man | man -l -                 read it
  gowhence man why > gowhence-why.1       the page of one command
";

/// The manual page, in roff
#[derive(Clone, Debug, Args)]
#[command(help_template = TEMPLATE, before_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The page of this command
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

pub(crate) fn run(own: &Arguments) -> Result<Outcome, Failure> {
    let wanted =
        own.command.as_deref().map_or_else(|| "gowhence.1".to_owned(), |c| format!("gowhence-{c}.1"));
    let pages = man_pages();
    let Some((_, page)) = pages.iter().find(|(name, _)| *name == wanted) else {
        let commands: Vec<String> = command().get_subcommands().map(|c| c.get_name().to_owned()).collect();
        let typed = own.command.as_deref().unwrap_or_default();
        let near = names::nearest(typed, commands.iter().map(String::as_str));
        return Err(Failure::Usage {
            message: format!("there is no command `{typed}`"),
            hint: Some(names::did_you_mean(&near, &format!("there are {}", commands.join(", ")))),
        });
    };
    terminal::answer_bytes(page)?;
    Ok(Outcome::Fine)
}

/// Every manual page: file name and roff.
pub fn man_pages() -> Vec<(String, Vec<u8>)> {
    let mut root = command();
    root.build();
    let subcommands: Vec<clap::Command> =
        root.get_subcommands().filter(|c| !c.is_hide_set()).cloned().collect();
    let mut pages = vec![("gowhence.1".to_owned(), page(root, "gowhence".to_owned()))];
    for sub in subcommands {
        let title = format!("gowhence-{}", sub.get_name());
        pages.push((format!("{title}.1"), page(sub, title)));
    }
    pages
}

/// The examples as they stand in the help, line by line: they are shell commands. A line's first character may mean
/// something to roff, and `-` is a hyphen to it unless it is escaped (groff_char(7)).
fn examples_section(examples: &str) -> String {
    let lines = examples.lines().filter(|line| line.starts_with(' '));
    let escape = |line: &str| format!("\\&{}\n", line.trim().replace('\\', "\\e").replace('-', "\\-"));
    format!(".SH EXAMPLES\n.nf\n{}.fi\n", lines.map(escape).collect::<String>())
}

fn page(command: clap::Command, title: String) -> Vec<u8> {
    let examples = command.get_before_help().map(ToString::to_string).unwrap_or_default();
    let mut out = Vec::new();
    // Writing into memory does not fail.
    let _ = clap_mangen::Man::new(command).title(title).render(&mut out);
    out.extend_from_slice(examples_section(&examples).as_bytes());
    out
}
