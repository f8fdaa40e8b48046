//! Why a variable has its value: its history in one space, or the spaces that agree and what decided each.
//!
//! Not here: reading files; lines and folders are looked up through [`crate::Look`].

mod entries;
mod everywhere;
mod history;
mod inside;
mod json;

pub use everywhere::why_text;
pub use inside::why_in_text;
pub use json::{Why, WhyEverywhere, why_in_json, why_json};

#[cfg(test)]
mod tests;
