//! The rules, one folder each: `AREA/RULE/{mod.rs,spec.md}`. The documentation of a rule's module is its public page.
//!
//! Not here: anything that more than one rule needs (`look`, `edits`, `rule`).

mod editor;
mod lists;
mod modules;
mod sdk;
mod settings;
mod shell;

use crate::Rule;

/// Every rule, by code.
pub static RULES: &[&Rule] = &[
    &sdk::goroot_wrong::RULE,
    &settings::go_refuses::RULE,
    &settings::goflags_word::RULE,
    &settings::gocache_off::RULE,
    &settings::gotmpdir_missing::RULE,
    &settings::goenv_is_folder::RULE,
    &settings::cgo_disabled::RULE,
    &settings::compiler_missing::RULE,
    &settings::env_file_masked::RULE,
    &modules::goprivate_scheme::RULE,
    &modules::gomodule_off::RULE,
    &modules::mod_in_workspace::RULE,
    &modules::vendor_missing::RULE,
    &modules::workspace_excludes::RULE,
    &modules::toolchain_local::RULE,
    &modules::proxy_silent::RULE,
    &shell::line_not_read::RULE,
    &shell::guard_before_line::RULE,
    &shell::replaced_by_tool::RULE,
    &lists::path_lost::RULE,
    &lists::older_go_first::RULE,
    &lists::go_asked_too_early::RULE,
    &lists::gopath_empty_entry::RULE,
    &editor::probe_ends_early::RULE,
    &editor::terminal_path_literal::RULE,
];

#[cfg(test)]
mod tests {
    use super::RULES;

    #[test]
    fn codes_and_names_are_ordered_unique_and_well_formed() {
        let codes: Vec<&str> = RULES.iter().map(|r| r.code).collect();
        let mut sorted = codes.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(codes, sorted);
        for rule in RULES {
            assert!(rule.code.len() == 6 && rule.code.starts_with("GOW"), "{}", rule.code);
            assert!(
                rule.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
                "{}",
                rule.name
            );
            assert_eq!(RULES.iter().filter(|r| r.name == rule.name).count(), 1, "{}", rule.name);
        }
    }

    #[test]
    fn every_page_has_its_headings() {
        for rule in RULES {
            let page = rule.page();
            assert!(page.starts_with("# "), "{}: {page}", rule.code);
            for heading in ["## What it does", "## Why it matters", "## Fix", "## Sources"] {
                assert!(page.contains(heading), "{}: no `{heading}`", rule.code);
            }
        }
    }
}
