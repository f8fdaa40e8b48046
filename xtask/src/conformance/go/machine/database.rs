//! A checksum database that knows the toolchains of a machine: right, wrong, or not at all; asked in a folder, through
//! a proxy in a folder, or only as far as its answers are in the module cache; whole, or with something in it broken.

use super::Laying;
use crate::conformance::go::sumdb::{self, Log};
use crate::failure::Done;

/// What the database says of a toolchain.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    Right,
    Wrong,
    /// Only of its go.mod.
    OtherLine,
    /// There is no answer to the question.
    Nothing,
}

const SAYS: &[Says] =
    &[Says::Right, Says::Right, Says::Right, Says::Right, Says::Wrong, Says::OtherLine, Says::Nothing];

/// Where it is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Where {
    Folder,
    Proxy,
    /// A server that does not answer.
    Server,
}

/// What is broken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Broken {
    Nothing,
    /// Tiles are missing, of other content, too short.
    TileMissing,
    TileWrong,
    TileShort,
    /// The head that is known is of another log.
    Fork,
    /// Answers are signed by another key, of a wrong number, cut off, empty.
    OtherKey,
    OtherNumber,
    NoRecord,
    NoText,
    NoSignature,
    /// The head that is known is no head.
    NoHead,
    /// GOSUMDB has a mistake in it.
    Key,
}

const BROKEN: &[Broken] = &[
    Broken::TileMissing,
    Broken::TileWrong,
    Broken::TileShort,
    Broken::Fork,
    Broken::OtherKey,
    Broken::OtherNumber,
    Broken::NoRecord,
    Broken::NoText,
    Broken::NoSignature,
    Broken::NoHead,
    Broken::Key,
];

const NAMES: &[&str] = &["sum.example", "sum.example/db", "localhost"];

/// `modules`: version and checksum of each toolchain. `cache` is the module cache.
pub(super) fn lay(laying: &mut Laying<'_>, cache: &str, modules: &[(String, String)]) -> Done {
    let name = laying.chance.pick(NAMES);
    let broken = if laying.chance.once_in(2) { laying.chance.pick(BROKEN) } else { Broken::Nothing };
    let place = laying.chance.pick(&[Where::Folder, Where::Folder, Where::Proxy, Where::Server]);
    let (log, answers) = log(laying, name, modules);
    let folder = match place {
        Where::Folder => "sumdb".to_owned(),
        Where::Proxy => format!("proxy/sumdb/{name}"),
        Where::Server => String::new(),
    };
    let kept = format!("{cache}/cache/download/sumdb/{name}");
    // Any head that knows the record will do, and the log may have grown since.
    let size = log.size();
    if !folder.is_empty() {
        if place == Where::Proxy {
            laying.write(&format!("{folder}/supported"), "", 0o644)?;
        }
        serve(laying, &folder, &log, &answers, size, broken)?;
    }
    if place == Where::Server || laying.chance.once_in(3) {
        let least = answers.iter().map(|(_, number)| number + 1).max().unwrap_or(size);
        let earlier = least + laying.chance.below(size - least + 1);
        serve(laying, &kept, &log, &answers, earlier, broken)?;
    }
    head(laying, &log, name, broken)?;
    let mut key = log.verifier();
    if broken == Broken::Key {
        let at = key.len() - 1 - laying.chance.below(50);
        key.replace_range(at..=at, laying.chance.pick(&["A", "!", "0", "+"]));
    }
    let setting = match place {
        Where::Folder => format!("{key} file://{{t}}/sumdb"),
        Where::Proxy => key,
        Where::Server => format!("{key} http://127.0.0.1:9/db"),
    };
    laying.set("GOSUMDB", &setting);
    let proxies = match place {
        Where::Proxy => {
            laying.chance.pick(&["file://{t}/nowhere,file://{t}/proxy", "file://{t}/proxy,off", ""])
        }
        _ => laying.chance.pick(&["file://{t}/proxy,off", "file://{t}/proxy", "off"]),
    };
    if proxies.is_empty() && !laying.harsh {
        laying.set("GOPROXY", "file://{t}/proxy|off");
    } else {
        laying.set("GOPROXY", proxies);
    }
    Ok(())
}

/// The log, and which of its records answers which question.
fn log(laying: &mut Laying<'_>, name: &str, modules: &[(String, String)]) -> (Log, Vec<(String, usize)>) {
    // Two levels of tiles on some machines.
    let most = laying.chance.pick(&[4, 40, 300, 600]);
    let size = modules.len() + laying.chance.below(most);
    let mut records: Vec<String> =
        (0..size).map(|n| format!("m{n}.example v1.0.0 {}\n", sumdb::sum_from(&n.to_string()))).collect();
    let mut answers = Vec::new();
    for (version, sum) in modules {
        let says = laying.chance.pick(SAYS);
        let free: Vec<usize> = (0..size).filter(|n| records[*n].starts_with('m')).collect();
        let number = free[laying.chance.below(free.len())];
        let module = format!("golang.org/toolchain {version}");
        let other = sumdb::sum_from(version);
        let text = match says {
            Says::Right => format!("{module} {sum}\n{module}/go.mod {other}\n"),
            Says::Wrong => format!("{module} {other}\n{module}/go.mod {other}\n"),
            Says::OtherLine => format!("{module}/go.mod {other}\n"),
            Says::Nothing => continue,
        };
        records[number] = text;
        answers.push((version.clone(), number));
    }
    (Log::new(name, 7, records), answers)
}

/// Answers and tiles of the log's first `size` records, below a folder.
fn serve(
    laying: &mut Laying<'_>,
    folder: &str,
    log: &Log,
    answers: &[(String, usize)],
    size: usize,
    broken: Broken,
) -> Done {
    for (version, number) in answers {
        let mut text = match broken {
            Broken::OtherKey => log.signed_by(8).answer(*number, size),
            _ => log.answer(*number, size),
        };
        match broken {
            Broken::OtherNumber => text = text.replacen(&number.to_string(), &(number + 1).to_string(), 1),
            Broken::NoRecord => text = text.replacen("\n\n", "\n", 1),
            Broken::NoText => text.clear(),
            Broken::NoSignature => {
                text.truncate(text.len() - 1 - laying.chance.below(40));
            }
            _ => {}
        }
        laying.write(&format!("{folder}/lookup/golang.org/toolchain@{version}"), &text, 0o644)?;
    }
    for (path, bytes) in log.tiles(size) {
        let hit = laying.chance.once_in(2);
        let bytes = match broken {
            Broken::TileMissing if hit => continue,
            Broken::TileWrong if hit => [&[bytes[0] ^ 1], &bytes[1..]].concat(),
            Broken::TileShort if hit => bytes[..bytes.len() - 1].to_vec(),
            _ => bytes,
        };
        laying.write_bytes(&format!("{folder}/{path}"), &bytes)?;
    }
    Ok(())
}

/// The head that go knew before.
fn head(laying: &mut Laying<'_>, log: &Log, name: &str, broken: Broken) -> Done {
    if !matches!(broken, Broken::Fork | Broken::NoHead) && !laying.chance.once_in(4) {
        return Ok(());
    }
    let size = 1 + laying.chance.below(log.size());
    let text = match broken {
        Broken::NoHead => laying.chance.pick(&["", "\n", "go.sum database tree\n1\n"]).to_owned(),
        Broken::Fork => {
            let other: Vec<String> = (0..size).map(|n| format!("other{n} v1 h1:x\n")).collect();
            Log::new(name, 7, other).head(size)
        }
        _ => log.head(size),
    };
    laying.set("GOPATH", "{t}/gp");
    laying.write(&format!("gp/pkg/sumdb/{name}/latest"), &text, 0o644)
}
