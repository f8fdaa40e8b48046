//! What the real go commands of these versions answered (`go env …` with GO111MODULE=off).

use super::*;

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn refused(text: &str, version: &str) -> String {
    Request::parse(&words(text), version).expect_err(text).stderr
}

fn read(text: &str, goflags: &str, version: &str) -> Request {
    Request::parse_with(&words(text), goflags.as_bytes(), version, Os::Linux).expect(text)
}

const OF_11: &str = "usage: go env [-json] [var ...]\nRun 'go help env' for details.\n";
const OF_13: &str = "usage: go env [-json] [-u] [-w] [var ...]\nRun 'go help env' for details.\n";
const OF_23: &str = "usage: go env [-json] [-changed] [-u] [-w] [var ...]\nRun 'go help env' for details.\n";

#[test]
fn what_is_no_flag_is_refused_with_the_usage() {
    for (version, usage) in
        [("go1.11.13", OF_11), ("go1.13.15", OF_13), ("go1.22.12", OF_13), ("go1.27.4", OF_23)]
    {
        assert_eq!(refused("env -zz", version), format!("flag provided but not defined: -zz\n{usage}"));
        assert_eq!(refused("env --zz=1", version), format!("flag provided but not defined: -zz\n{usage}"));
        assert_eq!(refused("env -=x", version), format!("bad flag syntax: -=x\n{usage}"));
        assert_eq!(refused("env ---json", version), format!("bad flag syntax: ---json\n{usage}"));
        assert_eq!(refused("env -h", version), usage);
        assert_eq!(refused("env -json --help GOOS", version), usage);
    }
    assert_eq!(Request::parse(&words("env -h"), "go1.27.4").map_err(|u| u.status), Err(2));
}

#[test]
fn flags_came_one_by_one() {
    let first = |flag: &str, minor: u32| {
        let known =
            |minor: u32| Request::parse(&words(&format!("env {flag}")), &format!("go1.{minor}.1")).is_ok();
        assert!(!known(minor - 1) && known(minor), "{flag}");
    };
    first("-w", 13);
    first("-u", 13);
    first("-n", 20);
    first("-x", 20);
    first("-changed", 23);
    assert!(Request::parse(&words("env -json"), "go1.11").is_ok());
    assert!(refused("env -v", "go1.27.0").starts_with("flag provided but not defined: -v\n"));
}

#[test]
fn booleans() {
    for text in ["-json", "--json", "-json=true", "-json=T", "--json=1", "-json=0 -json"] {
        assert!(read(&format!("env {text} GOOS"), "", "go1.20.14").json, "{text}");
    }
    for text in ["-json=false", "-json -json=F"] {
        assert!(!read(&format!("env {text}"), "", "go1.20.14").json, "{text}");
    }
    assert_eq!(
        refused("env -json=x GOPATH", "go1.11.13"),
        format!(
            "invalid boolean value \"x\" for -json: strconv.ParseBool: parsing \"x\": invalid syntax\n{OF_11}"
        )
    );
    assert_eq!(
        refused("env --json=x GOPATH", "go1.12.17"),
        format!("invalid boolean value \"x\" for -json: parse error\n{OF_11}")
    );
    assert_eq!(
        refused("env -n=q", "go1.21.13"),
        format!("invalid boolean value \"q\" for -n: parse error\n{OF_13}")
    );
    assert_eq!(
        refused("env -json=", "go1.27.0"),
        format!("invalid boolean value \"\" for -json: parse error\n{OF_23}")
    );
}

#[test]
fn names_begin_with_the_first_word_that_is_no_flag() {
    for (text, names) in [
        ("env -json GOOS -w", &["GOOS", "-w"][..]),
        ("env -- -json", &["-json"]),
        ("env -json -- --", &["--"]),
        ("env - GOOS", &["-", "GOOS"]),
        ("env X=Y", &["X=Y"]),
        ("env", &[]),
    ] {
        assert_eq!(read(text, "", "go1.26.3").names, names, "{text}");
    }
}

#[test]
fn the_folder_was_a_flag_like_others_for_one_version() {
    assert_eq!(refused("env -C", "go1.19.13"), format!("flag provided but not defined: -C\n{OF_13}"));
    assert_eq!(refused("env -C", "go1.20.14"), format!("flag needs an argument: -C\n{OF_13}"));
    assert_eq!(read("env -json -C a -C=b", "", "go1.20.14").folder.as_deref(), Some("a/b"));
    assert_eq!(read("env -C a -C /b", "", "go1.20.14").folder.as_deref(), Some("/b"));
    assert_eq!(
        refused("env -json -C / GOMOD", "go1.21.13"),
        format!("invalid value \"/\" for flag -C: -C flag must be first flag on command line\n{OF_13}")
    );
}

#[test]
fn since_then_it_is_taken_before_all() {
    for text in ["env -C a GOMOD", "-C a env GOMOD", "env --C=a GOMOD", "-C=a env GOMOD"] {
        assert_eq!(
            take_folder(&words(text), "go1.21.0"),
            (Some("a".to_owned()), words("env GOMOD")),
            "{text}"
        );
        assert_eq!(take_folder(&words(text), "go1.20.14"), (None, words(text)), "{text}");
    }
    for text in ["env -json -C a", "env -C", "env -Ca", "env", ""] {
        assert_eq!(take_folder(&words(text), "go1.27.0"), (None, words(text)), "{text}");
    }
    assert_eq!(
        Request::parse(&take_folder(&words("env -C a -C b"), "go1.24.0").1, "go1.24.0").map_err(|u| u.stderr),
        Err(format!("invalid value \"b\" for flag -C: -C flag must be first flag on command line\n{OF_23}"))
    );
    assert_eq!(
        folder_refused("go1.21.13", "nosuch", "no such file or directory"),
        Usage { status: 1, stderr: "go: chdir nosuch: no such file or directory\n".to_owned() }
    );
    assert_eq!(
        folder_refused("go1.20.14", "nosuch", "no such file or directory").stderr,
        format!("invalid value \"nosuch\" for flag -C: chdir nosuch: no such file or directory\n{OF_13}")
    );
}

#[test]
fn flags_of_goflags_come_first() {
    assert!(read("env", "-json", "go1.12.17").json);
    assert!(read("env", "--json=1 -mod=mod", "go1.27.0").json);
    assert!(!read("env -json=false", "-json", "go1.27.0").json);
    assert!(read("env", "'-json'", "go1.20.14").json && !read("env", "'-json'", "go1.19.13").json);
    assert!(!read("env", "-json 'open", "go1.20.14").json && read("env", "-json 'open", "go1.19.13").json);
    assert_eq!(read("env", "-nosuch x = - -- =json -tags=a,b", "go1.27.0"), Request::default());
    // Seen with go 1.26.8: the first byte is not looked at.
    assert!(read("env", "xjson", "go1.26.8").json);
    let refused = |goflags: &str, version: &str| {
        Request::parse_with(&words("env"), goflags.as_bytes(), version, Os::Linux).expect_err(goflags)
    };
    assert_eq!(
        refused("-json=x", "go1.26.8").stderr,
        format!("go: invalid boolean value \"x\" for flag -json (from $GOFLAGS): parse error\n{OF_23}")
    );
    assert_eq!(
        refused("-C", "go1.26.8").stderr,
        format!("go: flag needs an argument: -C (from $GOFLAGS)\n{OF_23}")
    );
    assert_eq!(refused("''", "go1.26.8").status, 2);
}
