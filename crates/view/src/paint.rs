//! The few colours there are. Text without them says the same.
//!
//! Not here: whether colours are wanted (`Options::color`, decided by the command line).

/// What a piece of text is, for the eye.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    Plain,
    /// Answers and headings.
    Strong,
    /// Evidence beside the answer.
    Faint,
    /// What differs.
    Differs,
    /// What is wrong.
    Wrong,
    /// A command to type.
    Command,
}

pub(crate) fn paint(on: bool, ink: Ink, text: &str) -> String {
    let code = match ink {
        _ if !on || text.is_empty() => return text.to_owned(),
        Ink::Plain => return text.to_owned(),
        Ink::Strong => "1",
        Ink::Faint => "2",
        Ink::Differs => "33",
        Ink::Wrong => "31",
        Ink::Command => "36",
    };
    format!("\x1b[{code}m{text}\x1b[0m")
}
