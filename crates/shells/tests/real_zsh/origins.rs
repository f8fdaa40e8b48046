//! The line that changed a variable, for every way of changing one.

use crate::home::Home;
use model::Confidence;
use shells::Mode;

/// Runs one `.zshrc` interactively, with the values checked against an independent run.
fn rc(text: &str) -> crate::home::Seen {
    let home = Home::new(&[(".zshrc", text)]);
    let seen = home.capture(Mode::INTERACTIVE);
    assert_eq!(seen.environment(), home.independent(&["-i"]));
    seen.traced_all();
    seen
}

#[test]
fn a_column_is_told_only_where_one_assignment_stands_on_the_line() {
    let text =
        "case x in y) export GOOS=a;; x) export GOOS=b;; esac\n[[ -n \"$GOBIN\" ]] || export GOBIN=/b\n";
    let seen = rc(text);
    let column = |name: &str| seen.effect(name).origin.place().map(|place| (place.line, place.column));
    assert_eq!(column("GOOS"), Some((1, 0)));
    assert_eq!(column("GOBIN"), Some((2, 29)));
}

#[test]
fn literal_assignments_are_exact_to_the_column() {
    let seen = rc("# a comment\nexport GOFLAGS=-mod=mod\n  GOBIN=/b; export GOBIN\n");
    assert_eq!(
        (seen.origin("GOFLAGS").as_str(), seen.confidence("GOFLAGS")),
        (".zshrc:2", Confidence::Exact)
    );
    assert_eq!(seen.effect("GOFLAGS").origin.place().map(|p| p.column), Some(8));
    assert_eq!(seen.effect("GOBIN").origin.place().map(|p| (p.line, p.column)), Some((3, 3)));
}

#[test]
fn the_line_that_gives_the_value_counts_not_the_one_that_exports_it() {
    let seen = rc("GOFLAGS=-a\n:\nexport GOFLAGS\n");
    assert_eq!(seen.history("GOFLAGS"), ["-a @ .zshrc:1"]);
}

#[test]
fn shell_variables_that_are_never_exported_are_no_change() {
    let seen = rc("GOFLAGS=-a\nGOPROXY=off\n");
    assert!(seen.effects("GOFLAGS").is_empty() && seen.effects("GOPROXY").is_empty());
}

#[test]
fn tied_arrays_change_their_variable() {
    let seen = rc(
        "path+=(/one)\npath=(/two $path)\npath=(\n  /three\n  $path\n)\ntypeset -xT LIB lib=(/l)\nlib+=(/m)\n",
    );
    let history = seen.history("PATH");
    let lines: Vec<&str> = history.iter().filter_map(|h| h.split(" @ ").nth(1)).collect();
    assert_eq!(lines, [".zshrc:1", ".zshrc:2", ".zshrc:3"]);
    assert_eq!(seen.history("LIB"), ["/l @ .zshrc:7", "/l:/m @ .zshrc:8"]);
}

#[test]
fn a_list_that_keeps_each_entry_once() {
    let seen = rc("typeset -U path\npath=(/one $path)\npath=(/two /usr/bin $path)\npath+=(/one)\n");
    let history = seen.history("PATH");
    let lines: Vec<&str> = history.iter().filter_map(|h| h.split(" @ ").nth(1)).collect();
    assert_eq!(lines, [".zshrc:2", ".zshrc:3"]);
}

#[test]
fn statements_over_several_lines() {
    let seen = rc("export A=1 \\\n  B=2 \\\n  C=3\nexport M=\"x\ny\nz\"\nexport N=1\n");
    assert_eq!(
        ["A", "B", "C", "M", "N"].map(|n| seen.origin(n)),
        [".zshrc:1", ".zshrc:2", ".zshrc:3", ".zshrc:4", ".zshrc:7"]
    );
}

#[test]
fn conditionals_loops_and_lists() {
    let seen = rc(
        "if [[ -n $HOME ]]; then\n  export IFF=1\nelse\n  export IFF=2\nfi\ncase x in\n  x) export CASE=1 ;;\nesac\n\
                   for n in A B; do\n  export LOOP_$n=$n\ndone\ntrue && export AND=1\nfalse || export OR=1\n\
                   while (( ${i:-0} < 2 )); do\n  (( i++ ))\n  export W=$i\ndone\n{ export BRACE=1 }\nrepeat 2 export R=1\n",
    );
    for (name, line) in [
        ("IFF", 2),
        ("CASE", 7),
        ("LOOP_A", 10),
        ("LOOP_B", 10),
        ("AND", 12),
        ("OR", 13),
        ("W", 16),
        ("BRACE", 18),
        ("R", 19),
    ] {
        assert_eq!(seen.origin(name), format!(".zshrc:{line}"), "{name}");
        assert_eq!(seen.confidence(name), Confidence::Exact, "{name}");
    }
    assert_eq!(seen.history("W"), ["1 @ .zshrc:16", "2 @ .zshrc:16"]);
}

#[test]
fn expansions_that_assign_belong_to_their_own_line() {
    let seen = rc(": start\nexport G H K\n: ${G:=7}\n: next\n: ${H::=8} $(( K = 9 ))\n: end\n");
    assert_eq!(
        ["G", "H", "K"].map(|n| seen.history(n).pop()),
        [Some("7 @ .zshrc:3".to_owned()), Some("8 @ .zshrc:5".to_owned()), Some("9 @ .zshrc:5".to_owned())]
    );
}

#[test]
fn an_expansion_may_be_the_first_command_of_the_next_file() {
    let home = Home::new(&[(".zshenv", "export A=1\n"), (".zprofile", ": ${X:=y}\nexport X\n")]);
    let seen = home.capture(Mode::LOGIN);
    assert_eq!(seen.history("X"), ["y @ .zprofile:1"]);
    assert_eq!(seen.layer("zprofile").effects.len(), 1);
}

#[test]
fn builtins_that_set_what_they_are_told() {
    let seen = rc(
        "export R P V\nread -r R <<< word\nprintf -v P '%s' 5\nprint -v V 6\nexport -- E=1\ntypeset -x T=2\ndeclare -gx D=3\n\
                   integer -x I=4\necho z | read R\nunset E\n",
    );
    assert_eq!(seen.history("R"), [" @ .zshrc:1", "word @ .zshrc:2", "z @ .zshrc:9"]);
    for (name, line) in [("P", 3), ("V", 4), ("T", 6), ("D", 7), ("I", 8)] {
        assert_eq!(seen.origin(name), format!(".zshrc:{line}"), "{name}");
    }
    assert_eq!(seen.value("E"), None);
}

#[test]
fn unsetting_an_inherited_variable_is_a_change() {
    let home = Home::new(&[(".zshrc", ":\nunset GOROOT\n")]).with("GOROOT", b"/old");
    let seen = home.capture(Mode::INTERACTIVE);
    assert_eq!((seen.value("GOROOT"), seen.origin("GOROOT").as_str()), (None, ".zshrc:2"));
}

#[test]
fn command_substitutions_and_subshells_lose_what_they_change() {
    let seen = rc(
        "x=$(export INNER=1; echo hi)\n(export INNER=2)\nexport OUT=$x\nexport DAY=$(echo 1; export INNER=3)\n",
    );
    assert!(seen.effects("INNER").is_empty());
    assert_eq!((seen.origin("OUT").as_str(), seen.origin("DAY").as_str()), (".zshrc:3", ".zshrc:4"));
}

#[test]
fn commands_without_a_trace_are_found_by_their_text() {
    let seen = rc(": before\n{\n  export H1=1\n  export H2=2\n} 2>/dev/null\n: after\n");
    assert_eq!(["H1", "H2"].map(|n| seen.origin(n)), [".zshrc:3", ".zshrc:4"]);
    assert_eq!(seen.confidence("H1"), Confidence::Range);
}

#[test]
fn values_with_percent_signs_newlines_and_other_bytes_keep_their_lines() {
    let home = Home::new(&[]).with("INHERITED", b"%x%I\x1fg0\x1eg0%");
    home.write(
        ".zshrc",
        b"export URL='https://p/a%20b%D'\nexport NL=$'a\\nb'\nexport RAW=$'\\xff\\xfe\\x83x'\nexport OWN=$'\\x1e\\x1f\\x1d\\x1cg0\\x1fg1'\nexport BANG='!!$(false)`x`${HOME}'\nINHERITED+=1\n",
    );
    let seen = home.capture(Mode::INTERACTIVE);
    assert_eq!(seen.environment(), home.independent(&["-i"]));
    seen.traced_all();
    for (name, line) in [("URL", 1), ("NL", 2), ("RAW", 3), ("OWN", 4), ("BANG", 5), ("INHERITED", 6)] {
        assert_eq!(seen.origin(name), format!(".zshrc:{line}"), "{name}");
    }
}

#[test]
fn many_variables_are_all_found() {
    let text: String = (1..=120).map(|n| format!("export V{n}=value{n}\n")).collect();
    let seen = rc(&text);
    for n in 1..=120 {
        assert_eq!(seen.origin(&format!("V{n}")), format!(".zshrc:{n}"));
    }
}

#[test]
fn parameters_that_zsh_has_itself_belong_to_who_exports_them() {
    let seen = rc(":\nexport READNULLCMD=more\nexport MANPATH=/m\ncd /\n");
    assert_eq!(seen.history("MANPATH"), ["/m @ .zshrc:3"]);
    assert_eq!(seen.origin("READNULLCMD"), ".zshrc:2");
    assert_eq!((seen.origin("PWD").as_str(), seen.confidence("PWD")), (".zshrc:4", Confidence::Exact));
}

#[test]
fn who_sets_the_same_value_again_decides() {
    let seen = rc(
        "export A=1\nexport A=1\nexport B=1\nexport B=${B:-1}\nf() {\n  export C=$1\n}\nexport C=1\n:\nf 1\n",
    );
    assert_eq!(
        (seen.origin("A"), seen.origin("B"), seen.origin("C")),
        (".zshrc:2".into(), ".zshrc:3".into(), ".zshrc:6".into())
    );
}
