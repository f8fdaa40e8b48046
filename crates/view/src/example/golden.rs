//! Whole outputs beside the code that makes them, in `golden/`. `GOLDEN=write cargo test -p view` writes them anew;
//! what changed is read before it is committed.
#![expect(clippy::disallowed_methods, reason = "golden files are on the real disk")]

use std::path::Path;

pub(crate) fn assert_golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(name);
    if std::env::var_os("GOLDEN").is_some_and(|v| v == "write") {
        std::fs::write(&path, text).expect("the golden folder can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == text, "{name} is not as in golden/: got\n{text}");
}
