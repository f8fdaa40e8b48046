//! GOEXPERIMENT as one version reads it (go: src/internal/buildcfg/exp.go `ParseGOEXPERIMENT`), since 1.17.
//!
//! Deliberately not here: what an experiment does.

use super::baked::Baked;
use std::collections::BTreeMap;

/// Which experiments are on, those that are on by default beside them.
pub(super) struct Experiments {
    names: Vec<String>,
    on: BTreeMap<String, bool>,
    baseline: BTreeMap<String, bool>,
}

impl Experiments {
    pub(super) fn is_on(&self, name: &str) -> bool {
        self.on.get(name).copied().unwrap_or(false)
    }

    /// What differs from the baseline, as 1.17 and 1.18 print it.
    pub(super) fn canonical(&self) -> String {
        let differs =
            |name: &&String| self.is_on(name) != self.baseline.get(name.as_str()).copied().unwrap_or(false);
        let spelled = |name: &String| if self.is_on(name) { name.clone() } else { format!("no{name}") };
        self.names.iter().filter(differs).map(spelled).collect::<Vec<_>>().join(",")
    }
}

/// The calling convention in registers: on which architectures it is the default, and where it cannot be left out.
fn register_abi(minor: u8, goos: &str, goarch: &str) -> (bool, bool) {
    match minor {
        ..=17 => (goarch == "amd64" && ["android", "linux", "darwin", "windows"].contains(&goos), false),
        18 => (["amd64", "arm64", "ppc64le", "ppc64"].contains(&goarch), goarch == "amd64"),
        19 => {
            let on = ["amd64", "arm64", "ppc64le", "ppc64"].contains(&goarch);
            (on || goarch == "riscv64", on)
        }
        _ => {
            let mut on = ["amd64", "arm64", "ppc64le", "ppc64", "riscv64"].contains(&goarch);
            on |= minor >= 23 && goarch == "loong64";
            on |= minor >= 27 && goarch == "s390x";
            (on, on)
        }
    }
}

/// The experiments behind the alias `regabi`.
fn register_abi_names(minor: u8) -> &'static [&'static str] {
    match minor {
        ..=17 => &["regabiwrappers", "regabig", "regabireflect", "regabidefer", "regabiargs"],
        18 => &["regabiwrappers", "regabireflect", "regabiargs"],
        _ => &["regabiwrappers", "regabiargs"],
    }
}

/// Whether [`parse`] of a text fails, with its message. Nothing named is nothing to refuse: the experiments that are on
/// by themselves need no other one that is off.
pub(super) fn refused(minor: u8, baked: &Baked<'_>, goos: &str, goarch: &str, text: &str) -> Option<String> {
    if text.split(',').all(str::is_empty) {
        return None;
    }
    parse(minor, baked, goos, goarch, text).err()
}

/// The message is the text of go's own error.
pub(super) fn parse(
    minor: u8,
    baked: &Baked<'_>,
    goos: &str,
    goarch: &str,
    text: &str,
) -> Result<Experiments, String> {
    let names = baked.experiments().to_vec();
    let (supported, always) = register_abi(minor, goos, goarch);
    let abi = register_abi_names(minor);
    let mut baseline = BTreeMap::new();
    let set = |map: &mut BTreeMap<String, bool>, names: &[&str], on: bool| {
        map.extend(names.iter().map(|name| ((*name).to_owned(), on)));
    };
    set(&mut baseline, abi, supported);
    if minor == 18 {
        set(&mut baseline, &["pacerredesign"], true);
    }
    let mut on = baseline.clone();
    for word in text.split(',').filter(|word| !word.is_empty()) {
        if word == "none" {
            on.clear();
            continue;
        }
        let (name, value) = word.strip_prefix("no").map_or((word, true), |name| (name, false));
        match name {
            "regabi" => set(&mut on, abi, value),
            name if names.iter().any(|n| n == name) => set(&mut on, &[name], value),
            name => return Err(format!("unknown GOEXPERIMENT {name}")),
        }
    }
    if always {
        set(&mut on, abi, true);
    }
    // 1.17 went by the architecture alone, and 1.18 left the wrappers.
    match minor {
        ..=17 if goarch != "amd64" => set(&mut on, abi, false),
        18 if !supported => set(&mut on, &["regabireflect", "regabiargs"], false),
        19.. if !supported => set(&mut on, abi, false),
        _ => {}
    }
    let experiments = Experiments { names, on, baseline };
    match missing_base(minor, &experiments) {
        Some(text) => Err(text.to_owned()),
        None => Ok(experiments),
    }
}

/// An experiment that needs another which is off.
fn missing_base(minor: u8, experiments: &Experiments) -> Option<&'static str> {
    let is_on = |name: &str| experiments.is_on(name);
    let args = is_on("regabiargs");
    match minor {
        ..=17 => {
            let all = ["regabiwrappers", "regabig", "regabireflect", "regabidefer"].iter().all(|n| is_on(n));
            let needs = "GOEXPERIMENT regabiargs requires regabiwrappers,regabig,regabireflect,regabidefer";
            let wrappers = "GOEXPERIMENT regabig requires regabiwrappers";
            if args && !all {
                return Some(needs);
            }
            (is_on("regabig") && !is_on("regabiwrappers")).then_some(wrappers)
        }
        18 => {
            let all = is_on("regabiwrappers") && is_on("regabireflect");
            (args && !all).then_some("GOEXPERIMENT regabiargs requires regabiwrappers,regabireflect")
        }
        _ => (args && !is_on("regabiwrappers")).then_some("GOEXPERIMENT regabiargs requires regabiwrappers"),
    }
}

/// Names known to the last official release of a minor, for SDKs without source (go:
/// src/internal/goexperiment/flags.go).
pub(super) fn official(minor: u8) -> Vec<String> {
    let known = |(name, first, last): &&(&str, u8, u8)| {
        let minor = minor.clamp(17, NEWEST);
        (*first..=*last).contains(&minor) && !name.is_empty()
    };
    OFFICIAL.iter().filter(known).map(|(name, ..)| (*name).to_owned()).collect()
}

const NEWEST: u8 = 27;

/// In the order of declaration, with the first and the last minor.
const OFFICIAL: &[(&str, u8, u8)] = &[
    ("fieldtrack", 17, 27),
    ("preemptibleloops", 17, 27),
    ("staticlockranking", 17, 27),
    ("boringcrypto", 19, 27),
    ("unified", 18, 20),
    ("regabiwrappers", 17, 27),
    ("regabig", 17, 17),
    ("regabireflect", 17, 18),
    ("regabidefer", 17, 17),
    ("regabiargs", 17, 27),
    ("pacerredesign", 18, 18),
    ("heapminimum512kib", 18, 27),
    ("coverageredesign", 20, 24),
    ("arenas", 20, 27),
    ("pagetrace", 20, 22),
    ("cgocheck2", 21, 27),
    ("loopvar", 21, 27),
    ("cacheprog", 21, 25),
    ("newinliner", 22, 27),
    ("rangefunc", 22, 25),
    ("range", 22, 22),
    ("allocheaders", 22, 22),
    ("exectracer2", 22, 22),
    ("aliastypeparams", 23, 25),
    ("swissmap", 24, 25),
    ("spinbitmutex", 24, 24),
    ("synchashtriemap", 24, 25),
    ("synctest", 24, 25),
    ("dwarf5", 25, 27),
    ("jsonv2", 25, 27),
    ("greenteagc", 25, 27),
    ("randomizedheapbase64", 26, 27),
    ("runtimefreegc", 26, 27),
    ("sizespecializedmalloc", 26, 27),
    ("goroutineleakprofile", 26, 26),
    ("simd", 26, 27),
    ("runtimesecret", 26, 27),
    ("mapsplitgroup", 27, 27),
];
