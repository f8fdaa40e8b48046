//! Every spec of the repository says what the program does.

use std::path::Path;

#[test]
fn specs_say_what_the_program_does() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let outcome = testkit::spec::check_all(&root);
    let faults: Vec<String> = outcome.faults.iter().map(ToString::to_string).collect();
    assert!(faults.is_empty(), "{} of {} answers\n\n{}", faults.len(), outcome.answers, faults.join("\n"));
    assert!(outcome.specs > 0, "no spec was found");
}
