//! Findings as text (annotated source, as compilers show it), JSON, SARIF and commands of GitHub's runner.
//!
//! Not here: what is wrong (`doctor`), and which findings are shown.

mod github;
mod json;
mod sarif;
mod text;

pub use github::doctor_github;
pub use json::{Doctor, doctor_json};
pub use sarif::{RuleMetadata, doctor_sarif};
pub use text::doctor_text;

#[cfg(test)]
mod tests;
