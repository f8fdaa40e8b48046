//! What go makes of the checksum of an unpacked toolchain, told on a fake machine whose database is in a folder. The
//! messages are those of go 1.26.11 and 1.24.13 on real machines of the same layout.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use go::Programs;
use go::env::{Outcome, Query, evaluate};
use model::{Confidence, Effect, Evidence, Folded, Layer, Origin, Space, SpaceId};
use sha2::{Digest as _, Sha256};
use system::memory::MemorySystem;

const VERSION: &str = "v0.0.1-go1.27.0.linux-amd64";
const SUM: &str = "h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const OTHER_SUM: &str = "h1:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA=";

/// The key that GOSUMDB names, and the signed head of a log that has one record.
fn log(seed: u8, record: &str) -> (String, String, Vec<u8>) {
    let key = SigningKey::from_bytes(&[seed; 32]);
    let public = [&[1][..], key.verifying_key().as_bytes()].concat();
    let hash = Sha256::digest([b"sum.example\n", &public[..]].concat());
    let leaf = Sha256::digest([&[0], record.as_bytes()].concat()).to_vec();
    let text = format!("go.sum database tree\n1\n{}\n", STANDARD.encode(&leaf));
    let signature = [&hash[..4], &key.sign(text.as_bytes()).to_bytes()].concat();
    let head = format!("{text}\n\u{2014} sum.example {}\n", STANDARD.encode(signature));
    let hex: String = hash[..4].iter().map(|byte| format!("{byte:02x}")).collect();
    (format!("sum.example+{hex}+{}", STANDARD.encode(public)), head, leaf)
}

/// A machine whose go is to hand over to 1.27.0, and whose database answers with this record.
fn machine(go: &str, record: &str) -> (MemorySystem, String) {
    let (key, head, leaf) = log(1, record);
    let cache = "/home/ann/go/pkg/mod";
    let tree = format!("{cache}/golang.org/toolchain@{VERSION}");
    let beside = format!("{cache}/cache/download/golang.org/toolchain/@v/{VERSION}.ziphash");
    let machine = MemorySystem::linux()
        .file("/usr/local/go/VERSION", format!("go{go}\n").as_str())
        .file("/usr/local/go/go.env", "GOTOOLCHAIN=auto\n")
        .executable("/usr/local/go/bin/go")
        .executable("/usr/local/go/pkg/tool/linux_amd64/compile")
        .file(&format!("{tree}/VERSION"), "go1.27.0\n")
        .executable(&format!("{tree}/bin/go"))
        .executable(&format!("{tree}/pkg/tool/linux_amd64/compile"))
        .file(&beside, SUM)
        .file("/shop/go.mod", "module shop\n\ngo 1.27.0\n")
        .file(&format!("/db/lookup/golang.org/toolchain@{VERSION}"), format!("0\n{record}\n{head}").as_str())
        .file("/db/tile/8/0/000.p/1", leaf)
        .cwd("/shop");
    (machine, key)
}

fn ask(machine: &MemorySystem, database: &str) -> Outcome {
    let set = |(name, value): (&str, &str)| {
        Effect::set(name, value, Origin::Process { pid: 1 }, Confidence::Baseline)
    };
    let env =
        [("HOME", "/home/ann"), ("PATH", "/usr/local/go/bin"), ("GOPROXY", "off"), ("GOSUMDB", database)];
    let mut space = Space::new(SpaceId::of("here"), "here", None, Evidence::Observed);
    space.layers.push(Layer::applied("given", "given", env.into_iter().map(set).collect()));
    let (env, programs) = (Folded::over(None, &space), Programs::new(machine));
    let words = ["env", "GOVERSION"].map(str::to_owned);
    evaluate(&Query { programs: &programs, env: &env, cwd: Some("/shop"), words: &words, probe: false })
}

fn refusal(outcome: Outcome) -> String {
    match outcome {
        Outcome::Fatal(fatal) => fatal.stderr,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_right_checksum_lets_it_run() {
    let (machine, key) = machine("1.26.11", &format!("golang.org/toolchain {VERSION} {SUM}\n"));
    let Outcome::Values(values) = ask(&machine, &format!("{key} file:///db")) else { panic!() };
    assert_eq!(values.version, "go1.27.0");
}

#[test]
fn a_wrong_one_does_not() {
    let (machine, key) = machine("1.26.11", &format!("golang.org/toolchain {VERSION} {OTHER_SUM}\n"));
    let told = refusal(ask(&machine, &format!("{key} file:///db")));
    let start = format!(
        "go: golang.org/toolchain@{VERSION}: verifying module: checksum mismatch\n\tdownloaded: {SUM}\n\t\
         sum.example: {OTHER_SUM}\n\nSECURITY ERROR\n"
    );
    assert!(told.starts_with(&start), "{told}");
}

#[test]
fn an_answer_about_something_else_is_refused_only_by_newer_ones() {
    let record = format!("golang.org/toolchain {VERSION}/go.mod {SUM}\n");
    let (newer, key) = machine("1.26.11", &record);
    let told = refusal(ask(&newer, &format!("{key} file:///db")));
    assert!(told.contains("verifying module: checksum missing from sumdb response\n"), "{told}");
    let (older, key) = machine("1.24.13", &record);
    assert!(matches!(ask(&older, &format!("{key} file:///db")), Outcome::Values(_)));
    // Between them it is not known.
    let (between, key) = machine("1.26.2", &record);
    assert!(matches!(ask(&between, &format!("{key} file:///db")), Outcome::Unknown { .. }));
}

#[test]
fn another_key_is_no_signature() {
    let (machine, _) = machine("1.26.11", &format!("golang.org/toolchain {VERSION} {SUM}\n"));
    let (other, ..) = log(2, "");
    let told = refusal(ask(&machine, &format!("{other} file:///db")));
    assert!(told.contains("reading tree note: note has no verifiable signatures\nnote:\n"), "{told}");
}

#[test]
fn what_only_a_server_could_say_is_not_known() {
    let (machine, key) = machine("1.26.11", &format!("golang.org/toolchain {VERSION} {SUM}\n"));
    let Outcome::Unknown { reason, .. } = ask(&machine, &format!("{key} https://sum.example")) else {
        panic!()
    };
    assert_eq!(reason, "go would first ask the checksum database at https://sum.example");
}
