//! LANG of a terminal.
//!
//! vscode: workbench/contrib/terminal/common/terminalEnvironment.ts shouldSetLangEnvVariable, getLangEnvVariable.
//! Not here: the display language, which is taken to be English: an editor's own language pack is not looked for.

/// What LANG becomes in English.
pub(super) const ENGLISH: &str = "en_US.UTF-8";

/// Whether LANG is set, with `terminal.integrated.detectLocale` and what LANG is.
pub(super) fn sets(detect: &str, lang: Option<&str>) -> bool {
    match detect {
        "on" => true,
        "auto" => lang.is_none_or(|lang| {
            let euc = lang.find(".euc").is_some_and(|at| lang.len() > at + ".euc".len());
            !lang.ends_with(".UTF-8") && !lang.ends_with(".utf8") && !euc
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_of_utf_8_stays() {
        let auto = |lang: &str| sets("auto", Some(lang));
        assert!(auto("C") && auto("") && auto("en_US.utf-8") && auto("zh_CN.GB18030") && sets("auto", None));
        assert!(!auto("de_DE.utf8") && !auto("C.UTF-8") && !auto("ja_JP.eucJP"));
        assert!(sets("on", Some("C.UTF-8")) && !sets("off", None));
    }
}
